"""A published database made by hand after the contract, for what reads it: the page, status, query, explain."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from recovery import warehouse
from recovery.actions.init import init
from recovery.home.settings import Settings, load_settings

FIRST = date(2026, 1, 1)
LAST = date(2026, 3, 31)
MASSAGE_DAYS = (date(2026, 1, 20), date(2026, 2, 3), date(2026, 2, 24), date(2026, 3, 10))
NOW_UTC = datetime(2026, 4, 2, 8, 30)
HOSTILE = "<script src='https://example.org/x.js'>alert(1)</script>"
METRICS = {  # metric: family, unit, a value on day n
    "steps": ("movement", "count", lambda n: 4000.0 + 900 * (n % 7)),
    "still_min": ("rest", "min", lambda n: 600.0 - 9 * (n % 11)),
    "asleep_min": ("sleep", "min", lambda n: 400.0 + 7 * (n % 9)),
    "pain": ("diary", "score", lambda n: float(n % 8)),
    "resting_heart_rate_bpm": ("physiology", "bpm", lambda n: 58.0 + n % 5),
}
TABLES = """
create table daily (subject varchar, local_date date, steps double, still_min double, asleep_min double, pain double,
    resting_heart_rate_bpm double, is_massage_day boolean, massage_min double, massage_min_7d double,
    days_since_massage integer, days_to_massage integer, worn_min double, is_valid_day boolean, is_valid_night boolean,
    excluded_for varchar, incomplete_sources varchar, is_night_complete boolean, rest_from_hour integer,
    rest_to_hour integer, night_status varchar, night_confidence double);
create table daily_metrics (subject varchar, local_date date, metric varchar, family varchar, value double,
    unit varchar, source varchar, resolution varchar, coverage_share double, is_complete boolean, is_valid boolean);
create table metrics (metric varchar, family varchar, unit varchar, title varchar, description varchar, better varchar,
    smallest_worthwhile_change double);
create table nights (subject varchar, night_date date, ordinal integer, onset_utc timestamp, wake_utc timestamp,
    onset_local double, wake_local double, in_bed_min double, asleep_min double, awake_min double,
    light_min double, deep_min double, rem_min double,
    efficiency_share double, source varchar);
create table timeline (subject varchar, minute_utc timestamp, local_time timestamp, local_date date, state varchar,
    steps integer, heart_rate_bpm double, source varchar, tz_assumed boolean);
create table massages (subject varchar, massage_id varchar, local_date date, start_utc timestamp, start_local timestamp,
    massage_min double, technique varchar, pressure double, areas varchar, muscles varchar, therapist varchar,
    status varchar, pain_before double, pain_after double, cause varchar, note varchar, origin varchar);
create table diary (subject varchar, local_date date, pain double, note varchar);
create table unknown_days (subject varchar, local_date date, path varchar, place varchar, reason varchar);
create table around_massage (subject varchar, massage_id varchar, metric varchar, day_offset integer, local_date date,
    value double, baseline double, change double, is_valid boolean, overlaps_another boolean);
create table around_massage_summary (subject varchar, metric varchar, day_offset integer, mean double, n bigint);
create table files (path varchar, sha256 varchar, format varchar, subject varchar, status varchar, rows ubigint,
    first_utc timestamp, last_utc timestamp, message varchar);
create table rejected (path varchar, place varchar, reason varchar, value varchar);
create table checks (relation varchar, expectation varchar, severity varchar, success boolean, observed varchar);
create table runs (run_id varchar, started_utc timestamp, seconds double, status varchar, files_new ubigint,
    rows_new ubigint, version varchar);
