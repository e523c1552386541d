"""A Gadgetbridge database as the app writes it: some of its tables and columns, with rows of a test.

`python tests/gadgetbridge_export.py` writes the samples of tests/samples/gadgetbridge anew.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlite_export
from places import SAMPLES
from sqlite_export import Row

SECONDS = "TIMESTAMP integer not null, DEVICE_ID integer not null, USER_ID integer not null"
KEY = "primary key (TIMESTAMP, DEVICE_ID) on conflict replace"
ACTIVITY = "RAW_INTENSITY integer, STEPS integer, RAW_KIND integer, HEART_RATE integer"
COLUMNS: Mapping[str, str] = {
    "USER": "_id integer primary key, NAME text not null, BIRTHDAY integer not null, GENDER integer not null",
    "USER_ATTRIBUTES": "_id integer primary key, HEIGHT_CM integer, WEIGHT_KG integer, USER_ID integer",
    "DEVICE": "_id integer primary key, NAME text not null, MANUFACTURER text not null, IDENTIFIER text not null"
    " unique, TYPE integer not null, MODEL text, ALIAS text, TYPE_NAME text",
    "DEVICE_ATTRIBUTES": "_id integer primary key, FIRMWARE_VERSION1 text not null, FIRMWARE_VERSION2 text,"
    " VALID_FROM_UTC integer, VALID_TO_UTC integer, DEVICE_ID integer not null",
    "MI_BAND_ACTIVITY_SAMPLE": f"{SECONDS}, {ACTIVITY}, {KEY}",
    "HUAMI_EXTENDED_ACTIVITY_SAMPLE": f"{SECONDS}, {ACTIVITY}, UNKNOWN1 integer, SLEEP integer, DEEP_SLEEP integer,"
    f" REM_SLEEP integer, {KEY}",
    "HUAMI_HEART_RATE_RESTING_SAMPLE": f"{SECONDS}, UTC_OFFSET integer, HEART_RATE integer, {KEY}",
    "HUAMI_SPO2_SAMPLE": f"{SECONDS}, TYPE_NUM integer, SPO2 integer, {KEY}",
    "HUAMI_STRESS_SAMPLE": f"{SECONDS}, TYPE_NUM integer, STRESS integer, {KEY}",
    "XIAOMI_ACTIVITY_SAMPLE": f"{SECONDS}, {ACTIVITY}, STRESS integer, SPO2 integer, {KEY}",
    "XIAOMI_SLEEP_TIME_SAMPLE": f"{SECONDS}, WAKEUP_TIME integer, IS_AWAKE integer, TOTAL_DURATION integer, {KEY}",
    "XIAOMI_SLEEP_STAGE_SAMPLE": f"{SECONDS}, STAGE integer, {KEY}",
    "GARMIN_ACTIVITY_SAMPLE": f"{SECONDS}, {ACTIVITY}, DISTANCE_CM integer, ACTIVE_CALORIES integer, {KEY}",
    "GARMIN_STRESS_SAMPLE": f"{SECONDS}, STRESS integer, {KEY}",
    "GARMIN_HRV_VALUE_SAMPLE": f"{SECONDS}, VALUE integer, {KEY}",
    "GARMIN_SLEEP_STAGE_SAMPLE": f"{SECONDS}, STAGE integer, {KEY}",
    "GARMIN_EVENT_SAMPLE": f"{SECONDS}, EVENT integer, EVENT_TYPE integer, DATA integer",
    "GARMIN_NAP_SAMPLE": f"{SECONDS}, END_TIMESTAMP integer, {KEY}",
    "GARMIN_FIT_FILE": "_id integer primary key, DEVICE_ID integer, FILE_DATA blob",
    "COLMI_SLEEP_SESSION_SAMPLE": f"{SECONDS}, WAKEUP_TIME integer, {KEY}",
    "COLMI_SLEEP_STAGE_SAMPLE": f"{SECONDS}, DURATION integer, STAGE integer, {KEY}",
    "PEBBLE_HEALTH_ACTIVITY_OVERLAY": "TIMESTAMP_FROM integer, TIMESTAMP_TO integer, RAW_KIND integer,"
    " DEVICE_ID integer, USER_ID integer, RAW_PEBBLE_HEALTH_DATA blob",
    "HUAWEI_ACTIVITY_SAMPLE": f"{SECONDS}, OTHER_TIMESTAMP integer, SOURCE integer, {ACTIVITY}",
    "BASE_ACTIVITY_SUMMARY": "_id integer primary key, NAME text, START_TIME integer, END_TIME integer,"
    " ACTIVITY_KIND integer, BASE_LONGITUDE integer, BASE_LATITUDE integer, GPX_TRACK text, DEVICE_ID integer,"
    " USER_ID integer",
}
DEVICES: Sequence[Row] = (
    {"_id": 1, "NAME": "Band", "MANUFACTURER": "Huami", "IDENTIFIER": "00:00:00:00:00:01", "TYPE": 27,
     "TYPE_NAME": "MIBAND5"},
    {"_id": 2, "NAME": "Watch", "MANUFACTURER": "Garmin", "IDENTIFIER": "00:00:00:00:00:02", "TYPE": 0,
     "TYPE_NAME": "GARMIN_VIVOACTIVE_5"},
)  # fmt: skip


def s(told: str) -> int:
    """Seconds of a time in UTC."""
    return round(datetime.fromisoformat(told).replace(tzinfo=UTC).timestamp())


def ms(told: str) -> int:
    return s(told) * 1000


def at(time: int, device: int = 1, /, **columns: object) -> Row:
    """A row of a device at a time, in the table's own unit."""
    return {"TIMESTAMP": time, "DEVICE_ID": device, "USER_ID": 1, **columns}


