"""A flow served by schedules of Prefect's until the process is stopped, and runs that were missed.

Prefect forgets a run whose time passed while the service was off, and keeps those of a computer that slept. So the
clock of the wall is looked at here: where a run was missed, one is made up for, once for the time it was due.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.runner import Runner
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType

from recovery.home import stop

LOOK_S = 0.5  # for a signal
FIRST_S = 5.0  # after the start, until Prefect has begun
MISSED_S = 30.0  # between two looks at the clock
SURE_S = 20.0  # a run that Prefect kept while the computer slept has begun by then

log = logging.getLogger("recovery.pipelines")


class _Runner(Runner):
    """Prefect's, but that a signal is only noted: its own handler ends the process amid the event loop."""

    def handle_sigterm(self, *arguments: Any, **named: Any) -> None:
        del named
        stop.note(arguments[0])


def serve(
    flow: Flow[..., Any],
    name: str,
    schedules: Sequence[Schedule],
    parameters: Mapping[str, object],
    missed: Callable[[], datetime | None],
) -> None:
    """Serves a flow; `missed` says when a run was due last, where none began since.

    Raises Stopped where a signal ends it, once the run that is at work has ended too.
    """
    with stop.only_noted(), stop.signals_blocked():  # a terminal sends Ctrl-C to our children too
        runner = _Runner(name=name, pause_on_shutdown=False, limit=1)
        deployment = runner.add_flow(
            flow,
            name=name,
            schedules=list(schedules),
            parameters=dict(parameters),
            description="Reads what is new in the inbox, computes, checks, publishes.",
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        assert isinstance(deployment, UUID)  # noqa: S101 - a coroutine where an event loop runs already
        asyncio.run(_until_stopped(runner, deployment, missed))
    stop.check()


async def _until_stopped(runner: Runner, deployment: UUID, missed: Callable[[], datetime | None]) -> None:
    served = asyncio.create_task(runner.start())
    making_up = asyncio.create_task(_make_up(deployment, missed))
    while not stop.requested() and not served.done():
        await asyncio.wait([served], timeout=LOOK_S)
    making_up.cancel()
    for child in multiprocessing.active_children():
        child.terminate()
    served.cancel()
    ends = await asyncio.gather(served, making_up, return_exceptions=True)
    if not stop.requested():
        for end in ends:
            if isinstance(end, Exception):
                raise end


async def _make_up(deployment: UUID, missed: Callable[[], datetime | None]) -> None:
    """Starts a run whenever one was missed, once for the time it was due, whatever became of it."""
    made_up_for = None
    await asyncio.sleep(FIRST_S)
    async with get_client() as client:
        while True:
            due = await asyncio.to_thread(missed)
            if due and due != made_up_for:
                await asyncio.sleep(SURE_S)
                if await asyncio.to_thread(missed) == due:
                    log.info("the run that was due at %s was missed and is made up for", due)
                    await client.create_flow_run_from_deployment(deployment, tags=["made up for"])
                    made_up_for = due
            await asyncio.sleep(MISSED_S)
