"""What we know of the tables of Zepp, Amazfit and Mi Fit, with values worked out by hand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import homes
import pytest
from one_reader import Reading, entry
from places import SAMPLES

from recovery.formats import export_table
from recovery.formats.entries import Entry
from recovery.formats.records import FileSummary
from recovery.readers import zepp_amazfit

SAMPLE = SAMPLES / "zepp_amazfit" / "account"
NIGHTS = "date,deepSleepTime,shallowSleepTime,wakeTime,start,stop,REMTime,naps\n"
MINUTES = "date,time,stage,hr,respiratory_rate\n"
SPORT = "type,startTime,sportTime(s),maxPace(/meter),minPace(/meter),distance(m),avgPace(/meter),calories(kcal)\n"
DAYS = "date,steps,distance,runDistance,calories\n"
# 23:00 to 07:00 in Berlin, and 22:30 to 06:00
FIRST = "2026-09-12,100,280,0,2026-09-11 21:00:00+0000,2026-09-12 05:00:00+0000,100,\n"
SECOND = "2026-09-13,100,250,0,2026-09-12 20:30:00+0000,2026-09-13 04:00:00+0000,100,\n"


def table(name: str, *lines: str) -> Entry:
    return entry("\ufeff" + "".join(lines), f"{name}/{name}_1793520900000.csv")


def read(*tables: Entry) -> Reading:
    return Reading("zepp_amazfit", list(tables))


def messages(reading: Reading) -> str:
    return "; ".join(item.message for item in reading.found if isinstance(item, FileSummary))


def asleep(first_wall: datetime, minutes: int, days_late: int = 0, wakes_on: date | None = None) -> str:
    """Rows of SLEEP_MINUTE from a local time on, dated late or by the day of waking."""
    walls = [first_wall + timedelta(minutes=count) for count in range(minutes)]
    return "".join(
        f"{wakes_on or (wall + timedelta(days=days_late)).date()},{wall:%H:%M},LIGHT,55,0\n" for wall in walls
    )


def test_minutes_are_local_and_steps_last_one() -> None:
    reading = read(table("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "2026-01-12,10:00,80\n"))

    assert reading.rows("samples", "source", "metric", "start_utc", "end_utc", "value") == [
        ("zepp", "steps", datetime(2026, 9, 12, 8), datetime(2026, 9, 12, 8, 1), 90.0),
        ("zepp", "steps", datetime(2026, 1, 12, 9), datetime(2026, 1, 12, 9, 1), 80.0),
    ]
    assert messages(reading) == "its times carry no zone and are read as local time"


@pytest.mark.parametrize(
    ("of_the_day", "is_read"), [("200", True), ("180", True), ("170", False), ("220", False), ("0", True)]
)
def test_minutes_count_where_they_sum_to_the_steps_of_the_day(of_the_day: str, is_read: bool) -> None:
    minutes = table("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n2026-09-12,10:01,104\n")
    other = table("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-13,10:00,5\n").opener

    reading = read(
        table("ACTIVITY", DAYS, f"2026-09-12,{of_the_day},9,0,0\n"),
        minutes,
        Entry("ACTIVITY_MINUTE_2.csv", 50, other),
    )

    assert [value for (value,) in reading.rows("samples", "value")] == ([90.0, 104.0] if is_read else []) + [5.0]
    assert ("1 x date whose minutes do not sum to the steps of the day" in messages(reading)) != is_read


def test_a_minute_of_steps_told_again_counts_once() -> None:
    rows = "2026-09-12,10:00,90\n2026-09-12,10:00,90\n2026-09-12,10:00,95\n"

    reading = read(table("ACTIVITY_MINUTE", "date,time,steps\n", rows))

    assert reading.rows("samples", "value") == [(90.0,)]
    assert "left out: 1 x minute told again" in messages(reading)


def test_heart_rates_are_local_by_the_minute_and_utc_where_asked_for() -> None:
    reading = read(
        table("HEARTRATE_AUTO", "date,time,heartRate\n2026-09-12,10:00,81\n2026-09-12,10:01,0\n2026-09-12,10:02,300\n"),
        table("HEARTRATE", "time,heartRate\n2026-09-12 10:00:30+0000,77\n"),
    )

    assert reading.rows("samples", "start_utc", "end_utc", "value") == [
        (datetime(2026, 9, 12, 8), datetime(2026, 9, 12, 8), 81.0),
        (datetime(2026, 9, 12, 10, 0, 30), datetime(2026, 9, 12, 10, 0, 30), 77.0),
    ]
    assert "left out: 2 x heart rate that is no measurement" in messages(reading)


def test_a_day_of_nothing_was_not_worn() -> None:
    reading = read(
        table("ACTIVITY", DAYS, "2026-09-12,5351,4160,0,202\n2026-09-13,0,0,0,0\n2026-09-14,null,null,null,null\n")
    )

    assert reading.rows("day_values", "local_date", "metric", "value") == [
        (date(2026, 9, 12), "steps", 5351.0),
        (date(2026, 9, 12), "distance_m", 4160.0),
        (date(2026, 9, 12), "active_energy_kcal", 202.0),
    ]
    assert messages(reading) == "left out: 2 x day of no steps, distance and energy"


def test_energy_that_holds_the_basal_rate_is_left_out() -> None:
    other_names = "date,lastSyncTime,steps,distance(m),runDistance,calories(kcal)\n"

    reading = read(table("ACTIVITY", other_names, "2026-09-12,1789160400,5351,4160,0,2202\n"))

    assert [metric for (metric,) in reading.rows("day_values", "metric")] == ["steps", "distance_m"]
    assert messages(reading) == "left out: 1 x energy that is not of movement alone"


def test_an_activity_has_its_seconds_and_minus_one_is_missing() -> None:
    reading = read(
        table(
            "SPORT",
            SPORT,
            "6,2026-09-12 08:00:00+0000,1800,0.6,0.9,2100.0,0.7,110.0\n",
            "52,2026-09-12 16:00:00+0000,2400,-1.0,-1.0,-1.0,-1.0,150.0\n",
        )
    )

    assert reading.rows("activities", "start_utc", "end_utc", "sport", "distance_m") == [
        (datetime(2026, 9, 12, 8), datetime(2026, 9, 12, 8, 30), "walking", 2100.0),
        (datetime(2026, 9, 12, 16), datetime(2026, 9, 12, 16, 40), "sport 52", None),
    ]


@pytest.mark.parametrize(
    ("deep", "shallow", "rem", "asleep_min"),
    [
        ("100", "280", "100", 480.0),  # together the whole night: REM is a stage of its own
        ("100", "380", "100", 480.0),  # more than the night: REM is told within the others
        ("100", "280", "null", 380.0),
        ("null", "null", "null", None),
        ("0", "0", "0", 0.0),
    ],
)
def test_rem_counts_beside_the_others_where_the_night_is_long_enough(
    deep: str, shallow: str, rem: str, asleep_min: float | None
) -> None:
    row = f"2026-09-12,{deep},{shallow},7,2026-09-11 21:00:00+0000,2026-09-12 05:00:00+0000,{rem},\n"

    reading = read(table("SLEEP", NIGHTS, row))

    assert reading.rows("sleep_sessions", "session_key", "start_utc", "end_utc", "asleep_min", "awake_min") == [
        ("night 2026-09-11T21:00:00", datetime(2026, 9, 11, 21), datetime(2026, 9, 12, 5), asleep_min, 7.0)
    ]
    assert ("REM that lies within other sleep" in messages(reading)) == (shallow == "380")


@pytest.mark.parametrize(
    "times",
    [
        "2026-09-11 21:00:00+0000,2026-09-11 21:00:00+0000",
        "null,null",
        ",",
        "2026-09-11 21:00:00+0000,null",
    ],
)
def test_a_placeholder_is_no_night(times: str) -> None:
    reading = read(table("SLEEP", NIGHTS, f"2026-09-12,0,0,0,{times},0,\n"))

    assert reading.rows("sleep_sessions", "session_key") == []
    assert messages(reading) == "left out: 1 x placeholder of a night"


def test_naps_with_broken_quotes_do_not_hurt_their_night() -> None:
    broken = FIRST.rstrip("\n") + '"[{\\"start\\":\\"14:00\\",\\"stop\\":\\"14:30\\"}]"\n'

    reading = read(table("SLEEP", NIGHTS, broken, SECOND))

    assert len(reading.rows("sleep_sessions", "session_key")) == 2
    assert reading.skipped == []
    assert messages(reading) == "left out: 1 x row with naps, which are not read"


def test_a_night_without_an_offset_is_local_and_says_so() -> None:
    row = FIRST.replace("+0000", "")

    assert read(table("SLEEP", NIGHTS, row)).rows("sleep_sessions", "start_utc", "tz_assumed") == [
        (datetime(2026, 9, 11, 19), True)
    ]


@pytest.mark.parametrize(
    ("rows", "how"),
    [
        (asleep(datetime(2026, 9, 11, 23), 480) + asleep(datetime(2026, 9, 12, 22, 30), 450), "as they stand"),
        (
            asleep(datetime(2026, 9, 11, 23), 480, days_late=1)
            + asleep(datetime(2026, 9, 12, 22, 30), 450, days_late=1),
            "a day late",
        ),
        (
            asleep(datetime(2026, 9, 11, 23), 480, wakes_on=date(2026, 9, 12))
            + asleep(datetime(2026, 9, 12, 22, 30), 450, wakes_on=date(2026, 9, 13)),
            "by the day of waking",
        ),
    ],
)
def test_minutes_of_sleep_lie_in_the_nights_that_sleep_tells(rows: str, how: str) -> None:
    reading = read(table("SLEEP", NIGHTS, FIRST, SECOND), table("SLEEP_MINUTE", MINUTES, rows))

    assert reading.rows("sleep_stages", "session_key", "start_utc", "end_utc", "stage") == [
        ("night 2026-09-11T21:00:00", datetime(2026, 9, 11, 21), datetime(2026, 9, 12, 5), "light"),
        ("night 2026-09-12T20:30:00", datetime(2026, 9, 12, 20, 30), datetime(2026, 9, 13, 4), "light"),
    ]
    assert len(reading.rows("sleep_sessions", "session_key")) == 2
    assert f"its dates are taken {how}, as the nights of SLEEP have it" in messages(reading)


def test_stages_follow_the_minutes_and_a_minute_told_again_is_left_out() -> None:
    rows = (
        "2026-09-11,23:00,LIGHT,55,14\n2026-09-11,23:01,LIGHT,55,0\n2026-09-11,23:02,DEEP,55,90\n"
        "2026-09-11,23:01,REM,55,0\n2026-09-11,23:04,WAKE,55,null\n2026-09-11,23:05,DREAMING,55,0\n"
    )

    reading = read(table("SLEEP", NIGHTS, FIRST), table("SLEEP_MINUTE", MINUTES, rows))

    begin = datetime(2026, 9, 11, 21)
    assert [
        ((start - begin) / timedelta(minutes=1), (end - begin) / timedelta(minutes=1), stage)
        for start, end, stage in reading.rows("sleep_stages", "start_utc", "end_utc", "stage")
    ] == [(0, 2, "light"), (2, 3, "deep"), (4, 5, "awake")]
    assert reading.rows("samples", "metric", "start_utc", "value") == [("respiration_rate", begin, 14.0)]
    assert "left out: 1 x minute of no known stage; left out: 1 x minute told again" in messages(reading)


def test_minutes_beside_the_nights_are_a_night_of_their_own() -> None:
    rows = asleep(datetime(2026, 9, 11, 23), 480) + asleep(datetime(2026, 9, 12, 14), 30)

    reading = read(table("SLEEP", NIGHTS, FIRST), table("SLEEP_MINUTE", MINUTES, rows))

    assert reading.rows("sleep_sessions", "session_key", "start_utc", "end_utc", "tz_assumed")[1:] == [
        ("minutes 2026-09-12T12:00:00", datetime(2026, 9, 12, 12), datetime(2026, 9, 12, 12, 30), True)
    ]


@pytest.mark.parametrize("nights", [[], [table("SLEEP", NIGHTS, SECOND)]])
def test_minutes_of_sleep_without_their_nights_are_not_read(nights: list[Entry]) -> None:
    reading = read(*nights, table("SLEEP_MINUTE", MINUTES, asleep(datetime(2026, 8, 11, 23), 60)))

    assert reading.rows("sleep_stages", "stage") == []
    assert reading.skipped == [""]
    assert [item.is_partial for item in reading.found if isinstance(item, FileSummary)][-1]


@pytest.mark.parametrize(
    ("name", "header", "good", "bad"),
    [
        ("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "2026-09-12,25:00,90\n"),
        ("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "2026-09-12,10:01,null\n"),
        ("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "2026-09-12,10:01,-3\n"),
        ("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "1970-09-12,10:01,3\n"),
        ("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "2026-09-12,10:01+02:00,3\n"),
        ("ACTIVITY_MINUTE", "date,time,steps\n", "2026-09-12,10:00,90\n", "2026-09-12\n"),
        ("HEARTRATE_AUTO", "date,time,heartRate\n", "2026-09-12,10:00,90\n", "soon,10:00,90\n"),
        ("HEARTRATE", "time,heartRate\n", "2026-09-12 10:00:00+0000,90\n", "2026-09-12 10:00:00+0000,fast\n"),
        ("ACTIVITY", DAYS, "2026-09-12,5351,4160,0,202\n", "2026-09-13,many,4160,0,202\n"),
        ("ACTIVITY", DAYS, "2026-09-12,5351,4160,0,202\n", "9999-12-31,1,4160,0,202\n"),
        ("ACTIVITY", DAYS, "2026-09-12,5351,4160,0,202\n", "2026-09-13,1\n"),
        ("SPORT", SPORT, "6,2026-09-12 08:00:00+0000,1800,0,0,1,0,1\n", "6,2026-09-12 08:00:00+0000,-1,0,0,1,0,1\n"),
        ("SPORT", SPORT, "6,2026-09-12 08:00:00+0000,1800,0,0,1,0,1\n", "run,2026-09-12 08:00:00+0000,60,0,0,1,0,1\n"),
        ("SPORT", SPORT, "6,2026-09-12 08:00:00+0000,1800,0,0,1,0,1\n", "6\n"),
        ("SLEEP", NIGHTS, FIRST, FIRST.replace("2026-09-12 05", "2026-09-11 05")),
        ("SLEEP", NIGHTS, FIRST, FIRST.replace("2026-09-12 05", "2026-09-14 05")),
        ("SLEEP", NIGHTS, FIRST, FIRST.replace(",280,", ",580,")),
        ("SLEEP", NIGHTS, FIRST, FIRST.replace(",280,", ",some,")),
        ("SLEEP", NIGHTS, FIRST, "2026-09-12,3\n"),
        ("SLEEP", NIGHTS, FIRST, '"' + "9" * 200_000 + "\n"),
    ],
)
def test_a_damaged_row_is_skipped_and_the_others_are_as_before(name: str, header: str, good: str, bad: str) -> None:
    before, after = read(table(name, header, good)), read(table(name, header, good, bad))

    assert before.skipped == []
    assert len(after.skipped) == (1 if len(bad) < 100_000 else len(after.skipped)) > 0
    assert after.count == before.count > 0


def test_damaged_minutes_of_sleep_are_skipped_too() -> None:
    rows = "2026-09-11,23:00,LIGHT,55,0\n", "2026-09-11,23:01,LIGHT,55,-1\n", "2026-09-11\n"

    reading = read(table("SLEEP", NIGHTS, FIRST), table("SLEEP_MINUTE", MINUTES, *rows))

    assert reading.skipped == ["row 3", "row 4"]
    assert len(reading.rows("sleep_stages", "stage")) == 1


def test_many_rows_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_table, "ROWS_PER_BATCH", 3)
    rows = "".join(f"2026-09-12,10:{count:02},{60 + count}\n" for count in range(10))

    reading = read(table("HEARTRATE_AUTO", "date,time,heartRate\n", rows))

    assert [value for (value,) in reading.rows("samples", "value")] == [60.0 + count for count in range(10)]


def test_what_is_private_or_told_twice_is_known_and_only_zepps_tables_are_claimed() -> None:
    tree = [
        table("USER", "userId,nickName\n"),
        table("BODY", "time,weight\n"),
        table("HEALTH_DATA", ""),
        table("ACTIVITY_STAGE", "date,start,stop,distance,calories,steps\n"),
        entry("date,time,steps\n2026-09-12,10:00,9\n", "mine.csv"),
        entry("date,time,stage\n2026-09-12,10:00,one\n", "mine too.csv"),
        entry("time,heartRate\n", "a.csv"),
        entry("name\n", "USER_1.csv"),
        entry(NIGHTS, "renamed.csv"),
        entry(MINUTES, "renamed too.csv"),
        entry(b"\xff\xfe\0", "SLEEP/SLEEP_1.csv"),
    ]

    assert dict(zepp_amazfit.claims(tree)) == {
        tree[0].path: zepp_amazfit.NEVER,
        tree[1].path: zepp_amazfit.NEVER,
        tree[2].path: zepp_amazfit.NEVER,
        tree[3].path: zepp_amazfit.TWICE,
        "renamed.csv": "",
        "renamed too.csv": "",
    }
    assert len(list(zepp_amazfit.read([tree[4]], None))) == 1  # type: ignore[arg-type]


def test_a_table_far_too_large_is_not_read() -> None:
    opener = table("SLEEP", NIGHTS, FIRST).opener

    assert read(Entry("SLEEP_1.csv", 10**10, opener)).skipped == [""]


@pytest.mark.parametrize(
    ("name", "exported"),
    [
        ("SLEEP_1793520900000.csv", datetime(2026, 11, 1, 8, 15)),
        ("SLEEP_1793520900.csv", datetime(2026, 11, 1, 8, 15)),
        ("SLEEP_9999999999999.csv", datetime(2026, 9, 12, 5)),
        ("SLEEP.csv", datetime(2026, 9, 12, 5)),
    ],
)
def test_an_export_is_as_old_as_its_name_says_else_as_its_newest_row(name: str, exported: datetime) -> None:
    reading = read(entry(NIGHTS + FIRST, name))

    assert [item.exported_utc for item in reading.found if isinstance(item, FileSummary)] == [exported]


def test_a_table_without_rows_holds_no_entries() -> None:
    assert messages(read(table("SLEEP", NIGHTS))) == "holds no entries"


# ---- whole exports ------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    folder = tmp_path_factory.mktemp("zepp") / "home"
    with homes.of_exports(folder, {"account.zip": SAMPLE}) as made:
        yield made


def test_nights_have_the_stages_of_their_minutes(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select local_date, asleep_min, awake_min, light_min, deep_min, rem_min from stg.nights order by onset_utc"
    ) == [
        (date(2026, 10, 25), 500.0, 10.0, None, None, None),
        (date(2026, 10, 26), 400.0, 20.0, 220.0, 80.0, 100.0),
    ]


def test_steps_of_a_date_are_its_minutes_else_the_day_as_a_whole(home: homes.HomeAtWork) -> None:
    assert home.rows("select local_date, value, resolution from daily.steps order by local_date") == [
        (date(2026, 10, 24), 194.0, "minute"),
        (date(2026, 10, 25), 12.0, "minute"),
        (date(2026, 10, 27), 2000.0, "day"),  # its minutes tell 100
    ]
