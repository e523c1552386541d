"""What is computed of all people of a study, from what its shards published: means over people, checks, one file."""

import contextlib
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery import checks, warehouse
from recovery.answers import cohort, rows
from recovery.errors import CriticalCheckError, RecoveryError
from recovery.home.clock import now_utc
from recovery.home.disk import private_folder, remove, sync, write_private
from recovery.home.settings import Settings
from recovery.home.study import Shards, Study, partition
from recovery.job.run import program_version
from recovery.job.shard import Outcome
from recovery.published import cohort_file, hive, place, snapshot
from recovery.words.say import say

READ_BY_ANSWERS = ("effects", "effect_checks")
MADE_HERE = ("cohort_people", "cohort_effects", "cohort_entries")
OF_SHARDS = "shards"  # the relation that checks of all shards are told of

log = logging.getLogger("recovery.job")


class Reduced(NamedTuple):
    """What came of it."""

    status: str  # published, nothing new
    warnings: tuple[str, ...] = ()


def sweep(study: Study, shards: Shards) -> int:
    """Removes what is published of people whom no shard works any more; how many folders these were."""
    expected = {partition("subject", person) for person in (*shards.shard_of, None)}
    expected |= {partition("shard", shard) for shard in shards.members}
    gone = [path for path in study.published.glob("*/*=*") if path.name not in expected]
    for path in gone:
        remove(path)
    return len(gone)


def reduce(study: Study, settings: Settings, outcomes: Sequence[Outcome], run_id: str) -> Reduced:
    """Brings `cohort.duckdb` up to date with what the shards published.

    Raises CriticalCheckError where what was computed must not be published; the former file stays.
    """
    state = _state(study, outcomes)
    note = settings.home.private / "cohort-state"
    with contextlib.suppress(OSError):
        if note.read_text(encoding="utf-8") == f"{state} {place.stamp_of(study.database)}":
            return Reduced("nothing new")
    columns = _columns(outcomes)
    with closing(warehouse.connect()) as connection:
        connection.execute(f"set memory_limit = '{settings.memory_mb:.0f}MB'")
        warehouse.create_raw(connection)
        _read_published(connection, study, columns)
        rows.write(connection, list(cohort.cohort_of(connection, settings.parts)))
        _make_relations(connection, columns, outcomes, run_id)
        found = checks.run(connection, settings, run_id, only=hive.OVER_PEOPLE)
        _check_shards(connection, study, settings, outcomes)
        _merge_checks(connection, run_id)
        summary = checks.summary(connection)
        own = checks.CheckSummary(found.critical, found.warnings, found.count)
        critical = tuple(
            dict.fromkeys((*own.critical, *(one for one in summary.critical if one.startswith(OF_SHARDS))))
        )
        if critical:
            raise CriticalCheckError(
                say("cohort.duckdb was not written, the former one stands: {failures}", failures=" ".join(critical)),
                say("The rows are named in {page}.", page=settings.home.checks / "index.html"),
            )
        _publish(connection, study, settings, columns)
    write_private(note, f"{state} {place.stamp_of(study.database)}")
    return Reduced("published", summary.warnings)


def _columns(outcomes: Sequence[Outcome]) -> cohort_file.Columns:
    """The columns of the published relations; RecoveryError where two shards have others, or none is known."""
    known = [outcome.columns for outcome in outcomes if outcome.columns]
    if not known:
        raise RecoveryError(
            say("No shard could be worked, so nothing is known over all people."),
            say("Mend what is said of the shards, and run again."),
        )
    if any(other != known[0] for other in known):
        raise RecoveryError(
            say("Shards published tables with different columns: they are worked by different versions of recovery."),
            say("Install the same version on all machines, and run again."),
        )
    return known[0]


def _state(study: Study, outcomes: Sequence[Outcome]) -> str:
    """Changes with every published file, and with what became of the shards."""
    digest = hashlib.sha256(warehouse.fingerprint().encode())
    for path in sorted(study.published.glob("*/*/*.parquet")):
        stamp = path.stat()
        digest.update(f"{path.relative_to(study.published)} {stamp.st_size} {stamp.st_mtime_ns}\0".encode())
    failed = [(outcome.shard, outcome.people, outcome.reason) for outcome in outcomes]
    digest.update(repr((failed, program_version())).encode())
    return digest.hexdigest()


def _read_published(connection: duckdb.DuckDBPyConnection, study: Study, columns: cohort_file.Columns) -> None:
    """Views of what the shards published, in `pub`; and those that the answers read, in `answers`."""
    for relation in hive.relations():
        paths = [str(path) for path in cohort_file.files_of(study, relation.name)]
        select = cohort_file.rows_of(relation.name, columns[relation.name], paths)
        connection.execute(f"create view pub.{relation.name} as {select}")
    for name in READ_BY_ANSWERS:
        connection.execute(f"drop table answers.{name}")
        connection.execute(f"create table answers.{name} as from pub.{name}")
    connection.execute(
        "insert into raw.participants select subject, true, arm, subgroup, time_zone from pub.participants"
        " where time_zone is not null"
    )


