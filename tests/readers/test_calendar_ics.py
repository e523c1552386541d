"""Massages out of calendars; worked out by hand."""

import io
import itertools
import time
from datetime import date, datetime

import pytest
from places import SHARED

from recovery.formats import calendar_rules
from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped
from recovery.home import clock
from recovery.readers import calendar_ics

FIRST_ONLY = ": of its dates only the first counts"
UNSAVED = f"the event repeats, and the calendar does not tell when it was saved{FIRST_ONLY}"
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

    assert [row["place"] for row in rows] == ["event a", "event b on 2026-06-02"]
    assert [item.reason for item in skipped] == [UNSAVED]
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


def test_a_change_of_this_and_all_later_dates_counts_for_all_of_them() -> None:
    series = "UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:Massage"
    later = "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260502T100000\nDTSTART:20260502T120000\nSUMMARY:Massage"

    assert starts(calendar(series, later)) == [
        datetime(2026, 5, 1, 10),
        datetime(2026, 5, 2, 12),
        datetime(2026, 5, 3, 12),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "STATUS:CANCELLED\nSUMMARY:Massage",
        "SUMMARY:Abgesagt: Massage",
        "SUMMARY:Canceled: massage",
        "SUMMARY:Massage (abgesagt)",
    ],
)
def test_a_cancelled_event_is_a_cancelled_massage(line: str) -> None:
    assert read(calendar(f"UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\n{line}"))[0][0]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("DTSTART:20260501T100000\nSTATUS:TENTATIVE", "the event is only tentative"),
        ("DURATION:PT1H", "the event has no start"),
        (
            "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260504",
            "the event lasts 3 days; it does not tell on which the massage was",
        ),
        ("DTSTART:19990501T100000", "the event lies outside 2000 to 2099"),
        ("DTSTART:19990501T100000\nRRULE:FREQ=DAILY", "the event begins before 2000"),
        (
            "DTSTART:20260501T100000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY",
            "the event leaves out dates by a rule (EXRULE), which is not read",
        ),
        ("DTSTART:soon", "the event breaks the calendar format"),
    ],
)
def test_an_event_that_cannot_count_says_why_and_the_others_load(event: str, said: str) -> None:
    good = "UID:good\nDTSTART:20260501T100000\nDURATION:PT1H\nSUMMARY:Massage"

    rows, skipped, _ = read(calendar(f"UID:bad\n{event}\nSUMMARY:Massage", good))

    assert [row["place"] for row in rows] == ["event good"]
    assert [(item.place, item.reason, item.value) for item in skipped] == [("event bad", said, "Massage")]


@pytest.mark.parametrize(
    ("length", "said"),
    [
        ("DTEND:20260501T220000", "the event lasts 720 minutes, which no massage does"),
        ("DTEND:20260501T090000", "the event lasts -60 minutes, which no massage does"),
        ("DURATION:-PT1H", "the event lasts -60 minutes, which no massage does"),
        ("DURATION:P3D", "the event lasts 4320 minutes, which no massage does"),
        ("DTEND;VALUE=DATE:20260502", "the event has a time at one end only"),
        ("DTEND:60260501T090000Z", "the event lasts 2103796860 minutes, which no massage does"),
        ("DURATION:P9999999D", "the end of the event cannot be read"),
    ],
)
def test_a_length_that_cannot_be_is_left_empty_and_told(length: str, said: str) -> None:
    rows, skipped, _ = read(calendar(f"UID:a\nDTSTART:20260501T100000\n{length}\nSUMMARY:Massage"))

    assert [(row["start_local"], row["massage_min"]) for row in rows] == [(datetime(2026, 5, 1, 10), None)]
    assert [(item.reason, item.is_kept, item.unknown) for item in skipped] == [(said, True, None)]


