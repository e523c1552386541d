"""The settings that SQL reads, as tables of `raw`."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa

from recovery.home import forgotten
from recovery.home.clock import ZoneOffset, zone_offsets
from recovery.home.settings import OWNER, Settings, days_between
from recovery.warehouse.connection import arrow, meta, set_meta, transaction
from recovery.warehouse.relation import read_by_days
from recovery.warehouse.windows import mark_all_dirty, mark_clocks_dirty


def load_settings_tables(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Writes the settings that SQL reads, and marks what is to be built anew because one of them changed.

    What only `massage` and `pub` read, as excluded days, costs no day; a zone or a journey costs the days of the people
    whose clock differs. Of a person who was forgotten nothing is written until there are new data of theirs.
    """
    subjects = _known(connection, settings)
    rows: dict[str, list[tuple[object, ...]]] = {
        "zone_offsets": [(subject, *piece) for subject in subjects for piece in zone_offsets(settings, subject)],
        "exclusions": [
            (subject, day, reason) for (subject, day), reason in sorted(_exclusions(settings, subjects).items())
        ],
        "participants": [
            (person, person != OWNER or person in settings.parts, *settings.part_of(person), settings.home_time_zone)
            for person in subjects
        ],
        "source_priority": [(name, rank) for rank, name in enumerate(settings.source_priority, 1)],
        "goals": sorted(settings.goals.items()),
        "validity": sorted(settings.validity.items()),
    }
    digests = {table: hashlib.sha256(repr(values).encode()).hexdigest() for table, values in rows.items()}
    known = _digests(connection)
    changed = [table for table in rows if digests[table] != known.get(table)]
    if not changed:
        return
    with transaction(connection):
        before = _zones(connection)
        for table in changed:
            _write(connection, table, rows[table])
        of_days = {table for table in changed if f"raw.{table}" in read_by_days()}
        if "zone_offsets" in of_days:
            mark_clocks_dirty(connection, before, _zones(connection))
        if of_days - {"zone_offsets"}:
            mark_all_dirty(connection)
        set_meta(connection, "settings", json.dumps(digests))
        set_meta(connection, "built", "no")  # `massage` and `pub` are


def _digests(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What each table was written from; {} in a new database, and in one of an earlier version."""
    try:
        found = json.loads(meta(connection, "settings") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(connection: duckdb.DuckDBPyConnection, table: str, values: Sequence[tuple[object, ...]]) -> None:
    connection.execute(f"delete from raw.{table}")
    if values:  # all at once: the zone offsets of fifty people are ten thousand rows
        columns = {f"column_{number}": pa.array(column) for number, column in enumerate(zip(*values, strict=True))}
        with arrow(connection, "settings_rows", **columns):
            connection.execute(f"insert into raw.{table} from settings_rows")


def _zones(connection: duckdb.DuckDBPyConnection) -> dict[str, list[ZoneOffset]]:
    """The clocks of everybody as they are written."""
    found: dict[str, list[ZoneOffset]] = {}
    for subject, *piece in connection.execute(
        "select subject, start_utc, end_utc, offset_min, is_travel from raw.zone_offsets order by all"
    ).fetchall():
        found.setdefault(subject, []).append(ZoneOffset(*piece))
    return found


def _known(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """The people of recovery.toml, without those of whom everything was erased and nothing was read since."""
    hidden = {name for (name,) in connection.execute("select name from raw.forgotten").fetchall()}
    if not hidden:
        return settings.subjects
    key = forgotten.key_at(settings.home.forgotten_key)
    back = {subject for (subject,) in connection.execute("select distinct subject from raw.deliveries").fetchall()}
    return tuple(
        subject for subject in settings.subjects if subject in back or forgotten.person_hash(key, subject) not in hidden
    )


def _exclusions(settings: Settings, subjects: Sequence[str]) -> dict[tuple[str, date], str]:
    """The reason of each excluded day; of two reasons the one that stands first in recovery.toml."""
    return {
        (subject, day): row.reason
        for row in reversed(settings.exclusions)
        for subject in ([row.subject] if row.subject else subjects)
        if subject in subjects
        for day in days_between(row.first, row.last)
    }
