"""What we know of AutoSleep's history, with values worked out by hand."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import apple_export as apple
import homes
import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Entry
from recovery.formats.records import FileSummary
from recovery.readers import autosleep

SAMPLE = SAMPLES / "autosleep" / "history"
NIGHT = {
    "ISO8601": "2026-09-12T23:00:00+02:00",
    "fromDate": "Friday, Sep 11, 2026",
    "bedtime": "2026-09-11 23:00:00",
    "waketime": "2026-09-12 07:00:00",
    "inBed": "08:00:00",
    "awake": "00:20:00",
    "fellAsleepIn": "00:10:00",
    "sessions": "1",
    "asleep": "07:30:00",
    "deep": "01:40:30",
    "SpO2Avg": "96.4",
    "respAvg": "14.2",
    "tags": "",
    "notes": "",
}


def table(*nights: dict[str, str], name: str = "AutoSleep.csv") -> Entry:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(nights[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(nights)
    return entry(text.getvalue(), name)


def read(*nights: dict[str, str]) -> Reading:
    return Reading("autosleep", [table(*nights)])


def summary(reading: Reading) -> FileSummary:
    (one,) = [item for item in reading.found if isinstance(item, FileSummary)]
    return one


def test_a_night_has_its_clocks_and_durations() -> None:
    reading = read(NIGHT)

    assert reading.rows(
        "sleep_sessions", "source", "session_key", "start_utc", "end_utc", "asleep_min", "awake_min", "latency_min"
    ) == [
        (
            "autosleep",
            "night 2026-09-11T23:00:00",
            datetime(2026, 9, 11, 21),
            datetime(2026, 9, 12, 5),
            450.0,
            20.0,
            10.0,
        )
    ]
    assert reading.rows("sleep_sessions", "tz_assumed", "is_in_bed_recorded") == [(False, True)]
    assert reading.rows("day_values", "local_date", "metric", "value") == [
        (date(2026, 9, 12), "deep_min", 100.5),
        (date(2026, 9, 12), "respiration_rate", 14.2),
        (date(2026, 9, 12), "spo2_mean_share", 0.964),
    ]
    assert reading.rows("clock_offsets", "time_utc", "offset_s") == [
        (datetime(2026, 9, 11, 21), 7200),
        (datetime(2026, 9, 12, 5), 7200),
    ]


@pytest.mark.parametrize(
    ("iso", "bed", "wake", "start_utc", "end_utc"),
    [
        # the clock goes back in the night, told after it and before it: an hour longer than the two clocks say
        ("2026-10-25T23:00:00+01:00", "2026-10-24 23:00:00", "2026-10-25 07:00:00", (10, 24, 21), (10, 25, 6)),
        ("2026-10-24T23:00:00+02:00", "2026-10-24 23:00:00", "2026-10-25 07:00:00", (10, 24, 21), (10, 25, 6)),
        # in Tokyo the clock does not change, whatever it does at home
        ("2026-10-25T23:00:00+09:00", "2026-10-24 23:00:00", "2026-10-25 07:00:00", (10, 24, 14), (10, 24, 22)),
        # not told, or told in UTC, which is nobody's clock
        ("", "2026-09-11 23:00:00", "2026-09-12 07:00:00", (9, 11, 21), (9, 12, 5)),
        ("2026-09-12T21:00:00Z", "2026-09-11 23:00:00", "2026-09-12 07:00:00", (9, 11, 21), (9, 12, 5)),
        ("2026-09-12T21:00:00", "2026-09-11 23:00:00", "2026-09-12 07:00:00", (9, 11, 21), (9, 12, 5)),
    ],
)
def test_a_night_is_in_the_persons_zone_unless_its_offset_is_another(
    iso: str, bed: str, wake: str, start_utc: tuple[int, int, int], end_utc: tuple[int, int, int]
) -> None:
    reading = read({**NIGHT, "ISO8601": iso, "bedtime": bed, "waketime": wake})

    assert reading.rows("sleep_sessions", "start_utc", "end_utc", "tz_assumed") == [
        (datetime(2026, *start_utc), datetime(2026, *end_utc), "+" not in iso)
    ]
    assert len(reading.rows("clock_offsets", "offset_s")) == 2 * ("+" in iso)


@pytest.mark.parametrize(
    ("changes", "recorded"),
    [
        ({}, True),
        ({"inBed": "07:00:00"}, None),  # who got up in between
        ({"inBed": ""}, None),
    ],
)
def test_the_time_in_bed_is_recorded_where_it_is_the_time_between_the_clocks(
    changes: dict[str, str], recorded: bool | None
) -> None:
    assert read({**NIGHT, **changes}).rows("sleep_sessions", "is_in_bed_recorded") == [(recorded,)]


def test_zero_to_fall_asleep_is_not_told() -> None:
    assert read({**NIGHT, "fellAsleepIn": "00:00:00"}).rows("sleep_sessions", "latency_min") == [(None,)]


def test_older_and_missing_headings_are_understood() -> None:
    old = {
        "fromDate": "x",
        "Bedtime": "09/11/26 23:00",
        "Waketime": "09/12/26 07:00",
        "bed": "8:00",
        "asleep": "7:30",
        "tillSleep": "0:10",
    }
    other = {**old, "Bedtime": "09/12/26 11:00 PM", "Waketime": "09/13/26 07:00"}

    reading = read(old, other)

    assert reading.rows("sleep_sessions", "start_utc", "asleep_min", "latency_min", "tz_assumed") == [
        (datetime(2026, 9, 11, 21), 450.0, 10.0, True),
        (datetime(2026, 9, 12, 21), 450.0, 10.0, True),
    ]
    assert reading.rows("sleep_sessions", "is_in_bed_recorded", "awake_min") == [(True, None), (True, None)]
    assert reading.count == 2


def test_dates_of_an_open_order_are_not_guessed() -> None:
    with pytest.raises(UnreadableExportError, match="day or the month"):
        read({**NIGHT, "bedtime": "10/11/26 23:00", "waketime": "11/11/26 07:00"})


@pytest.mark.parametrize(
    ("tags", "techniques"),
    [
        ("Massage", ["Massage"]),
        ("coffee, Thai Massage; late|physio", ["Thai Massage", "physio"]),
        ("no massage", []),
        ("message", []),
        ("", []),
    ],
)
def test_a_tag_that_names_a_massage_is_one_on_the_day_before_its_night(tags: str, techniques: list[str]) -> None:
    reading = read({**NIGHT, "bedtime": "2026-09-12 01:30:00", "asleep": "05:00:00", "tags": tags})

    assert reading.rows("massages", "local_date", "start_local", "massage_min", "technique") == [
        (date(2026, 9, 11), None, None, technique) for technique in techniques
    ]
    assert summary(reading).log_kind == ""  # a tag vouches for no other day


def test_notes_are_never_read() -> None:
    reading = read({**NIGHT, "notes": "a secret\nof two lines, with a massage", "asleep": "x", "tags": "massage"})

    assert "secret" not in repr(reading.found)
    assert reading.count == 0
    assert reading.skipped == ["row 2"]


def test_a_night_without_sleep_is_none_but_its_tag_counts() -> None:
    empty = {**NIGHT, "waketime": NIGHT["bedtime"], "asleep": "00:00:00"}

    reading = read(empty, {**empty, "tags": "massage"}, {**empty, "bedtime": "nothing", "asleep": ""})

    assert reading.rows("sleep_sessions", "session_key") == reading.rows("day_values", "metric") == []
    assert reading.rows("massages", "local_date") == [(date(2026, 9, 11),)]
    assert "left out: 3 x night without sleep" in summary(reading).message


def test_a_nap_that_is_told_within_its_night_is_counted() -> None:
    reading = read({**NIGHT, "waketime": "2026-09-12 14:40:00", "sessions": "2"})

    assert reading.rows("sleep_sessions", "asleep_min", "is_in_bed_recorded") == [(450.0, None)]
    assert summary(reading).message == "left out: 1 x nap that is told within its night"


@pytest.mark.parametrize(
    "damage",
    [
        {"bedtime": "late"},
        {"bedtime": "2026-09-12 08:00:00"},
        {"bedtime": "1970-09-12 08:00:00"},
        {"waketime": "2026-09-14 08:00:00"},
        {"waketime": ""},
        {"asleep": "09:00:00"},
        {"asleep": "7.5"},
        {"awake": "soon"},
        {"deep": "-01:00:00"},
        {"SpO2Avg": "high"},
        {"respAvg": "-3"},
        {"sessions": "one"},
        {"ISO8601": "yesterday"},
        {"ISO8601": "9999-12-31T23:00:00-05:00"},
    ],
)
def test_a_damaged_night_is_skipped_and_the_others_are_as_before(damage: dict[str, str]) -> None:
    other = {**NIGHT, "bedtime": "2026-09-12 23:00:00", "waketime": "2026-09-13 07:00:00"}

    reading = read({**NIGHT, **damage}, other)

    assert reading.skipped == ["row 2"]
    assert reading.rows("sleep_sessions", "session_key") == read(other).rows("sleep_sessions", "session_key")
    assert reading.count == read(other).count


@pytest.mark.parametrize("text", ["101", "0", "", "n/a"])
def test_an_oxygen_that_is_none_is_not_told(text: str) -> None:
    assert read({**NIGHT, "SpO2Avg": text}).days("spo2_mean_share") == {}


def test_a_row_that_is_too_short_is_skipped() -> None:
    whole = table(NIGHT).read().decode()

    assert Reading("autosleep", [entry(whole + "2026-09-13T23:00:00+02:00\n", "a.csv")]).skipped == ["row 3"]


def test_only_autosleeps_headings_are_claimed() -> None:
    tree = [
        entry("\ufeffISO8601,bedtime,waketime,asleep\n", "renamed.txt"),
        entry("bedtime,waketime,asleep\n", "a.csv"),
        entry("ISO8601,bedtime,waketime\n", "b.csv"),
        entry("ISO8601,bedtime,waketime,asleep", "cut.csv"),
        entry(b"\0\0", "AutoSleep.csv"),
    ]

    assert dict(autosleep.claims(tree)) == {"renamed.txt": ""}
    assert len(list(autosleep.read([tree[1]], None))) == 1  # type: ignore[arg-type]
    assert summary(Reading("autosleep", tree)).message == "holds no entries"


def test_a_file_far_too_large_is_not_read() -> None:
    assert Reading("autosleep", [Entry("a.csv", 10**10, table(NIGHT).opener)]).skipped == [""]


# ---- whole exports ------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    """AutoSleep's own history, and the first of its nights as AutoSleep wrote it to Apple Health."""
    made = homes.make(tmp_path_factory.mktemp("autosleep") / "home")
    for file in folder(SAMPLE):
        made.drop(file.path, file.read())
    pieces = [("AsleepUnspecified", "23:10:00", "00:40:00", 23), ("AsleepUnspecified", "01:00:00", "07:00:00", 24)]
    sleep = "".join(
        apple.record(
            "SleepAnalysis",
            apple.app("AutoSleep"),
            f"2026-10-{day} {first} +0200",
            f"2026-10-24 {last} +0200",
            f"HKCategoryValueSleepAnalysis{value}",
            is_category=True,
        )
        for value, first, last, day in pieces
    )
    made.drop("export.xml", apple.HEAD + apple.EXPORTED.replace("2024", "2026") + sleep + apple.END)
    made.run_to_minutes()
    yield made
    made.close()


def test_a_night_told_by_autosleep_and_by_apple_health_counts_once(home: homes.HomeAtWork) -> None:
    assert len(home.rows("select distinct source from raw.sleep_sessions")) == 2
    assert home.rows("select local_date, is_main, asleep_min from stg.nights order by onset_utc") == [
        (date(2026, 10, 24), True, 450.0),
        (date(2026, 10, 25), True, 490.0),
        (date(2026, 10, 26), True, 430.0),
        (date(2026, 10, 28), True, 345.0),
    ]


def test_a_night_over_the_change_of_the_clock_has_its_true_length(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select wake_utc - onset_utc, in_bed_min, wake_local_min from stg.nights where local_date = '2026-10-25'"
    ) == [(timedelta(hours=8, minutes=30), 510.0, 420.0)]


def test_deep_sleep_is_autosleeps_own_number_of_the_day(home: homes.HomeAtWork) -> None:
    assert home.rows("select local_date, value, source from daily.deep_min order by local_date") == [
        (date(2026, 10, 24), 100.0, "autosleep"),
        (date(2026, 10, 25), 110.0, "autosleep"),
        (date(2026, 10, 26), 90.0, "autosleep"),
        (date(2026, 10, 28), 60.0, "autosleep"),
    ]
