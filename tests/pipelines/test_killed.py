"""A run that is really killed, at every step: the next one finishes the job and publishes what it would have.

Here the steps run without Prefect, whose share `kills.py` kills too, at random moments; its table stands in
docs/robustness.md.
"""

import importlib
import os
import signal
from pathlib import Path

import nights
import pytest

from recovery.home.settings import Settings, load_settings
from recovery.job.once import run_once

pytestmark = pytest.mark.slow

# where, in the order in which a run passes: the module, what is called there, at which call, before or after it
STEPS = [
    ("recovery.inbox.look", "look", 1, "after"),
    ("recovery.loading.stage", "sync", 1, "before"),  # Parquet is half written
    ("recovery.loading.stage", "stage", 1, "after"),
    ("recovery.loading.load", "write_receipts", 1, "before"),  # inside the transaction of a pack
    ("recovery.loading.load", "load", 1, "after"),
    ("recovery.loading.settle", "_write_receipts", 1, "after"),  # inside the transaction of the receipts
    ("recovery.warehouse.layers", "_replace_days", 3, "before"),  # inside the transaction of a window
    ("recovery.warehouse.layers", "build_whole", 1, "before"),
    ("recovery.checks", "summary", 1, "after"),
    ("recovery.published.snapshot", "copy_whole", 5, "before"),  # the new file is half written
    ("recovery.report", "write", 1, "after"),
    ("recovery.published.publish", "state", 2, "before"),  # the new file is there, that it is current is not noted
]


def run_and_die(folder: str, module: str, name: str, call: int, when: str) -> None:
    """Runs the job in a home and kills its own process at one call of one function."""
    place = importlib.import_module(module)
    function = getattr(place, name)
    count = 0

    def deadly(*arguments: object, **named: object) -> object:
        nonlocal count
        count += 1
        if count == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        told = function(*arguments, **named)
        if count == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return told

    setattr(place, name, deadly)
    run_once(load_settings(Path(folder)))


def test_a_job_that_is_killed_at_every_step_in_turn_is_finished_at_last(
    first_run: nights.FirstRun, tmp_path: Path
) -> None:
    undisturbed = nights.published(first_run.settings)
    settings = nights.home(tmp_path / "home")

    for step in STEPS:
        killed = nights.another_process(run_and_die, str(settings.home.folder), *step, has_children=True)
        killed.join(120)
        assert killed.exitcode == -signal.SIGKILL, step
        if settings.home.published.exists():  # whole, whenever one looks
            assert nights.published(settings) == undisturbed
    summary = run_once(settings)

    assert summary.status == "published"
    assert nights.published(settings) == undisturbed
    assert left_over(settings) == []
    assert run_once(settings).status == "nothing new"


def left_over(settings: Settings) -> list[str]:
    """What a killed run may have left and nobody needs."""
    home = settings.home
    passing = [home.private / "publishing", home.private / "checks.new", home.private / "checks.old"]
    passing += home.temporary.glob("*")
    return [str(path) for path in (*passing, *home.staging.glob("*"), *home.folder.glob(".*.new")) if path.exists()]
