"""Pages as HTML: every name and note in them is escaped."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from recovery.report import as_html
from recovery.words import page as report_words
from recovery.words import web as words
from recovery.words.effects import first_up


@cache
def environment() -> Environment:
    """The templates of the live page, and below them those of the report, which they extend."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("recovery.web", "templates"), PackageLoader("recovery.report", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"as_html": as_html, "first_up": first_up}
    made.globals |= {"say": words, "words": report_words}
    return made


def page(template: str, status: int = 200, **content: object) -> HTMLResponse:
    """A page of a template."""
    return HTMLResponse(environment().get_template(template).render(**content), status)


def refusal(status: int, sentence: str, *, has_entry: bool = False) -> HTMLResponse:
    """A page that says why there is none, and with `has_entry` how to come in."""
    return page("refused.html.j2", status, sentence=sentence, has_entry=has_entry)
