"""A Health Connect database as Android writes it: the tables and columns of its version 23, with rows of a test."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import sqlite_export
from sqlite_export import Row

KEYS = (
    "row_id integer primary key autoincrement, uuid blob unique, last_modified_time integer, client_record_id text,"
    " client_record_version text, device_info_id integer, app_info_id integer, recording_method integer,"
    " dedupe_hash blob"
)
SPAN = (
    f"{KEYS}, start_time integer, start_zone_offset integer, end_time integer, end_zone_offset integer,"
    " local_date integer"
)
INSTANT = f"{KEYS}, time integer, zone_offset integer, local_date integer"
COLUMNS: Mapping[str, str] = {
    "application_info_table": "row_id integer primary key autoincrement, package_name text not null unique,"
    " app_name text, app_icon blob, record_types_used text",
    "device_info_table": "row_id integer primary key autoincrement, manufacturer text, model text, device_type integer",
    "health_data_category_priority_table": "row_id integer primary key, health_data_category integer,"
    " app_id_priority_order text",
    "activity_date_table": "row_id integer primary key, epoch_days integer, record_type_id integer",
    "steps_record_table": f"{SPAN}, count integer",
    "distance_record_table": f"{SPAN}, distance real",
    "floors_climbed_record_table": f"{SPAN}, floors real",
    "active_calories_burned_record_table": f"{SPAN}, energy real",
    "total_calories_burned_record_table": f"{SPAN}, energy real",
    "heart_rate_record_table": SPAN,
    "heart_rate_record_series_table": "parent_key integer not null, beats_per_minute integer, epoch_millis integer",
    "resting_heart_rate_record_table": f"{INSTANT}, beats_per_minute integer",
    "heart_rate_variability_rmssd_record_table": f"{INSTANT}, heart_rate_variability_millis real",
    "respiratory_rate_record_table": f"{INSTANT}, rate real",
    "oxygen_saturation_record_table": f"{INSTANT}, percentage real",
    "sleep_session_record_table": f"{SPAN}, notes text, title text",
    "sleep_stages_table": "parent_key integer not null, stage_start_time integer, stage_end_time integer,"
    " stage_type integer",
    "exercise_session_record_table": f"{SPAN}, notes text, exercise_type integer, title text, has_route integer",
    "weight_record_table": f"{INSTANT}, weight real",
}


def ms(told: str) -> int:
    """Milliseconds of a time in UTC."""
    return round(datetime.fromisoformat(told).replace(tzinfo=UTC).timestamp() * 1000)


def span(start: str, end: str, offset_s: int | None = 7200, app: int = 1, device: int = 1, **columns: object) -> Row:
    return {
        "start_time": ms(start),
        "start_zone_offset": offset_s,
        "end_time": ms(end),
        "end_zone_offset": offset_s,
        "app_info_id": app,
        "device_info_id": device,
        **columns,
    }


def instant(time: str, offset_s: int | None = 7200, app: int = 1, device: int = 1, **columns: object) -> Row:
    return {
        "time": ms(time), "zone_offset": offset_s, "app_info_id": app, "device_info_id": device, **columns,
    }  # fmt: skip


APPS = (
    {"row_id": 1, "package_name": "com.fitbit.FitbitMobile", "app_name": "Fitbit"},
    {"row_id": 2, "package_name": "com.google.android.apps.fitness", "app_name": "Fit"},
)
DEVICES = (
    {"row_id": 1, "manufacturer": "Google", "model": "Pixel Watch 2", "device_type": 1},
    {"row_id": 2, "manufacturer": None, "model": None, "device_type": 0},
)


def write(path: Path, columns: Mapping[str, str] = COLUMNS, /, **rows: Iterable[Row]) -> bytes:
    """A database with these rows, and its devices where they tell none. Gives its bytes."""
    return sqlite_export.write(
        path, columns, {"application_info_table": APPS, "device_info_table": DEVICES, **rows}, user_version=23
    )
