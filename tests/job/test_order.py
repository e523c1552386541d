"""The order of the steps, performed without Prefect; what is tried again, and what is not.

That the Prefect flow runs the same steps and publishes the same tables: tests/pipelines/test_pipeline.py.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import nights
import pytest
from click.testing import CliRunner

from recovery import report
from recovery.cli import cli
from recovery.errors import CriticalCheckError, HomeError
from recovery.home.settings import Settings
from recovery.job import steps
from recovery.job.order import plainly
from recovery.job.run import Run, open_run
from recovery.job.steps import Step
from recovery.readers import readers

PACKS = [
    f"{readers()[reader].LABEL}, {files} ({number} of 3)"
    for number, (reader, files) in enumerate(
        [("diary_log", "1 file"), ("fitbit_takeout", "3 files"), ("massage_log", "1 file")], start=1
    )
]
EVERY_STEP = [
    ("look into the inbox", 2),
    *((f"{verb} {pack}", retries) for pack in PACKS for verb, retries in (("read", 2), ("load", 0))),
    ("write receipts", 0),
    ("compute minutes, days and massages", 0),
    ("estimate effects", 0),
    ("check", 0),
    ("publish", 0),
]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    settings = nights.home(tmp_path / "home")
    with open_run(settings) as opened:
        yield opened


class Failing:
    """A step that raises these errors, one a call, and then works; what it was called with."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls: list[tuple[object, ...]] = []

    def __call__(self, run: Run, *arguments: object) -> str:
        self.calls.append(arguments)
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.slow
def test_the_steps_of_a_first_run_in_their_order_with_their_retries(first_run: nights.FirstRun) -> None:
    summary = first_run.summary

    assert [summary.status, summary.files_new, summary.rejected, summary.critical] == ["published", 5, (), ()]
    assert first_run.performed == EVERY_STEP
    assert first_run.settings.home.report.is_file()
    assert nights.published(first_run.settings)["massages"] != []


@pytest.mark.slow
def test_a_run_with_nothing_new_only_looks_and_computes(first_run: nights.FirstRun, tmp_path: Path) -> None:
    settings = first_run.copy(tmp_path / "home")
    before = settings.home.published.read_bytes()

    summary, performed = nights.run_plainly(settings)

    assert [label for label, _ in performed] == [
        "look into the inbox", "write receipts", "compute minutes, days and massages",
    ]  # fmt: skip
    assert (summary.status, summary.files_new, summary.rows_new) == ("nothing new", 0, 0)
    assert settings.home.published.read_bytes() == before


@pytest.mark.slow
def test_each_step_is_announced_to_whoever_waits(first_run: nights.FirstRun) -> None:
    done = [count for count, _ in first_run.progress]

    assert first_run.heard == [label for label, _ in EVERY_STEP if not label.startswith(("load", "write"))]
    assert done == sorted(done)
    assert first_run.progress[-1][0] == first_run.progress[-1][1] > 0


def with_nothing_published(first_run: nights.FirstRun, folder: Path) -> Settings:
    """A home after its first run whose file and page of results are gone, so that a run publishes."""
    settings = first_run.copy(folder / "home")
    settings.home.published.unlink()
    settings.home.report.unlink()
    return settings


@pytest.mark.slow
def test_pages_that_only_grew_older_are_no_reason_to_publish_and_weeks_are_not_written_again(
    first_run: nights.FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = first_run.copy(tmp_path / "home")
    write, later = report.write, datetime(2027, 12, 1, 12)
    monkeypatch.setattr(report, "write", lambda settings, **how: write(settings, later, **how))
    months = {path: path.stat().st_mtime_ns for path in settings.home.pages.rglob("weeks*.html")}
    before = settings.home.report.stat().st_size

    assert [nights.run_plainly(settings)[0].status for _ in range(2)] == ["nothing new", "nothing new"]

    assert settings.home.report.stat().st_size != before  # its ages went on
    assert months
    assert {path: path.stat().st_mtime_ns for path in settings.home.pages.rglob("weeks*.html")} == months


@pytest.mark.slow
def test_pages_that_a_person_had_written_anew_are_no_reason_to_publish(
    first_run: nights.FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = first_run.copy(tmp_path / "home")
    write, later = report.write, datetime(2027, 12, 1, 12)
    monkeypatch.setattr(report, "write", lambda settings, **how: write(settings, later, **how))

    assert CliRunner().invoke(cli, ["report", "--home", str(settings.home.folder)]).exit_code == 0

    assert nights.run_plainly(settings)[0].status == "nothing new"


@pytest.mark.slow
def test_a_page_that_cannot_be_written_is_a_warning_and_the_tables_are_published(
    first_run: nights.FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_nothing_published(first_run, tmp_path)

    def fail(_: Settings, **__: object) -> None:
        raise ZeroDivisionError("no page today")

    monkeypatch.setattr(report, "write", fail)
    summary, _ = nights.run_plainly(settings)

    assert summary.status == "published"
    assert [one for one in summary.warnings if one.endswith("the page could not be written: no page today")]
    assert settings.home.published.is_file()
    assert not settings.home.report.exists()


@pytest.mark.slow
def test_a_critical_check_publishes_nothing(
    first_run: nights.FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_nothing_published(first_run, tmp_path)
    summary = steps.checks.CheckSummary(("A day has 25 hours.",), (), 1)
    monkeypatch.setattr(steps.checks, "run", lambda *_: summary)

    with pytest.raises(CriticalCheckError, match=r"the last good snapshot stands: A day has 25 hours\."):
        nights.run_plainly(settings)

    assert not settings.home.published.exists()
    with open_run(settings) as opened:
        assert opened.connection.execute("select status from raw.runs order by started_utc").fetchall() == [
            ("published",),
            ("failed checks",),
            ("running",),
        ]


def test_a_step_that_the_system_fails_twice_is_tried_again(run: Run) -> None:
    function = Failing(OSError("the disk is away"), TimeoutError("still away"))

    assert plainly(Step("read", function, (0, 0)), "read a", run, 1, "b") == "done"

    assert function.calls == [(1, "b")] * 3


def test_a_step_that_fails_more_often_than_it_is_tried_again_fails(run: Run) -> None:
    function = Failing(OSError("one"), OSError("two"), OSError("three"))

    with pytest.raises(OSError, match="three"):
        plainly(Step("read", function, (0, 0)), "read a", run)

    assert len(function.calls) == 3


@pytest.mark.parametrize("error", [HomeError("The disk is full."), ValueError("a bug of ours")])
def test_what_trying_again_cannot_help_is_not_tried_again(run: Run, error: Exception) -> None:
    function = Failing(error)

    with pytest.raises(type(error), match=str(error)):
        plainly(Step("read", function, (0, 0)), "read a", run)

    assert len(function.calls) == 1


def test_a_step_without_retries_is_called_once(run: Run) -> None:
    function = Failing(OSError("the disk is away"))

    with pytest.raises(OSError, match="away"):
        plainly(Step("load", function), "load a", run)

    assert len(function.calls) == 1
