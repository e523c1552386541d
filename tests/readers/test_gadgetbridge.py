"""What we know of Gadgetbridge's database, with values worked out by hand."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import gadgetbridge_export
import homes
import pytest
from gadgetbridge_export import COLUMNS, at, minute, ms, s, write
from one_reader import Reading, entry, folder, living_in
from places import SAMPLES
from sqlite_export import Row

from recovery.errors import UnreadableExportError
from recovery.readers import gadgetbridge

BAND = "gadgetbridge:miband5_7504b4"
WATCH = "gadgetbridge:garmin_vivoactive_5_87c103"
DAY = "2026-09-12T"
Read = Callable[..., Reading]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a database with the rows a test gives."""

    def made(**rows: Iterable[Row]) -> Reading:
        path = tmp_path / "made.db"
        path.unlink(missing_ok=True)
        return Reading("gadgetbridge", [entry(write(path, **rows), "Gadgetbridge.db")])

    return made


# ---- minutes ---------------------------------------------------------------------------------------------------------


def test_steps_are_of_the_minute_that_begins_in_seconds_of_utc(read: Read) -> None:
    found = read(MI_BAND_ACTIVITY_SAMPLE=[minute(f"{DAY}08:00:00", 97), minute(f"{DAY}08:01:00", 0)])

    assert found.rows("samples", "source", "metric", "start_utc", "end_utc", "value") == [
        (BAND, "steps", utc(f"{DAY}08:00:00"), utc(f"{DAY}08:01:00"), 97.0),
        (BAND, "steps", utc(f"{DAY}08:01:00"), utc(f"{DAY}08:02:00"), 0.0),
    ]


@pytest.mark.parametrize(("written", "read_as"), [(0, []), (-1, []), (255, []), (1, [(1.0,)]), (254, [(254.0,)])])
def test_0_and_255_are_no_heart_rate(read: Read, written: int, read_as: list[tuple[float]]) -> None:
    found = read(XIAOMI_ACTIVITY_SAMPLE=[minute(f"{DAY}08:00:00", 5, HEART_RATE=written)])

    assert found.rows("samples", "value", metric="heart_rate_bpm") == read_as


@pytest.mark.parametrize(
    ("table", "kind", "is_off"),
    [
        ("HUAMI_EXTENDED_ACTIVITY_SAMPLE", 115, True),
        ("HUAMI_EXTENDED_ACTIVITY_SAMPLE", 118, True),
        ("HUAMI_EXTENDED_ACTIVITY_SAMPLE", 3, False),
        ("MI_BAND_ACTIVITY_SAMPLE", 0x73, True),
        ("MI_BAND_ACTIVITY_SAMPLE", 6, True),
        ("MI_BAND_ACTIVITY_SAMPLE", -1, False),
        ("XIAOMI_ACTIVITY_SAMPLE", 115, False),
    ],
)
def test_a_minute_off_the_wrist_has_no_steps_instead_of_0(read: Read, table: str, kind: int, is_off: bool) -> None:
    found = read(**{table: [minute(f"{DAY}08:00:00", 0, RAW_KIND=kind)]})

    expected = ("is_worn", 0.0) if is_off else ("steps", 0.0)
    assert found.rows("samples", "metric", "value") == [expected]
    assert ("minutes off the wrist: 1" in found.messages["Gadgetbridge.db"]) == is_off


def test_a_live_heart_rate_is_no_minute_without_steps(read: Read) -> None:
    live = minute(f"{DAY}08:00:12", 0, RAW_INTENSITY=-1, HEART_RATE=64)

    found = read(MI_BAND_ACTIVITY_SAMPLE=[live])

    assert found.rows("samples", "metric", "start_utc", "value") == [
        ("heart_rate_bpm", utc(f"{DAY}08:00:12"), 64.0)
    ]  # fmt: skip


def test_sleep_by_the_kind_of_older_bands_is_not_read(read: Read) -> None:
    kinds = [0x7B, *[0x70] * 300, 0x7C]

    found = read(
        MI_BAND_ACTIVITY_SAMPLE=[at(s(f"{DAY}00:00:00") + 60 * n, RAW_INTENSITY=0, STEPS=0, RAW_KIND=kind,
                                    HEART_RATE=255) for n, kind in enumerate(kinds)]
    )  # fmt: skip

    assert found.rows("sleep_sessions", "source") == []


