"""The job and what is said about it, for `run` and `demo`."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from recovery.commands import DEFAULT_HOME, LISTED, echo, echo_indented
from recovery.words import receipts as words
from recovery.words.counts import say_first
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.home.settings import Settings
    from recovery.job.run import OnProgress, OnStep, Run, RunSummary
    from recovery.published.outcome import Outcome


def run_and_report(settings: "Settings", *, is_plain: bool = False) -> None:
    """Runs the job once and says what came of it; files refused in this run go to standard error.

    Prefect is started where there is something to do, and not at all where the run is to be plain.
    """
    from recovery.job.once import run_once

    with _progress() as (on_step, on_progress):

        def as_flow(run: "Run") -> "RunSummary":
            on_step("start Prefect")
            summary: RunSummary = flows(settings).perform_all(run)
            return summary

        summary = run_once(settings, None if is_plain else as_flow, on_step, on_progress)
    from recovery.published import query
    from recovery.published.outcome import outcome

    with query.published(settings.home) as connection:
        say_outcome(outcome(connection, settings), summary)
    home = settings.home
    option = _home_option(settings)
    echo(say("The page:   {report} (recovery open{option})", report=home.report, option=option))
    echo(say("The tables: {published} (recovery query{option})", published=home.published, option=option))
    echo(say("The checks: {home}", home=home.checks / "index.html"))


def flows(settings: "Settings") -> "ModuleType":
    """The module of the flows. Prefect keeps what it keeps in the home from its import on, not in `~/.prefect`."""
    _keep_prefect_in(settings)
    from recovery.pipelines import nightly

    return nightly


def study_flows(settings: "Settings") -> "ModuleType":
    """The module of the flow of a study."""
    _keep_prefect_in(settings)
    from recovery.pipelines import cohort

    return cohort


def _keep_prefect_in(settings: "Settings") -> None:
    from recovery.home.disk import private_folder

    os.environ["PREFECT_HOME"] = str(private_folder(settings.home.prefect))


def _home_option(settings: "Settings") -> str:
    """What a command must be given so that it means this home: nothing where it is the one it takes by itself."""
    usual = Path(os.environ.get("RECOVERY_HOME") or DEFAULT_HOME).absolute()
    folder = settings.home.folder
    return "" if folder == usual else f" --home {shlex.quote(os.path.relpath(folder))}"


def say_outcome(found: "Outcome", summary: "RunSummary") -> None:
    """What was found, loaded and refused, the checks, and a headline for each person."""
    if not found.loaded and not found.others:
        echo(words.NOTHING_YET)
    elif summary.waiting and not summary.files_new:
        echo(words.still_written(summary.waiting))
    elif summary.files_new:
        echo(words.new(summary.files_new, summary.rows_new or 0))
    else:
        echo(words.NOTHING_NEW)
    if found.loaded:
        echo(words.IN_ALL)
    for row in found.loaded:
        echo(f"  {words.loaded(row.label, row.files, row.rows or 0, row.first, row.last)}")
    if found.others:
        echo(f"  {words.not_loaded(found.others)}")
    if found.rejected_rows:
        echo(f"  {words.rejected(found.rejected_rows)}")
    _name("rejected", summary.rejected)
    _name("warning", summary.warnings)
    _name("waiting", tuple(words.waiting(path) for path in summary.waiting))
    if found.checks:
        echo(words.checks(found.checks - len(found.failing), found.checks))
    for sentence in found.people:
        echo(sentence)
    say_first([*found.goals, *found.trials], LISTED, echo, where=words.ALL_NAMED_BY)
    if found.asked:
        echo(words.ASKED)
        say_first(found.asked, LISTED, echo_indented, where=words.ALL_NAMED_BY)


def _name(word: str, sentences: tuple[str, ...]) -> None:
    lines = (f"{word}: {sentence}" for sentence in sentences)
    say_first(lines, LISTED, partial(echo, err=True), where=words.ALL_NAMED_BY)


@contextmanager
def _progress() -> Iterator[tuple["OnStep", "OnProgress | None"]]:
    """Tells each step as it begins: a moving bar on a terminal, with the time left while files are read; else lines."""
    if not sys.stdout.isatty():
        yield (lambda step: echo(f"... {step}")), None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("", total=None)

        def on_step(step: str) -> None:
            if not step.startswith("read "):
                bar.tasks[0].total = None  # how long the rest takes is not known; `update` takes None for "as it was"
            bar.update(task, description=step)

        def on_progress(done: int, total: int) -> None:
            bar.update(task, completed=min(done, total - 1), total=total)  # a full bar would stop the clock

        yield on_step, on_progress
