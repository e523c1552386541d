"""Pages read before anybody asks, soon after each publication: its first visitor waits no longer than others."""

import asyncio
import logging
from datetime import date

from starlette.concurrency import run_in_threadpool

from recovery.errors import RecoveryError
from recovery.home import clock
from recovery.report.render import template_of
from recovery.report.site import Page
from recovery.web import render
from recovery.web.site import Stamp, stamp_of
from recovery.web.snapshot import KEPT, Snapshots

log = logging.getLogger("recovery.web")

LOOK_S = 1.0
PAGES = (Page.TODAY, Page.WEEKS, Page.EVIDENCE, Page.SHEET)  # as they are most often asked for
SERVED = ("served.html.j2", "live.html.j2", "log.html.j2")

State = tuple[Stamp, Stamp, date]


async def kept_warm(snapshots: Snapshots) -> None:
    """Reads the pages anew whenever what they are made of changed, until cancelled."""
    known: State | None = None
    while True:
        try:
            state = _state(snapshots)
            if state != known:
                await run_in_threadpool(warm, snapshots)
                known = state
        except RecoveryError:
            log.exception("the pages cannot be read")  # recovery.toml is being written, or the file is damaged
            known = None
        await asyncio.sleep(LOOK_S)


def warm(snapshots: Snapshots) -> None:
    """Reads the pages of the first people, as many as are kept. A visitor waits for one of them at most."""
    for name in (*SERVED, *map(template_of, PAGES)):
        render.environment().get_template(name)
    for person in snapshots.site.settings().subjects[: KEPT // len(PAGES)]:
        for page in PAGES:
            if snapshots.page_of(page, person) is None:
                return  # nothing is published yet


def _state(snapshots: Snapshots) -> State:
    """What a page depends on; the day too, since it names it."""
    home, settings = snapshots.site.home, snapshots.site.settings()
    return stamp_of(home.published), stamp_of(home.settings), clock.today(settings.home_time_zone)
