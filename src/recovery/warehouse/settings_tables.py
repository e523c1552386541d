"""The settings that SQL reads, as tables of `raw`."""

import hashlib
from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa

from recovery.home import forgotten
from recovery.home.clock import zone_offsets
from recovery.home.settings import Settings, days_between
from recovery.warehouse.connection import arrow, meta, set_meta, transaction
from recovery.warehouse.windows import mark_all_dirty


def load_settings_tables(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Writes the settings that SQL reads; where one of them changed, every day is marked to be built anew.

    Of a person who was forgotten nothing is written until there are new data of theirs.
    """
    subjects = _known(connection, settings)
    rows: dict[str, list[tuple[object, ...]]] = {
        "zone_offsets": [(subject, *piece) for subject in subjects for piece in zone_offsets(settings, subject)],
        "exclusions": [
            (subject, day, reason) for (subject, day), reason in sorted(_exclusions(settings, subjects).items())
        ],
        "source_priority": [(name, rank) for rank, name in enumerate(settings.source_priority, 1)],
        "goals": sorted(settings.goals.items()),
        "validity": sorted(settings.validity.items()),
    }
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    if meta(connection, "settings") == digest:
        return
    with transaction(connection):
        for table, values in rows.items():
            connection.execute(f"delete from raw.{table}")
            if values:  # all at once: the zone offsets of fifty people are ten thousand rows
                columns = {
                    f"column_{number}": pa.array(column) for number, column in enumerate(zip(*values, strict=True))
                }
                with arrow(connection, "settings_rows", **columns):
                    connection.execute(f"insert into raw.{table} from settings_rows")
        set_meta(connection, "settings", digest)
        mark_all_dirty(connection)


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
