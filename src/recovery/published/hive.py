"""What a shard publishes: a Parquet file for each person and relation, in folders named as Hive does.

`published/daily/subject=anna/all.parquet`: the column that names the folder is not in the file. The minutes are one
file a year, since they are nine tenths of the bytes. What is not of a person, as the runs, is in `shard=001`. A file
is written elsewhere and renamed to its place, so a reader finds the former or the next one whole; it is written only
where its rows are others than those of the former, which tells a digest in its metadata. What needs all people is not
here: `cohort_effects`, `cohort_entries`, and of `effects` the columns that draw on others.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from recovery import checks, warehouse
from recovery.home.clock import is_wrong, now_utc
from recovery.home.disk import private_folder, remove, sync
from recovery.home.settings import OWNER, Settings
from recovery.home.study import Study, partition
from recovery.published import publish, snapshot, told

OVER_PEOPLE = ("cohort_effects", "cohort_entries")  # made of all people by the reducer, as are `snapshot.OF_OTHERS`
ALL = "all"  # the name of a file that holds a whole person
DIGEST = b"recovery_digest"


class Written(NamedTuple):
    """What became of one publication."""

    files: int  # written
    removed: int
    people: int  # of whom anything was written


def relations() -> list[warehouse.Relation]:
    """The relations that shards publish."""
    return [relation for relation in snapshot.tables() if relation.name not in (*OVER_PEOPLE, "snapshot")]


def columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns of each published relation with their types, of a private database that was built."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'pub' order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def is_current(connection: duckdb.DuckDBPyConnection, settings: Settings, study: Study) -> bool:
    """True if all that the private database of a shard holds is published, and lies there as it was written."""
    told_utc = warehouse.meta(connection, "published_utc")
    return (
        warehouse.meta(connection, "published") == publish.state(connection)
        and warehouse.meta(connection, "published_files") == _listing(settings, study)
        and not (told_utc and is_wrong(datetime.fromisoformat(told_utc), now_utc()))
    )


def write(
    connection: duckdb.DuckDBPyConnection, settings: Settings, study: Study, run_id: str, seconds: float
) -> Written:
    """Publishes what changed of the people of a shard; in it the run `run_id` counts as published."""
    warehouse.refresh(connection, publish.OF_THE_RUN)
    columns = columns_of(connection)
    fresh = private_folder(publish.staged(settings).home.folder)
    connection.execute("set preserve_insertion_order = true")  # else the sorting of the files is lost
    ready: list[tuple[Path, Path]] = []
    gone: list[Path] = []
    try:
        for relation in relations():
            names = [name for name in columns[relation.name] if name not in snapshot.OF_OTHERS.get(relation.name, ())]
            rows = _rows(relation, names, run_id, seconds)
            former = _files(settings, study, relation.name)
            wanted = _digests(connection, relation, rows, columns[relation.name], settings, former)
            gone += [path for part, path in former.items() if part not in wanted]
            for (folder, name), (condition, digest) in wanted.items():
                target = study.relation(relation.name) / folder / f"{name}.parquet"
                if digest is None or _digest_of(target) == digest:
                    continue
                path = fresh / f"{len(ready)}.parquet"
                _write_file(connection, relation, names, rows, condition, path, digest)
                ready.append((path, target))
        for path, target in ready:
            private_folder(target.parent)
            path.replace(target)
        for path in gone:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        for parent in {target.parent for _, target in ready}:
            sync(parent)
    finally:
        connection.execute("set preserve_insertion_order = false")
        remove(fresh)
    with warehouse.transaction(connection):
        told.remember(connection, now_utc())
        warehouse.forget_unpublished(connection)
        warehouse.set_meta(connection, "published", publish.state(connection))
        warehouse.set_meta(connection, "published_files", _listing(settings, study))
        warehouse.set_meta(connection, "published_utc", now_utc().isoformat())
    people = {target.parent.name for _, target in ready if target.parent.name.startswith("subject=")}
    return Written(len(ready), len(gone), len(people))


def _folders(settings: Settings) -> dict[str, str | None]:
    """The folders that a shard publishes in, with the person of each; None for what has none."""
    people: dict[str, str | None] = {partition("subject", person): person for person in settings.subjects}
    if OWNER in settings.subjects:
        people[partition("subject", None)] = None
    return people | {partition("shard", settings.home.folder.name): None}


def _files(settings: Settings, study: Study, relation: str) -> dict[tuple[str, str], Path]:
    """What is published of a relation by this shard: folder and name, and where it lies."""
    return {
        (folder, path.stem): path
        for folder in _folders(settings)
        for path in sorted((study.relation(relation) / folder).glob("*.parquet"))
    }


def _listing(settings: Settings, study: Study) -> str:
    """Changes whenever a published file of the shard is written, cut short or removed."""
    found = [
        (relation.name, part, path.stat().st_size, path.stat().st_mtime_ns)
        for relation in relations()
        for part, path in _files(settings, study, relation.name).items()
    ]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _rows(relation: warehouse.Relation, names: list[str], run_id: str, seconds: float) -> str:
    """The rows of a relation as they are published."""
    rows = f"select {warehouse.quote_names(names)} from {relation.full_name}"
    if relation.name != "runs":
        return rows
    is_now = f"run_id = {warehouse.quote(run_id)}"
    return (
        f"select * replace (if({is_now}, 'published', status) as status,"
        f" if({is_now}, {seconds}::double, seconds) as seconds) from ({rows})"
    )


def _digests(
    connection: duckdb.DuckDBPyConnection,
    relation: warehouse.Relation,
    rows: str,
    columns: Mapping[str, str],
    settings: Settings,
    former: Mapping[tuple[str, str], Path],
) -> dict[tuple[str, str], tuple[str, str | None]]:
    """The files that are to be there: folder and name, the condition of its rows, and their digest.

    The digest is None where the rows cannot have changed: of years of minutes of which no day was built.
    """
    kind = f"{duckdb.__version__} {hashlib.sha256(repr(columns).encode()).hexdigest()[:16]}"
    digest = f"{warehouse.quote(kind)} || ' ' || count(*) || ' ' || sum(hash(whole)::hugeint)"
    if "subject" not in columns:
        ((found,),) = connection.execute(f"select {digest} from ({rows}) as whole").fetchall()
        return {(partition("shard", settings.home.folder.name), ALL): ("", found)}
    wanted: dict[tuple[str, str], tuple[str, str | None]] = {}
    people = {person: folder for folder, person in _folders(settings).items() if folder.startswith("subject=")}
    if not warehouse.is_built_by_days(relation):
        for person, found in connection.execute(
            f"select subject, {digest} from ({rows}) as whole group by subject"
        ).fetchall():
            if person in people:
                wanted[people[person], ALL] = (_is_of(person), found)
        return wanted
    years = _built_years(connection)
    for person, folder in people.items():
        if person is None:
            continue
        # Of a year that lies there as this version wrote it only built days may have changed.
        known = {name for (of, name), path in former.items() if of == folder and name.isdigit() and _is_by(kind, path)}
        unchanged = known - set(years.get(person, []))
        asked = rows
        if unchanged:
            asked = f"select * from ({rows}) where year(local_date) not in ({', '.join(sorted(unchanged))})"
        wanted |= {(folder, name): ("", None) for name in unchanged}
        for year, found in connection.execute(
            f"select year(local_date), {digest} from ({asked}) as whole {_is_of(person)} group by 1"
        ).fetchall():
            wanted[folder, str(year)] = (f"{_is_of(person)} and year(local_date) = {year}", found)
    return wanted


def _built_years(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Of each person the years of which a day was built since the last publication."""
    found: dict[str, set[int]] = {}
    for person, pieces in warehouse.spans_of(connection, "raw.unpublished", context_days=0, gap_days=1).items():
        for first, last in pieces:
            found.setdefault(person, set()).update(range(first.year, last.year + 1))
    return {person: [str(year) for year in sorted(years)] for person, years in found.items()}


