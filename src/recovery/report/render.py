"""Pages as HTML: every name and note in them is escaped."""

import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from recovery.report.frame import Frame
from recovery.report.site import Page
from recovery.words import around as around_words
from recovery.words import clinic as clinic_words
from recovery.words import evidence as evidence_words
from recovery.words import page as page_words
from recovery.words import pages as words
from recovery.words import sheet as sheet_words
from recovery.words import today as today_words
from recovery.words import weeks as weeks_words
from recovery.words.effects import first_up

SLOT = re.compile(r"<!--dated ([a-z/]+)-->(.*?)<!--/dated-->", re.DOTALL)  # what is told is escaped: it holds none
DATED = {  # the pieces of a page that grow older, each a template of that name, in the order they have on the page
    Page.TODAY: ("today/day", "today/freshness", "made"),
    Page.EVIDENCE: ("evidence/sources", "evidence/run", "made"),
    Page.SHEET: ("sheet/made", "made"),
    Page.WEEKS: ("weeks/years", "made"),
}
ROOMS = (
    "answers",
    "effects",
    "home",
    "published",
    "report",
    "vocabulary",
    "words",
)  # that pages are made by


def environment(*before: BaseLoader) -> Environment:
    """The templates of the pages; those of `before` are looked up first."""
    made = Environment(
        loader=ChoiceLoader([*before, PackageLoader("recovery.report", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"as_html": as_html, "first_up": first_up}
    made.globals |= {
        "words": page_words,
        "of_pages": words,
        "of_today": today_words,
        "of_weeks": weeks_words,
        "of_around": around_words,
        "of_clinic": clinic_words,
        "of_evidence": evidence_words,
        "of_sheet": sheet_words,
    }
    return made


def template_of(page: Page) -> str:
    """Where the template of a page lies."""
    return f"{page}/{page}.html.j2"


def styles_of(page: Page) -> tuple[str, ...]:
    """Where the styles of a page lie, in their order; a page need not have one of its own."""
    return ("style/tokens.css", "style/components.css", f"{page}/{page}.css", "style/print.css")


def render(frame: Frame, content: object) -> str:
    """A page of the disk: one file that needs no network and no script."""
    return (
        _environment()
        .get_template(template_of(frame.page))
        .render(frame=frame, page=content, styles=styles_of(frame.page))
    )


def redated(text: str, frame: Frame, dated: object) -> str | None:
    """A page of the disk with its dated pieces put in anew; None where it does not have those of its page.

    These grow older by themselves; of a month that did not change it is the list of all months, whose newest one did.
    `dated` holds what they say under the names that the content of the page has for it.
    """
    if tuple(name for name, _ in SLOT.findall(text)) != DATED[frame.page]:
        return None

    def put_in(found: re.Match[str]) -> str:
        new = _environment().get_template(f"{found[1]}.html.j2").render(frame=frame, page=dated)
        return f"<!--dated {found[1]}-->{new}<!--/dated-->"

    return SLOT.sub(put_in, text)


def as_html(sentence: str) -> Markup:
    """A sentence as HTML, escaped; what stands between backticks is set as code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:  # a lone backtick means nothing
        return escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def last_line(frame: Frame, beside_rows: str) -> str:
    """The last line of a page of a person: the same as long as all is that it says beside what is published of them.

    When the page was made, and until when there were data then, is not asked: these are pieces of their own.
    """
    shown = frame._replace(made="", freshness="")
    return f"<!-- {hashlib.sha256(f'{_program()} {shown} {beside_rows}'.encode()).hexdigest()} -->\n"


@cache
def _program() -> str:
    """A hash of what makes pages of what is published: what is read, templates, styles, sentences."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (package / room).rglob("*.*")):
        if path.suffix in (".py", ".j2", ".css", ".csv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _environment() -> Environment:
    return environment()
