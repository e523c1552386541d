"""What of a diary tells the pain before massages, and what may then be said: a person made by hand for each case."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from recovery.effects import gates
from recovery.effects.booked_on_pain import Rated, Ratings, on_pain, pain_before
from recovery.effects.design import lagged, usual
from recovery.effects.dose import slope_of_pain
from recovery.effects.examine import Findings, examine, verdict_on
from recovery.effects.judgement import Judgement
from recovery.effects.regression import Background, Estimate
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import WEEK_AFTER

DAYS = 300
DATES = np.datetime64("2026-01-01") + np.arange(DAYS)
NOTHING = np.full(DAYS, np.nan)
# Up and down over weeks, with days of its own between; rises at once and fades, as pain does.
SWINGS = np.array([0, 3, 2, 1, 0, -1, -1, 0, 2, 1, 0, -1, -2, -1, 0, 1, 3, 2, 2, 1, -1, -2, -1])
ERRORS = np.array([0, 1, -1, 0, 1, 0, -1, 1, 0, 0, -1, 1, -1, 0, 1, -1, 0, 0, 1, -1, 0])


@cache
def person(is_on_pain: bool, relief: float = 0.0) -> tuple[np.ndarray, Ratings]:
    """Massages on the worst day of each swing, or on counted days; 0.5 points of error on each rating."""
    day = np.arange(DAYS)
    felt = 5.0 + 0.7 * np.take(SWINGS, (day * 7 // 8) % 23) + 0.3 * np.take(SWINGS, (3 * day) % 23)
    is_massage, last = np.zeros(DAYS), 0
    for here in range(8, DAYS - 3):
        is_due = felt[here] > 5.9 if is_on_pain else day[here] % 9 in (1, 2) and np.take(ERRORS, here % 21) > 0
        if is_due and here - last > 3:
            is_massage[here], last = 1, here
    felt = felt - relief * sum(lagged(is_massage, lag) for lag in (1, 2, 3))
    told = [felt + 0.5 * np.take(ERRORS, (step * day) % 21) for step in (1, 4, 5, 8)]
    before = np.where(is_massage > 0, np.round(told[3]), np.nan)
    return is_massage, Ratings(told[0], told[1], told[2], before, np.where(is_massage > 0, 17.5, np.nan))


def tells(ratings: Ratings, told: Sequence[str]) -> Ratings:
    """With nothing in the other columns, but for the whole day's number."""
    kept = {name: getattr(ratings, name) if name in told else NOTHING for name in ("morning", "afternoon", "before")}
    return replace(ratings, **kept)


@cache
def found(is_on_pain: bool, told: tuple[str, ...], relief: float = 0.0) -> Findings:
    is_massage, ratings = person(is_on_pain, relief)
    ratings = tells(ratings, told)
    return examine(ratings.whole_day, is_massage, DATES, seed=0, ratings=ratings, simulations=199)


def answer(findings: Findings, worth: float = 2.5) -> Judgement:
    return verdict_on(findings, better="down", worthwhile=worth, unit="points")


@pytest.mark.parametrize(
    ("told", "rated"),
    [
        (("morning", "afternoon", "before"), Rated.AFTERNOON),
        (("afternoon",), Rated.AFTERNOON),
        (("morning", "before"), Rated.MORNING_AND_BEFORE),
        (("before",), Rated.DAY_AND_BEFORE),
        (("morning",), Rated.MORNING),
        ((), Rated.ONE_A_DAY),
    ],
)
def test_the_best_of_what_is_rated_counts(told: tuple[str, ...], rated: Rated) -> None:
    is_massage, ratings = person(True)

    known = pain_before(tells(ratings, told), is_massage, DATES)

    assert known is not None
    assert known.rated is rated
    is_told_twice = {*told} >= {"morning", "afternoon"} or rated is Rated.MORNING_AND_BEFORE
    assert len(known.states) == (3 if is_told_twice else 2)  # yesterday's afternoon, or pain that has not faded


def test_a_rating_that_few_massages_have_before_them_does_not_count() -> None:
    is_massage, ratings = person(True)
    seldom = replace(ratings, before=np.where(np.arange(DAYS) < 60, ratings.before, np.nan))
    early = replace(ratings, hour=np.where(is_massage > 0, 9.0, np.nan))  # before the rating of the afternoon
    rarely = Ratings(*(np.where(np.arange(DAYS) < 50, part, np.nan) for part in vars(ratings).values()))

    assert pain_before(replace(seldom, afternoon=NOTHING), is_massage, DATES).rated is Rated.MORNING  # type: ignore[union-attr]
    assert pain_before(early, is_massage, DATES).rated is Rated.MORNING_AND_BEFORE  # type: ignore[union-attr]
    assert pain_before(rarely, is_massage, DATES) is None


@pytest.mark.parametrize(
    ("is_on_pain", "told", "known", "passed", "verdict"),
    [
        (True, ("morning", "afternoon"), gates.PAIN_TOLD, True, None),
        (True, ("morning", "before"), gates.PAIN_TOLD, True, Verdict.CONTRADICTED),
        (True, ("before",), gates.PAIN_TOLD, False, Verdict.CANNOT_TELL_YET),
        (True, ("morning",), gates.PAIN_TOLD, False, Verdict.CANNOT_TELL_YET),
        (True, (), gates.PAIN_KNOWN, False, Verdict.CANNOT_BE_TOLD),
        (False, ("morning",), gates.PAIN_TOLD, True, Verdict.CONTRADICTED),
        (False, (), gates.PAIN_TOLD, False, Verdict.CANNOT_TELL_YET),
    ],
)
def test_what_may_be_said_of_no_effect(
    is_on_pain: bool, told: tuple[str, ...], known: str, passed: bool, verdict: Verdict | None
) -> None:
    findings = found(is_on_pain, told)

    gate = next(gate for gate in findings.gates if gate.name in (gates.PAIN_TOLD, gates.PAIN_KNOWN))
    assert (gate.name, gate.passed) == (known, passed)
    fires = not next(gate for gate in findings.gates if gate.name == gates.PAIN).passed
    assert fires == is_on_pain
    judged = answer(findings)
    assert verdict in (None, judged.verdict)
    assert (known in judged.failed) is not passed


