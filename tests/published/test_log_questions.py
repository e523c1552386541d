"""What status and page ask of massage logs."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published.log_questions import file_questions, log_questions

FIRST = date(2026, 1, 1)
TABLES = """
create table daily (subject varchar, local_date date, is_massage_day boolean, massage_unknown_for varchar,
    is_valid_day boolean, is_valid_night boolean);
create table log_spans (subject varchar, path varchar, first_date date, last_date date);
create table unknown_days (subject varchar, local_date date, path varchar, place varchar, reason varchar);
create table effects (subject varchar, is_primary boolean, n_days integer, verdict varchar, checks varchar);
"""
OPEN = ("can't tell yet", "enough days: passed; lead: passed")
FEW = ("cannot be told from this data", "enough days: failed; enough massages: passed")


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute(TABLES)
    yield connection
    connection.close()


@pytest.fixture
def published(tables: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    tables.execute("begin transaction")
    yield tables
    tables.execute("rollback")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def lived(
    published: duckdb.DuckDBPyConnection,
    *spans: tuple[int, int],
    days: int = 100,
    answer: tuple[str, str] = FEW,
    n_days: int = 40,
) -> None:
    """So many valid days, of which logs vouch for some, and an answer of the main metric."""
    known = {number for first, last in spans for number in range(first, last + 1)}
    rows = [("me", day(number), False if number in known else None, None, True, None) for number in range(days)]
    published.executemany("insert into daily values (?, ?, ?, ?, ?, ?)", rows)
    for number, (first, last) in enumerate(spans, 1):
        published.execute("insert into log_spans values ('me', ?, ?, ?)", [f"list {number}.csv", day(first), day(last)])
    published.execute("insert into effects values ('me', true, ?, ?, ?)", [n_days, *answer])


def asked(published: duckdb.DuckDBPyConnection, **settings: object) -> list[str]:
    return [question.sentence for question in log_questions(published, Settings(Home(Path()), **settings))]  # type: ignore[arg-type]


def test_dates_that_would_decide_are_asked_about_with_the_setting_that_answers(
    published: duckdb.DuckDBPyConnection,
) -> None:
    lived(published, (20, 60))

    before, after = asked(published)

    assert before == (
        "Your list says nothing about 2026-01-01 to 2026-01-20 (20 measured days). Did you have no massage then?"
        ' If so, write `"list 1.csv" = 2026-01-01` below `[log_complete_from]` in recovery.toml; else add the massages'
        " to the list."
    )
    assert after.startswith("Your list says nothing about 2026-03-03 to 2026-04-10 (39 measured days).")
    assert '`"list 1.csv" = 2026-04-10` below `[log_complete_until]`' in after


def test_between_two_lists_the_end_of_the_first_is_asked_for(published: duckdb.DuckDBPyConnection) -> None:
    lived(published, (0, 20), (60, 99))

    (sentence,) = asked(published)

    assert '`"list 1.csv" = 2026-03-01` below `[log_complete_until]`' in sentence


@pytest.mark.parametrize(
    ("answer", "n_days", "count"),
    [
        (FEW, 40, 2),
        (OPEN, 60, 2),
        (OPEN, 150, 1),  # twenty days more would hardly narrow it
        (OPEN, 400, 0),
        (("supported", "enough days: passed"), 40, 0),
        (("cannot be told from this data", "enough days: failed; enough massages: failed"), 40, 0),
        (("cannot be told from this data", "enough days: passed; weekdays vary: failed"), 40, 0),
    ],
)
def test_nothing_is_asked_that_would_decide_nothing(
    published: duckdb.DuckDBPyConnection, answer: tuple[str, str], n_days: int, count: int
) -> None:
    lived(published, (20, 60), answer=answer, n_days=n_days)

    assert len(asked(published)) == count


def test_few_days_outside_are_not_asked_about(published: duckdb.DuckDBPyConnection) -> None:
    lived(published, (13, 86))

    assert asked(published) == []


@pytest.mark.parametrize("key", ["list 1.csv", "massages"])
def test_what_was_answered_is_not_asked_again(published: duckdb.DuckDBPyConnection, key: str) -> None:
    lived(published, (20, 60))

    (sentence,) = asked(published, log_complete_from={key: day(5)})

    assert "log_complete_until" in sentence
    assert asked(published, log_complete_from={key: day(5)}, log_complete_until={key: day(70)}) == []


def test_without_any_list_nothing_is_asked(published: duckdb.DuckDBPyConnection) -> None:
    lived(published)

    assert asked(published) == []


def test_unknown_days_are_counted_with_the_rows_that_make_them(published: duckdb.DuckDBPyConnection) -> None:
    lived(published, (0, 99))
    for number in (10, 11, 12):
        published.execute(
            "update daily set is_massage_day = null, massage_unknown_for = 'x' where local_date = ?", [day(number)]
        )
    for number, place in ((10, "row 3"), (11, "row 3"), (11, "row 4"), (12, "row 4"), (13, "row 4")):
        published.execute("insert into unknown_days values ('me', ?, 'a.csv', ?, 'no date')", [day(number), place])

    assert asked(published) == [
        (
            "Whether there was a massage is unknown on 3 days, because 2 rows could not be read: mend the list;"
            ' `recovery query "from unknown_days"` says where.'
        )
    ]


def test_a_database_of_an_earlier_version_asks_nothing(published: duckdb.DuckDBPyConnection) -> None:
    published.execute("drop table log_spans")

    assert asked(published) == []


def test_what_receipts_ask_is_named_with_the_file(published: duckdb.DuckDBPyConnection) -> None:
    assert not file_questions(published)  # a database of an earlier version

    published.execute("create table files (path varchar, subject varchar, asked varchar)")
    published.execute("insert into files values ('b.csv', 'me', NULL), ('a.csv', NULL, 'Did it take place?')")

    assert file_questions(published) == [("me", "a.csv: Did it take place?", "a.csv", False)]
