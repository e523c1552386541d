"""What is asked of the published ledger: where the numbers of one day are, and what was lost most."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

LOST = ("cut", "rejected", "outside", "unaccounted")  # what another source or record has is not lost
RECORDS_OF: Mapping[str, str] = {"stress_mean": "stress", "spo2_mean_share": "spo2_share"}  # daily metric: its records


class Entry(NamedTuple):
    """What one source reported of one day, and where it is."""

    source: str
    reported: float
    counted: float
    counted_by_other: float
    same: float
    cut: float
    rejected: float
    outside: float
    unaccounted: float


class Loss(NamedTuple):
    """How much of a metric of one source was lost, of all that it ever reported."""

    subject: str
    source: str
    metric: str
    fate: str  # one of LOST
    amount: float
    reported: float


def of_day(connection: duckdb.DuckDBPyConnection, subject: str, local_date: date, metric: str) -> list[Entry]:
    """The entries of a metric on a day, by source; none where an earlier version published without a ledger."""
    if not _is_there(connection):
        return []
    names = [metric, RECORDS_OF.get(metric, metric)]
    rows = connection.execute(
        f"select source, {', '.join(f'sum({name})' for name in Entry._fields[1:])} from ledger"
        " where subject = $1 and local_date = $2 and metric in (select unnest($3::varchar[]))"
        " group by source order by source",
        [subject, local_date, names],
    ).fetchall()
    return [Entry(*row) for row in rows]


def lost_most(connection: duckdb.DuckDBPyConnection) -> Sequence[Loss]:
    """Of each source and metric what was lost, the greatest share first; empty where nothing was."""
    if not _is_there(connection):
        return []
    rows = connection.execute(
        f"""with sums as (
            select subject, source, metric, {", ".join(f"sum(abs({name})) as {name}" for name in LOST)},
                sum(reported) as reported
            from ledger group by all
        )

        select subject, source, metric, fate, amount, reported from sums
        unpivot (amount for fate in ({", ".join(LOST)}))
        where amount > 0 order by amount / greatest(reported, amount) desc, subject, source, metric, fate"""
    ).fetchall()
    return [Loss(*row) for row in rows]


def _is_there(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("from duckdb_tables() where table_name = 'ledger'").fetchall())
