"""Files that a person drops: streamed to the inbox, with a receipt; and what became of them."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from recovery.vocabulary.roles import Action, Role
from recovery.web import render
from recovery.web.arriving import delivery_folder, must_have_room
from recovery.web.asked import Asked, asked_for, must_be_own, pieces_sent, token_of, told_size
from recovery.web.guard import Refused
from recovery.web.limits import Quota
from recovery.web.multipart import Upload
from recovery.web.notes import Receipt, Receipts
from recovery.web.receipts import arrived_files, receipts_of
from recovery.words import web as words

router = APIRouter()

UNFOLDED = 20  # receipts; the others are folded


@router.get("/people/{person}/files")
def files(request: Request, asked: Annotated[Asked, Depends(asked_for(Action.SEE_FILES))]) -> HTMLResponse:
    """The form to drop files, those that wait for a run, and what became of the others, newest first."""
    found = receipts_of(request.app.state.snapshots, asked.person)
    receipts: Receipts = request.app.state.receipts
    return render.page(
        "files.html.j2",
        asked=asked,
        action=Action,
        token=token_of(asked.visitor),
        receipt=receipts.of(asked.visitor.key.id, asked.person),
        waiting=arrived_files(asked.settings, asked.person, {one.path for one in found}),
        receipts=found,
        shown=UNFOLDED,
    )


@router.post("/people/{person}/files")
async def drop(request: Request, asked: Annotated[Asked, Depends(asked_for(Action.SEND_FILE))]) -> RedirectResponse:
    """Takes the files of a form; each is whole in the inbox before the next begins."""
    quota: Quota = request.app.state.quota
    key = asked.visitor.key
    size = told_size(request)
    if key.role is not Role.OWNER and not quota.has_room(key.id, size):
        raise Refused(413, words.QUOTA)
    await run_in_threadpool(must_have_room, asked.settings.home.inbox, size)
    folder: list[Path] = []

    def own_folder() -> Path:
        if not folder:
            folder.append(delivery_folder(asked.settings, asked.person))
        return folder[0]

    def on_bytes(count: int) -> None:
        quota.take(key.id, count)
        if key.role is not Role.OWNER and not quota.has_room(key.id):
            raise Refused(413, words.QUOTA)

    upload = Upload(
        request.headers.get("content-type", ""), own_folder, lambda token: must_be_own(request, token), on_bytes
    )
    try:
        await _feed(request, upload)
    finally:
        await run_in_threadpool(upload.close)
        quota.take(key.id, 0, len(upload.arrived))
        if folder and not upload.arrived:
            folder[0].rmdir()
    if not upload.arrived:
        raise Refused(400, words.NO_FILE)
    sentences = tuple(words.arrived(one.path.name, one.size) for one in upload.arrived)
    receipts: Receipts = request.app.state.receipts
    receipts.put(key.id, Receipt(asked.person, sentences))
    return RedirectResponse(f"{asked.base}/files", 303)


async def _feed(request: Request, upload: Upload) -> None:
    """Hands the body on in pieces; one that breaks off leaves the files that were whole."""
    async for piece in pieces_sent(request):
        await run_in_threadpool(upload.feed, piece)
    if not upload.is_whole:
        raise Refused(400, words.BROKE_OFF)
