"""A home that an earlier version made goes on: nothing it read is read again but what is read differently now."""

import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from places import TESTS

from recovery import readers
from recovery.home.settings import load_settings
from recovery.job.order import in_order, plainly
from recovery.job.run import RunSummary, open_run

pytestmark = pytest.mark.slow

Rows = list[tuple[object, ...]]

# Sentences for people, which may be worded anew, and what was decided anew. `runs` has one row more by each run. All
# other columns that the tables had are compared.
LEFT_OUT = {
    "checks": {"expectation", "observed"},  # and rules may have been split
    # answers are judged anew, their noise is drawn and shared otherwise, and diaries are no longer asked for jumps
    # (decisions 0034 to 0036); estimates differ from the sixteenth digit on
    "around_massage_summary": {"ci_low", "ci_high"},
    # and rest on the days up to the last massage whose days after it are complete (decision 0039)
    "claims": {"reason", "verdict", "observed", "ci_low", "ci_high", "n_massages"},
    "cohort_effects": {"reason"},
    "effect_checks": {"sentence", "name", "ordinal", "passed"},
    "effects": {
        "checks", "reason", "verdict", "worthwhile", "is_worthwhile_assumed", "estimate", "standard_error", "ci_low",
        "ci_high", "p_value", "holm_p", "q_value", "lead_p", "permutation_p", "redrawn_p", "adjusted_estimate",
        "adjusted_ci_low", "adjusted_ci_high", "lowest_without_one", "highest_without_one", "smallest_detectable",
        "massages_needed", "n_days", "n_massages", "usual",
    },
    "metrics": {"title", "description"},
    "subgroup_effects": {
        "reason", "estimate", "ci_low", "ci_high", "p_value", "q_value", "difference", "difference_ci_low",
        "difference_ci_high", "difference_q_value",
    },
    # of some minutes the state is `unknown` since (decision 0026)
    # a night without a record is inferred otherwise, or unknown (decision 0032)
    "timeline": {"state", "heart_rate_bpm", "heart_source", "source", "sleep_source"},
    "daily": {"worn_waking_min", "is_valid_day"},  # the last date of a tracker is not complete (decision 0028)
    "daily_metrics": {"coverage_share"},
}  # fmt: skip

# Minutes come only from records of a few minutes, and a wrist's total of the day counts before a phone's minutes
# (decision 0026): a phone of this home told 76 steps, the wrist 11,204.
COUNTED_ANEW = (
    "steps", "distance_m", "vigorous_min",
    "still_min", "longest_still_min", "rest_share", "movement_rest_ratio",  # in waking hours (decision 0032)
    "evening_heart_rate_bpm",  # without the minutes of a night of which nothing is known
    # what the vendor tells of a night counts first (decision 0031): 42.5 ms were 41.2, and WHOOP's efficiency is read
    "hrv_rmssd_ms", "spo2_mean_share", "efficiency_share", "in_bed_min",
    "resting_heart_rate_bpm",  # the last date of WHOOP's is not complete (decision 0028)
    "sleeping_heart_rate_bpm",  # a heart rate of a table without a zone lies an hour earlier (decision 0029)
)  # fmt: skip

GROWN = {"checks", "effect_checks", "metrics"}  # each new rule and metric is a row more

# The VERSION of every reader was raised since: a list or diary keeps the rows of which only the date can be read; of a
# FIT file the resting heart rate at midnight closes the day before; of a mapped table 7:05 may be minutes of sleep;
# local times without a zone are marked as such (decision 0029); massages are known in more languages; and what readers
# leave out stands in the ledger with its sum (decision 0030).
READ_AGAIN = set(readers.readers())
GONE = "GARMIN/Monitor/lost.fit"  # was deleted from the inbox; what was read of it stays


