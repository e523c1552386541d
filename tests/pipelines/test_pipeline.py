"""The flow on a real Prefect server: what it publishes, says, shows and refuses."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import nights
import pytest
from click.testing import CliRunner, Result

from recovery import checks, report
from recovery.cli import cli
from recovery.errors import CriticalCheckError, LockedError, RecoveryError
from recovery.home import lock
from recovery.home.folder import Home
from recovery.home.settings import Settings, load_settings
from recovery.job import notification, steps
from recovery.job.run import OnStep, RunSummary
from recovery.pipelines import artifacts, environment, server

pytestmark = pytest.mark.usefixtures("prefect_server")

FAILING_CHECK = """
from recovery.checks._kinds import NoRows

RELATION = "runs"
KEY = ("run_id",)
CHECKS = (NoRows("critical", "A check that always fails.", "select 'me' as subject, 'here' as place, 7 as value"),)
"""


def run_flow(settings: Settings, on_step: OnStep | None = None) -> RunSummary:
    """A run by the flow; Prefect takes seconds to import, which is left to the worker that needs it."""
    from recovery.pipelines import nightly

    return nightly.run(settings, on_step)


@pytest.fixture(scope="module")
def first(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RunSummary, list[str]]:
    """A home after its first run, the run's summary, and the steps it told of."""
    settings = nights.home(tmp_path_factory.mktemp("first") / "my-back")
    told: list[str] = []
    summary = run_flow(settings, told.append)
    return settings, summary, told


@contextmanager
def a_failing_check(folder: Path) -> Iterator[None]:
    """One more check, found beside the real ones, that always fails."""
    folder.mkdir()
    (folder / "runs.py").write_text(FAILING_CHECK)
    checks.__path__.append(str(folder))
    checks.relations.cache_clear()
    try:
        yield
    finally:
        checks.__path__.remove(str(folder))
        checks.relations.cache_clear()
        sys.modules.pop("recovery.checks.runs", None)


class Refused(NamedTuple):
    """A home in which a check failed in two runs after the first, which was made without Prefect, and held again."""

    settings: Settings
    told: Result  # of the command, in the first of them
    snapshots: list[tuple[bytes, bytes]]  # database and page before these runs and after the first of them
    page_of_checks: str  # after the first of them
    last: RunSummary
    heard: list[str]  # by the user's command, a line per run


@pytest.fixture(scope="module")
def refused(prefect_server: str, first_run: nights.FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Refused:
    folder = tmp_path_factory.mktemp("refused")
    program = folder / "hear.py"
    program.write_text(
        "import os, sys; open(sys.argv[1], 'a').write(os.environ['RECOVERY_STATUS'] + ' ' + sys.stdin.read() + '\\n')"
    )
    command = json.dumps([sys.executable, str(program), str(folder / "heard")])
    settings = first_run.copy(folder / "home")
    settings.home.settings.write_text(nights.TOML + f"[notify]\ncommand = {command}\n")
    settings = load_settings(settings.home.folder)

    def snapshot() -> tuple[bytes, bytes]:
        return settings.home.published.read_bytes(), settings.home.report.read_bytes()

    snapshots = [snapshot()]
    (settings.home.inbox / "diary.csv").write_text(nights.DIARY + "2025-05-04,3,5\n")
    with a_failing_check(folder / "more_checks"):
        told = CliRunner().invoke(cli, ["run", "--home", str(settings.home.folder)])
        snapshots.append(snapshot())
        page = (settings.home.checks / "index.html").read_text()
        with pytest.raises(CriticalCheckError):  # nothing new, and still not published: it is not passed over
            run_flow(settings)
    last = run_flow(settings)
    return Refused(settings, told, snapshots, page, last, (folder / "heard").read_text().splitlines())


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.home.published), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_first_run_publishes_the_tables_the_page_and_the_checks(
    first: tuple[Settings, RunSummary, list[str]],
) -> None:
    settings, summary, told = first

    assert summary.status == "published"
    assert summary.files_new == 5
    assert summary.rows_new > 10
    assert summary.critical == ()
    assert rows(settings, "select count(*) from massages") == [(2,)]
    assert rows(settings, "select count(*) > 0 from timeline") == [(True,)]
    assert rows(settings, "select status, files_new, rows_new from runs") == [("published", 5, summary.rows_new)]
    assert rows(settings, "select count(*) > 50, bool_and(success or severity = 'warning') from checks") == [
        (True, True)
    ]
    assert settings.home.report.is_file()
    assert (settings.home.checks / "index.html").is_file()
    assert told[0] == "look into the inbox"
    assert told[-4:] == ["compute minutes, days and massages", "estimate effects", "check", "publish"]
    assert any(step.startswith("read ") for step in told)


