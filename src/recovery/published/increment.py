"""The next snapshot as a copy of the published file in which only the subject-days that changed are replaced.

The minutes are nine tenths of a snapshot, and of them a night changes a day or two of some people. Which days may
differ is known from what was built since (`raw.unpublished`); which do is seen by comparing hashes of the rows with
those of the copy. Of what is built person by person all days of those who were built since are compared, since any of
them may change with a massage or a setting; all else, as what tells answers, is compared whole.

A database keeps the bytes of what it deletes. So nothing is replaced where a person, a day, or a text that somebody
wrote is no longer there: the snapshot is then written whole, as it is where too much of the file was replaced.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery import checks, warehouse
from recovery.home.disk import is_full, open_private
from recovery.home.settings import OWNER
from recovery.published import snapshot
from recovery.published.day_files import named_files
from recovery.words.say import say

SMALL_ROWS = 50_000  # a relation of fewer rows that changed is written anew: less than a row group of DuckDB
SMALL_ROWS_OF_DAYS = 5_000  # the same of one with dates, of which single days are replaced
MOST_REPLACED_SHARE = 0.5  # of the rows since the snapshot was last written whole
MOST_FREE_SHARE = 0.4  # of the blocks of the file
COPIED_BYTES = 1 << 30  # at a time
EVERYTHING = ("true",)  # as conditions
# Of `whole`, rows of people of whom something changed. Null is the same as null: some rows of the ledger have no date.
OF_CHANGED = "exists (select 1 from changed where changed.subject is not distinct from whole.subject)"
DATES = ("local_date", "night_date")  # columns that say of which day a row is
# Columns of texts that somebody wrote, of which nothing may stay in a file once it is taken back.
WRITTEN = {
    "daily": ("excluded_for",),
    "diary": ("medication", "note"),
    "log_spans": ("path",),
    "massages": ("technique", "areas", "muscles", "therapist", "cause", "note"),
    "rejected": ("path", "place", "value"),
    "unknown_days": ("path", "place"),
}


class Replaced(NamedTuple):
    """What was replaced of one relation: the rows written, and the subject-days they are of; 0 where it is all anew.

    A relation without dates is replaced person by person.
    """

    days: int
    rows: int
    months: frozenset[tuple[str, str]] = frozenset()  # person and month, as '2026-03', of which a row differs
    people: frozenset[str] | None = None  # of whom a row differs (`_people`); None of a relation without people


class NotPossible(Exception):  # noqa: N818 - no error, but a reason, for the log
    """Why the snapshot has to be written whole."""


def write(connection: duckdb.DuckDBPyConnection, base: Path, path: Path, rows_before: int) -> dict[str, Replaced]:
    """Copies the published file `base` to `path` and brings the copy up to date; what was replaced, by relation.

    `rows_before` is the number of rows that were replaced since the snapshot was last written whole.
    Raises NotPossible where it has to be written whole; what then lies at `path` is of no use.
    """
    try:
        _copy_file(base, path)
        with snapshot.attached(connection, path):
            columns = _columns(connection)
            found = {
                relation.name: _bring_up_to_date(connection, relation, columns[relation.name])
                for relation in snapshot.tables()
            }
            replaced = {name: one for name, one in found.items() if one}
            connection.execute("checkpoint snapshot")
            _must_be_compact(connection, rows_before + rows_of(replaced))
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, OSError) as error:  # what lies on the disk there is broken
        if is_full(error):
            raise
        raise NotPossible(say("The published file cannot be changed: {error}", error=error)) from error
    return replaced


def rows_of(replaced: Mapping[str, Replaced]) -> int:
    """How many rows were replaced within tables: those of a table that was written anew leave no holes behind."""
    return sum(one.rows for one in replaced.values() if one.days)


def _copy_file(base: Path, path: Path) -> None:
    """Copies a file for its owner alone, within the kernel where it can: Btrfs and XFS then share the blocks."""
    with base.open("rb") as source, open_private(path) as target:
        try:
            while os.copy_file_range(source.fileno(), target.fileno(), COPIED_BYTES):
                pass
        except (AttributeError, OSError) as error:  # not on this system, or not between these two file systems
            if is_full(error):
                raise
            source.seek(0)
            target.seek(0)
            shutil.copyfileobj(source, target)


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The columns of each published relation.

    Raises NotPossible where the tables of the copy have other columns.
    """
    former, now = (
        connection.execute(
            "select table_name, column_name, data_type from duckdb_columns()"
            f" where database_name = {database} and schema_name = '{schema}' order by table_name, column_index"
        ).fetchall()
        for database, schema in (("'snapshot'", "main"), ("current_database()", "pub"))
    )
    if former != now:
        raise NotPossible(say("The published tables have other columns."))
    columns: dict[str, list[str]] = {}
    for table, column, _ in now:
        columns.setdefault(table, []).append(column)
    return columns