def test_a_first_date_that_its_series_leaves_out_does_not_count() -> None:
    series = "UID:a\nDTSTART:20260501T100000\nRRULE:FREQ=NEVER\nEXDATE:20260501T100000\nSUMMARY:Massage"

    rows, skipped, _ = read(calendar(series))

    assert (rows, [item.reason for item in skipped]) == ([], ["the event breaks the calendar format"])


def test_a_series_without_end_in_its_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_rules, "MAX_OCCURRENCES", 3)
    series = "UID:a\nDTSTART:20260501T100000\nRRULE:FREQ=DAILY\nSUMMARY:Massage"

    assert read(calendar(series))[1][0].reason == "the event repeats more than 3 times"


def test_many_series_of_one_uid_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_rules, "MAX_OCCURRENCES", 5)
    series = (massage("a", f":202605{day:02}T100000", "RRULE:FREQ=DAILY;COUNT=3") for day in (1, 11))

    assert [item.reason for item in read(calendar(*series))[1]] == ["the event repeats more than 5 times"]


def test_dates_that_cannot_count_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_rules, "MAX_OCCURRENCES", 3)
    long = (massage(name, f":2026050{day}T100000").replace("PT1H", "PT20H") for day, name in enumerate("abcdef", 1))

    assert [item.place for item in read(calendar(*long))[1]] == [f"event {name}" for name in "abcde"]


def test_a_calendar_of_too_many_massages_is_read_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_rules, "MAX_OCCURRENCES", 3)
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
        "SUMMARY:a long mas\n sage", "SUMMARY;LANGUAGE=de:Krankengymnastik",
        "SUMMARY:Masaż", "SUMMARY:マッサージ", "SUMMARY:Массаж спины",
    ],
)  # fmt: skip
def test_a_massage_is_known_by_its_words(line: str) -> None:
    content = calendar(f"UID:a\nDTSTART:20260501T100000\nDURATION:PT1H\n{line}")

    assert [claim.path for claim in calendar_ics.claims([entry(content)])] == ["calendar.ics"]
    assert len(read(content)[0]) == 1


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:Dentist",
        "SUMMARY:message for the team",
        "SUMMARY:x\nBEGIN:VALARM\nDESCRIPTION:massage\nEND:VALARM",
        "SUMMARY:Dentist\nDESCRIPTION:ask about massage",
        "SUMMARY:Fetch Anna\nLOCATION:Physiotherapie am Markt",
        "SUMMARY:no massage",
        "SUMMARY:Massage gun",
        "SUMMARY:Foot massager delivery",
        "SUMMARY:Call: ask about massage price",
    ],
)
def test_other_events_are_no_massages(event: str) -> None:
    assert not list(calendar_ics.claims([entry(calendar(f"UID:a\nDTSTART:20260501T100000\n{event}"))]))


def test_a_calendar_named_for_massages_is_read_even_if_none_is_found() -> None:
    content = calendar("UID:a\nDTSTART:20260501T100000\nSUMMARY:Termin")

    assert list(calendar_ics.claims([entry(content, "Massage-Termine.ics")]))
    assert read(content)[2].message == "Other events, left alone: 1."


def test_only_calendars_are_claimed() -> None:
    assert not list(calendar_ics.claims([entry("massage\n", "massage.ics"), entry("", "massage.ics")]))


# ---- several events of one UID --------------------------------------------------------------------------------------


def massage(uid: str, start: str, *lines: str) -> str:
    return "\n".join((f"UID:{uid}", f"DTSTART{start}", "DURATION:PT1H", "SUMMARY:Massage", *lines))


