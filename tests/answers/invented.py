"""Invented people with a diary and massages, as rows of the raw tables."""

from collections.abc import Sequence
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
    told = {
        "subject": [subject] * days,
        "path": [f"{subject}/diary.csv"] * days,
        "place": [f"row {day + 2}" for day in range(days)],
        "origin": ["diary_log"] * days,
        "local_date": [FIRST + timedelta(days=day) for day in range(days)],
        "pain": pain,
        "mood": 3 + random.standard_normal(days),
        "delivery": pa.array([seed] * days, pa.uint64()),
    }
    _insert(connection, "diary", told)
    dates = [FIRST + timedelta(days=int(day)) for day in at]
    logged = {
        "subject": [subject] * len(dates),
        "path": [f"{subject}/massages.csv"] * len(dates),
        "place": [f"row {number + 2}" for number in range(len(dates))],
        "origin": ["massage_log"] * len(dates),
        "local_date": dates,
        "massage_min": [60.0 if number % 3 else 30.0 for number in range(len(dates))],
        "status": ["attended"] * len(dates),
        "delivery": pa.array([seed] * len(dates), pa.uint64()),
    }
    _insert(connection, "massages", logged)
    for kind in ("massages", "diary"):
        connection.execute(
            "insert into raw.logs values (?, ?, ?, null, ?)", [subject, f"{subject}/{kind}.csv", kind, seed]
        )
    connection.execute("insert into raw.dirty values (?, ?, ?)", [subject, FIRST, FIRST + timedelta(days=days)])
    return dates


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, object]) -> None:
    connection.register("told", pa.table(columns))
    connection.execute(f"insert into raw.{table} by name select * from told")
    connection.unregister("told")
