"""What we know of Fitabase's tables, with values worked out by hand."""

from datetime import date, datetime
from pathlib import Path

import homes
import pytest
from one_reader import Reading, entry

from recovery.formats.records import Skipped
from recovery.readers import fitabase_csv

MINUTES = "Id,ActivityMinute,Steps\n"


def read(text: str, name: str = "table.csv") -> Reading:
    return Reading("fitabase_csv", [entry(text, name)])


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("3/27/2016 12:00:00 AM", "2016-03-26T23:00:00"),
        ("3/27/2016 12:30:00 PM", "2016-03-27T10:30:00"),
        ("3/27/2016 3:00:00 AM", "2016-03-27T01:00:00"),  # the first minute of summer time
        ("3/27/2016 15:01", "2016-03-27T13:01:00"),
        ("2016-03-27T15:01:30", "2016-03-27T13:01:30"),
    ],
)
def test_a_time_is_the_wearers_wall_clock(written: str, utc: str) -> None:
    found = read(f"{MINUTES}7,{written},4\n")

    start = datetime.fromisoformat(utc)
    assert found.rows("samples", "source", "metric", "start_utc", "value") == [("fitabase", "steps", start, 4.0)]


def test_the_whole_file_decides_whether_the_day_comes_first() -> None:
    american = read(f"{MINUTES}7,4/5/2016 8:00,4\n7,4/13/2016 8:00,4\n")
    european = read(f"{MINUTES}7,4/5/2016 8:00,4\n7,13/5/2016 8:00,4\n")
    open_order = read(f"{MINUTES}7,4/5/2016 8:00,4\n")

    assert [start.month for (start,) in american.rows("samples", "start_utc")] == [4, 4]
    assert [start.month for (start,) in european.rows("samples", "start_utc")] == [5, 5]
    assert [start.month for (start,) in open_order.rows("samples", "start_utc")] == [4]  # as Fitabase writes


def test_a_file_of_several_people_is_refused_with_the_command_that_splits_it() -> None:
    found = read(f"{MINUTES}7,4/13/2016 8:00,4\n8,4/13/2016 8:00,4\n", "minutes.csv")

    assert found.count == 0
    (reason,) = [item.reason for item in found.found if isinstance(item, Skipped)]
    assert reason == (
        "holds more than one person (column Id), and whose it is only a folder can say:"
        " split it with: recovery map minutes.csv --split Id"
    )


def test_hours_are_another_source_than_the_minutes_they_are_made_of() -> None:
    found = read("Id,ActivityHour,StepTotal\n7,4/13/2016 8:00:00 AM,160\n")

    assert found.rows("samples", "source", "start_utc", "end_utc", "value") == [
        ("fitabase:hours", datetime(2016, 4, 13, 6), datetime(2016, 4, 13, 7), 160.0)
    ]


def test_restless_is_awake_and_a_night_is_a_log() -> None:
    rows = [("11:50:30 PM", 1, 5), ("11:51:30 PM", 2, 5), ("11:52:30 PM", 3, 5), ("11:53:30 PM", 1, 5),
            ("3:00:00 PM", 1, 6), ("3:00:00 PM", 1, 6)]  # fmt: skip

    found = read("Id,date,value,logId\n" + "".join(f"7,4/13/2016 {at},{value},{log}\n" for at, value, log in rows))

    written = [(key, f"{start:%H:%M:%S}", f"{end:%H:%M:%S}", stage) for key, start, end, stage in
            found.rows("sleep_stages", "session_key", "start_utc", "end_utc", "stage")]  # fmt: skip
    assert written == [
        ("5", "21:50:30", "21:51:30", "asleep"), ("5", "21:51:30", "21:53:30", "awake"),
        ("5", "21:53:30", "21:54:30", "asleep"), ("6", "13:00:00", "13:01:00", "asleep"),
    ]  # fmt: skip
    assert [key for (key,) in found.rows("sleep_sessions", "session_key")] == ["5", "6"]


def test_a_night_of_years_is_skipped() -> None:
    found = read("Id,date,value,logId\n7,4/13/2016 8:00,1,5\n7,4/13/2018 8:00,1,5\n")

    assert found.rows("sleep_sessions", "source") == []
    assert found.skipped == ["logId 5"]