def test_events_of_one_uid_with_their_own_dates_all_count() -> None:
    dates = [massage("booking", f";TZID=Europe/Berlin:202605{day:02}T100000") for day in (4, 11, 18)]

    rows, skipped, summary = read(calendar(*dates, dates[0]))

    assert [(row["place"], row["local_date"]) for row in rows] == [
        ("event booking on 2026-05-04", date(2026, 5, 4)),
        ("event booking on 2026-05-11", date(2026, 5, 11)),
        ("event booking on 2026-05-18", date(2026, 5, 18)),
    ]
    assert not skipped
    assert "Older versions of an event, which a newer one replaces: 1." in summary.message


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("SEQUENCE:1", "LAST-MODIFIED:20260501T080000Z"), ("SEQUENCE:2", "LAST-MODIFIED:20260401T080000Z")),
        (("SEQUENCE:9",), ("SEQUENCE:10",)),
        (("SEQUENCE:soon",), ("SEQUENCE:1",)),
        (("LAST-MODIFIED:20260401T080000Z",), ("LAST-MODIFIED:20260501T080000Z",)),
        ((), ("LAST-MODIFIED:20260501T080000Z",)),
    ],
)
def test_of_two_versions_of_one_date_the_newer_counts_in_any_order(
    older: tuple[str, ...], newer: tuple[str, ...]
) -> None:
    versions = massage("a", ":20260502T100000", *older), massage("a", ":20260502T100000", *newer, "STATUS:CANCELLED")

    for order in itertools.permutations(versions):
        rows, skipped, _ = read(calendar(*order))
        assert [row["status"] for row in rows] == ["cancelled"]
        assert not skipped


def test_of_versions_that_differ_in_their_stamp_only_the_later_stamp_counts() -> None:
    old, new = (
        f"BEGIN:VEVENT\nDTSTAMP:202605{day}T120000Z\n{massage('a', ':20260502T100000')}, {day}\nEND:VEVENT\n"
        for day in (10, 11)
    )
    for order in itertools.permutations((old, new)):
        rows, _, _ = read(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(order)}END:VCALENDAR\n")
        assert [row["technique"] for row in rows] == ["Massage, 11"]


def test_an_older_event_of_a_uid_with_another_date_and_the_same_sequence_is_rejected_by_name() -> None:
    old = massage("a", ":20260501T100000", "LAST-MODIFIED:20260401T080000Z")
    new = massage("a", ":20260502T100000", "LAST-MODIFIED:20260402T080000Z")

    rows, skipped, _ = read(calendar(new, old))

    assert [row["local_date"] for row in rows] == [date(2026, 5, 2)]
    assert [item.reason for item in skipped] == [
        "another event of this UID is newer and has another date; only the newer one counts"
    ]


def test_of_two_changes_of_one_date_the_newer_counts() -> None:
    series = massage("a", ":20260501T100000", "RRULE:FREQ=DAILY;COUNT=2")
    first = massage("a", ":20260503T100000", "RECURRENCE-ID:20260502T100000", "SEQUENCE:1")
    second = massage("a", ":20260504T100000", "RECURRENCE-ID:20260502T100000", "SEQUENCE:2")

    for order in itertools.permutations((series, first, second)):
        assert starts(calendar(*order)) == [datetime(2026, 5, 1, 10), datetime(2026, 5, 4, 10)]


def test_changed_dates_count_where_their_series_is_not_in_the_file() -> None:
    one = massage("a", ":20260503T100000", "RECURRENCE-ID:20260502T100000")
    two = massage("a", ":20260510T100000", "RECURRENCE-ID:20260509T100000")

    assert starts(calendar(one, two)) == [datetime(2026, 5, 3, 10), datetime(2026, 5, 10, 10)]


def test_two_series_of_one_uid_both_count_with_the_changes_of_their_dates() -> None:
    spring = massage("a", ":20260401T100000", "RRULE:FREQ=DAILY;COUNT=2")
    summer = massage("a", ":20260501T180000", "RRULE:FREQ=DAILY;COUNT=2")
    moved = massage("a", ":20260509T180000", "RECURRENCE-ID:20260502T180000")

    assert starts(calendar(spring, summer, moved)) == [
        datetime(2026, 4, 1, 10),
        datetime(2026, 4, 2, 10),
        datetime(2026, 5, 1, 18),
        datetime(2026, 5, 9, 18),
    ]