@pytest.mark.slow
def test_the_total_of_a_garmin_watch_is_no_number_of_a_minute(tmp_path: Path) -> None:
    home = homes.make(tmp_path / "home")
    home.drop("Gadgetbridge.db", gadgetbridge_export.watch(tmp_path / "made.db"))
    home.run_to_minutes()

    # its day begins at 22:00 UTC: 6,064 of the day before, 150 steps of 70 cm on the 13th
    assert home.rows("select local_date, value from daily.steps order by 1") == [
        (date(2026, 9, 12), 6064.0), (date(2026, 9, 13), 150.0)
    ]  # fmt: skip
    assert home.rows("select local_date, value from daily.distance_m order by 1") == [
        (date(2026, 9, 12), 4244.8), (date(2026, 9, 13), 105.0)
    ]  # fmt: skip
    home.close()


# ---- what is measured now and then -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row", "metric", "value"),
    [
        ("HUAMI_HEART_RATE_RESTING_SAMPLE", {"HEART_RATE": 49}, "resting_heart_rate_bpm", 49.0),
        ("HUAMI_SPO2_SAMPLE", {"SPO2": 96}, "spo2_share", 0.96),
        ("GARMIN_STRESS_SAMPLE", {"STRESS": 0}, "stress", 0.0),
        ("GARMIN_HRV_VALUE_SAMPLE", {"VALUE": 42}, "hrv_rmssd_ms", 42.0),
    ],
)
def test_what_is_measured_at_an_instant_is_in_milliseconds(
    read: Read, table: str, row: Row, metric: str, value: float
) -> None:
    found = read(**{table: [at(ms(f"{DAY}02:30:00") + 500, 1, **row)]})

    assert found.rows("samples", "source", "metric", "start_utc", "end_utc", "value") == [
        (BAND, metric, utc(f"{DAY}02:30:00.500"), utc(f"{DAY}02:30:00.500"), value)
    ]


def test_garmins_negative_stress_is_no_stress_and_another_makers_stress_is_not_garmins(read: Read) -> None:
    found = read(
        GARMIN_STRESS_SAMPLE=[at(ms(f"{DAY}02:30:00"), 2, STRESS=-1), at(ms(f"{DAY}02:33:00"), 2, STRESS=-2)],
        HUAMI_STRESS_SAMPLE=[at(ms(f"{DAY}02:30:00"), STRESS=33)],
    )

    assert found.rows("samples", "metric") == []
    assert found.messages["Gadgetbridge.db"] == "holds no entries"


# ---- nights ----------------------------------------------------------------------------------------------------------


def stages(found: Reading) -> list[tuple[str, str, str]]:
    return [
        (f"{start:%H:%M}", f"{end:%H:%M}", stage)
        for start, end, stage in found.rows("sleep_stages", "start_utc", "end_utc", "stage")
    ]


def test_a_stage_of_xiaomi_holds_until_the_next_and_of_garmin_since_the_last(read: Read) -> None:
    given = [("22:30", 3), ("23:00", 2), ("23:40", 4)]
    rows = [at(ms(f"{DAY}{time}:00"), STAGE=stage) for time, stage in given]

    xiaomi = read(
        XIAOMI_SLEEP_TIME_SAMPLE=[at(ms(f"{DAY}22:00:00"), WAKEUP_TIME=ms(f"{DAY}23:50:00"))],
        XIAOMI_SLEEP_STAGE_SAMPLE=rows,
    )
    garmin = read(
        GARMIN_EVENT_SAMPLE=[at(ms(f"{DAY}22:00:00"), EVENT=74, EVENT_TYPE=0)],
        GARMIN_SLEEP_STAGE_SAMPLE=rows,
    )

    assert stages(xiaomi) == [
        ("22:00", "22:30", "asleep"), ("22:30", "23:00", "light"), ("23:00", "23:40", "deep"), ("23:40", "23:50", "rem")
    ]  # fmt: skip
    assert stages(garmin) == [("22:00", "22:30", "deep"), ("22:30", "23:00", "light"), ("23:00", "23:40", "rem")]


def test_without_an_event_the_first_garmin_stage_has_no_beginning_and_six_hours_part_nights(read: Read) -> None:
    times = [f"{DAY}01:00:00", f"{DAY}05:00:00", f"{DAY}22:30:00", f"{DAY}23:00:00"]

    found = read(GARMIN_SLEEP_STAGE_SAMPLE=[at(ms(time), 2, STAGE=2) for time in times])

    assert found.rows("sleep_sessions", "source", "start_utc", "end_utc") == [
        (WATCH, utc(times[0]), utc(times[1])), (WATCH, utc(times[2]), utc(times[3]))
    ]  # fmt: skip
    assert stages(found) == [("01:00", "05:00", "light"), ("22:30", "23:00", "light")]


