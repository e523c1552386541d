"""What is asked of the published ledger: where the numbers of one day are, and what was lost most."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.vocabulary.summed_metrics import UNUSED

LOST = ("cut", "rejected", "outside", "unaccounted")  # what another source or record has is not lost
WITH_REASON = ("rejected", "outside")  # the column `reason` says why
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
    reason: str = ""  # of what is rejected or outside

    def why(self, fate: str) -> str:
        """The reason, where the fate is one that has reasons."""
        return self.reason if fate in WITH_REASON else ""


class Loss(NamedTuple):
    """How much of a metric of one source was lost, of all that it ever reported."""

    subject: str
    source: str
    metric: str
    fate: str  # one of LOST
    amount: float
    reported: float
    reason: str = ""  # of what is rejected or outside


def of_day(connection: duckdb.DuckDBPyConnection, subject: str, local_date: date, metric: str) -> list[Entry]:
    """The entries of a metric on a day, by source; none where an earlier version published without a ledger."""
    if not _is_there(connection):
        return []
    names = [metric, RECORDS_OF.get(metric, metric)]
    amounts = Entry._fields[1:-1]
    rows = connection.execute(
        f"select source, {', '.join(f'sum({name})' for name in amounts)}, {_reasons(connection)} from ledger"
        " where subject = $1 and local_date = $2 and metric in (select unnest($3::varchar[]))"
        " group by source order by source",
        [subject, local_date, names],
    ).fetchall()
    return [Entry(*row) for row in rows]


def lost_most(connection: duckdb.DuckDBPyConnection) -> Sequence[Loss]:
    """Of each source and metric what was lost, the greatest share first; empty where nothing was.

    What no metric is made of was not lost: nobody asked for it.
    """
    if not _is_there(connection):
        return []
    rows = connection.execute(
        f"""with sums as (
            select subject, source, metric, {", ".join(f"sum(abs({name})) as {name}" for name in LOST)},
                sum(reported) as reported, {_reasons(connection)} as reason
            from ledger group by all
        )

        select subject, source, metric, fate, amount, reported, if(fate in {WITH_REASON}, reason, '') from sums
        unpivot (amount for fate in ({", ".join(LOST)}))
        where amount > 0 and (fate <> 'rejected' or not contains(reason, '{UNUSED}'))
        order by amount / greatest(reported, amount) desc, subject, source, metric, fate"""
    ).fetchall()
    return [Loss(*row) for row in rows]


def _reasons(connection: duckdb.DuckDBPyConnection) -> str:
    """The reasons of a group of rows; an earlier version published none."""
    columns = {name for name, *_ in connection.execute("describe ledger").fetchall()}
    return "array_to_string(list_sort(list_distinct(list(reason))), '; ')" if "reason" in columns else "''"


def _is_there(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("from duckdb_tables() where table_name = 'ledger'").fetchall())