"""


_MADE = TemporaryDirectory(prefix="recovery-homes-")  # gone with the process


def made_once(make: Callable[..., Settings]) -> Callable[..., Settings]:
    """Makes a home of the same arguments once in a process; each who asks for it gets a copy in a folder of their own.

    The arguments after the folder must be hashable.
    """

    @cache
    def made(*told: Any, **named: Any) -> Path:
        folder = Path(_MADE.name) / f"{make.__name__}-{len(list(Path(_MADE.name).iterdir()))}"
        make(folder, *told, **named)
        return folder

    @wraps(make)
    def copied(folder: Path, *told: Any, **named: Any) -> Settings:
        shutil.copytree(made(*told, **named), folder, dirs_exist_ok=True)
        return load_settings(folder)

    return copied


@made_once
def published_home(folder: Path, subjects: tuple[str, ...] = ("me",), *, is_empty: bool = False) -> Settings:
    """A home with three invented months, four massages and one silent source; without any row if empty."""
    init(folder, "Europe/Berlin", [subject for subject in subjects if subject != "me"])
    settings = load_settings(folder)
    connection = warehouse.connect(settings.home.published)
    connection.execute(TABLES)
    connection.executemany(
        "insert into metrics values (?, ?, ?, ?, ?, ?, ?)",
        [(name, family, unit, f"Title of {name}", f"What {name} counts.", "up", None)
         for name, (family, unit, _) in METRICS.items()],
    )  # fmt: skip
    for subject in () if is_empty else subjects:
        _fill(connection, subject)
    connection.execute(
        "insert into around_massage_summary select subject, metric, day_offset,"
        " avg(value) filter (is_valid and not overlaps_another), count(*) filter (is_valid and not overlaps_another)"
        " from around_massage group by all"
    )
    connection.close()
    return settings


def _fill(connection: "warehouse.duckdb.DuckDBPyConnection", subject: str) -> None:
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    days = [day for day in days if day.day != 15]  # a day without any record in each month
    value = {(day, metric): formula((day - FIRST).days) for day in days for metric, (_, _, formula) in METRICS.items()}
    _insert(
        connection,
        "daily select #1, #2, #3, #4, #5, #6, #7, #8, #9, null, null, null, 900, #10, true, #11, null, true,"
        " 9, 21, 'inferred', 0.7",
        [(subject, day, *(value[day, metric] for metric in METRICS), day in MASSAGE_DAYS,
          60.0 if day in MASSAGE_DAYS else 0.0, day.day % 10 != 0, "flu" if day == date(2026, 2, 10) else None)
         for day in days],
    )  # fmt: skip
    _insert(
        connection,
        "daily_metrics select #1, #2, #3, #4, #5, #6, #7, 'minute', 0.9, true, #8",
        [(subject, day, metric, family, value[day, metric], unit, "diary" if metric == "pain" else "garmin",
          day.day % 10 != 0)
         for day in days for metric, (family, unit, _) in METRICS.items()
         if metric != "pain" or day < date(2026, 3, 1)],
    )  # fmt: skip
    for number, massage in enumerate(MASSAGE_DAYS):
        connection.execute(
            "insert into massages values (?, ?, ?, ?, ?, 60, 'deep tissue', 4, 'lower back', null, ?, 'attended', 6, 3,"
            " null, ?, 'massage_log')",
            [subject, f"m{number}", massage, datetime(massage.year, massage.month, massage.day, 17),
             datetime(massage.year, massage.month, massage.day, 18), HOSTILE, HOSTILE],
        )  # fmt: skip
        _insert(
            connection,
            "around_massage select #1, #2, #3, #4, #5, #6, 1, 0, #7, #8",
            [(subject, f"m{number}", metric, offset, day, value[day, metric], day.day % 10 != 0, offset == 7)
             for metric in METRICS if metric != "resting_heart_rate_bpm"
             for offset in range(-7, 8)
             if (day := massage + timedelta(days=offset)) in days],
        )  # fmt: skip
    minutes = [datetime(2026, 3, 10, 7) + timedelta(minutes=number) for number in range(120)]
    _insert(
        connection,
        "timeline select #1, #2, #3, '2026-03-10', #4, #5, 70, 'garmin', false",
        [(subject, minute, minute + timedelta(hours=1), "moving" if minute.minute < 20 else "still",
          50 if minute.minute < 20 else 0) for minute in minutes],
    )  # fmt: skip
    connection.execute(
        "insert into nights values (?, '2026-03-10', 1, '2026-03-09 22:00', '2026-03-10 05:30', -60, 390, 450, 420, 30,"
        " null, null, null, 0.93, 'fitbit')",
        [subject],
    )
    connection.execute("insert into diary values (?, '2026-03-10', 4, ?)", [subject, HOSTILE])
    prefix = "" if subject == "me" else f"{subject}/"
    connection.executemany(
        "insert into files values (?, 'ab', ?, ?, ?, ?, ?, ?, ?)",
        [(f"{prefix}garmin.zip!/1.fit", "fit_files", subject, "loaded", 120, datetime(2026, 3, 10),
          datetime(2026, 3, 10, 9), "120 records"),
         (f"{prefix}old.zip", "fit_files", subject, "loaded", 9, datetime(2025, 1, 1),
          datetime(2025, 1, 2), "9 records"),
         (f"{prefix}photo.csv", None, subject, "rejected", 0, None, None, "This is a JPEG picture, not a table.")],
    )  # fmt: skip
    connection.execute(
        "insert into rejected values (?, 'row 7', 'The date 2026-02-31 does not exist.', ?)",
        [f"{prefix}massages.csv", HOSTILE],
    )
    connection.execute(
        "insert into checks values ('daily', 'steps lie between 0 and 100,000', 'warning', false, '1 of 87 does not')"
    )
    connection.execute("insert into runs values ('r1', '2026-04-01 02:30', 12.5, 'published', 3, 129, '0.1.0')")


def _insert(connection: "warehouse.duckdb.DuckDBPyConnection", into: str, rows: list[tuple[object, ...]]) -> None:
    """Inserts rows at once; row by row would take seconds."""
    table = pa.table({f"c{number}": list(column) for number, column in enumerate(zip(*rows, strict=True))})
    connection.register("given", table)
    connection.execute(f"insert into {into} from given")
    connection.unregister("given")
