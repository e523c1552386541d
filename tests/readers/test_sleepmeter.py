"""What we know of Sleepmeter's file, with values worked out by hand, and the app's own files counted anew."""

import re
from datetime import UTC, date, datetime

import pytest
from one_reader import Reading, entry, folder
from places import REAL, SAMPLES, SHARED

NAME = "sleepmeter"
FILES = REAL / "sleepmeter"
CASE = SHARED / "cases" / "formats-2" / "sleepmeter"


@pytest.fixture(scope="module")
def history() -> Reading:
    return Reading(NAME, folder(SAMPLES / NAME / "history"))


def test_a_night_is_from_going_to_bed_to_waking_less_its_holes(history: Reading) -> None:
    columns = ("start_utc", "end_utc", "kind", "asleep_min", "awake_min", "latency_min")
    assert history.rows("sleep_sessions", *columns) == [
        (datetime(2026, 5, 3, 21, 5), datetime(2026, 5, 4, 4, 45), "main", 445, 15, 15),
        (datetime(2026, 5, 4, 22, 10), datetime(2026, 5, 5, 5), "main", 350, 60, 20),
        (datetime(2026, 5, 5, 12), datetime(2026, 5, 5, 12, 40), "nap", 40, 0, 0),
    ]


def test_holes_are_minutes_after_falling_asleep(history: Reading) -> None:
    stages = history.rows("sleep_stages", "start_utc", "stage", session_key="2026-05-04T22:10Z")

    assert [(f"{start:%H:%M}", stage) for start, stage in stages] == [
        ("22:10", "awake"),
        ("22:30", "asleep"),
        ("01:41", "awake"),
        ("02:11", "asleep"),
        ("03:30", "awake"),
        ("03:40", "asleep"),
    ]


def test_an_aid_that_names_a_massage_is_one_on_the_day_before(history: Reading) -> None:
    assert history.rows("massages", "local_date", "start_local", "technique") == [
        (date(2026, 5, 4), None, "Thai massage")
    ]


def test_sleep_that_goes_backwards_or_is_of_1900_is_named_and_of_no_length_is_counted(history: Reading) -> None:
    assert history.skipped == ["row 19", "row 20"]
    assert history.summary.message == "left out: 1 x sleep of no length"
    assert {offset for (offset,) in history.rows("clock_offsets", "offset_s")} == {7200}


def test_only_a_file_of_the_app_is_claimed() -> None:
    assert Reading(NAME, [entry("wake,sleep\n1,2\n", "a.csv")]).claims == {}


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case() -> None:
    found = Reading(NAME, folder(CASE))

    assert found.rows("sleep_sessions", "asleep_min", "latency_min") == [(445, 15)]


@pytest.mark.skipif(not FILES.is_dir(), reason="the real files (../shared/data/real) are not here")
def test_every_sleep_of_the_apps_own_files_is_read_or_named() -> None:
    found = Reading(NAME, folder(FILES))

    counted = {sleep for path in FILES.rglob("*.csv") for sleep in map(sleep_of, path.read_text("utf-8").splitlines())}
    assert len(found.files) == 17
    assert set(found.rows("sleep_sessions", "start_utc", "end_utc", "asleep_min")) == counted - {None}
    assert len(counted - {None}) == 8
    assert len(found.skipped) == 5  # of the year 1900


def sleep_of(line: str) -> tuple[datetime, datetime, float] | None:
    """Going to bed, waking and minutes asleep of a line that is a sleep of this century."""
    wake, asleep, bed, *_ = *re.findall(r'"(\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d{4})"', line), None, None, None
    if not (wake and asleep and bed and asleep < wake and wake > "2000"):
        return None
    times = [datetime.fromisoformat(time).astimezone(UTC).replace(tzinfo=None) for time in (bed, wake, asleep)]
    holes = sum(int(end) - int(start) for start, end in re.findall(r"(\d+)-(\d+)", line.split(",")[3]))
    return times[0], times[1], (times[1] - times[2]).total_seconds() / 60 - holes
