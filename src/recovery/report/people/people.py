"""What the page of the mean over all people says, read from the published tables; nothing of one person."""

from typing import NamedTuple

import duckdb

from recovery.answers.rows import CohortEffect
from recovery.report.answers import metrics_of, read
from recovery.report.cohort import Cohort, cohort


class People(NamedTuple):
    """The content of the page."""

    cohort: Cohort


def has_mean(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a mean over people was worked out; False in what an earlier version published."""
    if not connection.execute("from duckdb_tables() where table_name = 'cohort_effects'").fetchall():
        return False
    return bool(connection.execute("from cohort_effects where estimate is not null limit 1").fetchall())


def content(connection: duckdb.DuckDBPyConnection) -> People:
    """The means over people, and what was refused."""
    over_all = [row for row in read(connection, CohortEffect) if row.attribute == "all"]
    return People(cohort(over_all, metrics_of(connection)))
