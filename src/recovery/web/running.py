"""Routes to run the job now, and to see how far it is: as a page, and as events for the script."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from recovery.home import lock
from recovery.vocabulary.roles import Action
from recovery.web import render
from recovery.web.asked import own_form, site_of, token_of, visitor_for
from recovery.web.guard import Refused
from recovery.web.runner import Progress, Runner
from recovery.web.site import Visitor
from recovery.words import web as words

router = APIRouter()

MayRun = Annotated[Visitor, Depends(visitor_for(Action.RUN))]
LOOK_S = 0.3
ALIVE_S = 15.0  # between two signs of life, so that nothing between us closes the connection
MOST_LISTENERS = 20


@router.get("/run")
def shown(request: Request, visitor: MayRun) -> HTMLResponse:
    """How far the run is, or how the last one ended; without the script the page loads itself again."""
    progress = _runner(request).progress
    is_busy = not progress.is_running and lock.is_held(site_of(request).home)
    return render.page(
        "run.html.j2", progress=progress, left=words.time_left(progress.seconds_left), is_busy=is_busy,
        token=token_of(visitor),
    )  # fmt: skip


@router.post("/run", dependencies=[Depends(own_form)])
def start(request: Request, visitor: MayRun) -> RedirectResponse:
    """Starts the job, where it is not going yet."""
    del visitor
    _runner(request).start()
    return RedirectResponse("/run", 303)


@router.get("/run/events")
async def events(request: Request, visitor: MayRun) -> StreamingResponse:
    """Each change of the run as a server-sent event, until it has ended."""
    del visitor
    if request.app.state.listeners >= MOST_LISTENERS:
        raise Refused(429, words.TOO_MANY, wait_s=5.0)
    return StreamingResponse(_changes(request), media_type="text/event-stream")


async def _changes(request: Request) -> AsyncIterator[str]:
    runner, seen, silent_s = _runner(request), -1, 0.0
    request.app.state.listeners += 1
    try:
        while True:
            progress = runner.progress
            if progress.version != seen:
                seen, silent_s = progress.version, 0.0
                yield _event(progress)
            elif silent_s >= ALIVE_S:
                silent_s = 0.0
                yield ": still here\n\n"
            if not progress.is_running:
                return
            await asyncio.sleep(LOOK_S)
            silent_s += LOOK_S
    finally:
        request.app.state.listeners -= 1


def _event(progress: Progress) -> str:
    told = {
        "step": progress.steps[-1] if progress.steps else "",
        "done": progress.done,
        "total": progress.total,
        "left": words.time_left(progress.seconds_left),
        "end": progress.end,
        "running": progress.is_running,
    }
    return f"event: progress\ndata: {json.dumps(told)}\n\n"


def _runner(request: Request) -> Runner:
    found: Runner = request.app.state.runner
    return found
