"""The published tables as one self-contained page that needs no network."""

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from recovery.home.disk import write_private
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import charts
from recovery.report.page import Page, page
from recovery.words import page as words
from recovery.words.effects import first_up


def write(settings: Settings, now_utc: datetime | None = None) -> Path:
    """Writes `report.html` of a home whole or not at all, for its owner's eyes only; its path.

    HomeError where nothing is published yet. `now_utc` (naive, UTC) is the moment ages are told for.
    """
    now_utc = now_utc or datetime.now(UTC).replace(tzinfo=None)
    with query.published(settings.home) as connection:
        text = render(page(connection, settings, now_utc))
    write_private(settings.home.report, text)
    return settings.home.report


def render(content: Page) -> str:
    """The page as HTML; every name and note in it is escaped."""
    environment = Environment(
        loader=PackageLoader("recovery.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"as_html": as_html, "first_up": first_up}
    environment.globals["words"] = words
    return environment.get_template("page.html.j2").render(page=content, most_lines=charts.MOST_LINES)


def as_html(sentence: str) -> Markup:
    """A sentence as HTML, escaped; what stands between backticks is set as code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:  # a lone backtick means nothing
        return escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