def test_a_night_of_xiaomi_without_stages_is_sleep_throughout(read: Read) -> None:
    found = read(XIAOMI_SLEEP_TIME_SAMPLE=[at(ms(f"{DAY}00:10:00"), WAKEUP_TIME=ms(f"{DAY}06:00:00"))])

    assert stages(found) == [("00:10", "06:00", "asleep")]


def test_the_stages_of_a_colmi_ring_last_so_many_minutes_and_end_with_the_night(read: Read) -> None:
    found = read(
        COLMI_SLEEP_SESSION_SAMPLE=[at(ms(f"{DAY}00:00:00"), WAKEUP_TIME=ms(f"{DAY}01:00:00"))],
        COLMI_SLEEP_STAGE_SAMPLE=[
            at(ms(f"{DAY}00:00:00"), DURATION=20, STAGE=2), at(ms(f"{DAY}00:20:00"), DURATION=55, STAGE=3)
        ],
    )  # fmt: skip

    assert stages(found) == [("00:00", "00:20", "light"), ("00:20", "01:00", "deep")]


def test_minutes_asleep_of_huami_are_one_night_until_an_hour_without_any(read: Read) -> None:
    offsets = [0, 1, 2, 30, 31, 92]  # minutes; from the end of 31 to 92 it is an hour

    found = read(
        HUAMI_EXTENDED_ACTIVITY_SAMPLE=[
            at(s(f"{DAY}00:00:00") + 60 * offset, RAW_INTENSITY=0, STEPS=0, RAW_KIND=120, HEART_RATE=55, DEEP_SLEEP=255)
            for offset in offsets
        ]
    )

    assert found.rows("sleep_sessions", "start_utc", "end_utc") == [
        (utc(f"{DAY}00:00:00"), utc(f"{DAY}00:32:00")), (utc(f"{DAY}01:32:00"), utc(f"{DAY}01:33:00"))
    ]  # fmt: skip
    assert stages(found) == [
        ("00:00", "00:03", "asleep"), ("00:03", "00:30", "awake"), ("00:30", "00:32", "asleep"),
        ("01:32", "01:33", "asleep"),
    ]  # fmt: skip


def test_deep_sleep_of_pebble_lies_within_its_night_and_naps_are_naps(read: Read) -> None:
    given = (("00:00", "06:00", 1), ("01:00", "02:00", 2), ("05:30", "06:30", 2), ("14:00", "14:20", 3))

    found = read(
        PEBBLE_HEALTH_ACTIVITY_OVERLAY=[
            {"TIMESTAMP_FROM": s(f"{DAY}{start}:00"), "TIMESTAMP_TO": s(f"{DAY}{end}:00"), "RAW_KIND": kind,
             "DEVICE_ID": 1} for start, end, kind in given
        ]
    )  # fmt: skip

    assert found.rows("sleep_sessions", "kind") == [(None,), ("nap",)]
    assert [stage for stage in stages(found) if stage[0] != "14:00"] == [
        ("00:00", "01:00", "light"), ("01:00", "02:00", "deep"), ("02:00", "05:30", "light"), ("05:30", "06:00", "deep")
    ]  # fmt: skip


@pytest.mark.parametrize("wakeup", [0, ms("2026-09-30T00:00:00"), 1 << 62])
def test_a_night_that_ends_nowhere_is_skipped(read: Read, wakeup: int) -> None:
    good = at(ms(f"{DAY}23:00:00"), WAKEUP_TIME=ms("2026-09-13T05:00:00"))

    found = read(XIAOMI_SLEEP_TIME_SAMPLE=[at(ms(f"{DAY}00:10:00"), WAKEUP_TIME=wakeup), good])

    assert found.rows("sleep_sessions", "start_utc") == [(utc(f"{DAY}23:00:00"),)]
    assert len(found.skipped) == 1


# ---- devices, activities, what is left out ---------------------------------------------------------------------------


def test_a_device_paired_anew_stays_one_source_and_neither_address_nor_name_is_told(read: Read) -> None:
    first, _ = gadgetbridge_export.DEVICES
    found = [
        read(DEVICE=[{**first, "_id": key}], MI_BAND_ACTIVITY_SAMPLE=[minute(f"{DAY}08:00:00", 9, key)])
        for key in (1, 17)
    ]

    assert [each.rows("samples", "source") for each in found] == [[(BAND,)], [(BAND,)]]
    given = repr([item for each in found for item in each.found])
    assert "00:00:00" not in given.replace(f"{DAY}08:00:00", "")
    assert "Band" not in given