def test_everything_a_run_writes_is_its_owners_alone(first: tuple[Settings, RunSummary, list[str]]) -> None:
    settings, _, _ = first
    home = settings.home

    written = [home.published, home.report, *home.checks.rglob("*"), home.private, *home.private.rglob("*")]

    assert [path for path in written if path.stat().st_mode & 0o077] == []


def test_prefect_shows_the_run_and_its_steps_by_names_for_people(
    first: tuple[Settings, RunSummary, list[str]],
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    del first
    with get_client(sync_client=True) as client:
        runs = [run for run in client.read_flow_runs() if run.name.endswith("my-back")]
        keys = {
            artifact.key
            for artifact in client.read_artifacts(
                artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["loaded", "refused", "headline"]))
            )
        }
    (run,) = runs

    assert run.state_name == "Completed"
    assert run.name[:4].isdigit()
    assert set(run.parameters) == {"home", "zone"}
    assert keys == {"loaded", "refused", "headline"}


def test_the_flow_and_a_plain_run_are_the_same_steps_and_publish_the_same(
    first: tuple[Settings, RunSummary, list[str]], first_run: nights.FirstRun
) -> None:
    by_flow, summary, _ = first
    plain = first_run.summary

    assert tasks_of(by_flow, len(first_run.performed)) == first_run.performed
    assert nights.published(first_run.settings) == nights.published(by_flow)
    assert [plain.status, plain.files_new, plain.rows_new, plain.warnings] == [
        summary.status, summary.files_new, summary.rows_new, summary.warnings
    ]  # fmt: skip


def tasks_of(settings: Settings, count: int) -> list[tuple[str, int]]:
    """Name and retries of the tasks of a home's first run, as Prefect's server has them after a while."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    with get_client(sync_client=True) as client:
        runs = [run for run in client.read_flow_runs() if run.parameters.get("home") == str(settings.home.folder)]
        oldest = min(runs, key=lambda run: run.start_time)
        until = time.monotonic() + 60
        while True:
            tasks = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[oldest.id])))
            if len(tasks) >= count or time.monotonic() > until:
                break
            time.sleep(0.2)
    tasks.sort(key=lambda task: task.start_time)
    return [(task.name, task.empirical_policy.retries) for task in tasks]


def test_a_second_run_finds_nothing_new_and_publishes_nothing(
    first: tuple[Settings, RunSummary, list[str]],
) -> None:
    settings, _, _ = first
    before = settings.home.published.stat().st_mtime_ns
    told: list[str] = []

    summary = run_flow(settings, told.append)

    assert (summary.status, summary.files_new, summary.rows_new) == ("nothing new", 0, 0)
    assert settings.home.published.stat().st_mtime_ns == before
    assert told == ["look into the inbox", "compute minutes, days and massages"]


def test_a_run_with_nothing_new_does_not_import_great_expectations(
    first: tuple[Settings, RunSummary, list[str]],
) -> None:
    settings, _, _ = first
    program = (
        "import sys; from pathlib import Path; from recovery.pipelines import nightly;"
        "from recovery.home.settings import load_settings;"
        "told = nightly.run(load_settings(Path(sys.argv[1])));"
        "print(told.status, 'great_expectations' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(settings.home.folder)], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "nothing new False"


def test_a_critical_failure_leaves_the_last_snapshot_and_exits_3_until_it_is_mended(refused: Refused) -> None:
    assert refused.told.exit_code == 3
    assert "last good snapshot stands" in refused.told.stderr
    assert "A check that always fails." in refused.told.stderr
    assert refused.snapshots[1] == refused.snapshots[0]
    assert "A check that always fails." in refused.page_of_checks
    assert refused.last.status == "published"
    assert [status for (status,) in rows(refused.settings, "select status from runs order by started_utc")] == [
        "published", "failed checks", "failed checks", "published",
    ]  # fmt: skip
    assert rows(refused.settings, "select count(*) from rejected where path = 'relation'") == [(0,)]


def test_the_users_command_hears_of_success_and_of_failure(refused: Refused) -> None:
    bad, *_, good = refused.heard

    assert good.startswith("published {")
    assert json.loads(good.removeprefix("published "))["rows_new"] == refused.last.rows_new
    assert bad.startswith("failed checks {")
    assert "A check that always fails." in json.loads(bad.removeprefix("failed checks "))["message"]


HOLD = """
import sys
from pathlib import Path
from recovery.home import lock
from recovery.home.settings import load_settings

