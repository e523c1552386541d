"""Pages as HTML: every name and note in them is escaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.responses import HTMLResponse

from recovery.report.frame import Frame
from recovery.report.render import environment as report_environment
from recovery.report.render import styles_of, template_of
from recovery.report.site import Page
from recovery.words import web as words

STATIC = {  # what is served under /static, listed when the server starts
    path.name: path
    for folder, pattern in (
        (Path(__file__).parent / "static", "*"),
        (Path(__file__).parents[1] / "report", "**/*.css"),
    )
    for path in folder.glob(pattern)
}
LIVE = "live.css"  # what the pages of the server add to the styles of the report


def sheet(name: str) -> str | None:
    """The styles of a page of the report in one, so that a phone asks once before it paints; None of another name."""
    page = next((page for page in Page if name == sheet_of(page)), None)
    return None if page is None else _styles(page)


@cache
def _styles(page: Page) -> str:
    names = [name for path in styles_of(page) if (name := Path(path).name) in STATIC]
    return "\n".join(STATIC[name].read_text(encoding="utf-8") for name in (*names, LIVE))


def sheet_of(page: Page) -> str:
    """Under which name below /static the styles of a page are served."""
    return f"page-{page}.css"


@cache
def environment() -> Environment:
    """The templates of the live page, and below them those of the report, which they extend."""
    made = report_environment(PackageLoader("recovery.web", "templates"))
    made.globals["say"] = words
    return made


def page(template: str, status: int = 200, **content: Any) -> HTMLResponse:
    """A page of a template."""
    return HTMLResponse(environment().get_template(template).render(**content), status)


def of_report(frame: Frame, content: object, around: str = "served.html.j2", **live: Any) -> HTMLResponse:
    """A page of the report, with what the server adds to it."""
    text = environment().get_template(around)
    told = {"template": template_of(frame.page), "frame": frame, "page": content, "style": sheet_of(frame.page)}
    return HTMLResponse(text.render(**told, **live))


def refusal(status: int, sentence: str, *, has_entry: bool = False) -> HTMLResponse:
    """A page that says why there is none, and with `has_entry` how to come in."""
    return page("refused.html.j2", status, sentence=sentence, has_entry=has_entry)
