"""The order of the steps of a run: the one place where it is written.

`in_order` calls each step through `perform`, so that the same order runs plainly (`plainly`) and as tasks of Prefect
(`pipelines.nightly`).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from recovery import answers, report, warehouse
from recovery.errors import CriticalCheckError
from recovery.job import steps
from recovery.job.night import Night, RunSummary, note_counts, refused_files
from recovery.job.steps import Step
from recovery.published import publish

Perform = Callable[..., Any]  # perform(step, label, night, *arguments): what the step returns

log = logging.getLogger("recovery.job")


def in_order(night: Night, perform: Perform) -> RunSummary:
    """Runs the steps of a night: reads what is new, computes, checks and publishes.

    Raises CriticalCheckError where what was computed must not be published.
    """
    connection, settings = night.connection, night.settings
    refused_before = refused_files(connection)
    warehouse.load_settings_tables(connection, settings)
    _perform(perform, steps.LOOK, night)
    counts = []
    for number in range(len(night.packs)):
        name = steps.name_of_pack(night, number)
        folder = _perform(perform, steps.READ, night, number, of=name)
        counts.append(perform(steps.LOAD, f"load {name}", night, number, str(folder)))
    perform(steps.RECEIPTS, steps.RECEIPTS.name, night)
    refused = refused_files(connection) - refused_before
    summary = RunSummary(
        status="nothing new",
        files_new=sum(count.files for count in counts),
        rows_new=sum(count.rows for count in counts),
        rejected=tuple(sorted(f"{path}: {message}" for path, status, message in refused if status == "rejected")),
        warnings=tuple(sorted(f"{path}: {message}" for path, status, message in refused if status == "partial")),
    )
    note_counts(night, summary)
    _perform(perform, steps.BUILD, night)
    if not answers.is_current(connection, settings):
        _perform(perform, steps.EFFECTS, night)
    if publish.is_current(connection, settings):
        report.write(settings)  # its ages and silent sources go on
        return replace(summary, seconds=night.seconds)
    checked = _perform(perform, steps.CHECK, night)
    if checked.critical:
        page = settings.home.checks / "index.html"
        raise CriticalCheckError(
            "Nothing was published, the last good snapshot stands: " + " ".join(checked.critical),
            f"The rows are named in {page}.",
        )
    page_warning = _perform(perform, steps.PUBLISH, night)
    warnings = (*summary.warnings, *checked.warnings, *page_warning)
    return replace(summary, status="published", warnings=warnings, seconds=night.seconds)


def plainly(step: Step, label: str, night: Night, *arguments: object) -> Any:
    """Performs a step in this process, tried again as it says where that can help."""
    for seconds in step.retry_seconds:
        try:
            return step.function(night, *arguments)
        except Exception as error:
            if not steps.is_worth_a_retry(error):
                raise
            log.warning("%s failed (%s); tried again in %s s", label, error, seconds)
        time.sleep(seconds)
    return step.function(night, *arguments)


def _perform(perform: Perform, step: Step, night: Night, *arguments: object, of: str = "") -> Any:
    """Performs a step that is told to whoever waits for the run."""
    label = f"{step.name} {of}".strip()
    log.info(label)
    if night.tell:
        night.tell(label)
    return perform(step, label, night, *arguments)