def test_a_device_nobody_tells_of_is_the_app_and_one_without_a_type_has_its_makers_name(read: Read) -> None:
    unnamed = {"_id": 5, "NAME": "x", "MANUFACTURER": "Pine 64", "IDENTIFIER": "00:00:00:00:00:05", "TYPE": 9}

    found = read(
        DEVICE=[unnamed],
        MI_BAND_ACTIVITY_SAMPLE=[minute(f"{DAY}08:00:00", 9, 5), minute(f"{DAY}08:00:00", 9, 99)],
    )

    assert [source.rpartition("_")[0] or source for (source,) in found.rows("samples", "source")] == [
        "gadgetbridge:pine_64", "gadgetbridge"
    ]  # fmt: skip


def test_a_walk_is_an_activity_but_neither_a_massage_nor_a_night_is(read: Read) -> None:
    span = {"START_TIME": ms(f"{DAY}08:00:00"), "END_TIME": ms(f"{DAY}08:30:00"), "DEVICE_ID": 1}

    found = read(
        BASE_ACTIVITY_SUMMARY=[
            {**span, "ACTIVITY_KIND": 32}, {**span, "ACTIVITY_KIND": 512, "NAME": "Thai massage"},
            {**span, "ACTIVITY_KIND": 2}, {**span, "ACTIVITY_KIND": 0x04000001},
        ]
    )  # fmt: skip

    assert found.rows("activities", "start_utc", "end_utc", "sport") == [
        (utc(f"{DAY}08:00:00"), utc(f"{DAY}08:30:00"), "walking"),
        (utc(f"{DAY}08:00:00"), utc(f"{DAY}08:30:00"), None),
    ]
    assert "named a massage, which the massage log should tell: 1" in found.messages["Gadgetbridge.db"]


def test_what_is_not_known_is_counted(read: Read) -> None:
    found = read(
        HUAWEI_ACTIVITY_SAMPLE=[minute(f"{DAY}08:00:00", 9)], GARMIN_FIT_FILE=[{"DEVICE_ID": 2, "FILE_DATA": b"x"}]
    )

    assert found.messages["Gadgetbridge.db"] == (
        "holds no entries; FIT files inside, not needed (drop them as files): 1;"
        " rows of HUAWEI_ACTIVITY_SAMPLE, whose meaning is not known here: 1"
    )


@pytest.mark.parametrize(
    ("table", "damage"),
    [
        ("MI_BAND_ACTIVITY_SAMPLE", {"TIMESTAMP": 17}),
        ("MI_BAND_ACTIVITY_SAMPLE", {"STEPS": 100_000}),
        ("MI_BAND_ACTIVITY_SAMPLE", {"STEPS": "many"}),
        ("GARMIN_ACTIVITY_SAMPLE", {"STEPS": 1 << 60}),
        ("GARMIN_STRESS_SAMPLE", {"STRESS": "high"}),
        ("XIAOMI_SLEEP_STAGE_SAMPLE", {"STAGE": "deep"}),
        ("BASE_ACTIVITY_SUMMARY", {"END_TIME": 0}),
    ],
)
def test_one_damaged_row_costs_that_row_alone(read: Read, table: str, damage: Row) -> None:
    unit = 1 if table.endswith("ACTIVITY_SAMPLE") else 1000
    columns = {
        "STEPS": 5, "RAW_INTENSITY": 1, "RAW_KIND": 1, "HEART_RATE": 255, "STRESS": 20, "STAGE": 3,
        "ACTIVITY_KIND": 32, "DISTANCE_CM": 350, "ACTIVE_CALORIES": 1,
    }  # fmt: skip
    rows = [
        at((s(f"{DAY}08:00:00") + 60 * n) * unit, **columns, START_TIME=ms(f"{DAY}08:00:00"),
           END_TIME=ms(f"{DAY}08:01:00")) for n in range(3)
    ]  # fmt: skip

    whole, damaged = read(**{table: rows}), read(**{table: [{**rows[0], **damage}, *rows[1:]]})

    assert whole.skipped == []
    assert len(damaged.skipped) == 1
    assert damaged.count == whole.count - (table != "XIAOMI_SLEEP_STAGE_SAMPLE")  # which makes no record by itself


