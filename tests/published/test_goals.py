"""Goals that ask for too much are told, once for each person and number."""

from collections.abc import Iterator

import duckdb
import pytest

from recovery.published.goals import goal_questions

COLUMNS = 'subject, metric, unit, "window", worth, worth_from, usual_without, is_worth_reachable'


@pytest.fixture
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute(
        'create table effects (subject varchar, metric varchar, unit varchar, "window" varchar, worth double,'
        " worth_from varchar, usual_without double, is_worth_reachable boolean)"
    )
    yield connection
    connection.close()


def told(connection: duckdb.DuckDBPyConnection, *rows: tuple[object, ...]) -> list[str]:
    for row in rows:
        connection.execute(f"insert into effects ({COLUMNS}) values ('me', ?, ?, ?, ?, ?, ?, ?)", row)
    return [question.sentence for question in goal_questions(connection)]


def test_more_than_half_of_the_usual_pain_is_warned_of_once(published: duckdb.DuckDBPyConnection) -> None:
    windows = [("pain", "points", window, 2.0, "goals", 3.0, True) for window in ("days_1_3", "dose_7", "day_2")]

    assert told(published, *windows) == [
        (
            "[goals] pain asks for 2 points, which is more than half of the usual pain of 3 points: a relief that"
            " others would call good counts as too small. Without that line it would be 0.9 points."
        )
    ]


def test_a_goal_that_can_be_reached_and_what_nobody_set_are_not(published: duckdb.DuckDBPyConnection) -> None:
    assert not told(
        published,
        ("pain", "points", "days_1_3", 1.5, "goals", 3.0, True),
        ("pain_morning", "points", "days_1_3", 0.5, "usual", 0.6, False),
        ("steps", "steps", "days_1_3", 9000, "goals", 3000, True),
    )


def test_more_than_there_can_be_is_told(published: duckdb.DuckDBPyConnection) -> None:
    assert told(published, ("daytime_lying_min", "min", "days_1_3", 30, "goals", 10, False)) == [
        (
            "[goals] daytime_lying_min asks for 30 minutes, which is more than there can be: without massages it is"
            " usually 10 minutes."
        )
    ]


def test_an_earlier_version_told_nothing() -> None:
    assert goal_questions(duckdb.connect()) == []
