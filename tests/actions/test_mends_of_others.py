"""Rows of mapped tables and events of calendars are mended as rows of lists are."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import homes
import pytest
from one_reader import rows, summary

from recovery.actions.mends import AskedRow, MendError, answers, mend_row, take_mend_back, unread_rows
from recovery.errors import RecoveryError
from recovery.formats.entries import Entry, context_of
from recovery.formats.records import Yielded
from recovery.home.mends import LEAVE_OUT, WHOLE_ROW
from recovery.home.settings import load_settings, with_mends
from recovery.readers import readers

SETTINGS = """home_time_zone = "Europe/Berlin"
[people.anna]
[[tables]]
file = "visits.csv"
source = "studio"
date = "Day"
date_format = "%d.%m.%Y"
log = "massages"
columns = { Length = "minutes" }
[[tables]]
file = "carried.csv"
source = "app"
date = ["Year", "Month", "Day"]
carry_down = true
columns = { "Back pain" = "pain" }
[[tables]]
file = "steps.csv"
source = "tracker"
time = "when"
covers_min = 1
columns = { "=Steps (n)" = "steps" }
[[tables]]
file = "nights.csv"
source = "bed"
sleep_start = "bed"
sleep_end = "up"
[[tables]]
file = "taps.json"
source = "taps"
time = ["day", "at"]
covers_min = 1
columns = { n = "steps" }
"""
VISITS = "Day,Length,Client\n02.01.2026,60,\n30.02.2026,60,\n09.03.2026,soon,anna\n10.03.2026,60,nobody\n"
STEPS = "when,=Steps (n)\n2026-01-01T10:00:00Z,5\n2026-01-01T10:01:00Z,many\n2026-01-01T10:02:00Z,5,7\n"
CARRIED = "Year,Month,Day,Back pain\n2026,1,2,3\n2026,2,30,4\n,,,5\n2026,3,1,bad\n"
EVENTS = (
    "UID:a\nDTSTART:20260230T170000\nDTEND:20260228T180000\nSUMMARY:Massage",
    "UID:b\nDTSTART:20260302T170000\nDTEND:20260302T160000\nSUMMARY:Massage",
    "UID:c\nDTSTART:20260304T170000\nDTEND:20260304T180000\nSUMMARY:Massage?",
    "UID:d\nDTSTART;VALUE=DATE:20260306\nDTEND;VALUE=DATE:20260310\nSUMMARY:Massage",
    "UID:e\nDTSTART:20260401T170000\nDTEND:20260401T180000\nRRULE:FREQ=WEEKLY;COUNT=4\nSTATUS:TENTATIVE\nSUMMARY:Massage",
)


def calendar(*events: str, stamp: str = "20260601T120000Z") -> str:
    told = "".join(f"BEGIN:VEVENT\nDTSTAMP:{stamp}\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{told}END:VCALENDAR\n"


class Inbox:
    """An inbox of which a run has read every file as it stands there now."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.home = homes.make(folder / "home", SETTINGS)
        self.home.close()
        self.settings = load_settings(self.home.home.folder)
        self.put(files)

    def put(self, files: Mapping[str, str]) -> None:
        for name, content in files.items():
            (self.settings.home.inbox / name).write_text(content)
        self.files = {name: hashlib.sha256(content.encode()).hexdigest() for name, content in files.items()}

    def asked(self, subject: str = "me") -> list[AskedRow]:
        return unread_rows(self.settings, subject, self.files)

    def about(self, place: str, subject: str = "me") -> AskedRow:
        return next(row for row in self.asked(subject) if row.place == place)

    def say(self, place: str, value: str, column: str = "", subject: str = "me") -> None:
        row = self.about(place, subject)
        mend_row(self.settings, subject, self.files, row.path, row.row.key, column or row.row.column, value)

    def read(self, reader: str, name: str) -> list[Yielded]:
        path = self.settings.home.inbox / name
        entry = Entry(name, path.stat().st_size, lambda: path.open("rb"), self.settings.mapping_of(name))
        return list(readers()[reader].read([entry], context_of(with_mends(self.settings), "me")))


def massages(found: list[Yielded]) -> list[tuple[str, float | None, str]]:
    return sorted((str(day), minutes, status) for day, minutes, status in rows(
        found, "massages", "local_date", "massage_min", "status"
    ))  # fmt: skip


def columns(asked: list[AskedRow]) -> list[tuple[str, str, str, bool]]:
    return [(row.place, row.row.column, row.row.old, row.is_kept) for row in asked]


