"""What Evidence says, read from the published tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.effects.boundaries import FIRST_LOOK
from recovery.home import clock
from recovery.home.settings import Settings
from recovery.report import waking_day
from recovery.report.answers import Answers, answers_of, attended_of, metrics_of, not_attended_of
from recovery.report.bars import in_words
from recovery.report.cards import Card, cards
from recovery.report.counted import Counted, counted
from recovery.report.days import days_with_data
from recovery.report.evidence import measured
from recovery.report.evidence.booked import booked
from recovery.report.evidence.checked import Checked, checked
from recovery.report.evidence.claims import Row as Promise
from recovery.report.evidence.claims import claim_rows
from recovery.report.evidence.forest import Forest, forest
from recovery.report.evidence.lasting import Lasting, lasting, still_changed
from recovery.report.evidence.looked import history, looks_of
from recovery.report.evidence.ranges import Answer, ranges
from recovery.report.evidence.read import Read, read
from recovery.report.evidence.subgroups import Subgroups, subgroups
from recovery.report.evidence.trials import Trial, trial_cards, trials
from recovery.report.evidence.why import Step, gaps, steps
from recovery.report.today.measured import massage_dates
from recovery.report.today.measured import waking_min as waking_min_of
from recovery.vocabulary.designs import Design
from recovery.vocabulary.verdicts import Verdict
from recovery.words import evidence as words
from recovery.words import page as page_words
from recovery.words import pages
from recovery.words.effects import text


class Progress(NamedTuple):
    """How far it is to the first look, in massages."""

    had: int
    needed: int
    label: str
    sentence: str


class Evidence(NamedTuple):
    """All of the page; a part without content is empty, and then not shown."""

    lead: list[str]
    progress: Progress | None  # None from the first look on
    answers: list[Answer]  # those with a range
    beside: list[str]  # what stands beside all of them
    checked: Checked
    wrong: list[measured.Wrong]
    tried: list[str]  # of whom those figures are
    measured: list[str]
    trials: list[Trial]
    trial_cards: list[Card]
    sooner: list[str]  # what weeks by lot would gain
    promises: list[Promise]
    told_promises: list[Promise]
    near_promises: list[Promise]  # not told, but pointing one way
    open_promises: list[Promise]
    promises_counted: str
    forest: Forest
    lasting: list[Lasting]
    subgroups: Subgroups
    steps: list[Step]
    not_yet: list[str]
    read: Read
    documents: Mapping[str, str]


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> Evidence:
    """How the answers of one person came about, as of `now_utc` (naive, UTC); nothing of anybody else weighs in."""
    today = clock.to_local(now_utc, settings.home_time_zone).date()
    metrics = metrics_of(connection)
    waking_min = waking_min_of(connection, person)
    published = answers_of(connection, person, metrics)
    answers = waking_day.in_minutes(published, waking_min)
    attended = attended_of(connection, person)
    found = [_with_points(card, published, waking_min) for card in cards(answers, settings.primaries, attended)]
    days = days_with_data(connection, person)
    looks = looks_of(connection, person)
    asked = [card for card in found if card.effect]
    looked = {
        card.metric: history(card.title, card.effect.better, looks[card.metric])
        for card in asked
        if card.effect and card.metric in looks
    }
    promises = claim_rows(answers)
    massages, has_main = massage_dates(connection, person), settings.main is not None
    so_far = counted(answers, (card.effect for card in asked if card.effect), attended, len(massages))
    books = booked(asked, massages, so_far.usable)
    return Evidence(
        lead=[
            words.massages(attended, not_attended_of(connection, person)),
            *([words.days(pages.days_with_data(*days))] if days else []),
            words.fixed_before(len(found)),
        ],
        progress=_progress(so_far, measured.first_look(has_main=has_main)),
        answers=ranges([card for card in asked if card.bar], looked),
        beside=list(_beside(answers, asked)),
        checked=checked({card.title: card.checks for card in asked if card.checks}),
        wrong=measured.ways_to_be_wrong(books, has_main=has_main),
        tried=measured.how_booked(books, has_main=has_main),
        measured=measured.sentences(),
        trials=trials(connection, person, today),
        trial_cards=trial_cards(answers),
        sooner=[more.reason for more in answers.more if more.design == Design.WEEKS_BY_LOT],
        promises=promises,
        told_promises=[promise for promise in promises if promise.is_told and not promise.near],
        near_promises=[promise for promise in promises if promise.is_told and promise.near],
        open_promises=[promise for promise in promises if not promise.is_told],
        promises_counted=words.promises_counted(_counts(answers)),
        forest=forest(answers),
        lasting=[drawn for card in asked if (drawn := lasting(answers, card.metric))],
        subgroups=subgroups(answers),
        steps=steps(gaps(found, answers)),
        not_yet=[*([page_words.SLOW_BUILD_UP] if answers.effects else []), page_words.LYING_BY_DAY],
        read=read(connection, settings, today, person),
        documents=words.DOCUMENTS,
    )


def _with_points(card: Card, published: Answers, waking_min: float | None) -> Card:
    """A card whose numbers are minutes of the waking day, with what a point of its reason is in them.

    A reason that tells a size tells it in the unit of `published`, the answers as the run wrote them.
    """
    effect = card.effect
    if effect is None or effect.sizes is None or not waking_min:
        return card
    unit = published.effects[effect.metric, effect.window].unit
    if unit == effect.unit:
        return card
    return card._replace(why=f"{words.points_of_the_day(waking_min)} {card.why}".rstrip())


def _progress(so_far: Counted, first_look: str) -> Progress | None:
    """None where enough massages have measured days after them; what is missing then stands among the checks."""
    usable = so_far.usable
    if usable >= FIRST_LOOK:
        return None
    sentence = words.TOO_FEW if so_far.written else words.NOTHING_YET
    return Progress(usable, FIRST_LOOK, words.progress(usable, FIRST_LOOK), text(so_far.left_out, sentence, first_look))


def _beside(answers: Answers, asked: Sequence[Card]) -> Iterator[str]:
    """Where a main number has to be read twice."""
    for card in asked:
        if still_changed(answers, card.metric):
            yield page_words.too_small(card.title.lower())
        drawn = answers.drawn(card.metric)
        if drawn and card.effect and (change := in_words(drawn)) and (of_all := in_words(card.effect)):
            yield words.beside_drawn(card.title, of_all.size, change.size)


def _counts(answers: Answers) -> dict[Verdict, int]:
    counts: dict[Verdict, int] = {}
    for claim in answers.claims:
        verdict = Verdict(claim.verdict)
        counts[verdict] = counts.get(verdict, 0) + 1
    return counts
