"""Pages of a home for tests: one of them as HTML, and pages that wait beside a snapshot to be shown."""

from datetime import datetime

from by_hand import NOW_UTC

from recovery.home.settings import Settings
from recovery.published import publish, query
from recovery.report import contents, people
from recovery.report.frame import frame, turned_to
from recovery.report.render import render
from recovery.report.site import Page, file_links


def shown(
    settings: Settings,
    page: Page = Page.EVIDENCE,
    person: str = "me",
    now_utc: datetime = NOW_UTC,
    month: str = "",
) -> str:
    """A page of one person as it lies on the disk."""
    with query.published(settings.home) as connection:
        around = frame(connection, settings, now_utc, page, person)
        said = contents.content(connection, settings, now_utc, page, person, month)
    return render(turned_to(around, page, file_links()), said)


def shown_of_all(settings: Settings, now_utc: datetime = NOW_UTC) -> str:
    """The page of the mean over all people."""
    with query.published(settings.home) as connection:
        around = frame(connection, settings, now_utc, Page.PEOPLE)
        return render(around, people.content(connection))


def stage_pages(settings: Settings, text: str) -> None:
    """Puts pages beside a snapshot that is not shown yet, as a run does."""
    home = publish.staged(settings).home
    home.report.write_text(text)
    (home.pages / "me").mkdir(parents=True, exist_ok=True)
    (home.pages / "me" / "today.html").write_text(text)