def test_dates_with_naps_and_days_not_worn_are_counted_and_left_out() -> None:
    nights = read(
        "Id,SleepDay,TotalSleepRecords,TotalMinutesAsleep,TotalTimeInBed\n"
        "7,4/13/2016,1,400,420\n7,4/13/2016,1,400,420\n7,4/14/2016,2,300,330\n"
    )
    days = read(
        "Id,ActivityDate,TotalSteps,TotalDistance,SedentaryMinutes\n7,4/13/2016,0,0,1440\n7,4/14/2016,0,0,900\n"
        "7,4/15/2016,1000,0.75,1440\n"
    )

    assert nights.days("asleep_min") == {date(2016, 4, 13): 400.0}
    assert nights.days("in_bed_min") == {date(2016, 4, 13): 420.0}
    assert nights.messages["table.csv"] == "left out: 1 x date with naps, whose main sleep is not told"
    assert days.days("steps") == {date(2016, 4, 14): 0.0, date(2016, 4, 15): 1000.0}
    assert days.days("distance_m") == {date(2016, 4, 14): 0.0, date(2016, 4, 15): 750.0}
    assert days.messages["table.csv"] == "left out: 1 x day not worn"


@pytest.mark.parametrize(
    "text",
    [
        f"{MINUTES}7,4/13/2016 8:00:00 AM,{{}}\n",
        f"{MINUTES}7,{{}},5\n",
        "Id,ActivityMinute,Intensity\n7,4/13/2016 8:00:00 AM,{}\n",
        "Id,Time,Value\n7,4/13/2016 8:00:00 AM,{}\n",
        "Id,date,value,logId\n7,4/13/2016 8:00:00 AM,{},1\n",
        "Id,ActivityDate,TotalSteps\n7,{},5\n",
        "Id,SleepDay,TotalSleepRecords,TotalMinutesAsleep,TotalTimeInBed\n7,4/13/2016,{},4,5\n",
    ],
)
@pytest.mark.parametrize("damage", ["x", "-1", "13/32/2016 8:00", "4/13/1816 8:00:00 AM", "4/13/2016 0:00:00 AM"])
def test_a_damaged_row_is_skipped(text: str, damage: str) -> None:
    found = read(text.format(damage))

    assert found.skipped == ["row 2"]
    assert found.count == 0


@pytest.mark.parametrize(
    ("head", "is_needed"),
    [
        ("Id,ActivityMinute,METs", False),
        ("Id,Date,WeightKg,WeightPounds", False),
        ("Id,ActivityDay,Calories", False),
        ("Id,date,value", None),
        ("Id,date,pain", None),
        ("ActivityMinute,Steps", None),
    ],
)
def test_which_tables_are_known(head: str, is_needed: bool | None) -> None:
    claims = list(fitabase_csv.claims([entry(f"{head}\n7,4/13/2016,1,1\n", "t.csv")]))

    assert [claim.not_needed == "" for claim in claims] == ([] if is_needed is None else [is_needed])


def test_what_is_no_table_of_fitabase_is_refused_when_read() -> None:
    (skipped,) = fitabase_csv.read([entry("a,b\n", "t.csv")], None)  # type: ignore[arg-type]

    assert skipped.reason == "this is no table of Fitabase"


def test_one_person_of_the_real_study(real: Path) -> None:
    """Counted by hand: 31 days with 375,619 steps, the last not worn; 717 hours; 23 nights of one sleep, 8,283 min."""
    folder = next((real / "fitabase").iterdir())
    files = []
    for name in ("dailyActivity", "hourlySteps", "sleepDay"):
        head, *lines = (folder / f"{name}_merged.csv").read_text().splitlines()
        files.append(entry("\n".join([head, *(line for line in lines if line.startswith("1503960366,"))]), name))

    found = Reading("fitabase_csv", files)

    assert (len(found.days("steps")), sum(found.days("steps").values())) == (30, 375_619.0)
    assert sum(value for (value,) in found.rows("samples", "value")) == 374_546.0
    assert len(found.rows("samples", "value")) == 717
    assert (len(found.days("asleep_min")), sum(found.days("asleep_min").values())) == (23, 8283.0)
    assert found.skipped == []


def test_the_real_files_hold_many_people_and_say_so(real: Path, tmp_path: Path) -> None:
    home = homes.make(tmp_path / "home")
    folder = next((real / "fitabase").iterdir())
    for path in folder.glob("*.csv"):
        home.drop(path.name, path.read_bytes())

    home.run()

    assert set(home.statuses().values()) == {"rejected"}
    assert "recovery map sleepDay_merged.csv --split Id" in home.message("sleepDay_merged.csv")
    home.close()
