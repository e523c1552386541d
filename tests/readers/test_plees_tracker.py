"""What we know of Plees Tracker's file, with values worked out by hand, and the app's own file counted anew."""

import csv
from datetime import datetime, timedelta

import pytest
from one_reader import Reading, entry, folder
from places import REAL, SAMPLES, SHARED

NAME = "plees_tracker"
FILES = REAL / "plees_tracker"
CASE = SHARED / "cases" / "formats-2" / "plees"


def test_a_sleep_is_from_tap_to_tap_and_trials_of_the_button_are_none() -> None:
    taps = Reading(NAME, folder(SAMPLES / NAME / "taps"))

    assert taps.rows("sleep_sessions", "start_utc", "end_utc") == [
        (datetime(2026, 5, 3, 21, 10), datetime(2026, 5, 4, 4, 30))
    ]
    assert taps.rows("sleep_stages", "stage") == [("asleep",)]
    assert taps.skipped == ["row 4", "row 5"]
    assert taps.summary.message == "left out: 1 x sleep of less than a minute"


def test_a_comment_of_later_versions_is_no_obstacle() -> None:
    found = Reading(NAME, [entry("sid,start,stop,rating,comment\n1,1777842600000,1777869000000,4,well\n", "a.csv")])

    assert len(found.rows("sleep_sessions", "source")) == 1


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case() -> None:
    assert Reading(NAME, folder(CASE)).rows("sleep_sessions", "end_utc") == [(datetime(2026, 5, 4, 4, 30),)]


@pytest.mark.skipif(not FILES.is_dir(), reason="the real files (../shared/data/real) are not here")
def test_the_apps_own_file_counted_anew() -> None:
    (path,) = FILES.rglob("*.csv")
    lengths = [int(row["stop"]) - int(row["start"]) for row in csv.DictReader(path.read_text("utf-8").splitlines())]
    found = Reading(NAME, folder(path.parent))

    long = [length for length in lengths if timedelta(milliseconds=length) >= timedelta(minutes=1)]
    assert len(found.rows("sleep_sessions", "source")) == len(long)
    assert f"{len(lengths) - len(long)} x sleep of less than a minute" in found.summary.message
