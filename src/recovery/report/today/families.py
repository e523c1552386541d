"""The four cards of Today: moving, resting, sleeping, pain."""

from collections.abc import Mapping
from typing import NamedTuple

import duckdb

from recovery.effects.boundaries import FIRST_LOOK
from recovery.report import remedies
from recovery.report.answers import Answers, Metric
from recovery.report.today import measured, pictures
from recovery.report.today.pictures import Picture
from recovery.report.today.said import Signs, Told, signs
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.families import MAIN_FAMILIES, Family
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.units import UNITS
from recovery.vocabulary.verdicts import Word
from recovery.words import numbers
from recovery.words import today as words
from recovery.words.how_many_more import shortly

STYLES = {Family.MOVEMENT: "moving", Family.REST: "resting", Family.SLEEP: "sleeping", Family.DIARY: "pain"}


class Card(NamedTuple):
    """What is said of one family."""

    family: str
    style: str
    metric: str  # '' where none answers
    label: str
    signs: Signs
    sentence: str
    note: str
    picture: Picture | None
    is_around: bool  # whether the picture is of days around massages


def cards(
    connection: duckdb.DuckDBPyConnection,
    person: str,
    answers: Answers,
    toward: Mapping[str, Told],
    massages: int,
    *,
    is_answered: bool,
) -> list[Card]:
    """A card for each family, in their order; `toward` has the main number of each family that has one.

    `is_answered` says that the headline is an answer: else it says already what would help.
    """
    return [
        _card(connection, person, answers, family, toward.get(family), massages, is_answered=is_answered)
        for family in MAIN_FAMILIES
    ]


def _card(
    connection: duckdb.DuckDBPyConnection,
    person: str,
    answers: Answers,
    family: Family,
    one: Told | None,
    massages: int,
    *,
    is_answered: bool,
) -> Card:
    usual = _usual(connection, person, family, answers.metrics)
    is_around = massages > 0 and one is not None and one.change is not None
    picture = _around(connection, person, one) if one and is_around else _recent(connection, person, family)
    shown = one.signs if one else signs(Word.UNKNOWN, Sure.TOO_EARLY if usual else Sure.CANNOT_TELL)
    if usual and massages < FIRST_LOOK and not (one and one.is_answered):
        shown = signs(Word.UNKNOWN, Sure.TOO_EARLY)  # more massages mend it, whatever else is missing
    sentence, note = _sentences(answers, one, usual, is_answered=is_answered)
    if family is Family.DIARY and not usual and (one is None or one.change is None):
        sentence, note, shown = words.NO_DIARY, "", signs(Word.UNKNOWN, Sure.CANNOT_TELL)
    return Card(
        family=str(family),
        style=STYLES[family],
        metric=one.effect.metric if one else "",
        label=_label(family, one),
        signs=shown,
        sentence=sentence,
        note=note,
        picture=picture,
        is_around=is_around and picture is not None,
    )


def _label(family: Family, one: Told | None) -> str:
    """What the card is called; a diary need not be one of pain."""
    is_other = family is Family.DIARY and one is not None and one.effect.metric not in PAIN
    return one.title if is_other and one else words.FAMILIES[family]


def _sentences(answers: Answers, one: Told | None, usual: str, *, is_answered: bool) -> tuple[str, str]:
    """What is said of the main number, and what would matter or would help."""
    if one is None:
        return usual or words.NOTHING_MEASURED, ""
    effect, change = one.effect, one.change
    if change is None:
        if not is_answered:
            return usual or words.NOTHING_MEASURED, ""
        helps = remedies.of_effect(effect, answers.failed(effect), has_morning_pain=answers.has_morning_pain)
        return usual or words.NOTHING_MEASURED, helps[0] if helps else ""
    if not one.is_answered:
        more = next(iter(answers.more_of(effect)), None)
        return words.open_short(one.alone), shortly(more.low, more.high) if more else ""
    matter = words.would_matter(one.worth, is_own=one.is_own_worth) if one.worth else ""
    if one.direction is Word.NO_DIFFERENCE:
        ruled_out = words.ruled_out(one.worth, is_own=one.is_own_worth) if one.worth else ""
        return words.same_short(change), " ".join(note for note in (ruled_out, *one.beside) if note)
    is_none = one.direction is Word.NO_BETTER
    sentence = words.changed_short(one.window, change, adds_up=one.adds_up, is_likely_none=is_none)
    if one.direction in (Word.MORE, Word.LESS, Word.ABOUT_THE_SAME):
        return sentence, words.NO_BETTER_SIDE
    notes = [matter] if one.direction in (Word.A_LITTLE_BETTER, Word.A_LITTLE_WORSE) or is_none else []
    return sentence, " ".join(note for note in (*notes, *one.beside) if note)


def _usual(connection: duckdb.DuckDBPyConnection, person: str, family: Family, metrics: Mapping[str, Metric]) -> str:
    metric = family.headline
    mean = measured.usual(connection, person, metric) if metric else None
    if metric is None or mean is None:
        return ""
    kind = words.kind_of(metric)
    if kind is words.Kind.PAIN:
        return words.usual_level(kind, numbers.figure(round(mean, 1)))
    unit = metrics[metric].unit if metric in metrics else ""
    unit = "steps" if metric == "steps" else unit
    return words.usual_level(kind, numbers.level(mean, unit if unit in UNITS else "", metric))


def _around(connection: duckdb.DuckDBPyConnection, person: str, one: Told) -> Picture | None:
    effect = one.effect
    changes = measured.around(connection, person, effect.metric)
    filled = [changes[day] for day in one.window.lags if day in changes]
    if not filled:
        return None
    mean = numbers.change_alone(one.factor * sum(filled) / len(filled), one.unit, one.metric)
    return pictures.around_picture(changes, effect.worth, one.window, words.picture_around(mean))


def _recent(connection: duckdb.DuckDBPyConnection, person: str, family: Family) -> Picture | None:
    values = measured.recent(connection, person, family.headline) if family.headline else []
    count = sum(value is not None for value in values)
    return pictures.recent_picture(values, words.picture_recent(count)) if count else None
