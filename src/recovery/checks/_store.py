"""What checks found, in the tables of the work database: `raw.checks`, `raw.checked` and `raw.rejected`."""

from collections.abc import Mapping, Sequence

import duckdb

from recovery.checks._results import Result
from recovery.home import clock
from recovery.warehouse import insert_rows

INCOMING = "incoming"  # in the place of a fingerprint: of records that come in, those not checked yet are validated
PATH = "relation"  # stands in raw.rejected.path where a check, not a file, names the row


def store_checks(
    connection: duckdb.DuckDBPyConnection,
    results: Mapping[str, Sequence[Result]],
    run_id: str,
    fingerprints: Mapping[str, str],
) -> None:
    """Replaces the rows of these relations in `raw.checks`, and the time of their check."""
    for name, found in results.items():
        connection.execute("delete from raw.checks where relation = ?", [name])
        connection.execute("delete from raw.checked where relation = ?", [name])
        insert_rows(
            connection,
            "raw.checks (relation, expectation, severity, success, observed)",
            [(name, result.sentence, result.severity, result.is_met, result.observed) for result in found],
        )
        connection.execute(
            "insert into raw.checked (relation, fingerprint, run_id, checked_utc) values (?, ?, ?, ?)",
            [name, fingerprints.get(name, INCOMING), run_id, clock.now_utc()],
        )


def store_rejected(connection: duckdb.DuckDBPyConnection, results: Mapping[str, Sequence[Result]]) -> None:
    """Replaces the offending rows of these relations in `raw.rejected`."""
    for name, found in results.items():
        delete_rejected(connection, name)
        rejected = [
            (row.subject, PATH, f"{name}, {row.place}", result.sentence, row.value)
            for result in found
            for row in result.failing
        ]
        insert_rows(connection, "raw.rejected (subject, path, place, reason, value)", rejected)


def delete_rejected(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Deletes the offending rows of a relation from `raw.rejected`."""
    connection.execute("delete from raw.rejected where path = ? and starts_with(place, ?)", [PATH, f"{relation}, "])
