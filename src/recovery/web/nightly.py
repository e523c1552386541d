"""The nightly job, started by the server: at its times, and soon after one that was missed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from recovery.errors import RecoveryError
from recovery.pipelines.schedule import missed_in
from recovery.web.runner import Runner
from recovery.web.site import Site

log = logging.getLogger("recovery.web")

LOOK_S = 20.0


async def nightly(
    site: Site, runner: Runner, at: Sequence[str], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> None:
    """Starts the job whenever it is due, by the home's clock, until cancelled; without times never.

    A run of anybody since that moment counts. One that did not work is not tried again before the next time.
    """
    tried: datetime | None = None
    while at:
        now = clock()
        try:
            due = missed_in(site.settings(), at, now)
        except RecoveryError:
            log.exception("the schedule cannot be read")  # recovery.toml is being written
        else:
            if due and due != tried:
                tried = due
                log.info("nightly run")
                runner.start()
        await asyncio.sleep(LOOK_S)