def test_a_broken_event_costs_no_other_of_its_uid() -> None:
    rows, skipped, _ = read(calendar(massage("a", ":20260501T100000"), massage("a", ":soon")))

    assert [row["local_date"] for row in rows] == [date(2026, 5, 1)]
    assert [item.reason for item in skipped] == ["the event breaks the calendar format"]


def test_broken_properties_that_tell_nothing_of_a_massage_cost_none() -> None:
    assert (
        len(read(calendar(massage("a", ":20260501T100000", "GEO:here", "CREATED:x", "X-FOO", "PRIORITY:high")))[0]) == 1
    )


# ---- the end of a series --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "until", "last"),
    [
        (";TZID=Europe/Berlin:20260504T180000", "20260518", 18),
        (";TZID=Pacific/Auckland:20260504T080000", "20260518", 18),
        (";TZID=America/Los_Angeles:20260504T200000", "20260518", 18),
        (":20260504T180000Z", "20260518", 18),
        (":20260504T180000", "20260518", 18),
        (";VALUE=DATE:20260504", "20260518", 18),
        (";TZID=Europe/Berlin:20260504T180000", "20260518T160000Z", 18),
        (";TZID=Europe/Berlin:20260504T180000", "20260518T155959Z", 11),
        (";TZID=Europe/Berlin:20260504T180000", "20260518T180000", 18),
        (";TZID=Europe/Berlin:20260504T180000", "20260518T175959", 11),
        (":20260504T180000", "20260518T160000Z", 18),
        (":20260504T180000", "20260518T155959Z", 11),
        (";VALUE=DATE:20260504", "20260517T215959Z", 11),
    ],
)
def test_the_end_of_a_series_includes_its_own_date_or_moment(start: str, until: str, last: int) -> None:
    lines = f"UID:a\nDTSTART{start}\nRRULE:FREQ=WEEKLY;UNTIL={until}\nSUMMARY:Massage"

    rows = read(calendar(lines))[0]

    assert max(row["local_date"] for row in rows) == date(2026, 5, last)


# ---- zones ----------------------------------------------------------------------------------------------------------

# The clock of Adelaide: no zone of Europe is half an hour off.
ODD_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:{}\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+1030\nTZOFFSETTO:+0930\n"
    "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
    "TZOFFSETFROM:+0930\nTZOFFSETTO:+1030\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=10\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


def with_zone(name: str, parameter: str, block: str = ODD_ZONE) -> str:
    content = calendar(massage("a", f";TZID={parameter}:20260301T100000", "RRULE:FREQ=MONTHLY;COUNT=3"))
    return content.replace("PRODID:x\n", f"PRODID:x\n{block.format(name)}")


@pytest.mark.parametrize(
    "parameter",
    [
        "Europe/Berlin", '"Europe/Berlin"', '":Europe/Berlin"', ":Europe/Berlin", '"W. Europe Standard Time"',
        "W. Europe Standard Time", "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin", '"Europe/Berlin";X-FOO="a:b"',
    ],
)  # fmt: skip
def test_a_known_zone_is_known_however_it_is_written(parameter: str) -> None:
    content = calendar(massage("a", f";TZID={parameter}:20260301T100000", "RRULE:FREQ=MONTHLY;COUNT=2"))

    assert [row["start_utc"] for row in read(content)[0]] == [datetime(2026, 3, 1, 9), datetime(2026, 4, 1, 8)]


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("Customized Time Zone", '"Customized Time Zone"'),
        ("Customized Time Zone", "Customized Time Zone"),
        (":My/Town", '":My/Town"'),
        (":My/Town", ":My/Town"),
        ("(UTC+09:30) Adelaide\\, Ceduna", '"(UTC+09:30) Adelaide, Ceduna"'),
        ("(UTC+09:30) Adelaide, Ceduna", "(UTC+09:30) Adelaide, Ceduna"),
    ],
)
def test_an_unknown_zone_is_what_the_calendar_says_of_it(name: str, parameter: str) -> None:
    rows, skipped, summary = read(with_zone(name, parameter))

    assert [(row["start_local"], row["start_utc"]) for row in rows] == [
        (datetime(2026, 3, 1, 10), datetime(2026, 2, 28, 23, 30)),
        (datetime(2026, 4, 1, 10), datetime(2026, 3, 31, 23, 30)),
        (datetime(2026, 5, 1, 10), datetime(2026, 5, 1, 0, 30)),
    ]
    assert not skipped
    assert "Time zones" not in summary.message


