"""Which moments a calendar reminds of, and what it tells."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from recovery.actions.init import init
from recovery.actions.log import append_massage
from recovery.actions.reminders import reminders
from recovery.home.settings import Settings, load_settings

BERLIN = ZoneInfo("Europe/Berlin")
NOW_UTC = datetime(2026, 3, 27, 9, 30)  # two days before the clocks go forward
ADDRESS = "http://127.0.0.1:8765/"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("reminders") / "home"
    init(folder, "Europe/Berlin", ())
    (folder / "inbox" / "massages.csv").write_text(
        "date,start,minutes,status,note\n"
        "2026-03-20,17:00,60,,past\n"
        "2026-03-30,17:00,60,,\n"
        "2026-03-30,17:00,60,,twice\n"
        "2026-04-02,,60,,the hour is not known\n"
        "2026-04-03,10:00,60,cancelled,\n"
        "2026-04-31,10:00,60,,no such day\n"
    )
    return load_settings(folder)


def events(content: bytes) -> list[icalendar.Event]:
    return [part for part in icalendar.Calendar.from_ical(content).walk("VEVENT") if isinstance(part, icalendar.Event)]


def test_every_afternoon_and_before_each_coming_massage(settings: Settings) -> None:
    daily, *coming = events(reminders(settings, "me", ADDRESS, NOW_UTC))

    assert daily.decoded("dtstart") == datetime(2026, 3, 27, 16, tzinfo=BERLIN)
    assert daily["rrule"] == {"FREQ": ["DAILY"]}
    assert [event.decoded("dtstart") for event in coming] == [
        datetime(2026, 3, 30, 16, 45, tzinfo=BERLIN),
        datetime(2026, 4, 2, 9, tzinfo=BERLIN),
    ]
    assert [len(event.walk("VALARM")) for event in (daily, *coming)] == [1, 1, 1]


def test_it_tells_nothing_that_was_written_down(settings: Settings) -> None:
    text = reminders(settings, "me", ADDRESS, NOW_UTC).decode()

    assert "the hour" not in text
    assert "me" not in {event["summary"] for event in events(text.encode())}
    assert "TZID:Europe/Berlin" in text  # a calendar elsewhere asks at sixteen o'clock of the home


def test_the_same_moment_keeps_its_name_so_that_a_feed_adds_nothing_twice(settings: Settings) -> None:
    first, later = (
        {event["uid"] for event in events(reminders(settings, "me", ADDRESS, moment))}
        for moment in (NOW_UTC, datetime(2026, 3, 28, 9))
    )

    assert first == later


def test_a_home_without_a_list_is_reminded_of_the_afternoon(tmp_path: Path) -> None:
    init(tmp_path / "home", "UTC", ())
    settings = load_settings(tmp_path / "home")
    append_massage(settings, date=date(2026, 1, 1), minutes=60)

    assert len(events(reminders(settings, "me", ADDRESS, NOW_UTC))) == 1
