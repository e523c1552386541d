"""A small home for tests of the whole job: a Fitbit export, a massage log, a diary; and what was published of it."""

import multiprocessing
import os
import shutil
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from places import SAMPLES

from recovery.home.memory import collect_seldom
from recovery.home.settings import Settings, load_settings
from recovery.job.order import in_order, plainly
from recovery.job.run import OnProgress, OnStep, Run, RunSummary, open_run
from recovery.job.steps import Step

TOML = 'home_time_zone = "Europe/Berlin"\n'
MASSAGES = "date,start,minutes,note\n2025-05-01,10:00,60,first\n2025-05-03,18:00,45,second\n"
DIARY = "date,pain,mood\n2025-05-01,5,3\n2025-05-02,4,4\n2025-05-03,4,4\n"


def home(folder: Path, toml: str = TOML) -> Settings:
    """A home with three exports that give three packs."""
    (folder / "inbox").mkdir(parents=True)
    (folder / "recovery.toml").write_text(toml, encoding="utf-8")
    (folder / "inbox" / "massages.csv").write_text(MASSAGES, encoding="utf-8")
    (folder / "inbox" / "diary.csv").write_text(DIARY, encoding="utf-8")
    shutil.copytree(SAMPLES / "fitbit_takeout" / "loose", folder / "inbox" / "fitbit")
    return load_settings(folder)


class FirstRun(NamedTuple):
    """The first run of such a home without Prefect. All tests share it: who changes the home takes a copy."""

    folder: Path
    summary: RunSummary
    performed: list[tuple[str, int]]  # label and retries of each step
    heard: list[str]  # the steps that were announced
    progress: list[tuple[int, int]]

    @property
    def settings(self) -> Settings:
        """Of the home itself, to read what it published."""
        return load_settings(self.folder)

    def copy(self, folder: Path) -> Settings:
        """A home of one's own in which this run was made."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return load_settings(folder)


def first_run(folder: Path) -> FirstRun:
    """Makes a home and its first run; tests take the fixture `first_run`."""
    heard: list[str] = []
    progress: list[tuple[int, int]] = []
    summary, performed = run_plainly(home(folder), heard.append, lambda done, total: progress.append((done, total)))
    return FirstRun(folder, summary, performed, heard, progress)


def run_plainly(
    settings: Settings, on_step: OnStep | None = None, on_progress: OnProgress | None = None
) -> tuple[RunSummary, list[tuple[str, int]]]:
    """The job without Prefect: its summary, and label and retries of each step in the order in which they began."""
    performed: list[tuple[str, int]] = []

    def perform(step: Step, label: str, run: Run, *arguments: object) -> Any:
        performed.append((label, len(step.retry_seconds)))
        return plainly(step, label, run, *arguments)

    with open_run(settings, on_step, on_progress) as run:
        return in_order(run, perform), performed


def published(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every published relation but those that tell of the runs, in order."""
    with duckdb.connect(str(settings.home.published), read_only=True) as connection:
        names = [
            name for (name,) in connection.execute("select table_name from duckdb_tables() order by all").fetchall()
        ]
        return {
            name: connection.execute(f'from "{name}" order by all').fetchall()
            for name in names
            if name not in ("runs", "checks", "snapshot")
        }


def another_process(target: Callable[..., None], *arguments: object, has_children: bool = False) -> BaseProcess:
    """A fresh process, not a copy of this one, in which Great Expectations is imported already; started.

    It ends with the tests, but for one that starts processes of its own: whoever starts that ends it.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["recovery.checks._checkpoint"])
    process = context.Process(
        target=_in_environment, args=(dict(os.environ), target, *arguments), daemon=not has_children
    )
    process.start()
    return process


def _in_environment(environment: dict[str, str], target: Callable[..., None], *arguments: object) -> None:
    """The process it is forked from may know another one."""
    os.environ.update(environment)
    collect_seldom()  # as the command does
    target(*arguments)
