"""The schedule keeps the home's clock, and what is scheduled is really run."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpx
import nights
import psutil
import pytest
from prefect_records import NewRecords

from recovery.home import lock
from recovery.home.settings import Settings
from recovery.job import last_run
from recovery.pipelines import door, schedule, server

pytestmark = pytest.mark.slow

ENDS = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

SERVE = """
import sys
from recovery.cli import main
from recovery.pipelines import service

service.FIRST_S, service.MISSED_S, service.SURE_S = 0.2, 1.0, 0.2
sys.argv = ["recovery", "nightly", "--home", sys.argv[1], "--at", "04:30", "--at", "10:00"]
main()
"""


def dates(rule: str, zone: str, count: int, start: datetime) -> list[datetime]:
    from prefect.server.schemas.schedules import RRuleSchedule  # not imported by workers that run other tests

    return asyncio.run(RRuleSchedule(rrule=rule, timezone=zone).get_dates(n=count, start=start))


def runs(at: str, zone: str, since: str, count: int, made: str = "2026-01-01") -> list[str]:
    """The next runs of the job as Prefect computes them, by the clock of the zone and in UTC."""
    rule = schedule.rule(at, zone, datetime.fromisoformat(made).replace(tzinfo=UTC))
    start = datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(zone))
    found = dates(rule, zone, count, start)
    return [f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M%z}" for moment in found]


def test_half_past_four_stays_half_past_four_across_both_changes_of_the_clock() -> None:
    assert runs("04:30", "Europe/Berlin", "2026-03-28 12:00", 2) == ["03-29 04:30+0200", "03-30 04:30+0200"]
    assert runs("04:30", "Europe/Berlin", "2026-10-24 12:00", 2) == ["10-25 04:30+0100", "10-26 04:30+0100"]


def test_a_time_the_clock_jumps_over_runs_at_the_next_minute_there_is() -> None:
    assert runs("02:30", "Europe/Berlin", "2026-03-28 00:00", 3) == [
        "03-28 02:30+0100", "03-29 03:00+0200", "03-30 02:30+0200",
    ]  # fmt: skip
    assert runs("02:00", "America/New_York", "2027-03-13 12:00", 2) == ["03-14 03:00-0400", "03-15 02:00-0400"]


def test_a_midnight_that_does_not_exist_does_not_run_the_day_before() -> None:
    assert runs("00:30", "Africa/Cairo", "2026-04-23 12:00", 2) == ["04-24 01:00+0300", "04-25 00:30+0300"]


@pytest.mark.parametrize("asked_at", ["2026-10-25 00:00", "2026-10-24 12:00"])
def test_a_doubled_time_runs_once(asked_at: str) -> None:
    assert runs("02:30", "Europe/Berlin", asked_at, 2) == ["10-25 02:30+0200", "10-26 02:30+0100"]


@pytest.mark.parametrize("minutes", [31, 59, 60, 75, 91, 119])
def test_a_doubled_time_does_not_run_again_when_the_hour_comes_back(minutes: int) -> None:
    rule = schedule.rule("02:30", "Europe/Berlin", datetime(2026, 1, 1, tzinfo=UTC))
    first_pass = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 02:00 summer time

    found = dates(rule, "Europe/Berlin", 1, first_pass.replace(hour=minutes // 60, minute=minutes % 60))

    assert found == [datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


class Service(NamedTuple):
    """`recovery nightly` of a home in which no run was made since the last time one was due."""

    settings: Settings
    process: "subprocess.Popen[str]"
    api: httpx.Client  # with the key
    deployment: dict[str, Any]
    planted: Settings  # a home of somebody else

    def final(self, run: str) -> str:
        """How a flow run ended."""
        until = time.monotonic() + 120
        while (found := self.api.get(f"/flow_runs/{run}").json())["state_type"] not in ENDS:
            assert time.monotonic() < until, found
            time.sleep(0.3)
        return f"{found['state_name']} {found['state']['message']}"

    def asked(self, method: str, path: str, body: object) -> httpx.Response:
        """What Prefect answers; tried again where its database is busy, as its own client does."""
        for _ in range(5):
            answer = self.api.request(method, path, json=body)
            if answer.status_code < 500:
                break
            time.sleep(1)
        return answer

    def started(self, **body: object) -> str:
        """A flow run of the deployment that begins at once."""
        answer = self.asked("POST", f"/deployments/{self.deployment['id']}/create_flow_run", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def begun(self) -> list[dict[str, Any]]:
        """The flow runs that have begun, the first one first."""
        answer = self.api.post("/flow_runs/filter", json={"sort": "START_TIME_ASC"}).json()
        return [run for run in answer if run["start_time"]]


def watched_by(file: Path) -> list[str]:
    """The words before a command that write its calls of the network to a file; none where that is not possible."""
    words = ["strace", "-DDD", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,bind"]
    try:
        subprocess.run([*words, "-o", "/dev/null", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [*words, "-o", str(file)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, new_records: NewRecords) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    settings, planted = nights.home(folder / "served-home"), nights.home(folder / "another-home")
    new_records.give(settings.home)
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_API")}
    with (folder / "told").open("w") as told:
        process = subprocess.Popen(
            [*watched_by(folder / "calls"), sys.executable, "-c", SERVE, str(settings.home.folder)],
            env={**elsewhere, "PREFECT_RUNNER_POLL_FREQUENCY": "1"},
            stdout=told,
            stderr=told,
            text=True,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + 180
        while (last := last_run.last_run(settings.home)) is None or not last.ended_utc:
            assert process.poll() is None, (folder / "told").read_text()
            assert time.monotonic() < until
            time.sleep(0.2)
        known = json.loads(settings.home.door.read_text())
        headers = {"Authorization": door.credentials(known["key"])}
        with httpx.Client(base_url=f"{known['address']}/api", headers=headers, timeout=30) as api:
            (deployment,) = api.post("/deployments/filter", json={}).json()
            yield Service(settings, process, api, deployment, planted)
    finally:
        process.kill()
        process.wait()


def test_a_run_that_was_missed_is_made_up_for_once(service: Service) -> None:
    last = last_run.last_run(service.settings.home)
    assert last
    assert (last.name, last.status, last.exit_status) == ("recovery nightly", "published", 0)
    assert len(nights.published(service.settings)["massages"]) == 2

    time.sleep(3)  # the clock is looked at three times more

    (run,) = service.begun()
    assert (run["auto_scheduled"], run["tags"]) == (False, ["made up for"])
    rules = [rule["schedule"]["rrule"] for rule in service.deployment["schedules"]]
    assert {rule.partition("\n")[0][-7:] for rule in rules} == {"T043000", "T100000"}


def test_whatever_parameters_arrive_a_service_runs_its_own_home(service: Service) -> None:
    theirs = {"home": str(service.planted.home.folder), "zone": "UTC"}
    assert "runs the home" in service.final(service.started(parameters=theirs))

    schedule = {"schedule": {"interval": 3600, "anchor_date": "2020-01-01T00:00:00Z"}, "parameters": theirs}
    path = f"/deployments/{service.deployment['id']}"
    assert service.asked("PATCH", path, {"parameters": theirs}).status_code == 204
    assert service.asked("POST", f"{path}/schedules", [schedule]).status_code == 201
    assert "runs the home" in service.final(service.started())
    assert not service.planted.home.private.exists()


def test_nobody_changes_schedules_or_parameters_without_the_key(service: Service) -> None:
    path = f"{service.api.base_url}deployments/{service.deployment['id']}"
    before = service.api.get(path).json()
    asked = [
        httpx.patch(path, json={"parameters": {}}),
        httpx.patch(f"{path}/schedules/{before['schedules'][0]['id']}", json={"active": False}),
        httpx.post(f"{path}/schedules", json=[]),
        httpx.post(f"{path}/create_flow_run", json={}),
        httpx.delete(path),
    ]

    assert [answer.status_code for answer in asked] == [401] * len(asked)
    assert service.api.get(path).json()["schedules"] == before["schedules"]


def test_a_night_talks_to_this_machine_alone(service: Service) -> None:
    file = service.settings.home.folder.parent / "calls"
    if not file.exists():
        pytest.skip("strace is not here, or may not watch: what a night says on the network is not seen")

    calls = file.read_text()
    addresses = set(re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', calls))

    assert {four or six for four, six in addresses} <= {"127.0.0.1", "::1"}
    assert "127.0.0.1" in calls


def test_a_service_that_is_stopped_ends_with_one_line_and_leaves_nothing(service: Service) -> None:
    family = psutil.Process(service.process.pid).children(recursive=True)

    os.killpg(service.process.pid, signal.SIGTERM)  # as a terminal or a service manager does

    assert service.process.wait(30) == 143
    said = (service.settings.home.folder.parent / "told").read_text().splitlines()
    assert said[0].startswith("Every night at 04:30 and 10:00 (Europe/Berlin). Prefect shows the runs at http://127")
    assert said[1:] == ["recovery: stopped by SIGTERM; what was published before still stands."]
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert list(service.settings.home.temporary.iterdir()) == []
    assert not lock.is_held(service.settings.home)
    assert not service.settings.home.door.exists()


# As `recovery nightly` does, on a server of its own; what is said goes to a file.
SERVE_UNWATCHED = """
import sys
from pathlib import Path
from recovery.home.memory import collect_seldom
collect_seldom()
from recovery.home.settings import load_settings
from recovery.pipelines import nightly

