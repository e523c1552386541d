"""Massages out of calendars; worked out by hand."""

import io
from datetime import date, datetime

import pytest

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped
from recovery.home import clock
from recovery.readers import calendar_ics

CONTEXT = Context(lambda _: "Europe/Berlin", lambda wall: clock.to_utc(wall, "Europe/Berlin"))


def calendar(*events: str, stamp: str = "20260601T120000Z") -> str:
    stamped = (f"BEGIN:VEVENT\nDTSTAMP:{stamp}\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(stamped)}END:VCALENDAR\n"


def entry(content: str, name: str = "calendar.ics") -> Entry:
    data = content.encode()
    return Entry(name, len(data), lambda: io.BytesIO(data))


def read(content: str) -> tuple[list[dict[str, object]], list[Skipped], FileSummary]:
    found = list(calendar_ics.read([entry(content)], CONTEXT))
    rows = [row for item in found if isinstance(item, Batch) for row in item.table.to_pylist()]
    summary = next(item for item in found if isinstance(item, FileSummary))
    return rows, [item for item in found if isinstance(item, Skipped)], summary


def starts(content: str) -> list[datetime]:
    return sorted(row["start_local"] for row in read(content)[0])  # type: ignore[type-var, misc]


def test_a_zoned_event_is_a_massage_on_its_own_wall_clock() -> None:
    rows, _, summary = read(
        calendar(
            "UID:a\nDTSTART;TZID=America/New_York:20260520T183000\nDTEND;TZID=America/New_York:20260520T193000\n"
            "SUMMARY:Deep tissue massage\nDESCRIPTION:bring a towel"
        )
    )

    assert rows[0]["place"] == "event a"
    assert rows[0]["local_date"] == date(2026, 5, 20)
    assert rows[0]["start_local"] == datetime(2026, 5, 20, 18, 30)
    assert rows[0]["start_utc"] == datetime(2026, 5, 20, 22, 30)
    assert (rows[0]["massage_min"], rows[0]["status"]) == (60, "attended")
    assert (rows[0]["technique"], rows[0]["note"]) == ("Deep tissue massage", "bring a towel")
    assert (summary.exported_utc, summary.log_kind) == (datetime(2026, 6, 1, 12), "massages")


def test_a_weekly_massage_keeps_its_wall_clock_across_the_change_of_clocks() -> None:
    rows, _, _ = read(
        calendar(
            "UID:a\nDTSTART;TZID=Europe/Berlin:20260322T100000\nDTEND;TZID=Europe/Berlin:20260322T110000\n"
            "RRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Massage"
        )
    )

    assert [(row["start_local"], row["start_utc"]) for row in rows] == [
        (datetime(2026, 3, 22, 10), datetime(2026, 3, 22, 9)),
        (datetime(2026, 3, 29, 10), datetime(2026, 3, 29, 8)),
    ]


def test_nothing_after_the_calendars_own_moment_is_a_massage() -> None:
    endless = "UID:a\nDTSTART:20260501T100000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nSUMMARY:Massage"
    ahead = "UID:b\nDTSTART:20260602T100000Z\nDURATION:PT1H\nSUMMARY:Massage"
    under_way = "UID:c\nDTSTART:20260601T113000Z\nDURATION:PT1H\nSUMMARY:Massage"

    rows, skipped, summary = read(calendar(endless, ahead, under_way))

    assert [row["local_date"] for row in rows] == [date(2026, 5, day) for day in (1, 8, 15, 22, 29)]
    assert not skipped
    assert "Appointments after 2026-06-01, the calendar's own date, do not count yet: 2." in summary.message


def test_the_newest_stamp_of_any_event_counts() -> None:
    other = "UID:b\nDTSTART:20260602T100000Z\nLAST-MODIFIED:20260610T080000Z\nSUMMARY:Dentist"
    massage = "UID:a\nDTSTART:20260602T100000Z\nDURATION:PT1H\nSUMMARY:Massage"

    assert len(read(calendar(massage, other))[0]) == 1
    assert len(read(calendar(massage))[0]) == 0


def test_without_a_stamp_single_events_count_and_repeating_ones_cannot() -> None:
    content = calendar(
        "UID:a\nDTSTART:20260602T100000Z\nDURATION:PT1H\nSUMMARY:Massage",
        "UID:b\nDTSTART:20260602T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nSUMMARY:Massage",
        stamp="unknown",
    )

    rows, skipped, summary = read(content)

    assert [row["place"] for row in rows] == ["event a"]
    assert [item.reason for item in skipped] == ["the event repeats, and the calendar does not tell when it was saved"]
    assert summary.exported_utc is None


def test_exceptions_and_moved_dates_of_a_series_count() -> None:
    series = (
        "UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260502T100000\n"
        "SUMMARY:Massage"
    )
    moved = "UID:a\nRECURRENCE-ID:20260503T100000\nDTSTART:20260510T120000\nDURATION:PT30M\nSUMMARY:Massage"
    other = "UID:a\nRECURRENCE-ID:20260504T100000\nDTSTART:20260504T100000\nDURATION:PT1H\nSUMMARY:Dentist"

    assert starts(calendar(series, moved, other)) == [datetime(2026, 5, 1, 10), datetime(2026, 5, 10, 12)]


def test_of_two_versions_of_an_event_the_later_counts() -> None:
    old = "UID:a\nSEQUENCE:1\nDTSTART:20260501T100000\nDURATION:PT1H\nSUMMARY:Massage"
    new = "UID:a\nSEQUENCE:2\nDTSTART:20260502T100000\nDURATION:PT1H\nSUMMARY:Massage"

    assert starts(calendar(new, old)) == [datetime(2026, 5, 2, 10)]


def test_two_massages_of_one_series_and_date_have_their_own_places() -> None:
    series = "UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\nRDATE:20260501T180000\nSUMMARY:Massage"

    places = [row["place"] for row in read(calendar(series))[0]]

    assert places == ["event a on 2026-05-01", "event a on 2026-05-01 (2)"]


def test_an_all_day_massage_has_no_start_and_no_minutes() -> None:
    rows, _, _ = read(calendar("UID:a\nDTSTART;VALUE=DATE:20260501\nSUMMARY:Massage"))

    assert (rows[0]["local_date"], rows[0]["start_local"], rows[0]["massage_min"]) == (date(2026, 5, 1), None, None)


@pytest.mark.parametrize(
    "line", ["STATUS:CANCELLED\nSUMMARY:Massage", "SUMMARY:Abgesagt: Massage", "SUMMARY:Canceled: massage"]
)
def test_a_cancelled_event_is_a_cancelled_massage(line: str) -> None:
    assert read(calendar(f"UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\n{line}"))[0][0]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("DTSTART:20260501T100000\nSTATUS:TENTATIVE", "the event is only tentative"),
        ("DURATION:PT1H", "the event has no start"),
        ("DTSTART:20260501T100000\nDTEND:20260501T220000", "the event lasts 720 minutes, which no massage does"),
        ("DTSTART:20260501T100000\nDTEND:20260501T090000", "the event lasts -60 minutes, which no massage does"),
        ("DTSTART:20260501T100000\nDTEND;VALUE=DATE:20260502", "the event has a time at one end only"),
        (
            "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260504",
            "the event lasts 3 days; it does not tell on which the massage was",
        ),
        ("DTSTART:19990501T100000", "the event lies outside 2000 to 2099"),
        ("DTSTART:19990501T100000\nRRULE:FREQ=DAILY", "the event begins before 2000"),
        ("DTSTART:20260501T100000\nRRULE:FREQ=MINUTELY", "the event repeats within the day, which no massage does"),
        (
            "DTSTART:20260501T100000\nRRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3",
            "the event repeats within the day, which no massage does",
        ),
        ("DTSTART:20260501T100000\nRRULE:FREQ=NEVER", "the event breaks the calendar format"),
        ("DTSTART:soon", "the event breaks the calendar format"),
    ],
)
def test_an_event_that_cannot_count_says_why_and_the_others_load(event: str, said: str) -> None:
    good = "UID:good\nDTSTART:20260501T100000\nDURATION:PT1H\nSUMMARY:Massage"

    rows, skipped, _ = read(calendar(f"UID:bad\n{event}\nSUMMARY:Massage", good))

    assert [row["place"] for row in rows] == ["event good"]
    assert [(item.place, item.reason, item.value) for item in skipped] == [("event bad", said, "Massage")]


