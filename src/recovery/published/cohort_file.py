"""`cohort.duckdb` of a study: the published relations of everybody, in one small file that moves with its folder.

What has a row a day, and the receipts, are views over the Parquet files of the shards, named by their path relative to
the folder of the study; all else is copied. DuckDB looks a relative path up from where it was started, or in
`file_search_path`: [docs/cohort.md](../../docs/cohort.md).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from recovery import warehouse
from recovery.home.study import Study
from recovery.published import hive, snapshot
from recovery.published.increment import DATES

LARGE = ("files", "rejected")  # relations without a date that may be long all the same

Columns = Mapping[str, Mapping[str, str]]  # names and types, by relation


def is_view(name: str, columns: Mapping[str, str]) -> bool:
    """Whether a relation stays in the Parquet files."""
    return name in LARGE or (name not in hive.OVER_PEOPLE and any(column in columns for column in DATES))


def files_of(study: Study, name: str) -> list[Path]:
    """The Parquet files of a relation."""
    return sorted(study.relation(name).glob("*/*.parquet"))


def rows_of(name: str, columns: Mapping[str, str], paths: Sequence[str]) -> str:
    """A select of a relation as the private databases had it, of its Parquet files; of no file it has no rows.

    `paths` are files, or a pattern. What has no person has a column `shard` instead.
    """
    of_others = snapshot.OF_OTHERS.get(name, ())
    key = "subject" if "subject" in columns else "shard"
    kinds = dict(columns) if "subject" in columns else {**columns, "shard": "VARCHAR"}
    selected = ", ".join(
        f"{'null' if not paths or column in of_others else warehouse.quote_names([column])}::{kind}"
        f" as {warehouse.quote_names([column])}"
        for column, kind in kinds.items()
    )
    if not paths:
        return f"select {selected} where false"
    return (
        f"select {selected} from read_parquet([{warehouse.quote_all(paths)}], hive_partitioning = true,"
        f" hive_types = {{{key}: varchar}})"
    )


def write(connection: duckdb.DuckDBPyConnection, study: Study, columns: Columns, path: Path) -> None:
    """Writes the file; `connection` has what was computed of all people in `pub`, and the folder is that of the study.

    Views are looked at while they are made, so the process has to stand in the folder of the study.
    """
    with snapshot.attached(connection, path):
        for relation in snapshot.tables():
            name = relation.name
            if name in columns and is_view(name, columns[name]) and files_of(study, name):
                rows = rows_of(name, columns[name], [f"{study.published.name}/{name}/*/*.parquet"])
                connection.execute(f"create view {snapshot.name_of(relation)} as {rows}")
                snapshot.comment_on(connection, relation, "view")
            else:
                snapshot.copy_whole(connection, relation)
        connection.execute("create table snapshot.main.shards as from pub.shards order by shard")
        connection.execute("checkpoint snapshot")
