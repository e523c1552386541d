"""Pages are read before anybody asks, and again after each publication."""

import asyncio
from pathlib import Path

import pytest
from by_hand import published_home
from live import Live

from recovery import warehouse
from recovery.home.settings import load_settings
from recovery.web.site import Site
from recovery.web.snapshot import Snapshots
from recovery.web.warm import PAGES, kept_warm, warm

pytestmark = pytest.mark.slow


def test_all_pages_of_a_person_are_read_before_they_are_asked_for(tmp_path: Path) -> None:
    published_home(tmp_path / "home")
    live = Live(tmp_path / "home", None)
    snapshots: Snapshots = live.app.app.state.snapshots

    warm(snapshots)

    read = list(snapshots.pages)
    assert [known[0].split()[0] for known in read] == list(PAGES)
    owner = live.owner()
    assert [owner.get(f"/people/me{page}").status_code for page in ("", "/weeks", "/evidence", "/sheet")] == [200] * 4
    assert list(snapshots.pages) == read


def test_they_are_read_anew_after_a_publication_and_not_while_nothing_changes(tmp_path: Path) -> None:
    settings = load_settings(published_home(tmp_path / "home").home.folder)
    snapshots = Snapshots(Site(settings.home.folder, 8765))

    async def until(is_so: object) -> None:
        for _ in range(200):
            if callable(is_so) and is_so():
                return
            await asyncio.sleep(0.05)
        pytest.fail("the pages were not read")

    async def watched() -> None:
        task = asyncio.create_task(kept_warm(snapshots))
        await until(lambda: len(snapshots.pages) == len(PAGES))
        before = dict(snapshots.pages)
        await asyncio.sleep(1.5)
        assert all(snapshots.pages[known] is read for known, read in before.items())
        with warehouse.connect(settings.home.published) as connection:
            connection.execute("create table one_more (a integer)")
        await until(lambda: len(snapshots.pages) == len(PAGES) and not before.keys() & snapshots.pages.keys())
        task.cancel()

    asyncio.run(watched())


def test_without_a_publication_nothing_is_read(tmp_path: Path) -> None:
    live = Live(tmp_path / "home", ())

    warm(live.app.app.state.snapshots)

    assert live.owner().get("/people/me/sheet").status_code == 200
    assert not live.app.app.state.snapshots.pages