def test_two_calendars_may_call_two_zones_by_one_name() -> None:
    other = ODD_ZONE.replace("0930", "0600").replace("1030", "0600")

    here, there = read(with_zone("Custom", "Custom"))[0], read(with_zone("Custom", "Custom", other))[0]

    assert (here[0]["start_utc"], there[0]["start_utc"]) == (datetime(2026, 2, 28, 23, 30), datetime(2026, 3, 1, 4))


def test_a_zone_that_nobody_knows_leaves_the_wall_clock_and_is_named() -> None:
    rows, _, summary = read(calendar(massage("a", ";TZID=Praxis:20260301T100000")))

    assert (rows[0]["start_local"], rows[0]["start_utc"]) == (datetime(2026, 3, 1, 10), None)
    assert "Time zones that nobody knows, read as the local time: Praxis." in summary.message


@pytest.mark.parametrize("change", [("YEARLY", "SECONDLY"), ("BEGIN:DAYLIGHT", "X-A:b\n" * 600 + "BEGIN:DAYLIGHT")])
def test_a_zone_that_no_clock_keeps_is_refused(change: tuple[str, str]) -> None:
    assert [item.reason for item in read(with_zone("Odd", "Odd", ODD_ZONE.replace(*change)))[1]] == [
        "the time zone of the event breaks the calendar format"
    ]


# ---- answers to an invitation ---------------------------------------------------------------------------------------


def invited(*answers: tuple[str, str], organizer: str = "clinic@example.com") -> tuple[str, ...]:
    attendees = (f"ATTENDEE;PARTSTAT={answer};CN=x:mailto:{address}" for address, answer in answers)
    return f"ORGANIZER:mailto:{organizer}", *attendees


ME, FRIEND, CLINIC = "me@example.com", "friend@example.com", "clinic@example.com"


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ([(ME, "DECLINED"), (FRIEND, "ACCEPTED")], "cancelled"),
        ([(ME, "ACCEPTED"), (FRIEND, "DECLINED")], "attended"),
        ([("ME@Example.com", "DECLINED")], "cancelled"),
        ([(ME, "NEEDS-ACTION")], "attended"),
    ],
)
@pytest.mark.parametrize("says", ["name", "header"])
def test_an_invitation_counts_as_its_owner_answered(answers: list[tuple[str, str]], status: str, says: str) -> None:
    content = calendar(massage("a", ":20260301T100000", *invited(*answers)))
    if says == "header":
        content = content.replace("PRODID:x", f"PRODID:x\nX-WR-CALNAME:{ME}")

    found = calendar_ics.read([entry(content, f"{ME}.ics" if says == "name" else "c.ics")], CONTEXT)

    assert [row["status"] for item in found if isinstance(item, Batch) for row in item.table.to_pylist()] == [status]


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ([(ME, "DECLINED")], "cancelled"),
        ([(ME, "DECLINED"), (CLINIC, "ACCEPTED")], "cancelled"),
        ([(ME, "ACCEPTED"), (FRIEND, "TENTATIVE")], "attended"),
    ],
)
def test_without_a_known_owner_an_invitation_is_declined_where_all_declined(
    answers: list[tuple[str, str]], status: str
) -> None:
    assert read(calendar(massage("a", ":20260301T100000", *invited(*answers))))[0][0]["status"] == status