nightly.serve(load_settings(Path(sys.argv[1])), "02:30", announce=lambda line: Path(sys.argv[2]).write_text(line))
"""


def test_every_night_brings_its_own_server_which_ends_with_it_even_when_it_is_killed(
    tmp_path: Path, new_records: NewRecords
) -> None:
    settings = nights.home(tmp_path / "served-home")
    new_records.give(settings.home)
    told = tmp_path / "told"
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_API")}
    service = subprocess.Popen(
        [sys.executable, "-c", SERVE_UNWATCHED, str(settings.home.folder), str(told)], env=elsewhere
    )
    deployments: list[dict[str, Any]] = []
    until = time.monotonic() + 120
    while not deployments and time.monotonic() < until:
        assert service.poll() is None
        time.sleep(0.3)
        if told.exists() and (found := re.search(r"http://127\.0\.0\.1:\d+", told.read_text())):
            known = json.loads(settings.home.door.read_text())
            headers = {"Authorization": door.credentials(known["key"])}
            deployments = httpx.post(f"{found[0]}/api/deployments/filter", json={}, headers=headers).json()
            assert "<html" in httpx.get(found[0], headers=headers, follow_redirects=True).text.lower()
            assert settings.home.door.stat().st_mode & 0o077 == 0
    servers = psutil.Process(service.pid).children()

    service.kill()
    service.wait()

    (deployment,) = deployments
    assert deployment["name"] == "served-home"
    assert deployment["schedules"][0]["schedule"]["timezone"] == "Europe/Berlin"
    assert "T023000" in deployment["schedules"][0]["schedule"]["rrule"]
    assert "Every night at 02:30 (Europe/Berlin)" in told.read_text()
    assert (settings.home.prefect / "prefect.db").stat().st_mode & 0o077 == 0
    assert servers
    _, alive = psutil.wait_procs(servers, timeout=30)
    assert alive == []


def test_two_servers_never_share_a_port() -> None:
    with server._listening(usual=True) as first, server._listening(usual=True) as second:
        assert first.getsockname()[1] != second.getsockname()[1]
