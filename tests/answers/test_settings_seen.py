"""A change of main number, goals or excluded days counts from its date."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from recovery import warehouse
from recovery.answers.settings_seen import excluded_seen, goal_at, seen
from recovery.effects.boundaries import Family
from recovery.effects.look_family import Found, Primary, said_of_family
from recovery.effects.look_series import Evidence
from recovery.effects.regression import Estimate
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.vocabulary.families import PRIMARIES

HOME = Home(Path("home"))
MARCH, APRIL, MAY = date(2025, 3, 1), date(2025, 4, 1), date(2025, 5, 1)


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    connection.execute("create table massage.spans (subject varchar, last_date date)")
    yield connection
    connection.close()


def record(work: duckdb.DuckDBPyConnection, until: date) -> None:
    work.execute("insert into massage.spans values ('me', ?)", [until])


def test_what_is_there_at_first_counts_for_ever_and_a_change_from_its_date(work: duckdb.DuckDBPyConnection) -> None:
    seen(work, Settings(HOME, goals={"steps": 500.0}), MARCH)
    seen(work, Settings(HOME, goals={"steps": 500.0}, main="steps"), APRIL)

    found = seen(work, Settings(HOME, goals={"steps": 800.0}, main="steps"), MAY)

    assert [(since, family.main) for since, family in found.families] == [(date.min, None), (APRIL, "steps")]
    assert [goal_at(found.goals["steps"], day) for day in (date(2020, 1, 1), APRIL, MAY)] == [500.0, 500.0, 800.0]
    assert found.primary_since("steps") == date.min


def test_a_goal_that_is_taken_back_counts_no_more_from_then_on(work: duckdb.DuckDBPyConnection) -> None:
    seen(work, Settings(HOME, goals={"steps": 500.0}), MARCH)

    found = seen(work, Settings(HOME), APRIL)

    assert [goal_at(found.goals["steps"], day) for day in (MARCH, APRIL)] == [500.0, None]
    assert goal_at((), MAY) is None


def test_two_changes_on_one_day_leave_the_later_one(work: duckdb.DuckDBPyConnection) -> None:
    seen(work, Settings(HOME), MARCH)
    seen(work, Settings(HOME, main="steps"), APRIL)

    found = seen(work, Settings(HOME, main="pain"), APRIL)

    assert found.family.main == "pain"


def test_a_number_that_becomes_a_main_one_of_its_family_counts_from_then_on(work: duckdb.DuckDBPyConnection) -> None:
    seen(work, Settings(HOME), MARCH)

    found = seen(work, Settings(HOME, primaries={**PRIMARIES, "diary": "mood"}), APRIL)

    assert (found.primary_since("mood"), found.primary_since("steps")) == (APRIL, date.min)
    assert "pain" not in found.family.metrics


def test_nothing_is_noted_where_nothing_changed(work: duckdb.DuckDBPyConnection) -> None:
    for day in (MARCH, APRIL):
        seen(work, Settings(HOME, goals={"steps": 500.0}), day)

    assert work.execute("select count(*) from raw.settings_seen where first_date is not null").fetchall() == [(0,)]


def test_a_clock_that_is_put_back_notes_a_change_once_and_changes_nothing_of_what_was_before(
    work: duckdb.DuckDBPyConnection,
) -> None:
    record(work, MAY)
    seen(work, Settings(HOME), MARCH)
    seen(work, Settings(HOME, goals={"steps": 500.0}), MAY)
    now = Settings(HOME, goals={"steps": 800.0}, main="pain")

    found = [seen(work, now, APRIL) for _ in range(3)][-1]

    assert [goal_at(found.goals["steps"], day) for day in (APRIL, MAY)] == [None, 800.0]
    assert [(since, family.main) for since, family in found.families] == [(date.min, None), (APRIL, "pain")]
    assert work.execute("select count(*) from raw.settings_seen where first_date is not null").fetchall() == [(3,)]


def exclude(work: duckdb.DuckDBPyConnection, *days: date) -> None:
    work.execute("delete from raw.exclusions")
    for day in days:
        work.execute("insert into raw.exclusions values ('me', ?, 'a bad day')", [day])


def test_days_that_are_excluded_at_first_count_for_ever_and_others_from_their_date(
    work: duckdb.DuckDBPyConnection,
) -> None:
    exclude(work, MARCH)
    assert excluded_seen(work, "me", MARCH) == [(date.min, (MARCH,))]
    exclude(work, MARCH, APRIL)
    assert excluded_seen(work, "me", APRIL) == [(date.min, (MARCH,)), (APRIL, (MARCH, APRIL))]
    exclude(work)

    for day in (MAY, date(2025, 6, 1)):  # nothing is noted twice
        assert excluded_seen(work, "me", day) == [(date.min, (MARCH,)), (APRIL, (MARCH, APRIL)), (MAY, ())]


def test_who_had_nothing_excluded_at_first_gets_no_day_excluded_for_ever_by_the_next_run(
    work: duckdb.DuckDBPyConnection,
) -> None:
    excluded_seen(work, "me", MARCH)
    exclude(work, MARCH)

    assert excluded_seen(work, "me", MARCH) == [(date.min, ()), (MARCH, (MARCH,))]
    assert excluded_seen(work, "other", MAY) == [(date.min, ())]


def test_of_days_excluded_on_one_date_the_last_ones_count_also_where_the_clock_is_put_back(
    work: duckdb.DuckDBPyConnection,
) -> None:
    record(work, MAY)
    excluded_seen(work, "me", MARCH)
    exclude(work, MARCH)
    excluded_seen(work, "me", MAY)
    exclude(work, APRIL)

    for today in (MAY, APRIL):
        assert excluded_seen(work, "me", today) == [(date.min, ()), (MAY, (APRIL,))]
    exclude(work)

    assert excluded_seen(work, "me", APRIL) == [(date.min, ()), (MAY, ())]


A_YEAR_AHEAD = date(2026, 3, 15)


def test_what_was_set_while_the_clock_was_ahead_counts_from_when_it_is_right(work: duckdb.DuckDBPyConnection) -> None:
    seen(work, Settings(HOME, goals={"steps": 500.0}), MARCH)
    seen(work, Settings(HOME, goals={"steps": 600.0}, main="steps"), A_YEAR_AHEAD)
    record(work, date(2025, 3, 20))

    found = seen(work, Settings(HOME, goals={"steps": 600.0}, main="steps"), APRIL)
    assert [goal_at(found.goals["steps"], day) for day in (MARCH, APRIL)] == [500.0, 600.0]
    assert [(since, family.main) for since, family in found.families] == [(date.min, None), (APRIL, "steps")]

    later = seen(work, Settings(HOME, goals={"steps": 700.0}, main="pain"), MAY)
    assert [goal_at(later.goals["steps"], day) for day in (APRIL, MAY)] == [600.0, 700.0]
    assert later.families[-1] == (MAY, Family(later.family.metrics, "pain"))


def test_no_look_that_anybody_had_changes_where_a_clock_was_ahead(work: duckdb.DuckDBPyConnection) -> None:
    """Records go on after today, so which of both clocks is wrong cannot be known."""
    record(work, date(2025, 4, 20))
    seen(work, Settings(HOME), MARCH)
    seen(work, Settings(HOME, main="steps"), A_YEAR_AHEAD)

    found = seen(work, Settings(HOME, main="steps"), APRIL)

    assert found.families[-1] == (date(2025, 4, 21), Family(found.family.metrics, "steps"))


def test_days_that_were_excluded_while_the_clock_was_ahead_count_from_when_it_is_right(
    work: duckdb.DuckDBPyConnection,
) -> None:
    record(work, date(2025, 3, 20))
    excluded_seen(work, "me", MARCH)
    for day in (MARCH, APRIL):
        exclude(work, day)
        excluded_seen(work, "me", A_YEAR_AHEAD + (day - MARCH))

    assert excluded_seen(work, "me", APRIL) == [(date.min, ()), (APRIL, (APRIL,))]
    exclude(work)
    assert excluded_seen(work, "me", MAY) == [(date.min, ()), (APRIL, (APRIL,)), (MAY, ())]


def test_who_names_the_number_that_has_nearly_crossed_gains_nothing_by_it() -> None:
    families = Family(("steps", "pain")), Family(("steps", "pain"), main="pain")  # 3.00, then 2.77 of pain
    nearly = Evidence(Estimate(0.7, 0.25, 0.2, 1.2, 0.01, 1.96, 200), 1.0)  # z 2.8
    looks = [Primary("pain", "up", [Found(APRIL, 1, 12, nearly), Found(MAY, 2, 13, nearly)])]

    named_before = [one.said.event for one in said_of_family(looks, families[1])]
    named_later = [one.said.event for one in said_of_family(looks, families[1], [(MAY, families[0])])]

    assert named_before == ["found", "kept"]
    assert named_later == ["none", "none"]
