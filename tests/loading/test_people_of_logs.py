"""One log of several people: each row belongs to whom it names, in the raw tables and for good."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import homes
import pytest

pytestmark = pytest.mark.slow

CLINIC = (
    "date,client,minutes,technique,status\n2024-01-02,Anna,60,thai,\n2024-01-09,Mrs M.,60,thai,\n"
    "2024-01-09,Tom,30,thai,\n2024-01-16,Nobody,60,thai,\n2024-01-23,anna,60,thai,\n2024-01-30,Tom,30,thai,perhaps\n"
)
PEOPLE = '[people.me]\naliases = ["Tom"]\n[people.anna]\naliases = ["Mrs M."]\n'
ROWS = "select subject, local_date from raw.massages order by all"
REASONS = "select subject, place, split_part(reason, ',', 1) from raw.rejected order by place"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path / "home")
    yield made
    made.close()


def days(subject: str, *numbers: int) -> list[tuple[str, date]]:
    return [(subject, date(2024, 1, number)) for number in numbers]


def test_each_row_belongs_to_whom_it_names(home: homes.HomeAtWork) -> None:
    home.with_settings(PEOPLE)
    home.drop("clinic.csv", CLINIC)
    home.run()

    assert home.rows(ROWS) == [*days("anna", 2, 9, 23), *days("me", 9)]
    assert home.rows(REASONS) == [
        ("me", "row 5", "names 'Nobody'"),
        ("me", "row 7", "status 'perhaps' is unknown; write attended"),
    ]
    assert home.rows("select subject, path from raw.logs order by all") == [
        ("anna", "clinic.csv"),
        ("me", "clinic.csv"),
    ]
    assert home.rows("select subject, place, first_date, last_date from raw.unclear_rows order by place") == [
        (None, "row 5", date(2024, 1, 16), date(2024, 1, 16)),
        ("me", "row 7", date(2024, 1, 30), date(2024, 1, 30)),
    ]


def test_people_who_are_added_or_leave_the_settings_have_their_rows_looked_at_again(home: homes.HomeAtWork) -> None:
    home.drop("clinic.csv", CLINIC)
    home.drop("massages.csv", homes.MASSAGES)
    home.run()
    assert home.statuses()["clinic.csv"] == "rejected"
    assert home.rows(ROWS) == days("me", 2, 9)

    home.with_settings(PEOPLE)
    home.run()
    assert home.statuses()["clinic.csv"] == "partial"
    assert [row for row in home.rows(ROWS) if row[0] == "anna"] == days("anna", 2, 9, 23)
    assert home.look().is_quiet

    home.with_settings("[people.anna]\n")
    home.run()
    assert [row for row in home.rows(ROWS) if row[0] == "anna"] == days("anna", 2, 23)

    home.with_settings("")
    home.run()
    assert home.rows(ROWS) == days("me", 2, 9)
    assert home.statuses()["clinic.csv"] == "rejected"


def test_a_log_that_changes_or_goes_takes_everybodys_rows_along(home: homes.HomeAtWork) -> None:
    home.with_settings(PEOPLE)
    log = home.drop("clinic.csv", CLINIC)
    home.run()

    home.drop("clinic.csv", CLINIC.replace("2024-01-23,anna", "2024-01-24,Tom"))
    home.run()
    assert home.rows(ROWS) == [*days("anna", 2, 9), *days("me", 9, 24)]

    log.rename(log.with_name("a list.csv"))
    home.run()
    assert home.rows(ROWS) == [*days("anna", 2, 9), *days("me", 9, 24)]
    assert home.rows("select distinct path from raw.massages union all select distinct path from raw.unclear_rows") == [
        ("a list.csv",), ("a list.csv",),
    ]  # fmt: skip

    log.with_name("a list.csv").unlink()
    home.run()
    assert home.rows("select subject from raw.massages union all select subject from raw.logs") == []
    assert home.rows("from raw.unclear_rows") == []


def test_of_the_same_list_at_two_paths_the_rows_count_once(home: homes.HomeAtWork) -> None:
    home.with_settings(PEOPLE)
    home.drop("b.csv", CLINIC)
    home.run()
    home.drop("a.csv", CLINIC)
    home.run()

    assert home.rows("select path, count(*)::integer from raw.massages group by path") == [("a.csv", 4)]
    assert home.rows("select distinct path from raw.logs") == [("a.csv",)]


def test_what_a_loaded_list_asks_stands_apart_until_it_is_mended(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", "date,minutes,note,mood of the dog\n2026-05-04,60,abgesagt,3\n")
    home.run()
    ((status, asked),) = home.rows("select status, asked from raw.files where path = 'massages.csv'")

    assert status == "loaded"
    assert asked.startswith("Did this massage take place: 2026-05-04 (row 2, note 'abgesagt')?")
    assert asked.endswith("Columns not used: mood of the dog.")

    home.drop("massages.csv", "date,minutes,status\n2026-05-04,60,cancelled\n")
    home.run()
    assert home.rows("select asked from raw.files where path = 'massages.csv'") == [(None,)]