def test_a_series_without_end_in_its_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_ics, "MAX_OCCURRENCES", 3)
    series = "UID:a\nDTSTART:20260501T100000\nRRULE:FREQ=DAILY\nSUMMARY:Massage"

    assert read(calendar(series))[1][0].reason == "the event repeats more than 3 times"


def test_a_calendar_of_too_many_massages_is_read_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_ics, "MAX_OCCURRENCES", 3)
    events = (f"UID:{day}\nDTSTART:202605{day:02}T100000\nDURATION:PT1H\nSUMMARY:Massage" for day in range(1, 9))

    rows, skipped, _ = read(calendar(*events))

    assert len(rows) == 4
    assert [item.reason for item in skipped] == ["the calendar holds more than 3 massages; the rest of it was not read"]


def test_a_calendar_beyond_its_bound_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_ics, "MAX_CALENDAR_BYTES", 1 << 20)
    content = entry(calendar("UID:a\nDTSTART:20260501T100000\nSUMMARY:Massage") + " " * (1 << 20))

    assert list(calendar_ics.claims([content]))
    found = list(calendar_ics.read([content], CONTEXT))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        "calendar.ics has more than 1 MB, which no log has. Keep one line per massage or day."
    ]


@pytest.mark.parametrize(
    "line",
    [
        "SUMMARY:Thai-Massage", "SUMMARY:Rückenmassage", "SUMMARY:Physio", "SUMMARY:séance kiné",
        "SUMMARY:Fisioterapia", "SUMMARY:masaje", "SUMMARY:massaggio", "SUMMARY:Fysiotherapie",
        "SUMMARY:Termin\nCATEGORIES:Arzt,Massage",
        "SUMMARY:x\nDESCRIPTION:a long mas\n sage", "SUMMARY;LANGUAGE=de:Krankengymnastik",
    ],
)  # fmt: skip
def test_a_massage_is_known_by_its_words(line: str) -> None:
    content = calendar(f"UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\n{line}")

    assert [claim.path for claim in calendar_ics.claims([entry(content)])] == ["calendar.ics"]
    assert len(read(content)[0]) == 1


@pytest.mark.parametrize(
    "event",
    ["SUMMARY:Dentist", "SUMMARY:message for the team", "SUMMARY:x\nBEGIN:VALARM\nDESCRIPTION:massage\nEND:VALARM"],
)
def test_other_events_are_no_massages(event: str) -> None:
    assert not list(calendar_ics.claims([entry(calendar(f"UID:a\nDTSTART:20260501T100000\n{event}"))]))


def test_a_calendar_named_for_massages_is_read_even_if_none_is_found() -> None:
    content = calendar("UID:a\nDTSTART:20260501T100000\nSUMMARY:Termin")

    assert list(calendar_ics.claims([entry(content, "Massage-Termine.ics")]))
    assert read(content)[2].message == "Other events, left alone: 1."


def test_only_calendars_are_claimed() -> None:
    assert not list(calendar_ics.claims([entry("massage\n", "massage.ics"), entry("", "massage.ics")]))
