"""How many massages and days an answer counts, and what became of the others: told alike on every page.

The counts are those of the relation `answer_counts`, where every massage and every day stands in one part.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from recovery.answers.rows import Effect
from recovery.report.answers import AnswerCounts, Answers
from recovery.vocabulary.windows import Window
from recovery.words import pages as words
from recovery.words.counts import MASSAGE, MEASURED_DAY
from recovery.words.counts import counted as number_of


class Counted(NamedTuple):
    """Massages that were written down as attended, and those among them that answers can use."""

    written: int
    usable: int  # with measured days after them, as looks count them, of the number that has most
    left_out: str  # how many are not counted, and why; '' where all are


def counted(answers: Answers, effects: Iterable[Effect], written: int, days: int) -> Counted:
    """Of the main numbers; `days` are those on which there was a massage. Nothing was measured: none counts."""
    best = max(effects, key=lambda effect: effect.massages_that_count, default=None)
    if best is None:
        return Counted(written, 0, words.left_out(words.massages_left_out(outside=days, same_day=written - days)))
    found = answers.counts_of(best) or _of_older(best, written, days)
    return Counted(written, found.massages_counted, words.left_out(_massages_left_out(found)))


def massages_of(answers: Answers, effect: Effect) -> str:
    """As '58 of 60 massages (2 without measured days after them so far)'; '60 massages' where all count."""
    found = answers.counts_of(effect)
    if found is None:  # weeks drawn by lot, and what an earlier version published
        return number_of(effect.massages_that_count, MASSAGE)
    return words.massages_of(found.massages_counted, found.massages_logged, _massages_left_out(found))


def days_of(answers: Answers, effect: Effect) -> str:
    """As '508 of 550 days (18 not measured well enough and 24 without a value)'; nights of numbers counted by night."""
    found = answers.counts_of(effect)
    if found is None:
        return number_of(effect.n_days, MEASURED_DAY)
    why = words.days_left_out(
        excluded=found.days_excluded,
        without=found.days_without,
        not_valid=found.days_not_valid,
        not_compared=found.days_not_compared,
    )
    return words.days_of(found.days_counted, found.days_in_span, why, is_nightly=_is_nightly(found))


def days_behind(effects: Collection[Effect], written: int) -> str:
    """After how many of all massages several answers count days: 'the days after massages (58 to 59 of 60 counted)'."""
    counts = [effect.massages_that_count for effect in effects]
    return words.days_behind(min(counts), max(counts), written)


def _massages_left_out(found: AnswerCounts) -> list[str]:
    return words.massages_left_out(
        unmeasured=found.massages_unmeasured,
        outside=found.massages_outside,
        same_day=found.massages_same_day,
        is_nightly=_is_nightly(found),
    )


def _of_older(effect: Effect, written: int, days: int) -> AnswerCounts:
    """Of what a version published that had no such relation."""
    return AnswerCounts(
        subject=effect.subject,
        metric=effect.metric,
        window=effect.window,
        massages_logged=written,
        massages_same_day=written - days,
        massages_outside=max(days - effect.n_massages, 0),
        massages_unmeasured=effect.n_massages - effect.massages_that_count,
        massages_counted=effect.massages_that_count,
    )


def _is_nightly(found: AnswerCounts) -> bool:
    return found.window == Window.NIGHT