# ---- files -----------------------------------------------------------------------------------------------------------


def test_the_samples_are_what_their_writer_writes(tmp_path: Path) -> None:
    gadgetbridge_export.write_samples(tmp_path)

    kept = SAMPLES / "gadgetbridge"
    for name in ("band", "zip"):
        made, here = (Reading("gadgetbridge", folder(where / name)) for where in (tmp_path, kept))
        assert made.claims == here.claims
        assert repr(made.found) == repr(here.found)


def test_the_database_is_known_by_its_name_or_by_its_tables(tmp_path: Path) -> None:
    content = write(tmp_path / "made.db")
    other = write(tmp_path / "other.db", {"songs": "name text"})
    files = [
        entry(content, "phone/Gadgetbridge"), entry(content, "copy.sqlite"), entry(other, "songs.db"),
        entry(b"x", "Gadgetbridge.db"), entry(b"{}", "gadgetbridge.json"),
    ]  # fmt: skip

    assert [claim.path for claim in gadgetbridge.claims(files)] == ["phone/Gadgetbridge", "copy.sqlite"]


def test_of_the_zip_only_the_settings_of_the_app_are_known_besides(tmp_path: Path) -> None:
    names = ["gadgetbridge.json", "preferences/device_x.json", "files/track.gpx", "other/preferences/global.json"]
    files = [entry(b"{}", f"a.zip!/{name}") for name in names]
    files.append(entry(write(tmp_path / "made.db"), "a.zip!/database/Gadgetbridge"))

    assert Reading("gadgetbridge", files).claims == {
        "a.zip!/database/Gadgetbridge": "",
        "a.zip!/gadgetbridge.json": "settings of the app Gadgetbridge, not needed",
        "a.zip!/preferences/device_x.json": "settings of the app Gadgetbridge, not needed",
    }


@pytest.mark.parametrize("content", [b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_only_begins_as_a_database_is_one_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableExportError, match="damaged or incomplete"):
        list(gadgetbridge.read([entry(content, "Gadgetbridge")], living_in("UTC")))


def test_a_database_cut_short_or_of_something_else_is_one_sentence(tmp_path: Path) -> None:
    cut = gadgetbridge_export.band(tmp_path / "made.db")[:9000]
    other = write(tmp_path / "other.db", {"songs": "name text"})

    for content, given in ((cut, "damaged or incomplete"), (other, "without any table of Gadgetbridge")):
        with pytest.raises(UnreadableExportError, match=given):
            list(gadgetbridge.read([entry(content, "Gadgetbridge")], living_in("UTC")))


def test_what_is_no_database_is_refused_when_read() -> None:
    (skipped,) = gadgetbridge.read([entry(b"steps", "Gadgetbridge")], living_in("UTC"))

    assert "no SQLite database" in skipped.reason


def test_a_table_of_another_version_costs_only_itself(read: Read, tmp_path: Path) -> None:
    columns = {**COLUMNS, "HUAMI_SPO2_SAMPLE": "TIMESTAMP integer, DEVICE_ID integer, OXYGEN integer"}
    content = write(
        tmp_path / "made.db", columns,
        HUAMI_SPO2_SAMPLE=[{"TIMESTAMP": ms(f"{DAY}08:00:00"), "DEVICE_ID": 1, "OXYGEN": 97}],
        XIAOMI_ACTIVITY_SAMPLE=[minute(f"{DAY}08:00:00", 5)],
    )  # fmt: skip

    assert Reading("gadgetbridge", [entry(content, "Gadgetbridge")]).rows("samples", "metric") == [("steps",)]


def test_the_real_watch(real: Path) -> None:
    """Counted by hand in the file: 1,921 rows, 7 of them live heart rates; 11 valid heart rates; one walk."""
    found = Reading("gadgetbridge", folder(real / "gadgetbridge"))

    steps = [value for (value,) in found.rows("samples", "value", metric="steps")]
    heart = [value for (value,) in found.rows("samples", "value", metric="heart_rate_bpm")]
    assert (len(steps), sum(steps)) == (1914, 10818.0)
    assert (len(heart), sum(heart)) == (11, 900.0)
    assert found.rows("sleep_sessions", "source") == []
    assert found.rows("activities", "start_utc", "sport") == [(datetime(2019, 4, 2, 14, 18, 12), "walking")]
    assert found.rows("devices", "manufacturer", "firmware") == [("Huami", "1.1.5.16")]
    assert found.skipped == []
