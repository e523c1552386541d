"""A massage or a day as a form notes it: added to, completed, taken back."""

from datetime import timedelta
from pathlib import Path

import pytest

from recovery.actions.log import LogLineError, append_day, append_massage
from recovery.actions.log_entries import entries
from recovery.actions.log_notes import days_noted, last_massage, note_day, note_massage, take_back
from recovery.home.clock import today
from recovery.home.folder import Home
from recovery.home.settings import Settings

TODAY = today("Europe/Berlin")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = Home(tmp_path)
    home.inbox.mkdir()
    return Settings(home, home_time_zone="Europe/Berlin", people=("client1",))


def cells(settings: Settings, kind: str) -> list[dict[str, str]]:
    return [dict(entry.cells) for entry in entries(settings, kind=kind).entries]


def test_what_is_told_of_a_day_comes_into_one_line(settings: Settings) -> None:
    note_day(settings, "me", {"pain": "4"})
    note_day(settings, "me", {"doses": "1", "medication": "ibuprofen"})
    last = note_day(settings, "me", {"pain": "3"})

    assert cells(settings, "diary") == [
        {"date": f"{TODAY}", "pain": "3", "doses": "1", "medication": "ibuprofen"},
    ]
    assert last.cells["pain"] == "3"
    assert days_noted(settings, "me", TODAY, TODAY - timedelta(days=1)) == [cells(settings, "diary")[0], {}]


def test_each_note_is_taken_back_to_the_byte(settings: Settings) -> None:
    path = settings.home.inbox / "diary.csv"
    append_day(settings, date=TODAY - timedelta(days=1), pain=5.0)
    before = path.read_bytes()

    first = note_day(settings, "me", {"pain": "4"})
    with_first = path.read_bytes()
    second = note_day(settings, "me", {"doses": "2"})

    take_back(settings, second.undo)
    assert path.read_bytes() == with_first
    take_back(settings, first.undo)
    assert path.read_bytes() == before


def test_a_note_is_not_taken_back_once_the_log_was_changed(settings: Settings) -> None:
    note = note_day(settings, "me", {"pain": "4"})
    append_day(settings, date=TODAY - timedelta(days=1), pain=5.0)
    before = (settings.home.inbox / "diary.csv").read_bytes()

    with pytest.raises(LogLineError, match="changed since"):
        take_back(settings, note.undo)

    assert (settings.home.inbox / "diary.csv").read_bytes() == before


def test_a_massage_that_began_with_its_pain_is_completed(settings: Settings) -> None:
    note_massage(settings, "me", {"pain_before": "6", "start": "17:30"})
    note = note_massage(settings, "me", {"start": "17:35", "minutes": "60", "technique": "deep tissue"})
    note_massage(settings, "me", {"start": "20:00", "minutes": "30"})

    assert cells(settings, "massages") == [
        {"date": f"{TODAY}", "start": "17:35", "minutes": "60", "technique": "deep tissue", "pain_before": "6"},
        {"date": f"{TODAY}", "start": "20:00", "minutes": "30"},
    ]
    assert note.warnings == ()


def test_a_second_massage_at_the_same_time_is_pointed_out(settings: Settings) -> None:
    note_massage(settings, "me", {"start": "17:30", "minutes": "60"})

    assert "counts them as one" in note_massage(settings, "me", {"start": "17:35", "minutes": "60"}).warnings[0]


def test_the_last_massage_gives_its_length_and_kind_but_no_pain(settings: Settings) -> None:
    assert last_massage(settings) == {}
    append_massage(
        settings, date="2026-05-01", start="17:30", minutes=60, technique="deep", pain_before=6.0, note="good"
    )
    append_massage(settings, date="2026-05-08", minutes=30, status="cancelled")

    assert last_massage(settings) == {"start": "17:30", "minutes": "60", "technique": "deep"}


def test_a_date_alone_tells_of_a_massage_of_which_nothing_else_is_known(settings: Settings) -> None:
    note = note_massage(settings, "me", {"date": f"{TODAY}"})

    assert cells(settings, "massages") == [{"date": f"{TODAY}"}]
    assert note.cells == {"date": f"{TODAY}"}
    take_back(settings, note.undo)
    assert cells(settings, "massages") == []


def test_a_date_alone_after_the_pain_before_tells_of_the_massage_that_was_begun(settings: Settings) -> None:
    note_massage(settings, "me", {"pain_before": "6", "start": "17:30"})
    note = note_massage(settings, "me", {"date": f"{TODAY}"})

    assert cells(settings, "massages") == [{"date": f"{TODAY}", "start": "17:30", "pain_before": "6"}]
    assert note.cells == cells(settings, "massages")[0]
    take_back(settings, note.undo)
    assert cells(settings, "massages") == [{"date": f"{TODAY}", "start": "17:30", "pain_before": "6"}]


def test_nothing_is_not_noted(settings: Settings) -> None:
    for fields in ({}, {"pain": ""}, {"date": "yesterday"}):
        with pytest.raises(LogLineError, match="Nothing was filled in"):
            note_day(settings, "me", fields)
    assert not (settings.home.inbox / "diary.csv").exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_diary_of_an_earlier_version_gets_the_columns_it_lacks(settings: Settings, end: str) -> None:
    path = settings.home.inbox / "diary.csv"
    newline = end or "\n"
    path.write_bytes(f"date,pain,note{newline}2026-05-01,4,a{newline}2026-05-02,5,b{end}".encode())

    note_day(settings, "me", {"date": "2026-05-03", "pain_afternoon": "6"})
    note_day(settings, "me", {"date": "2026-05-02", "pain_afternoon": "7"})

    header, first, second, third, *_ = path.read_text().splitlines()
    assert header == "date,pain,note,pain_afternoon"
    assert (first, second, third) == ("2026-05-01,4,a", "2026-05-02,5,b,7", "2026-05-03,,,6")
    assert len(list((settings.home.log_versions / "me").iterdir())) == 2


def test_a_list_with_headings_of_others_keeps_them(settings: Settings) -> None:
    path = settings.home.inbox / "diary.csv"
    path.write_text("Datum;Schmerz\n01.05.2026;4\n")

    with pytest.raises(LogLineError, match="has no column doses"):
        note_day(settings, "me", {"doses": "1"})

    assert path.read_text() == "Datum;Schmerz\n01.05.2026;4\n"


def test_files_of_other_names_are_never_touched(settings: Settings) -> None:
    other = settings.home.inbox / "my list.csv"
    other.write_text("date,start,minutes,technique\n2026-05-01,17:30,60,deep\n")
    before = other.stat()

    note_massage(settings, "me", {"date": "2026-05-01", "minutes": "45"})

    assert (other.stat().st_mtime_ns, other.read_text()) == (before.st_mtime_ns, other.read_text())
    assert cells(settings, "massages") == [{"date": "2026-05-01", "minutes": "45"}]