def minute(told: str, steps: int, device: int = 1, /, **columns: object) -> Row:
    return at(s(told), device, **{"RAW_INTENSITY": 20, "STEPS": steps, "RAW_KIND": 1, "HEART_RATE": 255, **columns})


def write(path: Path, columns: Mapping[str, str] = COLUMNS, /, **rows: Iterable[Row]) -> bytes:
    """A database with these rows, and its devices where they tell none. Gives its bytes."""
    return sqlite_export.write(path, columns, {"DEVICE": DEVICES, **rows})


def band(path: Path) -> bytes:
    """A Huami band before and after it was exchanged for one of Xiaomi, over the night in which clocks go back."""
    start = s("2026-10-24T22:00:00")
    night = [
        at(start + 60 * number, 1, RAW_INTENSITY=2, STEPS=0, HEART_RATE=50 + number % 3, SLEEP=60,
           RAW_KIND=80 if number in (30, 31) else 120, DEEP_SLEEP=128 + 60, REM_SLEEP=128)
        for number in range(60)
    ]  # fmt: skip
    return write(
        path,
        {name: COLUMNS[name] for name in COLUMNS if not name.startswith(("GARMIN", "COLMI", "PEBBLE", "HUAWEI"))},
        USER=[{"_id": 1, "NAME": "client_1", "BIRTHDAY": 0, "GENDER": 2}],
        DEVICE_ATTRIBUTES=[{"FIRMWARE_VERSION1": "1.0.2.66", "VALID_FROM_UTC": ms("2026-10-20T08:00:00"),
                            "DEVICE_ID": 1}],
        DEVICE=[*DEVICES[:1], {"_id": 3, "NAME": "Band", "MANUFACTURER": "Xiaomi", "IDENTIFIER": "00:00:00:00:00:03",
                               "TYPE": 0, "TYPE_NAME": "MIBAND8"}],
        HUAMI_EXTENDED_ACTIVITY_SAMPLE=[
            minute("2026-10-24T16:00:00", 112, HEART_RATE=101),
            minute("2026-10-24T16:01:00", 0, HEART_RATE=0),
            minute("2026-10-24T16:02:00", 0, RAW_KIND=115),
            *night,
        ],
        HUAMI_HEART_RATE_RESTING_SAMPLE=[at(ms("2026-10-25T06:00:00"), UTC_OFFSET=3600000, HEART_RATE=49)],
        HUAMI_SPO2_SAMPLE=[at(ms("2026-10-25T02:30:00"), TYPE_NUM=1, SPO2=96)],
        HUAMI_STRESS_SAMPLE=[at(ms("2026-10-25T12:30:00"), TYPE_NUM=1, STRESS=33)],
        XIAOMI_ACTIVITY_SAMPLE=[minute("2026-10-26T09:00:00", 80, 3, HEART_RATE=88, SPO2=97, STRESS=20)],
        XIAOMI_SLEEP_TIME_SAMPLE=[
            at(ms("2026-10-26T21:30:00"), 3, WAKEUP_TIME=ms("2026-10-27T05:00:00"), IS_AWAKE=1, TOTAL_DURATION=440)
        ],
        XIAOMI_SLEEP_STAGE_SAMPLE=[
            at(ms(f"2026-10-{time}:00"), 3, STAGE=stage)
            for time, stage in (("26T21:30", 3), ("26T22:10", 2), ("27T01:00", 5), ("27T01:10", 4))
        ],
        BASE_ACTIVITY_SUMMARY=[
            {"NAME": "along the river", "START_TIME": ms("2026-10-26T08:50:00"), "END_TIME": ms("2026-10-26T09:20:00"),
             "ACTIVITY_KIND": 32, "DEVICE_ID": 3}
        ],
    )  # fmt: skip


