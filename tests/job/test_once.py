"""A run starts Prefect where there is something to do, and not at all where there is nothing."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nights
import pytest

from recovery.home.settings import Settings, load_settings
from recovery.job.once import has_work, run_once
from recovery.job.order import in_order, plainly
from recovery.job.run import Run, RunSummary, open_run

HEAVY = ("prefect", "great_expectations", "fastapi", "statsmodels", "scipy")


@pytest.fixture
def settings(first_run: nights.FirstRun, tmp_path: Path) -> Settings:
    """Of a home after its first run."""
    return first_run.copy(tmp_path / "home")


def worked(settings: Settings) -> bool:
    """Whether a run hands its steps on; it performs them all the same."""
    handed: list[Run] = []

    def perform_all(run: Run) -> RunSummary:
        handed.append(run)
        return in_order(run, plainly)

    run_once(load_settings(settings.home.folder), perform_all)
    return bool(handed)


@pytest.mark.slow
def test_the_steps_are_handed_on_where_there_is_work_and_only_there(settings: Settings, tmp_path: Path) -> None:
    handed: list[bool] = []

    def take(_: Run) -> RunSummary:
        handed.append(True)
        return RunSummary("published")

    run_once(nights.home(tmp_path / "new"), take)

    assert handed
    assert not worked(settings)


def append(settings: Settings, text: str) -> None:
    with settings.home.settings.open("a", encoding="utf-8") as stream:
        stream.write(text)


def more_of_a_log(settings: Settings) -> None:
    log = settings.home.inbox / "massages.csv"
    log.write_text(log.read_text() + "2024-02-27,10:00,45,more\n")


CHANGES: dict[str, Callable[[Settings], object]] = {
    "another row of a log": more_of_a_log,
    "a file that no reader knows": lambda settings: (settings.home.inbox / "new.txt").write_text("?"),
    "an exclusion": lambda settings: append(
        settings, '\n[[exclusions]]\nfrom = 2024-02-03\nto = 2024-02-04\nreason = "flu"\n'
    ),
    "a log that is complete for longer": lambda settings: append(
        settings, '\n[log_complete_until]\n"massages.csv" = 2024-12-01\n'
    ),
    "a main number": lambda settings: append(settings, '\n[primary]\nmovement = "moving_min"\n'),
    "a page that is gone": lambda settings: settings.home.report.unlink(),
    "a removed log": lambda settings: (settings.home.inbox / "massages.csv").unlink(),
    "a snapshot that is gone": lambda settings: settings.home.published.unlink(),
}


MADE_TOGETHER = (  # a run costs seconds: what changes different things is made before one run
    ("another row of a log", "a file that no reader knows", "an exclusion", "a log that is complete for longer",
     "a main number"),
    ("a page that is gone",),
    ("a removed log",),
    ("a snapshot that is gone",),
)  # fmt: skip


@pytest.mark.slow
def test_every_change_is_work(first_run: nights.FirstRun, tmp_path: Path) -> None:
    for number, (name, change) in enumerate(CHANGES.items()):
        settings = first_run.copy(tmp_path / str(number))
        change(settings)

        with open_run(load_settings(settings.home.folder)) as run:
            assert has_work(run), name


@pytest.mark.slow
def test_every_change_is_work_once(settings: Settings) -> None:
    assert sorted(name for names in MADE_TOGETHER for name in names) == sorted(CHANGES)

    for names in MADE_TOGETHER:
        for name in names:
            CHANGES[name](settings)

        assert worked(settings), names
        with open_run(load_settings(settings.home.folder)) as run:
            assert not has_work(run), names


@pytest.mark.slow
def test_the_look_is_taken_once_though_the_flow_has_the_step_too(settings: Settings) -> None:
    with open_run(settings) as run:
        assert not has_work(run)
        more_of_a_log(settings)  # a second look would find it
        assert in_order(run, plainly).status == "nothing new"


@pytest.mark.slow
def test_a_run_with_nothing_new_loads_neither_prefect_nor_the_checks(settings: Settings) -> None:
    program = (
        "import sys; from recovery.cli import cli\n"
        "cli(sys.argv[1:], standalone_mode=False)\n"
        f"print('loaded:', [name for name in {HEAVY} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, "run", "--home", str(settings.home.folder)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "Nothing new was read." in done.stdout
    assert "start Prefect" not in done.stdout
    assert "loaded: []" in done.stdout
