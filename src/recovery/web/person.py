"""The pages of a person: Today with what can be logged, Weeks, Evidence, Sheet."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from recovery.home import lock
from recovery.home.clock import now_utc, to_local
from recovery.job.last_run import last_run
from recovery.report.frame import turned_to
from recovery.report.site import Page, served_links
from recovery.report.today.today import Today
from recovery.report.weeks.months import month_named
from recovery.vocabulary.roles import Action
from recovery.web import render
from recovery.web.answered import without_answered
from recovery.web.asked import Asked, asked_for, token_of
from recovery.web.guard import Refused
from recovery.web.log_forms import log_forms
from recovery.web.notes import Receipts
from recovery.web.snapshot import Snapshots
from recovery.words import today as today_words
from recovery.words import weeks as weeks_words

router = APIRouter()

FAILED = ("failed", "failed checks")  # how a run ended that did not publish

MaySee = Annotated[Asked, Depends(asked_for(Action.SEE))]


@router.get("/people/{person}")
def today(request: Request, asked: MaySee) -> HTMLResponse:
    """Today; where nothing is published, what can be logged alone."""
    return _shown(request, asked, Page.TODAY, forms=log_forms(asked), notice=_notice(asked))


@router.get("/people/{person}/weeks")
def weeks(request: Request, asked: MaySee) -> HTMLResponse:
    """The newest month."""
    return _shown(request, asked, Page.WEEKS)


@router.get("/people/{person}/weeks/{month}")
def weeks_of(request: Request, asked: MaySee, month: str) -> HTMLResponse:
    """A month that has days, as 2026-03."""
    snapshots: Snapshots = request.app.state.snapshots
    named = month_named(month)
    if named is None:
        raise Refused(404, weeks_words.NOT_A_MONTH)
    known = snapshots.months_of(asked.person)
    if month not in known:
        ends = [found.first for name in (known[-1:] + known[:1]) if (found := month_named(name))]
        raise Refused(404, weeks_words.no_such_month(named.first, ends))
    return _shown(request, asked, Page.WEEKS, month)


@router.get("/people/{person}/evidence")
def evidence(request: Request, asked: MaySee) -> HTMLResponse:
    """All that was measured."""
    return _shown(request, asked, Page.EVIDENCE)


@router.get("/people/{person}/sheet")
def sheet(request: Request, asked: MaySee) -> HTMLResponse:
    """What is printed for a therapist or doctor."""
    return _shown(request, asked, Page.SHEET)


def _shown(request: Request, asked: Asked, page: Page, month: str = "", **more: Any) -> HTMLResponse:
    """A page of a person with what the server adds, read from what is published."""
    snapshots: Snapshots = request.app.state.snapshots
    receipts: Receipts = request.app.state.receipts
    live: dict[str, Any] = {
        "asked": asked,
        "token": token_of(asked.visitor),
        "action": Action,
        "receipt": receipts.of(asked.visitor.key.id, asked.person),
        **more,
    }
    found = snapshots.page_of(page, asked.person, month)
    if found is None:
        return render.page("unpublished.html.j2", **live)
    frame, content = found
    if isinstance(content, Today):
        content = without_answered(content, asked, snapshots)
    others = [person for person in asked.settings.subjects if asked.visitor.key.is_for(person)]
    links = served_links(asked.base, "/" if len(others) > 1 else "")
    shown = turned_to(frame, page, links)._replace(is_served=True)
    return render.of_report(shown, content, **live)


def _notice(asked: Asked) -> str:
    """That new data is being read, or that the last run failed and the page is older than that; else ''."""
    home, zone = asked.settings.home, asked.settings.home_time_zone
    if lock.is_held(home):
        return today_words.BEING_READ
    last = last_run(home)
    if last is None or last.status not in FAILED or not home.published.is_file():
        return ""
    seen_utc = datetime.fromtimestamp(home.published.stat().st_mtime, UTC).replace(tzinfo=None)
    return today_words.update_failed(to_local(seen_utc, zone).date(), to_local(now_utc(), zone).date())
