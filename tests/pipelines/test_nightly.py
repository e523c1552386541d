"""The schedule keeps the home's clock, and what is scheduled is really run."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import nights
import psutil
import pytest
from prefect.server.schemas.schedules import RRuleSchedule

from recovery.home.settings import load_settings
from recovery.pipelines import door, nightly, schedule, server

pytestmark = pytest.mark.slow

SERVE = """
import sys
from datetime import timedelta
from pathlib import Path
from prefect.schedules import Interval
from recovery.pipelines import environment, nightly
from recovery.home.settings import load_settings

settings = load_settings(Path(sys.argv[1]))
environment.use(settings.home)
nightly.serve_on(settings, Interval(timedelta(seconds=6)))
"""


def runs(at: str, zone: str, since: str, count: int, made: str = "2026-01-01") -> list[str]:
    """The next runs of the job as Prefect computes them, by the clock of the zone and in UTC."""
    rule = schedule.rule(at, zone, datetime.fromisoformat(made).replace(tzinfo=UTC))
    prefects = RRuleSchedule(rrule=rule, timezone=zone)
    start = datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(zone))
    found = asyncio.run(prefects.get_dates(n=count, start=start))
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

    found = asyncio.run(
        RRuleSchedule(rrule=rule, timezone="Europe/Berlin").get_dates(
            n=1, start=first_pass.replace(hour=minutes // 60, minute=minutes % 60)
        )
    )

    assert found == [datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


def run_with(home: Path) -> str:
    """How a run ends that somebody with access to the API starts for another home than the service's."""
    from prefect.client.orchestration import get_client

    until = time.monotonic() + 120
    with get_client(sync_client=True) as client:
        while not (mine := [found for found in client.read_deployments() if found.name == "scheduled-home"]):
            assert time.monotonic() < until
            time.sleep(0.2)
        run = client.create_flow_run_from_deployment(mine[0].id, parameters={"home": str(home), "zone": "UTC"})
        while not (state := client.read_flow_run(run.id).state) or not state.is_final():
            assert time.monotonic() < until, state
            time.sleep(0.3)
    return f"{state.type} {state.message}"


def test_a_scheduled_run_really_runs(prefect_server: str, tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client

    settings = nights.home(tmp_path / "scheduled-home")
    service = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(settings.home.folder)],
        env={**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1"},
        start_new_session=True,
    )
    planted = nights.home(tmp_path / "another-home")
    try:
        refused = run_with(planted.home.folder)
        until = time.monotonic() + 120
        while not settings.home.report.exists() and time.monotonic() < until:
            assert service.poll() is None
            time.sleep(0.2)
    finally:
        os.killpg(service.pid, signal.SIGTERM)
        service.wait(30)

    with get_client(sync_client=True) as client:
        found = [run for run in client.read_flow_runs(limit=200) if run.name.endswith("scheduled-home")]
    assert settings.home.published.is_file()
    assert len(nights.published(settings)["massages"]) == 2
    assert any(run.auto_scheduled and run.start_time for run in found)
    assert "runs the home" in refused
    assert not planted.home.published.exists()
    assert not planted.home.work.exists()


def serve_every_night(folder: str, told: str) -> None:
    """As `recovery nightly` does, on a server of its own; what is said goes to a file."""
    os.environ.pop("PREFECT_API_URL", None)  # of the process that this one was forked from
    nightly.serve(load_settings(Path(folder)), "02:30", announce=lambda line: Path(told).write_text(line))


def test_every_night_brings_its_own_server_which_ends_with_it_even_when_it_is_killed(tmp_path: Path) -> None:
    settings = nights.home(tmp_path / "served-home")
    told = tmp_path / "told"
    service = nights.another_process(serve_every_night, str(settings.home.folder), str(told))
    deployments: list[dict[str, Any]] = []
    until = time.monotonic() + 120
    while not deployments and time.monotonic() < until:
        assert service.is_alive()
        time.sleep(0.3)
        if told.exists() and (found := re.search(r"http://127\.0\.0\.1:\d+", told.read_text())):
            known = json.loads(settings.home.door.read_text())
            headers = {"Authorization": door.credentials(known["key"])}
            deployments = httpx.post(f"{found[0]}/api/deployments/filter", json={}, headers=headers).json()
            assert "<html" in httpx.get(found[0], headers=headers, follow_redirects=True).text.lower()
            assert settings.home.door.stat().st_mode & 0o077 == 0
    servers = psutil.Process(service.pid).children()

    service.kill()
    service.join()

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
