"""All relations of `sql/`, empty, for tests of `daily`, `massage` and `pub`; what a test does is rolled back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest

from recovery import warehouse
from recovery.home.settings import VALIDITY

Piece = tuple[str, str, Mapping[str, Any]]  # from and to on the wall clock, and what the minutes hold


@pytest.fixture(scope="session")
def empty_layers() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    yield connection
    connection.close()


def views_as_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes a table of each view of `pub`, which only renames a table that is built of much else, to be written to."""
    for relation in warehouse.relations():
        if relation.kind == "view" and relation.layer == "pub":
            name = relation.full_name
            connection.execute(f"create temp table renamed as from {name}; drop view {name}")
            connection.execute(f"create table {name} as from renamed; drop table renamed")


@pytest.fixture
def layers(empty_layers: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with all its relations, empty."""
    empty_layers.execute("begin transaction")
    yield empty_layers
    empty_layers.execute("rollback")


def add(connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]], **constants: Any) -> None:
    """Adds rows to a table all at once; columns that are not given are NULL, and the subject is 'me'."""
    made = [{"subject": "me", **constants, **row} for row in rows]
    names = sorted({column for row in made for column in row})
    connection.register("made", pa.Table.from_pylist([{column: row.get(column) for column in names} for row in made]))
    connection.execute(f"insert into {name} by name select * from made")
    connection.unregister("made")


def build(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Builds relations anew of what is there, in the order of what reads what."""
    for relation in warehouse.relations():
        if relation.full_name in names:
            connection.execute(f"create or replace {relation.kind} {relation.full_name} as {relation.select}")


@cache
def below(name: str) -> frozenset[str]:
    """A relation and all that it is made of, down to `raw`."""
    known = {relation.full_name: relation for relation in warehouse.relations()}
    return frozenset({name}).union(*(below(read) for read in known[name].reads if read in known))


def build_for(connection: duckdb.DuckDBPyConnection, name: str, *others: str) -> None:
    """Builds a relation anew, and those of the others that it is made of."""
    build(connection, *below(name).intersection(others), name)


def day(connection: duckdb.DuckDBPyConnection, local_date: str, *pieces: Piece, zone: str = "UTC") -> None:
    """Adds all minutes of a local date to timeline.minutes: of each the first piece that holds it, else not worn."""
    first = date.fromisoformat(local_date)
    tz = ZoneInfo(zone)
    minute, end = (datetime.combine(start, time(), tz).astimezone(UTC) for start in (first, first + timedelta(days=1)))
    made = []
    while minute < end:
        local = minute.astimezone(tz).replace(tzinfo=None)
        held = next((held for start, stop, held in pieces if start <= f"{local:%H:%M}" < stop), {"state": "not_worn"})
        is_seen = held["state"] not in ("not_worn", "rest_unknown")
        made.append(
            {
                "subject": "me",
                "minute_utc": minute.replace(tzinfo=None),
                "local_time": local,
                "local_date": first,
                "is_moving": held["state"] == "moving" if is_seen else None,
                "source": "watch" if is_seen else None,
                "tz_assumed": False,
                **held,
            }
        )
        minute += timedelta(minutes=1)
    add(connection, "timeline.minutes", made)


def night(connection: duckdb.DuckDBPyConnection, local_date: str, onset: str, wake: str, **columns: Any) -> None:
    """Adds a recorded sleep in UTC: the main sleep of the date unless `ordinal` says otherwise."""
    start, end = datetime.fromisoformat(onset), datetime.fromisoformat(wake)
    midnight = datetime.combine(date.fromisoformat(local_date), time())
    length = (end - start).total_seconds() / 60
    ordinal = columns.get("ordinal", 1)
    row = {
        "local_date": local_date,
        "ordinal": ordinal,
        "is_main": ordinal == 1,
        "source": "watch",
        "onset_utc": start,
        "wake_utc": end,
        "in_bed_start_utc": start,
        "in_bed_end_utc": end,
        "onset_local_min": (start - midnight).total_seconds() / 60,
        "wake_local_min": (end - midnight).total_seconds() / 60,
        "in_bed_min": length,
        "asleep_min": length,
        "is_in_bed_recorded": False,
        "is_lying_recorded": False,
        "tz_assumed": False,
    }
    add(connection, "stg.nights", [row | columns])


def report_days(connection: duckdb.DuckDBPyConnection, metric: str, *values: tuple[str, str, float]) -> None:
    """Adds values that sources report for whole days: source, date, value."""
    add(
        connection,
        "stg.day_values",
        [{"source": source, "local_date": day, "metric": metric, "value": value} for source, day, value in values],
    )
    ranks(connection, *sorted({source for source, _, _ in values}))


def ranks(connection: duckdb.DuckDBPyConnection, *sources: str) -> None:
    """Adds sources without a rank of their own, where they are not known yet."""
    for source in sources:
        connection.execute(
            "insert into stg.sources select ?, 1000000, true where ? not in (select source from stg.sources)",
            [source, source],
        )


def metric(connection: duckdb.DuckDBPyConnection, name: str, columns: str = "value") -> dict[str, Any]:
    """The rows of a metric, built anew of what was given: of each date its value, or the columns asked for."""
    between = (
        "stg.reported_days", "stg.readings", "stg.day_readings", "stg.overnight_readings", "stg.daytime_lying",
        "timeline.hours", "timeline.worn_days", "timeline.still_stretches", "timeline.waking_hours",
        "timeline.rest_days",
    )  # fmt: skip
    build_for(connection, f"daily.{name}", *between)
    found = connection.execute(f"select local_date, {columns} from daily.{name}").fetchall()
    assert len({row[0] for row in found}) == len(found), "more than one row of a date"
    return {str(row[0]): row[1] if len(row) == 2 else row[1:] for row in found}
