"""What must hold before anything is published: one module per published relation, found here by looking.

A module has `RELATION` (the table of `pub`), `KEY` (the columns that name a row to a person) and `CHECKS`, each with a
severity and a plain sentence. *Critical*: the published numbers would be wrong, so they are not published. *Warning*:
unusual, worth a look. Great Expectations validates them (`_checkpoint`), over DuckDB; it is imported only where a
relation has to be validated, since the import alone costs 3 to 4 s of CPU.
"""

import gc
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import duckdb

from recovery.checks import _changes, _incoming, _part
from recovery.checks._results import CheckedRelation
from recovery.checks._store import PATH
from recovery.home.settings import Settings
from recovery.warehouse import transaction
from recovery.words.say import say

os.environ["GX_ANALYTICS_ENABLED"] = "False"  # before its import: health data stay here, usage figures too

__all__ = ["PATH", "CheckSummary", "CheckedRelation", "relations", "run", "summary"]


@dataclass(frozen=True)
class CheckSummary:
    """The sentences of the checks that failed, each with its relation and what was found; how many there are."""

    critical: tuple[str, ...]
    warnings: tuple[str, ...]
    count: int


@cache
def relations() -> Mapping[str, CheckedRelation]:
    """Every checked relation by its name."""
    modules = (
        cast(CheckedRelation, import_module(f"{__name__}.{module.name}"))
        for module in iter_modules(__path__)
        if not module.name.startswith("_")
    )
    return {module.RELATION: module for module in modules}


def run(
    connection: duckdb.DuckDBPyConnection, settings: Settings, run_id: str, only: Collection[str] | None = None
) -> CheckSummary:
    """Checks what came in, and the relations of `pub` that changed since they were checked or failed critically.

    Writes `raw.checks`, the failing rows to `raw.rejected`, and Great Expectations' pages to `checks/` of the home,
    which are there to read also where a critical check failed. Of the other relations all that stays as it is. With
    `only`, these relations of `pub` alone are there to be checked.
    """
    checked = {name: relation for name, relation in relations().items() if only is None or name in only}
    incoming = _incoming.relations()
    sources = _incoming.sources(connection)
    is_index_old = _changes.forget_former(connection, {*relations(), *incoming})
    fingerprints = _changes.fingerprints(connection, checked)
    changed = {
        name: relation
        for name, relation in checked.items()
        if _changes.is_to_validate(connection, relation, fingerprints[name], settings.home)
    }
    changed |= {name: incoming[name] for name in sources}
    if changed:
        same = [name for name in changed if _changes.are_checks_same(connection, name, fingerprints.get(name, ""))]
        part = _part.part(connection, changed, same)
        with _uncollected():
            from recovery.checks import _checkpoint

        with transaction(connection):
            _checkpoint.validate_and_tell(connection, changed, run_id, settings.home, fingerprints, sources, part)
            _incoming.pass_checked(connection)
    elif is_index_old or not (settings.home.checks / "index.html").is_file():
        from recovery.checks import _data_docs

        _data_docs.write_index(connection, settings.home)
    return summary(connection)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which takes a quarter of the time of a long import and finds nothing."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()


def summary(connection: duckdb.DuckDBPyConnection) -> CheckSummary:
    """The failed checks by severity, as sentences."""
    failed: dict[str, list[str]] = {"critical": [], "warning": []}
    for severity, relation, sentence, observed in connection.execute(
        "select severity, relation, expectation, observed from raw.checks where not success order by rowid"
    ).fetchall():
        failed[severity].append(
            say("{relation}: {sentence} Found: {observed}.", relation=relation, sentence=sentence, observed=observed)
        )
    ((count,),) = connection.execute("select count(*) from raw.checks").fetchall()
    return CheckSummary(tuple(failed["critical"]), tuple(failed["warning"]), count)
