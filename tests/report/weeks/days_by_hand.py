"""Published days made by hand, in memory: minutes, nights, massages, what was reported of a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
from by_hand import TABLES

LEDGER = """
create table ledger (subject varchar, local_date date, source varchar, metric varchar, reported double, counted double,
    counted_by_other double, same double, cut double, rejected double, outside double, reason varchar,
    unaccounted double);
alter table timeline add column intensity varchar;
alter table daily add column worn_waking_min double;
"""
TITLES = {
    "steps": ("movement", "steps", "Steps"),
    "distance_m": ("movement", "m", "Distance on foot and otherwise by own effort"),
    "still_min": ("rest", "min", "Minutes awake and still"),
    "asleep_min": ("sleep", "min", "Time asleep at night"),
    "pain": ("diary", "points", "Pain"),
    "resting_heart_rate_bpm": ("physiology", "bpm", "Resting heart rate"),
}


def database() -> duckdb.DuckDBPyConnection:
    """The published tables, empty but for the metrics."""
    connection = duckdb.connect()
    connection.execute(TABLES)
    connection.execute(LEDGER)
    for name, (family, unit, title) in TITLES.items():
        connection.execute(
            "insert into metrics values (?, ?, ?, ?, ?, 'up', null)",
            [name, family, unit, title, f"What {name} counts."],
        )
    return connection


def minutes(
    connection: duckdb.DuckDBPyConnection,
    start_utc: str,
    offset_min: int,
    *states: tuple[str, int],
    subject: str = "me",
    intensity: str = "light",
) -> None:
    """Minutes in a row from a time on, each state for so many, by a clock that far from UTC."""
    moment = datetime.fromisoformat(start_utc)
    for state, count in states:
        connection.execute(
            "insert into timeline (subject, minute_utc, local_time, local_date, state, intensity)"
            " select $1, minute, minute + to_minutes($4::int), (minute + to_minutes($4::int))::date, $3, $5"
            " from (select $2::timestamp + to_minutes(number::int) as minute from range($6) as numbers (number))",
            [subject, moment, state, offset_min, intensity if state == "moving" else None, count],
        )
        moment += timedelta(minutes=count)


def day(connection: duckdb.DuckDBPyConnection, local_date: str, subject: str = "me", **told: Any) -> None:
    """A row of `daily`, with its numbers in `daily_metrics` too."""
    values = {name: value for name, value in told.items() if name in TITLES}
    for name, value in values.items():
        family, unit, _ = TITLES[name]
        connection.execute(
            "insert into daily_metrics values (?, ?, ?, ?, ?, ?, ?, 'minute', 1, true, true)",
            [subject, local_date, name, family, value, unit, "diary" if name == "pain" else "garmin:7"],
        )
    names = ["subject", "local_date", *(name for name in told if name != "distance_m")]
    connection.execute(
        f"insert into daily ({', '.join(names)}) values ({', '.join('?' for _ in names)})",
        [subject, local_date, *(value for name, value in told.items() if name != "distance_m")],
    )


def massage(
    connection: duckdb.DuckDBPyConnection, start: str, minutes: float | None = 60.0, subject: str = "me", **told: Any
) -> None:
    """An attended massage; `start` may be a date alone, where the hour was not told."""
    moment = datetime.fromisoformat(start) if "T" in start else None
    row: dict[str, Any] = {
        "subject": subject, "massage_id": start, "local_date": start[:10], "start_local": moment,
        "massage_min": minutes, "status": "attended", **told,
    }  # fmt: skip
    connection.execute(
        f"insert into massages ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values())
    )


def reported(connection: duckdb.DuckDBPyConnection, local_date: str, source: str, metric: str, **amounts: Any) -> None:
    """A row of the ledger."""
    row = {
        "subject": "me", "local_date": local_date, "source": source, "metric": metric, "reported": 0.0, "counted": 0.0,
        "counted_by_other": 0.0, "same": 0.0, "cut": 0.0, "rejected": 0.0, "outside": 0.0, "unaccounted": 0.0,
        **amounts,
    }  # fmt: skip
    connection.execute(
        f"insert into ledger ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values())
    )


def dates(first: str, count: int) -> Sequence[date]:
    """So many dates from one on."""
    return [date.fromisoformat(first) + timedelta(days=number) for number in range(count)]