def _bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation, columns: Sequence[str]
) -> Replaced | None:
    """Replaces what differs of one relation; None where nothing does."""
    by_days = warehouse.is_built_by_days(relation)
    unit = _unit(columns)
    conditions = _may_differ(connection, relation, unit)
    _find_changed(connection, relation, unit, conditions)
    ((units, gone, rows),) = connection.execute(
        "select count(*), count_if(row_count = 0), coalesce(sum(row_count), 0)::bigint from changed"
    ).fetchall()
    count = _count(connection, relation.full_name)
    if units:
        _must_keep_what_was_written(connection, relation, columns, has_gone=bool(gone), by_days=by_days)
    if by_days and rows > count / 2:
        raise NotPossible(say("Most rows of {relation} changed.", relation=relation.name))
    months = _months(connection, relation, unit) if units else frozenset[tuple[str, str]]()
    people = _people(connection, relation) if unit else None
    small_rows = SMALL_ROWS_OF_DAYS if len(unit) > 1 else SMALL_ROWS
    if not units:
        replaced = None
    elif not unit or count <= small_rows or rows > count / 2:
        snapshot.copy_whole(connection, relation)
        replaced = Replaced(0, count, months, people)
    else:
        _replace(connection, relation, unit)
        replaced = Replaced(units, rows, months, people)
    if conditions != EVERYTHING and _count(connection, snapshot.name_of(relation)) != count:
        raise NotPossible(say("Days of {relation} changed that were not built.", relation=relation.name))
    return replaced


def _unit(columns: Sequence[str]) -> list[str]:
    """What is replaced together: the rows of a person, and of a date where there is one; [] without a person."""
    if "subject" not in columns:
        return []
    return ["subject", *[name for name in DATES if name in columns][:1]]


def _may_differ(
    connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation, unit: Sequence[str]
) -> Sequence[str]:
    """Which rows of a relation may differ, as conditions of which each row meets one at most."""
    if warehouse.is_built_by_days(relation):
        return warehouse.built_days(connection)
    named = warehouse.unpublished(connection)
    if not unit or named is None or not warehouse.is_built_by_people(relation):
        return EVERYTHING
    return [f"subject in ({warehouse.quote_all(named)})"] if named else []


def _must_keep_what_was_written(
    connection: duckdb.DuckDBPyConnection,
    relation: warehouse.Relation,
    columns: Sequence[str],
    *,
    has_gone: bool,
    by_days: bool,
) -> None:
    """Raises NotPossible where a person, a day, or a text that somebody wrote is in the former table alone."""
    if has_gone and len(_unit(columns)) == 2 and (by_days or relation.name in WRITTEN):
        raise NotPossible(say("Days of {relation} are no longer there.", relation=relation.name))
    values = [name for name in WRITTEN.get(relation.name, ()) if name in columns]
    if has_gone and "subject" in columns:
        values.append("subject")
    # What checks reject comes and goes, and was written by nobody.
    condition = f"path <> '{checks.PATH}'" if relation.name == "rejected" else "true"
    for name in values:
        former, now = snapshot.name_of(relation), relation.full_name
        if connection.execute(
            f"select {name} from {former} where {name} is not null and {condition}"
            f" except select {name} from {now} limit 1"
        ).fetchall():
            raise NotPossible(say("A value of {column} is no longer there.", column=f"{relation.name}.{name}"))


def _find_changed(
    connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation, unit: list[str], conditions: Sequence[str]
) -> None:
    """Makes `changed`: the subject-days whose rows differ, with the number of rows that they have now."""
    keys = "".join(f"{name}, " for name in unit)
    none = f"select {keys} 0::bigint as row_count from {relation.full_name} limit 0"
    connection.execute(f"create or replace temp table changed as {none}")
    for condition in conditions:
        now, former = (
            f"(select * from {table} where {condition})" for table in (relation.full_name, snapshot.name_of(relation))
        )
        connection.execute(f"insert into changed {_differing(now, former, unit)}")


