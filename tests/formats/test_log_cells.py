"""What a cell of a log says."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import UnreadableExportError
from recovery.formats import log_cells
from recovery.formats.log_cells import Moment, NotReadableError


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Pain (0-10)", "pain"),
        ("  Schmerz_vorher ", "schmerz vorher"),
        ("Körperbereich", "korperbereich"),
        ("LÆGEBESØG", "laegebesog"),
        ("Größe", "grosse"),
        ("Minutes [min]", "minutes"),
    ],
)
def test_headings_fold_to_plain_words(text: str, folded: str) -> None:
    assert log_cells.fold(text) == folded


@pytest.mark.parametrize(
    ("dates", "is_day_first"),
    [
        (["31.05.2026", "01.06.2026"], True),
        (["05/31/2026", "06/01/2026"], False),
        (["05/05/2026"], None),
        (["2026-05-06", "2026-31-12"], None),
        ([datetime(2026, 5, 6), None, 3.0, "next year"], None),
    ],
)
def test_the_whole_column_decides_on_day_and_month(dates: list[log_cells.Cell], is_day_first: bool | None) -> None:
    assert log_cells.day_first(dates) is is_day_first


def test_dates_that_nothing_decides_are_refused_with_the_remedy() -> None:
    with pytest.raises(UnreadableExportError, match=r"whether 05/06/2026 begins.*Write the dates as 2026-05-31"):
        log_cells.day_first(["05/05/2026", "05/06/2026"])


def test_one_date_in_the_other_order_costs_no_column_that_people_write() -> None:
    dates = ["05/31/2026", "06/30/2026", "13/7/2026", "05/06/2026"]

    assert log_cells.day_first(dates, is_strict=False) is False
    with pytest.raises(UnreadableExportError, match="mix day/month"):
        log_cells.day_first(dates)
    with pytest.raises(UnreadableExportError, match="mix day/month"):
        log_cells.day_first(dates[1:], is_strict=False)


def test_dates_in_both_orders_are_refused_with_the_remedy() -> None:
    with pytest.raises(UnreadableExportError, match=r"mix day/month and month/day.*2026-05-31"):
        log_cells.day_first(["31/05/2026", "05/31/2026"])


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31", "2026/05/31", "2026.5.31", "20260531", "31.05.2026", "31. 5. 26", "31-05-2026",
        "Sun, 31 May 2026", "So 31.05.2026", "31. Mai 2026", "31 mai 2026", "31 de mayo de 2026", "May 31, 2026",
        "31 maggio 2026",
        "31-May-26", "31. Mai 26", "Sun 31 May 2026", "mar 31 mayo 2026",
        "31 mei 2026", "31. maj 2026", "31 de maio de 2026", "dimanche 31 mai 2026", "31.05.2026 So",
    ],
)  # fmt: skip
def test_a_date_reads_in_each_of_its_forms(text: str) -> None:
    assert log_cells.moment_of(text, True) == Moment(date(2026, 5, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31 18:30", "2026-05-31T18:30:00", "31.05.2026 18.30 Uhr", "May 31, 2026 6:30 pm", "31/5/2026, 18h30",
        "31.05.2026 um 18:30", "31 mai 2026 à 18h30", "20260531T1830",
    ],
)  # fmt: skip
def test_a_date_may_carry_its_time(text: str) -> None:
    assert log_cells.moment_of(text, True) == Moment(date(2026, 5, 31), time(18, 30))


def test_an_offset_makes_an_instant() -> None:
    assert log_cells.moment_of("2026-05-31T18:30:00+05:30", None).instant_utc == datetime(2026, 5, 31, 13, 0)
    assert log_cells.moment_of("2026-05-31 18:30-0300", None).instant_utc == datetime(2026, 5, 31, 21, 30)
    assert log_cells.moment_of("2026-05-31T18:30Z", None) == Moment(
        date(2026, 5, 31), time(18, 30), datetime(2026, 5, 31, 18, 30), is_utc=True
    )


def test_midnight_in_a_date_cell_is_no_time() -> None:
    assert log_cells.moment_of(datetime(2026, 5, 31), None).clock is None
    assert log_cells.moment_of("2026-05-31 00:00:00", None).clock is None
    assert log_cells.moment_of(datetime(2026, 5, 31, 18, 29, 59, 999_900), None).clock == time(18, 30)


@pytest.mark.parametrize(
    "cell",
    ["", "tomorrow", "2026-02-30", "32.01.2026", "1999-12-31", "2026-05-31T18:30+19:00", 46173.0, True,
     "31 mai mars 2026", "2026-05-31 25:00", "1 2 31.05.2026"],
)  # fmt: skip
def test_what_is_no_date_is_refused(cell: log_cells.Cell) -> None:
    with pytest.raises(NotReadableError):
        log_cells.moment_of(cell, True)


@pytest.mark.slow
@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %B %Y"])
)
def test_a_written_date_reads_back(day: date, form: str) -> None:
    assert log_cells.moment_of(day.strftime(form), form.startswith("%d")).local_date == day


@given(st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_column_is_read_in_its_own_order_or_refused(days: list[date], form: str) -> None:
    written = [day.strftime(form) for day in days]
    try:
        order = log_cells.day_first(written)
    except UnreadableExportError:
        assert all(day.day <= 12 for day in days)
    else:
        assert [log_cells.moment_of(text, order).local_date for text in written] == days


@pytest.mark.slow
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for meaning in (partial(log_cells.moment_of, is_day_first=True), log_cells.clock_of, log_cells.minutes_of):
        with suppress(NotReadableError):
            assert meaning(text) is not None


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("18:30", time(18, 30)), ("18.30", time(18, 30)), ("18h30", time(18, 30)), ("18 Uhr", time(18)),
        ("6:30 pm", time(18, 30)), ("6.30 p.m.", time(18, 30)), ("6pm", time(18)), ("12:15 am", time(0, 15)),
        ("12 pm", time(12)), ("18:30:15", time(18, 30, 15)), ("1830", time(18, 30)), ("9", time(9)), (9.0, time(9)),
        (time(18, 30), time(18, 30)), (0.75, time(18)),
        ("530pm", time(17, 30)), ("5.30 pm", time(17, 30)), ("noon", time(12)), ("midday", time(12)),
        ("17 Uhr 15", time(17, 15)), ("ca. 18 Uhr", time(18)), ("1030 a.m.", time(10, 30)),
        (datetime(1899, 12, 31, 9, 5), time(9, 5)),
    ],
)  # fmt: skip
def test_a_time_reads_in_each_of_its_forms(cell: log_cells.Cell, clock: time) -> None:
    assert log_cells.clock_of(cell) == clock


@pytest.mark.parametrize("cell", ["25:00", "18:60", "13 pm", "0 am", "soon", "", 183000.0, True, None, "123"])
def test_what_is_no_time_is_refused(cell: log_cells.Cell) -> None:
    with pytest.raises(NotReadableError, match="is not a time of day"):
        log_cells.clock_of(cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (60, 60), (60.0, 60), ("60", 60), ("60 min", 60), ("60 Min.", 60), ("60'", 60), ("1:00", 60), ("1:30:00", 90),
        ("1 h", 60), ("1h30", 90), ("1 h 30 min", 90), ("1,5 Std.", 90), ("1.5 hours", 90), ("52,5", 52.5),
        (time(1, 15), 75),
        ("1h", 60), ("1 hr", 60), ("1 h 30", 90), ("90 minutes", 90), ("90'", 90), ("90′", 90),
        ("ca. 60 min", 60), ("~60", 60), ("half an hour", 30), ("an hour", 60), ("eine Stunde", 60), ("1½ h", 90),
        ("Eine halbe Stunde", 30), ("1:30", 90), ("1 hour and 30 minutes", 90),
        ("½ Stunde", 30), (timedelta(hours=1), 60),
    ],
)  # fmt: skip
def test_minutes_read_in_each_of_their_forms(cell: log_cells.Cell, minutes: float) -> None:
    assert log_cells.minutes_of(cell) == minutes


@pytest.mark.parametrize("cell", ["soon", "", "h", True, "1:75", float("nan"), date(2026, 1, 1)])
def test_what_is_no_duration_is_refused(cell: log_cells.Cell) -> None:
    with pytest.raises(NotReadableError, match="is not a number of minutes"):
        log_cells.minutes_of(cell)


def test_a_scale_takes_numbers_and_shares_of_its_top() -> None:
    assert [log_cells.scale_of(cell, 0, 10) for cell in (7, "7", "7,5", "7.5", "7/10", "7 of 10", "7 von 10")] == [
        7, 7, 7.5, 7.5, 7, 7, 7,
    ]  # fmt: skip


def test_a_scale_takes_words_and_of_a_range_the_mean() -> None:
    written = ["5-6", "5 – 6", "5 to 6", "5 bis 6/10", "five", "fünf", "~7", "ca. 7"]

    assert [log_cells.scale_of(cell, 0, 10) for cell in written] == [5.5, 5.5, 5.5, 5.5, 5, 5, 7, 7]


@pytest.mark.parametrize("cell", [11, "-1", "5-11", "-1-5", 10**400, "7/5", "x", "1e3", float("inf"), True, "1,2,3"])
def test_what_lies_off_a_scale_is_refused(cell: log_cells.Cell) -> None:
    with pytest.raises(NotReadableError):
        log_cells.scale_of(cell, 0, 10)


def test_a_cell_of_endless_blanks_is_refused_at_once() -> None:
    long = "1" + " " * 60_000 + "x"

    for meaning in (log_cells.clock_of, log_cells.minutes_of, partial(log_cells.moment_of, is_day_first=True)):
        with pytest.raises(NotReadableError):
            meaning(long)
    with pytest.raises(NotReadableError, match="is not a number"):
        log_cells.scale_of(long, 0, 10)


@pytest.mark.parametrize(
    "text", ["31 May 2026 5", f"{'9' * 30} May 2026", f"May {'9' * 400}, 2026", "0001-01-01T00:00:00+14:00", "9" * 400]
)
def test_numbers_of_any_length_are_no_date(text: str) -> None:
    for read in (log_cells.moment_of, log_cells.date_of):
        with suppress(NotReadableError):
            read(text, None)
    assert log_cells.day_first([text, "2026-05-04"], is_strict=False) is None
