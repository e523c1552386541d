"""Pages as HTML: every name and note in them is escaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.responses import HTMLResponse

from recovery.report.frame import Frame
from recovery.report.render import environment as report_environment
from recovery.report.render import styles_of, template_of
from recovery.words import web as words

STATIC = {  # what is served under /static, listed when the server starts
    path.name: path
    for folder, pattern in (
        (Path(__file__).parent / "static", "*"),
        (Path(__file__).parents[1] / "report", "**/*.css"),
    )
    for path in folder.glob(pattern)
}


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
    """A page of the report, with what the server adds to it; of its styles those that are there."""
    styles = [name for path in styles_of(frame.page) if (name := Path(path).name) in STATIC]
    text = environment().get_template(around)
    told = {"template": template_of(frame.page), "frame": frame, "page": content, "styles": styles}
    return HTMLResponse(text.render(**told, **live))


def refusal(status: int, sentence: str, *, has_entry: bool = False) -> HTMLResponse:
    """A page that says why there is none, and with `has_entry` how to come in."""
    return page("refused.html.j2", status, sentence=sentence, has_entry=has_entry)
