"""A home that an earlier version made goes on: none of its files is read again, and its tables say the same."""

import tarfile
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from places import TESTS

from recovery.home.settings import load_settings
from recovery.job.order import in_order, plainly
from recovery.job.run import RunSummary, open_run

pytestmark = pytest.mark.slow

Rows = list[tuple[object, ...]]

# Sentences for people, which may be worded anew. `runs` has one row more by each run. All other columns are compared.
WORDED = {
    "checks": {"expectation", "observed"},
    "claims": {"reason"},
    "cohort_effects": {"reason"},
    "effect_checks": {"sentence"},
    "effects": {"checks", "reason"},
    "metrics": {"title", "description"},
    "subgroup_effects": {"reason"},
}


class Continued(NamedTuple):
    """A home of commit 641f36a before and after a run of today."""

    summary: RunSummary
    steps: list[str]
    before: dict[str, Rows]
    after: dict[str, Rows]


@pytest.fixture(scope="module")
def continued(tmp_path_factory: pytest.TempPathFactory) -> Continued:
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(TESTS / "homes_before" / "home-641f36a.tar.xz") as archive:
        archive.extractall(folder, filter="data")  # with the times of the files
    settings = load_settings(folder / "home-before")
    before = published(settings.home.published)
    settings.home.report.unlink()  # so that the run publishes
    steps: list[str] = []
    with open_run(settings, steps.append) as run:
        summary = in_order(run, plainly)
    return Continued(summary, steps, before, published(settings.home.published))


def published(database: Path) -> dict[str, Rows]:
    """The rows of every published relation, in order, without the columns that word something."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where schema_name = 'main' and not internal group by table_name"
        ).fetchall()
        return {
            name: connection.execute(f'select {", ".join(kept(name, columns))} from "{name}" order by all').fetchall()
            for name, columns in tables
            if name != "runs"
        }


def kept(relation: str, columns: list[str]) -> list[str]:
    return [f'"{column}"' for column in columns if column not in WORDED.get(relation, ())]


def test_no_file_is_read_again(continued: Continued) -> None:
    assert continued.summary.files_new == 0
    assert continued.summary.rows_new == 0
    assert not [step for step in continued.steps if step.startswith("read")]
    assert continued.summary.status == "published"


def test_the_published_tables_say_the_same(continued: Continued) -> None:
    assert set(continued.after) >= set(continued.before)
    unlike = {name for name, rows in continued.before.items() if continued.after[name] != rows}
    examples = {
        name: [row for row in continued.after[name] if row not in continued.before[name]][:2] for name in unlike
    }
    assert not unlike, examples


def test_what_is_compared_is_not_empty(continued: Continued) -> None:
    assert len(continued.before["timeline"]) > 30_000
    assert len(continued.before["effects"]) > 50
    assert len(continued.before["files"]) > 100
