"""What an export app on the phone posts: stored in the inbox as it came, unread, named for its content.

The same content again finds its name taken, and costs nothing. The key says whose it is; the address names nobody.
"""

import hashlib
from pathlib import Path
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from recovery.home.settings import OWNER
from recovery.vocabulary.roles import Action, Role
from recovery.web.arriving import DELIVERED, arriving, folder_of, must_have_room, settle
from recovery.web.asked import pieces_sent, site_of, told_size, visitor_for
from recovery.web.guard import Refused
from recovery.web.limits import Quota
from recovery.web.site import Visitor
from recovery.words import web as words

router = APIRouter()

ENDINGS = {"application/json": "json", "text/json": "json", "text/csv": "csv"}
MOST_BYTES = 500_000_000  # of one post; Health Auto Export cuts long ones into batches
NAME_DIGITS = 40  # of the SHA-256


@router.post("/deliver")
async def deliver(
    request: Request, visitor: Annotated[Visitor, Depends(visitor_for(Action.DELIVER))]
) -> PlainTextResponse:
    """Stores the body of a post for the person of the key, and answers as soon as it is on the disk."""
    if visitor.is_by_cookie:  # a page cannot post here, whatever it says
        raise Refused(403, words.BY_APPS_ALONE)
    ending = ENDINGS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if ending is None or request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, words.NOT_DELIVERABLE)
    if told_size(request) > MOST_BYTES:
        raise Refused(413, words.TOO_LONG)
    site = site_of(request)
    settings, person = site.settings(), visitor.key.people[0] if visitor.key.people else OWNER
    if person not in settings.subjects:
        raise Refused(404, words.NOTHING_HERE)
    folder = await run_in_threadpool(folder_of, settings, person, DELIVERED)
    await run_in_threadpool(must_have_room, folder, 0)
    with arriving(folder) as (stream, path):
        digest, size = await _taken(request, stream)
        if not size:
            raise Refused(400, words.NOTHING_CAME)
        target = folder / f"{digest[:NAME_DIGITS]}.{ending}"
        if _is_there(target, size):
            return PlainTextResponse(words.HAD_ALREADY)
        quota: Quota = request.app.state.quota
        if visitor.key.role is not Role.OWNER and not quota.has_room(visitor.key.id, size):
            raise Refused(413, words.QUOTA)
        await run_in_threadpool(settle, stream, path, target.name)
        quota.take(visitor.key.id, size, 1)
    return PlainTextResponse(words.DELIVERED, 201)


async def _taken(request: Request, stream: BinaryIO) -> tuple[str, int]:
    """Writes the body to the disk as it comes; its hash and its size. Raises Refused where it is too long."""
    hasher, size = hashlib.sha256(), 0

    def write(data: bytes) -> None:
        hasher.update(data)
        stream.write(data)

    async for piece in pieces_sent(request):
        size += len(piece)
        if size > MOST_BYTES:
            raise Refused(413, words.TOO_LONG)
        await run_in_threadpool(write, piece)
    return hasher.hexdigest(), size


def _is_there(target: Path, size: int) -> bool:
    """Whether this content lies there already, whole."""
    return target.is_file() and not target.is_symlink() and target.stat().st_size == size