def _make_relations(
    connection: duckdb.DuckDBPyConnection, columns: cohort_file.Columns, outcomes: Sequence[Outcome], run_id: str
) -> None:
    """What is made of all people: means, estimates pulled towards them, one copy of what all shards tell."""
    for relation in snapshot.tables():
        if relation.name in hive.OVER_PEOPLE:
            connection.execute(f"create table pub.{relation.name} as {relation.select}")
        elif relation.name == "effects":
            connection.execute("drop view pub.effects")
            connection.execute(f"create table pub.effects as {relation.select}")
        elif relation.name == "metrics":  # the same everywhere
            names = warehouse.quote_names(columns["metrics"])
            connection.execute("create table answers.metrics as from pub.metrics")
            connection.execute("drop view pub.metrics")
            connection.execute(
                f"create table pub.metrics as select distinct {names} from answers.metrics"
                " where shard = (select max(shard) from answers.metrics)"
            )
    connection.execute(
        "create table pub.snapshot as select ?::varchar as run_id, ?::timestamp as started_utc,"
        " ?::timestamp as published_utc, ?::varchar as version",
        [run_id, now_utc(), now_utc(), program_version()],
    )
    connection.execute(
        "create table pub.shards (shard varchar, people bigint, status varchar, reason varchar, seconds double)"
    )
    warehouse.insert_rows(
        connection,
        "pub.shards",
        [(one.shard, one.listed, one.status, one.reason or None, round(one.seconds, 1)) for one in outcomes],
    )


def _check_shards(
    connection: duckdb.DuckDBPyConnection, study: Study, settings: Settings, outcomes: Sequence[Outcome]
) -> None:
    """Checks of all shards together, as rows of `raw.checks`."""
    known = {partition("subject", person) for person in (*settings.everybody, None)}
    strangers = {path.name for path in study.published.glob("*/subject=*")} - known
    ((versions,),) = connection.execute(
        "select count(distinct version) from (select max_by(version, started_utc) as version from pub.runs"
        " where status = 'published' group by shard)"
    ).fetchall()
    failed = [outcome.shard for outcome in outcomes if outcome.status == "failed"]
    found = [
        (say("Every published person is listed in recovery.toml."), "critical", not strangers, len(strangers)),
        (say("All shards were last published by the same version of recovery."), "warning", versions <= 1, versions),
        (say("Every shard could be worked."), "warning", not failed, len(failed)),
    ]
    warehouse.insert_rows(
        connection,
        "raw.checks",
        [
            (OF_SHARDS, sentence, severity, is_met, "none" if is_met else say("{count:,} rows", count=count))
            for sentence, severity, is_met, count in found
        ],
    )
    connection.execute("insert into raw.checked values (?, '', '', ?)", [OF_SHARDS, now_utc()])


def _merge_checks(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Makes `pub.checks` of what the shards found and what was found here: a row for each expectation."""
    of_shards: dict[tuple[str, str, str], list[tuple[bool, str]]] = {}
    checked: dict[str, datetime] = dict(connection.execute("select relation, checked_utc from raw.checked").fetchall())
    for relation, sentence, severity, is_met, observed, checked_utc in connection.execute(
        "select relation, expectation, severity, success, observed, checked_utc from pub.checks"
        " order by relation, expectation, shard"
    ).fetchall():
        if relation not in hive.OVER_PEOPLE:
            of_shards.setdefault((relation, sentence, severity), []).append((is_met, observed))
            checked[relation] = max(checked.get(relation, checked_utc), checked_utc)
    warehouse.insert_rows(
        connection,
        "raw.checks",
        [
            (*key, all(is_met for is_met, _ in found), together([observed for _, observed in found]))
            for key, found in of_shards.items()
        ],
    )
    connection.execute("drop view pub.checks")
    connection.execute(
        "create table pub.checks as select *, ? as run_id, null::timestamp as checked_utc from raw.checks", [run_id]
    )
    connection.executemany(
        "update pub.checks set checked_utc = ? where relation = ?", [(at, of) for of, at in checked.items()]
    )


def together(observed: Sequence[str]) -> str:
    """What several shards found of one expectation, as one shard with all their people would say it."""
    if len(set(observed)) == 1 and not re.search(r"\d", observed[0]):
        return observed[0]
    counts = [re.fullmatch(r"(none|[\d,]+) of ([\d,]+) rows", one) for one in observed]
    if all(counts):
        wrong = sum(_number(found[1]) for found in counts if found)
        total = sum(_number(found[2]) for found in counts if found)
        if wrong:
            return say("{count:,} of {total:,} rows", count=wrong, total=total)
        return say("none of {total:,} rows", total=total)
    numbers = [re.fullmatch(r"(none|[\d,]+)(?: rows)?", one) for one in observed]
    if all(numbers):
        return say("{count:,} rows", count=sum(_number(found[1]) for found in numbers if found))
    return "; ".join(dict.fromkeys(observed))


def _number(text: str) -> int:
    return 0 if text == "none" else int(text.replace(",", ""))


def _publish(
    connection: duckdb.DuckDBPyConnection, study: Study, settings: Settings, columns: Mapping[str, Mapping[str, str]]
) -> None:
    """Puts the new file in the place of the former one."""
    fresh = private_folder(settings.home.private / "publishing") / study.database.name
    remove(fresh)
    with contextlib.chdir(study.folder):  # where the paths of the views begin
        cohort_file.write(connection, study, columns, Path(fresh))
    fresh.chmod(0o600)
    sync(fresh)
    place.remove_log(study.database)
    place.clear(study.database)
    fresh.replace(study.database)
    sync(study.folder)