def test_an_invitation_that_somebody_declined_is_rejected_where_the_owner_is_not_known() -> None:
    lines = invited((ME, "ACCEPTED"), (FRIEND, "DECLINED"))

    rows, skipped, _ = read(calendar(massage("a", ":20260301T100000", *lines)))

    assert not rows
    assert [item.reason for item in skipped] == [
        "somebody declined the event, and the calendar does not tell whether its owner did"
    ]


def test_a_room_that_declined_is_nobody() -> None:
    room = "ATTENDEE;CUTYPE=ROOM;PARTSTAT=DECLINED:mailto:room@example.com"

    assert read(calendar(massage("a", ":20260301T100000", room)))[0][0]["status"] == "attended"


def test_an_owner_who_answered_perhaps_is_tentative() -> None:
    content = calendar(massage("a", ":20260301T100000", *invited((ME, "TENTATIVE"))))

    reasons = [
        item.reason for item in calendar_ics.read([entry(content, f"{ME}.ics")], CONTEXT) if isinstance(item, Skipped)
    ]

    assert reasons == ["the event is only tentative"]


@pytest.mark.parametrize("shown", ["OPAQUE", "TRANSPARENT"])
def test_how_the_time_is_shown_to_others_does_not_matter(shown: str) -> None:
    rows, _, summary = read(calendar(massage("a", ":20260301T100000", f"TRANSP:{shown}")))

    assert rows[0]["status"] == "attended"
    assert ("as free, which count all the same: 1." in summary.message) == (shown == "TRANSPARENT")


# ---- words elsewhere ------------------------------------------------------------------------------------------------


def test_a_massage_in_the_description_or_place_alone_is_named_and_does_not_count() -> None:
    dentist = "UID:b\nDTSTART:20260302T100000\nSUMMARY:Dentist\nDESCRIPTION:ask about massage"
    errand = "UID:c\nDTSTART;VALUE=DATE:20260303\nLOCATION:Physiotherapie am Markt"

    rows, skipped, summary = read(calendar(massage("a", ":20260301T100000"), dentist, errand))

    assert [row["place"] for row in rows] == ["event a"]
    assert not skipped
    assert (
        "Other events, left alone: 2. Of these, events that only mention a massage: 2 "
        "(20260302 Dentist; 20260303 without a title). If one was a massage, say so in its title."
    ) in summary.message


# ---- a file that is cut off -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut", "missing"),
    [
        ("END:VCALENDAR\n", "END:VCALENDAR"),
        ("END:VEVENT\nEND:VCALENDAR\n", "END:VEVENT"),
        ("T100000\nDURATION:PT1H\nSUMMARY:Massage\nEND:VEVENT\nEND:VCALENDAR\n", "END:VEVENT"),
    ],
)
def test_a_calendar_that_is_cut_off_is_partial_and_says_so(cut: str, missing: str) -> None:
    content = calendar(massage("a", ":20260301T100000"), massage("b", ":20260302T100000"))
    assert content.endswith(cut)

    rows, _, summary = read(content.removesuffix(cut))

    assert [row["place"] for row in rows] == ["event a", "event b"][: 2 if missing == "END:VCALENDAR" else 1]
    assert summary.is_partial
    assert summary.message.startswith(f"The file is cut off: {missing} is missing. Export it again.")


def test_an_event_without_end_costs_itself_only() -> None:
    content = calendar(*(massage(name, f":2026030{day}T100000") for day, name in enumerate("abc", 1)))
    first_end = content.index("END:VEVENT\n")

    rows, _, summary = read(content[:first_end] + content[first_end + len("END:VEVENT\n") :])

    assert [row["place"] for row in rows] == ["event b", "event c"]
    assert summary.is_partial


