"""Dates whose year, month and day stand in columns of their own."""

import pytest

from recovery.formats.log_table import text_tables
from recovery.formats.split_dates import DateParts, date_parts, with_dates


def dates(text: str) -> list[object]:
    """The dates that are made of rows of year, month and day."""
    (table,) = text_tables(text)
    return [row.cells[-1] for row in with_dates(table.rows, DateParts(0, 1, 2), len(table.rows[0].cells)).rows]


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["year", "month", "day", "region"], (0, 1, 2)),
        (["name", "startday", "startmonth", "startyear"], (3, 2, 1)),
        (["Jahr", "Monat", "Tag"], (0, 1, 2)),
        (["Start year", "Start month", "Start day"], (0, 1, 2)),
        (["day", "month"], None),
        (["date", "pain"], None),
    ],
)
def test_the_columns_of_a_date_are_found(names: list[str], parts: tuple[int, ...] | None) -> None:
    assert date_parts(names) == parts


def test_a_date_is_put_together_from_its_columns() -> None:
    assert dates("2026,5,1\n2026,May,2\n26,12,31") == ["2026-05-01", "2026-05-02", "2026-12-31"]


def test_year_and_month_are_carried_down_where_only_the_day_is_told() -> None:
    assert dates("2026,4,30\n,,30\n,5,1\n,,2\n,,1") == [
        "2026-04-30", "2026-04-30", "2026-05-01", "2026-05-02", "2026-05-01"
    ]  # fmt: skip


def test_a_month_or_a_year_that_was_left_out_is_not_invented() -> None:
    assert dates("2026,4,30\n,,1\n,,2\n2026,5,3\n,,4") == ["2026-04-30", "1", "2", "2026-05-03", "2026-05-04"]
    assert dates("2026,12,31\n,1,1\n2027,,2") == ["2026-12-31", "1 1", "2027 2"]


def test_what_is_no_date_stays_as_it_stands() -> None:
    assert dates("2026,5,soon\n,,\n,5,1") == ["2026 5 soon", "5 1"]
