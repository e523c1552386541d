"""What the Sheet says, read from the published tables; every list is cut so that it stays two printed pages."""

from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.home import clock
from recovery.home.settings import Settings
from recovery.report.answers import answers_of, attended_of, metrics_of
from recovery.report.cards import cards
from recovery.report.counted import counted
from recovery.report.days import days_with_data
from recovery.report.sheet import first_page, second_page
from recovery.report.sheet.pictures import Picture, picture
from recovery.report.today import measured
from recovery.words import pages as page_words
from recovery.words import sheet as words


class Dated(NamedTuple):
    """What goes with the moment alone, under the name that the Sheet has for it."""

    made: str


class Sheet(NamedTuple):
    """Both pages. Neither the name of the person nor that of anybody else is in it."""

    made: str
    rests_on: list[str]
    in_short: list[str]
    rows: list[first_page.Row]
    pictures: list[Picture]
    also: first_page.Also
    cautions: list[str]
    massages: list[second_page.Massage]
    pain_not_the_effect: str  # of pain before and after them; '' where none is told
    is_no_kind_better: bool  # kinds were compared, and none stood out
    months: list[second_page.Month]
    origins: list[str]
    is_demo: bool


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> Sheet:
    """The sheet of one person as of `now_utc` (naive, UTC)."""
    now = clock.to_local(now_utc, settings.home_time_zone)
    metrics = metrics_of(connection)
    answers, attended = answers_of(connection, person, metrics), attended_of(connection, person)
    found = cards(answers, settings.primaries, attended)
    so_far = counted(
        answers,
        (card.effect for card in found if card.effect),
        attended,
        len(measured.massage_dates(connection, person)),
    )
    drawn = [picture(answers, card.metric) for card in found if card.effect]
    checks = first_page.checks(found)
    waking_min = measured.waking_min(connection, person)
    last = second_page.massages(connection, person)
    ended = measured.ended(connection, person, now.date())
    return Sheet(
        **dated(settings, now)._asdict(),
        rests_on=_rests_on(connection, person, attended),
        in_short=first_page.in_short(found, answers, so_far, waking_min, ended),
        rows=first_page.rows(found, waking_min),
        pictures=[one for one in drawn if one],
        also=first_page.also_looked_at(answers),
        cautions=first_page.cautions(connection, person, found, answers, waking_min),
        massages=last,
        pain_not_the_effect=words.pain_not_the_effect(first_page.change_of_pain(found))
        if any(one.pain != words.NONE for one in last)
        else "",
        is_no_kind_better=first_page.is_no_kind_better(answers),
        months=second_page.months(connection, person),
        origins=[
            *second_page.origins(connection, person, metrics, settings),
            *([words.MASSAGES_FROM] if attended else []),
            *([checks] if checks else []),
        ],
        is_demo=settings.is_demo,
    )


def dated(settings: Settings, now: datetime) -> Dated:
    """What a Sheet says that is made at `now`, by the clock of the home."""
    return Dated(page_words.made(now, settings.home_time_zone))


def _rests_on(connection: duckdb.DuckDBPyConnection, person: str, attended: int) -> list[str]:
    days = days_with_data(connection, person)
    if days is None:
        return []
    return [words.rests_on(attended, page_words.days_with_data(*days)), page_words.COUNTED_DAYS]