def _is_of(person: str | None) -> str:
    return "where subject is null" if person is None else f"where subject = {warehouse.quote(person)}"


def _digest_of(path: Path) -> str | None:
    """The digest of the rows of a published file; None where there is none, or it is no whole file."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException):
        return None
    digest = metadata.get(DIGEST)
    return digest.decode() if digest else None


def _is_by(kind: str, path: Path) -> bool:
    """Whether a published file is whole, and of the same version of DuckDB and the same columns."""
    return (_digest_of(path) or "").startswith(f"{kind} ")


def _write_file(
    connection: duckdb.DuckDBPyConnection,
    relation: warehouse.Relation,
    names: list[str],
    rows: str,
    condition: str,
    path: Path,
    digest: str,
) -> None:
    """Writes the rows of one file, sorted, and syncs it."""
    kept = [name for name in names if name != "subject"]
    checked = checks.relations().get(relation.name)
    order = [name for name in (checked.KEY if checked else ()) if name in kept]
    connection.execute(
        f"copy (select {warehouse.quote_names(kept)} from ({rows}) {condition}"
        f" order by {warehouse.quote_names(order) if order else 'all'}) to {warehouse.quote(str(path))}"
        f" (format parquet, compression zstd, kv_metadata {{{DIGEST.decode()}: {warehouse.quote(digest)}}})"
    )
    path.chmod(0o600)
    sync(path)