@pytest.mark.parametrize("told", [("morning", "afternoon"), ("morning", "before"), ("morning",)])
def test_a_relief_is_found_where_pain_is_what_books(told: tuple[str, ...]) -> None:
    findings = found(True, told, 2.0)

    assert findings.estimate is findings.adjusted is not findings.plain
    assert findings.estimate is not None
    assert findings.estimate.ci_low < -2.0 < findings.estimate.ci_high + 0.3
    assert findings.estimate.ci_high < 0
    assert "the pain before it allowed for" in answer(findings).reason


def test_pain_is_always_adjusted_and_is_the_mean_of_its_days() -> None:
    findings = found(False, ("morning", "before"), 1.0)

    assert findings.estimate is findings.adjusted
    assert findings.estimate is not None
    days = [day.estimate for day in findings.by_day if day]
    assert len(days) == 8
    assert findings.estimate.estimate == pytest.approx(np.mean(days[1:4]))
    assert findings.first_stage_f is not None


def test_a_number_told_before_the_massage_has_no_day_of_the_massage() -> None:
    is_massage, ratings = person(True, 2.0)

    findings = examine(
        ratings.morning, is_massage, DATES, seed=0, ratings=tells(ratings, ("morning",)), is_before=True, simulations=99
    )

    assert findings.by_day[0] is None
    assert findings.estimate is not None
    assert findings.estimate.ci_high < 0


def test_pain_rated_too_seldom_is_neither_worse_nor_without_effect() -> None:
    is_massage, ratings = person(False)
    every_third = np.where(np.arange(DAYS) % 4 == 0, ratings.whole_day, np.nan)
    is_rated = replace(tells(ratings, ()), whole_day=every_third)

    findings = examine(every_third, is_massage, DATES, seed=0, ratings=is_rated, simulations=99)

    assert [gate.passed for gate in findings.gates if gate.name == gates.PAIN_TOLD] in ([], [False])


@pytest.mark.slow
def test_minutes_of_massage_that_pain_asks_for_are_allowed_for_too() -> None:
    is_massage, ratings = person(True, 1.0)
    minutes = is_massage * np.where(np.arange(DAYS) % 2 == 0, 60.0, 90.0)
    minutes[100] = np.nan

    slope = slope_of_pain(ratings.whole_day, minutes, DATES, ratings, seed=0, is_before=False)

    assert slope.ci_low < -3 / 7 / 1.25 < slope.ci_high  # a point on three of seven days for five quarters of an hour
    with pytest.raises(ValueError, match="not known well enough"):
        slope_of_pain(ratings.whole_day, minutes, DATES, Ratings(*[NOTHING] * 5), seed=0, is_before=False)


def test_with_one_number_a_day_pain_that_is_higher_right_before_massages_rules_nothing_out() -> None:
    """Dates do not follow the number of the day before, but pain that rises on the day itself is not in it."""
    is_massage, ratings = person(False)
    usual = np.nanmean(ratings.whole_day)
    told = {
        gap: examine(
            ratings.whole_day, is_massage, DATES, seed=0, simulations=199,
            ratings=replace(tells(ratings, ("before",)), before=np.where(is_massage > 0, usual + gap, np.nan)),
        )
        for gap in (0.0, 3.0)
    }  # fmt: skip

    passed = {gap: gate.passed for gap, one in told.items() for gate in one.gates if gate.name == gates.PAIN_TOLD}
    assert passed == {0.0: True, 3.0: False}


def dose(is_on_pain: bool, told: tuple[str, ...]) -> tuple[Estimate, Estimate]:
    """The change per hour of massages of half an hour and an hour, and the same by the states of pain alone."""
    is_massage, ratings = person(is_on_pain)
    ratings = tells(ratings, told)
    minutes = is_massage * np.where(np.cumsum(is_massage) % 2, 30.0, 60.0)
    background = Background(ratings.whole_day, usual(DATES))
    background.draw(np.zeros((DAYS, 0)), seed=0, simulations=199)
    known = pain_before(ratings, is_massage, DATES)
    assert known is not None
    found = slope_of_pain(ratings.whole_day, minutes, DATES, ratings, seed=0, is_before=False, background=background)
    of_states = on_pain(
        ratings.whole_day, minutes / 60, DATES, known, seed=0, asked=(WEEK_AFTER,), background=background
    ).estimates[0]
    return found, of_states


def test_the_dose_reaches_as_far_as_the_effect_where_one_number_a_day_hides_what_books() -> None:
    is_massage, ratings = person(True)
    more = np.nanmean(ratings.before[is_massage > 0]) - np.nanmean(ratings.whole_day[is_massage == 0])

    found, of_states = dose(True, ("before",))

    assert more > 0.5
    assert found.ci_high == of_states.ci_high
    assert found.ci_low <= of_states.parts[0].ci_low - more / 0.75  # an hour for three quarters of one


@pytest.mark.parametrize(("is_on_pain", "told"), [(False, ("before",)), (True, ("morning", "before"))])
def test_the_dose_reaches_no_farther_where_pain_does_not_book_or_mornings_are_told(
    is_on_pain: bool, told: tuple[str, ...]
) -> None:
    found, of_states = dose(is_on_pain, told)

    assert (found.ci_low, found.ci_high) == (of_states.ci_low, of_states.ci_high)