def test_rows_of_a_mapped_log_are_mended_under_its_own_headings(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"visits.csv": VISITS})
    assert columns(inbox.asked()) == [("row 3", "Day", "30.02.2026", False), ("row 5", "Client", "nobody", False)]
    assert columns(inbox.asked("anna")) == [("row 4", "Length", "soon", False)]
    assert inbox.about("row 3").is_unknown
    with pytest.raises(MendError, match="no date as"):
        inbox.say("row 3", "2026-02-28")
    with pytest.raises(MendError, match="no Colour"):
        inbox.say("row 3", "red", "Colour")

    inbox.say("row 3", "28.02.2026")
    inbox.say("row 4", "45", subject="anna")
    inbox.say("row 5", LEAVE_OUT, WHOLE_ROW)

    assert inbox.asked() == inbox.asked("anna") == []
    found = inbox.read("mapped_table", "visits.csv")
    assert massages(found) == [
        ("2026-01-02", 60.0, "attended"), ("2026-02-28", 60.0, "attended"), ("2026-03-09", 45.0, "attended"),
    ]  # fmt: skip
    assert "Read as you said: row 3 (Day 28.02.2026, on " in summary(found).message
    assert [answer.place for answer in answers(inbox.settings, "anna", inbox.files)] == ["row 4"]


def test_a_mend_of_a_table_lapses_where_the_row_changes_and_stays_where_it_moves(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"visits.csv": VISITS})
    inbox.say("row 3", "28.02.2026")

    inbox.put({"visits.csv": VISITS.replace("02.01.2026,60,\n", "01.01.2026,60,\n02.01.2026,60,\n")})
    assert [answer.place for answer in answers(inbox.settings, "me", inbox.files)] == ["row 4"]

    inbox.put({"visits.csv": VISITS.replace("30.02.2026,60", "30.02.2026,50")})
    assert [answer.holds for answer in answers(inbox.settings, "me", inbox.files)] == [False]
    assert inbox.about("row 3").row.old == "30.02.2026"
    assert "no longer holds" in summary(inbox.read("mapped_table", "visits.csv")).message


def test_rows_of_measurements_are_mended_too_and_damaged_ones_left_out(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"steps.csv": STEPS})
    assert columns(inbox.asked()) == [
        ("row 3", "Steps (n)", "many", False), ("row 4", WHOLE_ROW, "", False),
    ]  # fmt: skip

    inbox.say("row 3", "70")
    with pytest.raises(RecoveryError):
        inbox.say("row 4", "7")
    inbox.say("row 4", LEAVE_OUT)

    found = inbox.read("mapped_table", "steps.csv")
    assert rows(found, "samples", "value") == [(5.0,), (70.0,)]
    assert inbox.asked() == []


def test_a_date_that_is_carried_down_is_never_that_of_a_row_above_the_one_left_out(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"carried.csv": CARRIED})
    assert columns(inbox.asked()) == [
        ("row 3", "Day", "30", False), ("row 4", "Day", "", False), ("row 5", "Back pain", "bad", False),
    ]  # fmt: skip

    inbox.say("row 3", LEAVE_OUT, WHOLE_ROW)
    assert [row.place for row in inbox.asked()] == ["row 4", "row 5"]
    take_mend_back(inbox.settings, "me", "carried.csv", *_said(inbox))
    inbox.say("row 3", "28")

    found = inbox.read("mapped_table", "carried.csv")
    assert [(str(day), pain) for day, pain in rows(found, "diary", "local_date", "pain")] == [
        ("2026-01-02", 3.0), ("2026-02-28", 4.5),
    ]  # fmt: skip


def _said(inbox: Inbox) -> tuple[str, str]:
    (answer,) = answers(inbox.settings, "me", inbox.files)
    return answer.mend.row, answer.mend.column


def test_events_of_a_calendar_are_mended(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"cal.ics": calendar(*EVENTS)})
    assert columns(inbox.asked()) == [
        ("event a", "start", "20260230T170000", False),
        ("event b", "minutes", "20260302T160000", True),
        ("event c", "status", "", False),
        ("event d", "start", "20260306", False),
        ("event e", "status", "TENTATIVE", False),
    ]
    for place, value in (("event a", "soon"), ("event b", "900"), ("event c", "perhaps"), ("event d", "31.2.2026")):
        with pytest.raises(RecoveryError):
            inbox.say(place, value)

    inbox.say("event a", "28.2.2026 17:15")
    inbox.say("event b", "50")
    inbox.say("event c", "no-show")
    inbox.say("event d", "2026-03-07")
    inbox.say("event e", "Attended")

    assert inbox.asked() == []
    found = inbox.read("calendar_ics", "cal.ics")
    assert massages(found) == [
        ("2026-02-28", 45.0, "attended"), ("2026-03-02", 50.0, "attended"), ("2026-03-04", 60.0, "no-show"),
        ("2026-03-07", None, "attended"), ("2026-04-01", 60.0, "attended"), ("2026-04-08", 60.0, "attended"),
        ("2026-04-15", 60.0, "attended"), ("2026-04-22", 60.0, "attended"),
    ]  # fmt: skip
    assert "Read as you said: event a (start 2026-02-28 17:15, on " in summary(found).message