FORGOTTEN = "was forgotten on request"


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
    former = Path(shutil.copy(settings.home.published, folder / "former.duckdb"))
    before = published(former, columns_of(former))
    settings.home.report.unlink()  # so that the run publishes
    massages = settings.home.inbox / "massages.csv"  # of its row without a day, days are unknown since (decision 0023)
    massages.write_bytes(b"".join(line for line in massages.read_bytes().splitlines(True) if b"02-30" not in line))
    steps: list[str] = []
    with open_run(settings, steps.append) as run:
        summary = in_order(run, plainly)
    after = published(settings.home.published, columns_of(former))
    return Continued(summary, steps, before, after)


def columns_of(database: Path) -> dict[str, list[str]]:
    """The columns of every published relation."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute(
                "select table_name, list(column_name order by column_index) from duckdb_columns()"
                " where schema_name = 'main' and not internal group by table_name"
            ).fetchall()
        )


def published(database: Path, columns: Mapping[str, list[str]]) -> dict[str, Rows]:
    """The rows of every published relation, in order, of some columns, without those that word something."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            name: connection.execute(
                f'select {", ".join(kept(name, present))} from "{name}" where {are_compared(present)} order by all'
            ).fetchall()
            for name, present in columns.items()
            if name != "runs"
        }


def are_compared(columns: list[str]) -> str:
    return f"metric not in {COUNTED_ANEW}" if "metric" in columns else "true"


def kept(relation: str, columns: list[str]) -> list[str]:
    left_out = {*LEFT_OUT.get(relation, ()), *COUNTED_ANEW} - (
        {"steps", "distance_m"} if relation == "timeline" else set()
    )
    return [f'"{column}"' for column in columns if column not in left_out]


def read_anew(continued: Continued) -> set[str]:
    return {
        str(path)
        for path, _, _, file_format, _, status, *more in continued.after["files"]
        if file_format in READ_AGAIN and status != "duplicate" and path != GONE
        if not any(str(cell).startswith("known and") for cell in more)
    }


def test_nothing_that_was_read_is_read_again_but_by_readers_that_changed(continued: Continued) -> None:
    assert continued.summary.files_new == len(read_anew(continued))
    assert continued.summary.status == "published"


def test_the_published_tables_say_the_same(continued: Continued) -> None:
    assert set(continued.after) >= set(continued.before)
    before, after = (comparable(continued, tables) for tables in (continued.before, continued.after))
    unlike = {
        name
        for name, rows in before.items()
        if (not {*rows} <= {*after[name]} if name in GROWN else after[name] != rows)
    }
    examples = {name: [row for row in after[name] if row not in before[name]][:2] for name in unlike}
    assert not unlike, examples


def comparable(continued: Continued, tables: dict[str, Rows]) -> dict[str, Rows]:
    """The tables without what another reading changes: receipts (of archives around it too) and rejects, and which of
    two reports of a massage counts."""
    anew = read_anew(continued)
    around = {str(row[0]) for row in tables["files"] if any(path.startswith(f"{row[0]}!/") for path in anew)}
    return tables | {
        "checks": sorted(set(tables["checks"])),
        "files": [row for row in tables["files"] if row[0] not in anew | around and row[10] != FORGOTTEN],
        "rejected": [
            row for row in tables["rejected"] if row[1] not in anew and "The same massage stands in" not in str(row[3])
        ],
        "massages": [row[:4] for row in tables["massages"]],
    }


def test_a_log_keeps_the_row_of_which_a_value_cannot_be_read(continued: Continued) -> None:
    messages = {row[0]: row[10] for row in continued.after["files"]}

    assert messages["client1/Behandlungen.csv"] == "one value could not be read and is left empty, see rejected"


def test_a_receipt_of_what_was_forgotten_names_it_no_longer(continued: Continued) -> None:
    before, after = (
        [row[0] for row in tables["files"] if row[10] == FORGOTTEN] for tables in (continued.before, continued.after)
    )

    assert len(before) == len(after) > 0
    assert all(str(path).startswith("forgotten:") for path in after)


def test_what_is_compared_is_not_empty(continued: Continued) -> None:
    assert len(continued.before["timeline"]) > 30_000
    assert len(continued.before["effects"]) > 50
    assert len(continued.before["files"]) > 100
