"""How a browser comes in: a one-time code, posted, is exchanged for a cookie that no script can read."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from recovery.home import keys
from recovery.web import render
from recovery.web.asked import fields_sent, site_of
from recovery.web.guard import ENTRY, Refused, address_told
from recovery.web.site import neighbourhood
from recovery.words import web as words

router = APIRouter()


@router.get(ENTRY)
def enter() -> HTMLResponse:
    """The form for a code; a script of ours fills it in from what stands behind the # of the address."""
    return render.page("enter.html.j2", problem="")


@router.post(ENTRY)
def exchange(request: Request, sent: Annotated[dict[str, str], Depends(fields_sent)]) -> Response:
    """A session for a code, as a cookie; the same words for a wrong, a used and a lapsed one."""
    site, host, code = site_of(request), request.headers["host"], sent.get("code", "").strip()
    # A right code never waits: 256 random bits are not guessed, and any page of a browser could post wrong ones.
    found = keys.exchange(site.home, code) if site.key_of(code, keys.CODE) else None
    if found is None:
        who = f"code {neighbourhood(address_told(request))}"
        wait_s = site.failures.wait_s(who)
        if wait_s:
            raise Refused(429, words.TOO_MANY_WRONG, wait_s)
        site.failures.note(who)
        return render.page("enter.html.j2", 401, problem=words.WRONG_CODE)
    # Not a redirect: a browser that came from elsewhere would not send a strict cookie along.
    answer = render.page("entered.html.j2")
    answer.set_cookie(
        site.cookie,
        found[1],
        max_age=int(keys.SESSION_LASTS.total_seconds()),
        path="/",
        secure=site.is_https(host),
        httponly=True,
        samesite="strict",
    )
    return answer