with lock.held(load_settings(Path(sys.argv[1])), "recovery nightly"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_and_says_who_is_at_work_since_when(tmp_path: Path) -> None:
    settings = nights.home(tmp_path / "home")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.home.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"

        with pytest.raises(LockedError) as refused:
            run_flow(settings)
        assert f"recovery nightly, process {holder.pid}, since 20" in str(refused.value)
        assert refused.value.exit_status == 1

        holder.kill()
    with lock.held(settings):  # the system released it
        pass


def test_neither_a_file_that_cannot_be_read_nor_a_page_that_fails_holds_up_the_database(
    first_run: nights.FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = first_run.copy(tmp_path / "home")
    (settings.home.inbox / "diary.csv").write_text(nights.DIARY + "2025-05-04,3,5\n")
    for old in (settings.home.published, settings.home.report):
        old.unlink()
    (settings.home.inbox / "cut.zip").write_bytes(b"PK\x03\x04 and no more")

    def no_page(_: Settings, **__: object) -> Path:
        raise ValueError("no page today")

    monkeypatch.setattr(report, "write", no_page)
    summary = run_flow(settings)
    monkeypatch.undo()

    assert summary.status == "published"
    assert [line.partition(":")[0] for line in summary.rejected] == ["cut.zip"]
    assert any("no page today" in warning for warning in summary.warnings)
    assert settings.home.published.is_file()
    assert run_flow(settings).status == "published"  # the page is still owed
    assert settings.home.report.is_file()


def test_a_notification_that_fails_is_noted_and_no_more(tmp_path: Path) -> None:
    settings = Settings(home=Home(tmp_path), notify_command=("/no/such/program",))

    assert notification.send(settings, {"status": "published"}) is False


def test_figures_go_to_no_server_elsewhere(empty: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example.org/api")

    assert artifacts.show(empty, 1, 1, [], []) is False  # else it would ask for tables that are not there
    for url in ("http://127.0.0.1:4200/api", "http://localhost:4200/api", "http://[::1]:4200/api"):
        monkeypatch.setenv("PREFECT_API_URL", url)
        assert environment.is_local_api()


def test_only_what_the_system_failed_at_is_tried_again() -> None:
    worth = steps.is_worth_a_retry

    assert worth(OSError("the disk was away"))
    assert not worth(ValueError("our mistake"))
    assert not worth(CriticalCheckError("no"))


def test_the_pages_of_prefect_show_the_lines_of_the_job(first: tuple[Settings, RunSummary, list[str]]) -> None:
    from prefect.client.orchestration import get_client
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=20)
    with get_client(sync_client=True) as client:
        lines = {line.message for line in client.read_logs() if line.name == "recovery.job"}

    assert {"compute minutes, days and massages", "estimate effects", "1 people examined", "publish"} <= lines
    assert [line for line in lines if line.endswith(" checks, 0 critical failures, 0 warnings")]


def test_lines_that_name_files_go_to_no_server_elsewhere() -> None:
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    told = subprocess.run(
        [sys.executable, "-c", "import os, recovery.pipelines; print(os.environ.get('PREFECT_LOGGING_EXTRA_LOGGERS'))"],
        env={**elsewhere, "PREFECT_API_URL": "https://prefect.example.org/api"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == "None"


def test_the_prefect_of_a_run_lives_in_the_home_and_reports_to_nobody(prefect_server: str) -> None:
    from prefect.settings import get_current_settings

    told = server._environment(Home(Path("/some/home")), 4711, is_passing=True)

    assert told["PREFECT_HOME"] == "/some/home/.recovery/prefect"
    assert told["DO_NOT_TRACK"] == "1"
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert "PREFECT_API_URL" not in told
    assert get_current_settings().server.analytics_enabled is False
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"


def test_a_server_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")

    with pytest.raises(RecoveryError, match=r"No Prefect server answers at http://127.0.0.1:9/api\. Start it"):
        run_flow(nights.home(tmp_path / "home"))

    monkeypatch.undo()
    environment.reread()  # Prefect remembers what it read: the next test would ask the server that is not there
