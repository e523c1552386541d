"""What Today says, read from the published tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import duckdb

from recovery.home import clock
from recovery.home.settings import Settings
from recovery.published.file_receipts import file_receipts
from recovery.published.status import Source, sources_of
from recovery.report.answers import Answers, answers_of, attended_of, metrics_of
from recovery.report.counted import counted
from recovery.report.today import measured
from recovery.report.today.answer import Answer, Known, answer, leading
from recovery.report.today.asked import Need, needs
from recovery.report.today.families import Card, cards
from recovery.report.today.said import Told, told
from recovery.vocabulary.families import MAIN_FAMILIES
from recovery.vocabulary.windows import TRIAL
from recovery.words import said
from recovery.words import today as words
from recovery.words.pages import day

SHOWN_NEEDS, SHOWN_FILES = 2, 4  # further ones are folded
MOST_NEEDS, MOST_FILES = 12, 12


class Freshness(NamedTuple):
    """How far one source reaches."""

    source: str
    newest: str
    state: str
    is_silent: bool


class Dated(NamedTuple):
    """What grows older by itself, under the names that Today has for it."""

    day: str
    freshness: list[Freshness]


class Today(NamedTuple):
    """The content of Today of one person."""

    day: str
    answer: Answer
    cards: list[Card]
    asked: list[Need]
    files: list[str]
    files_folded: list[str]
    freshness: list[Freshness]
    answered: str = ""  # on the live page: that something was answered since the last run

    @property
    def needs(self) -> list[str]:
        """What needs the person."""
        return [one.sentence for one in self.asked[:SHOWN_NEEDS]]

    @property
    def needs_folded(self) -> list[str]:
        """Further things."""
        return [one.sentence for one in self.asked[SHOWN_NEEDS:MOST_NEEDS]]


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> Today:
    """What is said of a person today, by the clock of the home."""
    now = clock.to_local(now_utc, settings.home_time_zone)
    today = now.date()
    answers = answers_of(connection, person, metrics_of(connection))
    waking_min = measured.waking_min(connection, person)
    ended = measured.ended(connection, person, today)
    toward = _main_numbers(answers, waking_min, ended)
    massages = measured.massage_dates(connection, person)
    silent_days = settings.validity["silent_days"]
    sources = sources_of(connection, today, silent_days, person)
    known = Known(
        answers=answers,
        main=settings.main,
        toward=list(toward.values()),
        by_lot=[
            told(effect, answers.title(effect.metric), waking_min, ended.get(effect.metric))
            for effect in answers.effects.values()
            if effect.window in TRIAL and effect.is_primary
        ],
        massages=massages,
        counted=counted(
            answers, (one.effect for one in toward.values()), attended_of(connection, person), len(massages)
        ),
        has_data=bool(sources),
        today=today,
        silent_since=None if settings.is_demo else _silent_since(sources),
        is_pain_told=measured.is_pain_told(connection, person),
    )
    files = [one.sentence for one in file_receipts(connection, settings, person)][:MOST_FILES]
    headline = answer(known)
    first = leading(known)
    shown = cards(connection, person, answers, toward, len(massages), is_answered=first is not None)
    return Today(
        **dated(sources, now)._asdict(),
        answer=headline,
        cards=[_beside_headline(card, headline, first, toward.get(card.family), today) for card in shown],
        asked=needs(connection, settings, person, today),
        files=files[:SHOWN_FILES],
        files_folded=files[SHOWN_FILES:],
    )


def dated(sources: Sequence[Source], now: datetime) -> Dated:
    """What Today of a person with these sources says of the day, by the clock of the home."""
    today = now.date()
    shown = [source for source in sources if not source.is_replaced]
    return Dated(day=f"{now:%A} {day(today, today)}", freshness=_freshness(shown, today))


def _beside_headline(card: Card, headline: Answer, first: Told | None, one: Told | None, today: date) -> Card:
    """A card without what the headline said already; with the reason where both tell the same number apart.

    `one` is what the card tells.
    """
    reach = words.reaches(one.until, today) if one and one.until and one.change else ""
    note = "" if card.note in headline.lines else card.note
    if one and one.change and first and first.is_by_lot and first.change and card.metric == first.effect.metric:
        note = said.of_drawn_weeks(one.change.size, first.change.size)
    return card._replace(note=f"{note} {'' if reach == headline.reach else reach}".strip())


def _main_numbers(answers: Answers, waking_min: float | None, ended: Mapping[str, date]) -> dict[str, Told]:
    """By family its main number, in the order of the families."""
    found = {}
    for family in MAIN_FAMILIES:
        effect = next((one for one in answers.judged() if one.is_primary and one.family == family), None)
        if effect:
            found[str(family)] = told(effect, answers.title(effect.metric), waking_min, ended.get(effect.metric))
    return found


def _silent_since(sources: list[Source]) -> date | None:
    """The newest day of the devices where all of them fell silent; the diary is no device."""
    devices = [source for source in sources if source.source != "diary"]
    if not devices or not all(source.is_silent or source.is_replaced for source in devices):
        return None
    return max(source.newest for source in devices)


def _freshness(sources: list[Source], today: date) -> list[Freshness]:
    """A row for each source; the only device of a make is called as the make, without its number."""
    makes = Counter(_make(source) for source in sources)
    return [
        Freshness(
            source=_make(source) if makes[_make(source)] == 1 else source.source,
            newest=day(source.newest, today),
            state=words.age(source.age_days, source.newest, today, is_silent=source.is_silent),
            is_silent=source.is_silent,
        )
        for source in sources
    ]


def _make(source: Source) -> str:
    return source.source.partition(":")[0]
