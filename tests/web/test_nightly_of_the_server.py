"""The server runs the job at its times, makes up for one that was missed, and lets one that failed be."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recovery.actions.init import init
from recovery.home import lock
from recovery.home.folder import Home
from recovery.job import last_run
from recovery.web import nightly as module
from recovery.web.nightly import nightly
from recovery.web.runner import Runner
from recovery.web.site import Site

AT = ("04:30",)
NOT_YET = datetime(2026, 3, 10, 3, 25, tzinfo=UTC)  # 04:25 in Berlin


@pytest.fixture
def site(tmp_path: Path) -> Site:
    init(tmp_path / "home", "Europe/Berlin", ())
    return Site(tmp_path / "home", 8765)


def runs_begun(site: Site, moments: Sequence[datetime], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many runs were started by a server that looks at the clock at these moments; each notes a line."""
    noted = site.folder / "noted.txt"
    monkeypatch.setattr(module, "LOOK_S", 0)
    command = (sys.executable, "-S", "-c", f"open({str(noted)!r}, 'a').write('run\\n')")
    runner = Runner(site.folder, command)
    left = list(moments)

    def clock() -> datetime:
        if not left:
            raise asyncio.CancelledError
        if runner.process:
            runner.process.wait(20)
        return left.pop(0)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(nightly(site, runner, AT, clock))
    if runner.process:
        runner.process.wait(20)
    return noted.read_text().count("run") if noted.exists() else 0


def ran_at(site: Site, moment: datetime) -> None:
    """A run of anybody, begun at this moment."""
    home = Home(site.folder)
    run = last_run.begun(home, "recovery run")
    last_run.ended(home, run._replace(started_utc=moment), "published", 0)


def test_it_runs_once_when_its_time_has_come(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ran_at(site, NOT_YET - timedelta(hours=20))
    moments = [NOT_YET + timedelta(minutes=minutes) for minutes in (0, 4, 5, 6, 60)]

    assert runs_begun(site, moments, monkeypatch) == 1


def test_it_does_not_run_before_its_time_nor_where_somebody_else_ran(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran_at(site, NOT_YET - timedelta(hours=20))
    assert runs_begun(site, [NOT_YET], monkeypatch) == 0

    ran_at(site, NOT_YET + timedelta(minutes=6))
    assert runs_begun(site, [NOT_YET + timedelta(minutes=10)], monkeypatch) == 0


def test_a_night_that_was_missed_is_made_up_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ran_at(site, NOT_YET - timedelta(days=3))

    assert runs_begun(site, [NOT_YET + timedelta(hours=9)], monkeypatch) == 1


def test_a_run_that_was_cut_off_is_made_up_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    last_run.begun(Home(site.folder), "recovery run")  # and it was killed

    assert runs_begun(site, [datetime.now(UTC)], monkeypatch) == 1


def test_while_somebody_is_at_work_nothing_begins(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ran_at(site, NOT_YET - timedelta(days=3))

    with lock.held(site.settings(), "recovery run"):
        assert runs_begun(site, [NOT_YET + timedelta(hours=9)], monkeypatch) == 0


def test_settings_that_cannot_be_read_end_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.folder / "recovery.toml").write_text("[[[")
    assert runs_begun(site, [NOT_YET, NOT_YET], monkeypatch) == 0


def test_without_times_it_never_runs(site: Site) -> None:
    asyncio.run(nightly(site, Runner(site.folder, ("false",)), ()))