def test_calendars_one_after_the_other_are_whole() -> None:
    content = calendar(massage("a", ":20260301T100000")) + calendar(massage("b", ":20260302T100000"))

    rows, _, summary = read(content)

    assert (len(rows), summary.is_partial) == (2, False)


# ---- bounds ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stamp", ["60260415T120000Z", "21000101T000000Z", "19700101T000000Z"])
def test_a_stamp_that_no_export_can_have_is_none(stamp: str) -> None:
    series = massage("a", ":20260501T100000", "RRULE:FREQ=WEEKLY")
    single = massage("b", ":20260501T100000")

    rows, skipped, summary = read(calendar(series, single, stamp=stamp))

    assert [row["place"] for row in rows] == ["event a on 2026-05-01", "event b"]
    assert [(item.reason, item.unknown) for item in skipped] == [(UNSAVED, (date(2026, 5, 2), None))]
    assert summary.exported_utc is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "the rule by which the event repeats gives no date"),
        ("FREQ=DAILY;BYDAY=MO,TU;BYSETPOS=2", "the rule by which the event repeats gives no date"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=3;COUNT=9", "the rule by which the event repeats gives no date"),
        ("FREQ=DAILY;INTERVAL=0", "the event breaks the calendar format"),
        ("FREQ=DAILY;INTERVAL=-1", "the event breaks the calendar format"),
        ("FREQ=SECONDLY;COUNT=1000000000", "the event repeats within the day, which no massage does"),
        (
            "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3",
            "the event repeats within the day, which no massage does",
        ),
        ("FREQ=NEVER", "the event breaks the calendar format"),
        ("KAPUTT", "the event breaks the calendar format"),
        ("FREQ=WEEKLY;COUNT=0", "the event breaks the calendar format"),
        ("FREQ=WEEKLY;UNTIL=soon", "the event breaks the calendar format"),
        ("FREQ=WEEKLY;UNTIL=20251231", "the rule by which the event repeats gives no date"),
        ("FREQ=WEEKLY;COUNT=2\nRDATE:soon", "the event breaks the calendar format"),
        ("", "the event breaks the calendar format"),
    ],
)
def test_of_a_rule_without_sense_the_first_date_counts(rule: str, reason: str) -> None:
    began = time.process_time()

    rows, skipped, _ = read(calendar(massage("a", ":20260106T100000", f"RRULE:{rule}")))

    assert [row["local_date"] for row in rows] == [date(2026, 1, 6)]
    assert [(item.reason, item.unknown) for item in skipped] == [(f"{reason}{FIRST_ONLY}", (date(2026, 1, 7), None))]
    assert (
        time.process_time() - began < 2
    )  # dateutil alone needs 5 to 8 seconds for the first two, and no end for others


def test_a_count_of_any_size_ends_with_the_calendars_moment() -> None:
    rows, _, _ = read(calendar(massage("a", ":20260525T100000", "RRULE:FREQ=DAILY;COUNT=1000000000")))

    assert len(rows) == 8


def test_a_leap_day_is_a_date() -> None:
    series = massage("a", ":20200229T100000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")

    assert starts(calendar(series)) == [datetime(2020, 2, 29, 10), datetime(2024, 2, 29, 10)]


def test_a_series_that_begins_after_all_clocks_is_refused() -> None:
    series = massage("a", ":90000101T100000", "RRULE:FREQ=DAILY")

    assert [item.reason for item in read(calendar(series))[1]] == ["the event lies outside 2000 to 2099"]


def test_an_event_longer_than_any_is_refused() -> None:
    series = massage("a", ":20260501T100000", "RDATE:" + ",".join(["20260501T100000"] * 70_000))

    assert [item.reason for item in read(calendar(series))[1]] == ["the event has more than 1 MB"]