def watch(path: Path) -> bytes:
    """A Garmin watch: totals that restart at its midnight (22:00 in UTC), a night of stages told by their ends."""
    return write(
        path,
        {name: COLUMNS[name] for name in COLUMNS if not name.startswith(("HUAMI", "XIAOMI", "MI_BAND", "HUAWEI"))},
        DEVICE=DEVICES[1:],
        GARMIN_ACTIVITY_SAMPLE=[
            at(s(time), 2, RAW_INTENSITY=0, STEPS=steps, RAW_KIND=1, HEART_RATE=heart, DISTANCE_CM=max(-1, steps * 70),
               ACTIVE_CALORIES=kcal)
            for time, steps, heart, kcal in (
                ("2026-09-12T21:58:00", 6064, 60, 179), ("2026-09-12T22:00:00", 6064, -1, 179),
                ("2026-09-13T06:01:00", 38, 71, 1), ("2026-09-13T06:02:00", 150, 90, 5),
                ("2026-09-13T06:03:00", -1, 0, -1),
            )
        ],
        GARMIN_STRESS_SAMPLE=[at(ms("2026-09-13T06:03:00"), 2, STRESS=25), at(ms("2026-09-13T06:06:00"), 2, STRESS=-2)],
        GARMIN_HRV_VALUE_SAMPLE=[at(ms("2026-09-13T01:05:00"), 2, VALUE=42)],
        GARMIN_EVENT_SAMPLE=[at(ms("2026-09-12T22:40:00"), 2, EVENT=74, EVENT_TYPE=0),
                             at(ms("2026-09-13T05:30:00"), 2, EVENT=74, EVENT_TYPE=1)],
        GARMIN_SLEEP_STAGE_SAMPLE=[
            at(ms(f"2026-09-{time}:00"), 2, STAGE=stage)
            for time, stage in (("12T23:20", 2), ("13T00:50", 3), ("13T01:00", 1), ("13T05:30", 4))
        ],
        GARMIN_NAP_SAMPLE=[at(ms("2026-09-13T12:00:00"), 2, END_TIMESTAMP=ms("2026-09-13T12:25:00"))],
        GARMIN_FIT_FILE=[{"DEVICE_ID": 2, "FILE_DATA": b"\x0e\x10"}],
    )  # fmt: skip


def write_samples(folder: Path) -> None:
    for name, made in (("band/Gadgetbridge.db", band), ("zip/database/Gadgetbridge", watch)):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            target.write_bytes(made(Path(scratch) / "made.db"))
    for name in ("gadgetbridge.json", "preferences/global.json"):
        target = folder / "zip" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text('{"backupVersion": 1}\n')


if __name__ == "__main__":
    write_samples(SAMPLES / "gadgetbridge")
