"""Invented people with a diary and massages, as rows of the raw tables."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa

FIRST = date(2024, 3, 4)  # a Monday


def add_person(
    connection: duckdb.DuckDBPyConnection,
    subject: str = "me",
    *,
    days: int = 200,
    every: int = 9,
    effect: float = 0.0,
    seed: int = 1,
    massages: Sequence[date] = (),
) -> list[date]:
    """A diary of pain and mood, and a massage every so many days (or on dates) that lowers pain for three days.

    Pain is about 5 points with a day-to-day deviation of 1. Returns the dates of the massages.
    """
    random = np.random.default_rng(seed)
    at = np.array([(day - FIRST).days for day in massages] or np.arange(5, days - 5, every))
    pain = 5 + random.standard_normal(days)
    for after in (1, 2, 3):
        pain[at + after] -= effect
    dates = [FIRST + timedelta(days=int(day)) for day in at]
    all_days = [FIRST + timedelta(days=day) for day in range(days)]
    mood = 3 + random.standard_normal(days)
    add_diary(connection, dict(zip(all_days, pain.tolist(), strict=True)), dates, subject, mood=mood, delivery=seed)
    return dates


def add_diary(
    connection: duckdb.DuckDBPyConnection,
    pain: Mapping[date, float],
    massages: Sequence[date],
    subject: str = "me",
    *,
    mood: Sequence[float] | None = None,
    delivery: int = 1,
) -> None:
    """A diary of pain by date, with the mood of each day where it is given, and massages of 30 and 60 minutes."""
    days = len(pain)
    told = {
        "subject": [subject] * days,
        "path": [f"{subject}/diary.csv"] * days,
        "place": [f"row {day + 2}" for day in range(days)],
        "origin": ["diary_log"] * days,
        "local_date": list(pain),
        "pain": list(pain.values()),
        "mood": [None] * days if mood is None else mood,
        "delivery": pa.array([delivery] * days, pa.uint64()),
    }
    _insert(connection, "diary", told)
    logged = {
        "subject": [subject] * len(massages),
        "path": [f"{subject}/massages.csv"] * len(massages),
        "place": [f"row {number + 2}" for number in range(len(massages))],
        "origin": ["massage_log"] * len(massages),
        "local_date": massages,
        "massage_min": [60.0 if number % 3 else 30.0 for number in range(len(massages))],
        "status": ["attended"] * len(massages),
        "delivery": pa.array([delivery] * len(massages), pa.uint64()),
    }
    _insert(connection, "massages", logged)
    for kind in ("massages", "diary"):
        connection.execute(
            "insert into raw.logs values (?, ?, ?, null, ?)", [subject, f"{subject}/{kind}.csv", kind, delivery]
        )
    connection.execute("insert into raw.dirty values (?, ?, ?)", [subject, min(pain), max(pain) + timedelta(days=1)])


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, object]) -> None:
    connection.register("told", pa.table(columns))
    connection.execute(f"insert into raw.{table} by name select * from told")
    connection.unregister("told")