def test_a_calendar_of_too_many_series_is_read_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_ics, "MAX_SERIES", 2)
    series = (massage(name, ":20260501T100000", "RRULE:FREQ=DAILY;COUNT=1") for name in "abc")

    rows, skipped, _ = read(calendar(*series))

    assert len(rows) == 2
    assert [item.reason for item in skipped] == [
        "the calendar holds more than 2 repeating massages; the rest of it was not read"
    ]


# ---- dates that are unknown -----------------------------------------------------------------------------------------

KNOWN = (
    "UID:first\nDTSTART:20260501T100000\nDTEND:20260501T110000\nSUMMARY:Massage",
    "UID:last\nDTSTART:20260529T100000\nDTEND:20260529T110000\nSUMMARY:Massage",
)


@pytest.mark.parametrize(
    ("event", "first", "last"),
    [
        ("DTSTART:20260510T100000\nDTEND:20260510T110000\nSTATUS:TENTATIVE", 10, 10),
        ("DTSTART:20260510T230000Z\nDTEND:20260510T233000Z\nSTATUS:TENTATIVE", 11, 11),  # in Berlin
        ("DTSTART;VALUE=DATE:20260510\nDTEND;VALUE=DATE:20260513", 10, 12),
        ("DTSTART:20260510T100000\nDTEND:20260510T110000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", 9, None),
        ("DTSTART:20260510T100000\nDTEND:20260510T110000\nRRULE:FREQ=HOURLY", 11, None),
        ("DTSTART:soon\nDTEND:later", None, None),
    ],
)
def test_an_event_that_cannot_count_leaves_its_dates_unknown(event: str, first: int | None, last: int | None) -> None:
    _, skipped, _ = read(calendar(*KNOWN, f"UID:x\nSUMMARY:Massage\n{event}"))

    assert [item.unknown for item in skipped] == [
        (first and date(2026, 5, first), last and date(2026, 5, last)),
    ]


def test_an_older_version_with_another_date_leaves_that_date_unknown() -> None:
    event = "UID:x\nSUMMARY:Massage\nDTSTART:202605{}T100000\nDTEND:202605{}T110000\nLAST-MODIFIED:202605{}T100000Z"

    rows, skipped, summary = read(calendar(*KNOWN, event.format(10, 10, "01"), event.format(12, 12, "02")))

    assert date(2026, 5, 12) in [row["local_date"] for row in rows]
    assert [item.unknown for item in skipped] == [(date(2026, 5, 10), date(2026, 5, 10))]
    assert "On 1 day nobody knows whether there was a massage" in summary.message


def test_of_a_calendar_that_is_cut_off_no_date_without_an_event_is_known() -> None:
    _, skipped, summary = read(calendar(*KNOWN).removesuffix("END:VCALENDAR\n"))

    assert [(item.place, item.unknown) for item in skipped] == [("end of the file", (None, None))]
    assert "On 27 days nobody knows" in summary.message


# ---- the cases -------------------------------------------------------------------------------------------------------

CASES = SHARED / "cases" / "calendars"


@pytest.mark.skipif(not CASES.exists(), reason="needs ../shared/cases")
@pytest.mark.parametrize(
    ("name", "dates", "lost", "is_partial"),
    [
        ("three_dates_one_uid.ics", ["05-04", "05-11", "05-18"], 0, False),
        ("until_as_date.ics", ["05-04", "05-11", "05-18"], 0, False),
        ("cut_off.ics", ["01-01"], 1, True),
        ("year_6026.ics", ["01-01"], 1, False),
    ],
)
def test_the_cases_that_went_wrong_once(name: str, dates: list[str], lost: int, is_partial: bool) -> None:
    began = time.process_time()

    rows, skipped, summary = read((CASES / name).read_text(encoding="utf-8"))

    assert [f"{row['local_date']:%m-%d}" for row in rows] == dates
    assert (len(skipped), summary.is_partial) == (lost, is_partial)
    assert all(item.unknown is not None for item in skipped)
    assert time.process_time() - began < 2  # no occurrence of the year 6026 is ever made
