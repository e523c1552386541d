"""On which dates a row may lie that cannot be read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.formats.log_cells import Cell
from recovery.formats.log_days import dates_of_rows, dates_of_sheets, is_no_massage, stretches, unknown_days
from recovery.formats.log_table import Row
from recovery.formats.records import Dates, Skipped


def may(*days: int | None) -> list[date | None]:
    return [day and date(2026, 5, day) for day in days]


def between(first: int | None, last: int | None) -> Dates:
    return Dates(*may(first, last))


@pytest.mark.parametrize(
    ("rows", "number", "expected"),
    [
        (may(1, None, 9), 1, between(1, 9)),
        (may(9, None, 1), 1, between(1, 9)),  # the newest first
        (may(1, None, None, 9), 2, between(1, 9)),
        (may(1, 5, None), 2, between(5, None)),
        (may(None, 5, 9), 0, between(None, 5)),
        (may(None, 9, 5), 0, between(9, None)),
        (may(5, None), 1, between(None, None)),  # one date tells no order
        (may(5, 5, None), 2, between(None, None)),
        (may(9, 1, 5, None, 2, 7), 3, between(None, None)),  # no order
        (may(1, 2, 3, 4, 5, 30, 6, 7, 8, 9, None, 10), 10, between(9, 10)),  # one row out of order bounds nothing
        (may(1, 2, 3, 4, 5, 30, None, 7, 8, 9, 10), 6, between(5, 7)),
        (may(None), 0, between(None, None)),
        (may(3, 4), 1, between(4, 4)),
    ],
)
def test_a_row_lies_between_the_dated_rows_beside_it(rows: list[date | None], number: int, expected: Dates) -> None:
    assert dates_of_rows(rows)[number] == expected


def test_a_log_of_many_rows_is_read_at_once() -> None:
    rows = [date(2000, 1, 1) + timedelta(days=day) if day % 7 else None for day in range(20_000)]

    assert dates_of_rows(rows)[7] == Dates(date(2000, 1, 7), date(2000, 1, 9))


@pytest.mark.slow
@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 1)), min_size=2, max_size=40), st.data())
def test_a_date_that_is_lost_from_an_ordered_log_lies_within_its_bounds(days: list[date], data: st.DataObject) -> None:
    days = sorted(days, reverse=data.draw(st.booleans()))
    lost = data.draw(st.integers(0, len(days) - 1))

    first, last = dates_of_rows([day if number != lost else None for number, day in enumerate(days)])[lost]

    assert (first or days[lost]) <= days[lost] <= (last or days[lost])


@pytest.mark.parametrize(
    ("cells", "is_none"),
    [
        (["Summe", "", 8], True),
        (["", "Total:", 8], True),
        (["2026-05-01", "total relaxation", 60], False),
        (["date", "TECHNIQUE", "Minutes"], True),  # the headings once more, where lists were joined
        (["May 2026", "", ""], True),
        (["2026", None], True),
        (["May 2026", "thai", 60], False),
        (["yesterday", "", ""], False),
        (["", "", ""], False),
    ],
)
def test_a_row_that_orders_a_list_is_no_massage(cells: list[Cell], is_none: bool) -> None:
    assert is_no_massage(Row("row 9", cells), ["Date", "technique", "minutes"]) == is_none


def test_sheets_that_follow_on_each_other_bound_each_other() -> None:
    first, second = may(1, 3, None), may(None, 10, 12)

    assert dates_of_sheets([first, second])[0][2] == between(3, 10)
    assert dates_of_sheets([first, second])[1][0] == between(3, 10)
    assert dates_of_sheets([second, first])[1][2] == between(3, None)  # in no order: each sheet for itself


def lost(*spans: Dates | None) -> list[Skipped]:
    return [Skipped(0, f"row {number}", "no date", unknown=span) for number, span in enumerate(spans, 2)]


def test_the_receipt_counts_the_unknown_days_within_the_log() -> None:
    days = [date(2026, 5, day) for day in (1, 8, 20)]

    sentence = unknown_days(lost(between(1, 8), None, between(12, 12)), days, days)

    assert sentence == ("On 7 days nobody knows whether there was a massage: 2026-05-02 to 2026-05-07, 2026-05-12.")
    assert unknown_days(lost(between(None, None)), [], []) == ""
    assert unknown_days(lost(None), days, days) == ""


def test_the_receipt_names_rows_without_a_bound() -> None:
    days = [date(2026, 5, day) for day in (1, 20)]

    sentence = unknown_days(lost(between(20, None)), days, days)

    assert sentence == "Row 2 (headings counted) has no readable date."
    many = unknown_days(lost(*[between(20, None)] * 6), days, days)
    assert many == "Row 2, row 3, row 4, row 5, row 6 and 1 more (headings counted) have no readable date."
    events = [Skipped(0, "end of the file", "cut off", unknown=Dates())]
    assert unknown_days(events, days, days).endswith("Which days these rows belong to cannot be told: end of the file.")


def test_only_the_first_stretches_are_named() -> None:
    assert stretches([date(2026, 5, day) for day in range(1, 20, 2)]).endswith("2026-05-09, 5 more")
