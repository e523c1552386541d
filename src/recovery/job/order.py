"""The order of the steps of a run: it is written here alone.

`in_order` calls each step through a performer, so that the same order runs plainly (`plainly`) and as tasks of Prefect
(`pipelines.nightly`).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from recovery import answers, report, warehouse
from recovery.errors import CriticalCheckError
from recovery.home import stop
from recovery.job import steps
from recovery.job.run import Run, RunSummary, note_counts, refused_files
from recovery.job.steps import Step
from recovery.published import publish
from recovery.words.say import say

Performer = Callable[..., Any]  # performer(step, label, run, *arguments): what the step returns

log = logging.getLogger("recovery.job")


def in_order(run: Run, performer: Performer) -> RunSummary:
    """Performs all steps: reads what is new, computes, checks and publishes.

    Raises CriticalCheckError where what was computed must not be published.
    """
    connection, settings = run.connection, run.settings
    summary = computed(run, performer)
    if publish.is_current(connection, settings):
        former = report.FormerPages(settings.home.pages, changed=(), people=())
        report.write(settings, is_new_snapshot=False, former=former)  # its ages and silent sources go on
        publish.note_pages(connection, settings)
        return replace(summary, seconds=run.seconds)
    warnings = passed(run, performer)
    page_warning = perform(performer, steps.PUBLISH, run)
    return replace(
        summary,
        status="published",
        warnings=(*summary.warnings, *warnings, *page_warning),
        seconds=run.seconds,
    )


def computed(run: Run, performer: Performer, before_build: Callable[[], object] = lambda: None) -> RunSummary:
    """Performs the steps up to the answers: reads what is new and computes; what was read.

    `before_build` is called when all is read.
    """
    connection, settings = run.connection, run.settings
    refused_before = refused_files(connection)
    warehouse.load_settings_tables(connection, settings)
    if run.has_looked:  # before it was known whether there is anything to perform
        performer(steps.LOOK, steps.LOOK.name, run)
    else:
        perform(performer, steps.LOOK, run)
    counts = []
    for number in range(len(run.packs)):
        name = steps.name_of_pack(run, number)
        folder = perform(performer, steps.READ, run, number, of=name)
        counts.append(performer(steps.LOAD, f"load {name}", run, number, str(folder)))
    performer(steps.RECEIPTS, steps.RECEIPTS.name, run)
    refused = refused_files(connection) - refused_before
    summary = RunSummary(
        status="nothing new",
        files_new=sum(count.files for count in counts),
        rows_new=sum(count.rows for count in counts),
        rejected=tuple(sorted(f"{path}: {message}" for path, status, message in refused if status == "rejected")),
        warnings=tuple(sorted(f"{path}: {message}" for path, status, message in refused if status == "partial")),
    )
    note_counts(run, summary)
    before_build()
    perform(performer, steps.BUILD, run)
    if not answers.is_current(connection, settings):
        perform(performer, steps.EFFECTS, run)
    return summary


def passed(run: Run, performer: Performer) -> tuple[str, ...]:
    """Performs the checks; the sentences of those that warn.

    Raises CriticalCheckError where what was computed must not be published.
    """
    checked = perform(performer, steps.CHECK, run)
    if checked.critical:
        page = run.settings.home.checks / "index.html"
        raise CriticalCheckError(
            say(
                "Nothing was published, the last good snapshot stands: {failures}", failures=" ".join(checked.critical)
            ),
            say("The rows are named in {page}.", page=page),
        )
    warnings: tuple[str, ...] = checked.warnings
    return warnings


def plainly(step: Step, label: str, run: Run, *arguments: object) -> Any:
    """Performs a step in this process, tried again as it says where that can help."""
    stop.check()  # the step before may have taken it for an error of its own
    for seconds in step.retry_seconds:
        try:
            return step.function(run, *arguments)
        except Exception as error:
            if not steps.is_worth_a_retry(error):
                raise
            log.warning("%s failed (%s); tried again in %s s", label, error, seconds)
        time.sleep(seconds)
    return step.function(run, *arguments)


def perform(performer: Performer, step: Step, run: Run, *arguments: object, of: str = "") -> Any:
    """Performs a step whose name is shown to whoever waits for the run."""
    label = f"{step.name} {of}".strip()
    log.info(label)
    if run.on_step:
        run.on_step(label)
    return performer(step, label, run, *arguments)