def test_a_newer_export_keeps_the_mend_of_an_event_and_another_event_does_not(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"cal.ics": calendar(EVENTS[2])})
    inbox.say("event c", "Massage", "summary")
    assert massages(inbox.read("calendar_ics", "cal.ics")) == [("2026-03-04", 60.0, "attended")]

    inbox.put({"cal.ics": calendar(EVENTS[0], EVENTS[2], stamp="20260701T120000Z")})
    assert [row.place for row in inbox.asked()] == ["event a"]

    inbox.put({"cal.ics": calendar(EVENTS[2].replace("T170000", "T173000"))})
    assert [row.place for row in inbox.asked()] == ["event c"]
    assert [answer.holds for answer in answers(inbox.settings, "me", inbox.files)] == [False]


def test_a_moved_date_of_a_series_is_mended_by_itself(tmp_path: Path) -> None:
    series = "UID:e\nDTSTART:20260401T170000\nDTEND:20260401T180000\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Massage"
    moved = "UID:e\nRECURRENCE-ID:20260408T170000\nDTSTART:20260431T170000\nDTEND:20260409T180000\nSUMMARY:Massage"
    inbox = Inbox(tmp_path, {"cal.ics": calendar(series, moved)})

    inbox.say("event e", "2026-04-09 17:00")

    assert [day for day, *_ in massages(inbox.read("calendar_ics", "cal.ics"))] == [
        "2026-04-01", "2026-04-09", "2026-04-15",
    ]  # fmt: skip


def test_dates_in_two_columns_ends_and_json_are_asked_under_the_column_of_the_fault(tmp_path: Path) -> None:
    inbox = Inbox(
        tmp_path,
        {
            "nights.csv": "bed,up\n2026-01-02T23:00,2026-01-02T22:00\n2026-01-03T23:00,bad\nbad,2026-01-05T07:00\n",
            "taps.json": '[{"day": "2026-01-01", "at": "25:99", "n": 4}, {"day": "x", "at": "10:00", "n": 4}]',
        },
    )
    assert columns(inbox.asked()) == [
        ("row 2", "up", "2026-01-02T22:00", False), ("row 3", "up", "bad", False), ("row 4", "bed", "bad", False),
        ("row 2", "at", "25:99", False), ("row 3", "day", "x", False),
    ]  # fmt: skip
    inbox.say("row 2", "2026-01-03T07:00")
    assert rows(inbox.read("mapped_table", "nights.csv"), "sleep_sessions", "session_key") == [("20260102T220000",)]
    inbox.say("row 2", "10:30")
    assert rows(inbox.read("mapped_table", "taps.json"), "samples", "value") == [(4.0,)]


def test_an_event_that_tells_of_nothing_is_left_out_with_its_unknown_days(tmp_path: Path) -> None:
    old = "UID:f\nDTSTART:20260301T170000\nDTEND:20260301T180000\nSUMMARY:Massage\nLAST-MODIFIED:20260401T000000Z"
    new = old.replace("20260301", "20260308").replace("20260401", "20260402")
    inbox = Inbox(tmp_path, {"cal.ics": calendar(old, new)})
    assert [(row.row.column, row.is_unknown) for row in inbox.asked()] == [(WHOLE_ROW, True)]

    inbox.say("event f", LEAVE_OUT)

    assert inbox.asked() == []
    assert massages(inbox.read("calendar_ics", "cal.ics")) == [("2026-03-08", 60.0, "attended")]


@pytest.mark.slow
def test_the_next_run_reads_both_as_was_said_and_the_files_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes.in_this_process(monkeypatch)
    home = homes.make(tmp_path / "home", SETTINGS)
    home.drop("visits.csv", VISITS)
    home.drop("cal.ics", calendar(*EVENTS[:3]))
    home.run()
    files = dict(home.rows("select path, sha256 from raw.files"))
    for name, place, value in (("visits.csv", "row 3", "28.02.2026"), ("cal.ics", "event c", "attended")):
        (row,) = [one for one in unread_rows(home.settings, "me", files) if (one.path, one.place) == (name, place)]
        mend_row(home.settings, "me", files, name, row.row.key, row.row.column, value)

    home.settings = with_mends(home.settings)
    home.run()

    assert [str(day) for (day,) in home.rows("select local_date from raw.massages order by 1")] == [
        "2026-01-02", "2026-02-28", "2026-03-02", "2026-03-04",
    ]  # fmt: skip
    assert "row 3 (Day 28.02.2026" in home.message("visits.csv")
    assert "event c (status attended" in home.message("cal.ics")
    assert (home.home.inbox / "visits.csv").read_text() == VISITS
    assert home.look().is_quiet
    home.close()