def _differing(now: str, former: str, unit: Sequence[str]) -> str:
    """A select of the units whose rows differ between two tables, with the number of rows that they have now."""
    keys = "".join(f"{name}, " for name in unit)
    sides = " union all ".join(
        f"select {keys} {sign} as side, {sign} * hash(whole)::hugeint as digest from {table} as whole"
        for table, sign in ((now, 1), (former, -1))
    )
    grouping = f"group by {', '.join(unit)}" if unit else ""
    return (
        f"select {keys} count_if(side = 1) as row_count from ({sides}) {grouping}"
        " having sum(side) <> 0 or sum(digest) <> 0"
    )


def _people(connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation) -> frozenset[str]:
    """Of whom a row differs, in more than what the answers of others made of it; what is of nobody is the owner's."""
    rows = "changed"
    if others := snapshot.OF_OTHERS.get(relation.name):
        now, former = (
            f"(select * exclude ({', '.join(others)}) from {table})"
            for table in (relation.full_name, snapshot.name_of(relation))
        )
        rows = f"({_differing(now, former, ['subject'])})"
    found = connection.execute(f"select distinct coalesce(subject, ?) from {rows}", [OWNER]).fetchall()
    return frozenset(person for (person,) in found)


def _months(
    connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation, unit: list[str]
) -> frozenset[tuple[str, str]]:
    """The months of people that differ in a relation; none where its rows are of no date and no time.

    With a date its day after: what goes on over midnight is told there too. Of files the days that name others.
    """
    if len(unit) > 1:
        days = f"select subject, unnest([{unit[1]}, {unit[1]} + 1]) as day from changed"
    elif relation.name == "files":
        now, former = (
            named_files(f"(select * from {table} as whole where {OF_CHANGED})")
            for table in (relation.full_name, snapshot.name_of(relation))
        )
        days = (
            f"with now as ({now}), former as ({former})"
            " select subject, local_date as day"
            " from ((from now except from former) union all (from former except from now))"
        )
    else:
        return frozenset()
    found = connection.execute(f"select distinct subject, strftime(day, '%Y-%m') from ({days}) where day is not null")
    return frozenset((subject, month) for subject, month in found.fetchall() if subject is not None)


def _replace(connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation, unit: list[str]) -> None:
    """Puts the rows of the changed subject-days in the place of the former ones."""
    condition = OF_CHANGED
    for name in unit[1:]:
        condition = (
            "exists (select 1 from changed where changed.subject is not distinct from whole.subject"
            f" and changed.{name} is not distinct from whole.{name})"
        )
        ((first, last, has_undated),) = connection.execute(
            f"select min({name}), max({name}), bool_or({name} is null) from changed"
        ).fetchall()
        if not has_undated:  # dates that the statement itself names let DuckDB skip the row groups of other days
            condition += f" and whole.{name} between '{first}' and '{last}'"
    table, order = snapshot.name_of(relation), snapshot.sorting(relation)
    connection.execute(f"delete from {table} as whole where {condition}")
    connection.execute(f"insert into {table} select * from {relation.full_name} as whole where {condition} {order}")


def _must_be_compact(connection: duckdb.DuckDBPyConnection, replaced_rows: int) -> None:
    """Raises NotPossible where too much of the file is free, or too many of its rows lie where days were added."""
    rows = sum(_count(connection, snapshot.name_of(relation)) for relation in snapshot.tables())
    ((blocks, free),) = connection.execute(
        "select total_blocks, free_blocks from pragma_database_size() where database_name = 'snapshot'"
    ).fetchall()
    if replaced_rows > MOST_REPLACED_SHARE * rows or free > MOST_FREE_SHARE * blocks:
        raise NotPossible(
            say(
                "{replaced} of {rows} rows were replaced, {free} of {blocks} blocks are free.",
                replaced=replaced_rows,
                rows=rows,
                free=free,
                blocks=blocks,
            )
        )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    ((count,),) = connection.execute(f"select count(*) from {table}").fetchall()
    return int(count)
