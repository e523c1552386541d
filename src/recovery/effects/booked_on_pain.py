"""The effect on pain, whatever pain led to the booking: which rating tells the pain before, and the range it gives.

Pain books massages, and a rating tells it with an error. How far that can be allowed for depends on what is rated. In
order of worth, each with two or three estimates that are told as one (`hull`):

- pain of the afternoon, before any massage of the day: taken as it is, by two stages, and by two stages together with
  yesterday's, which tells pain that builds up over days from pain that stays;
- pain of the morning and right before each massage: both by two stages; where it is higher right before, once more as
  if it had not faded by the next morning: on real diaries with dates drawn by pain of the afternoon the first two alone
  said "worse" without any effect in 14 of 100;
- one number a day and pain right before each massage: the first two with the number of the day before. Where dates
  follow pain nothing is excluded and nobody is told that it gets worse (on real diaries one in five would be); nor
  where pain right before massages is higher than the number usually is, for pain that rises on the day itself is not
  in it. The range then reaches as far to the better side as if all of that pain had stayed for days by itself;
- pain of the morning alone: taken as it is, and by two stages. Pain that rises during the day stays unseen, so the
  same holds;
- one number a day alone: the number of the day before, both ways. It may be told after the massage or before; where
  dates follow pain there is no answer, and else nothing is excluded, for an effect hides from the check of the dates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from recovery.effects import randomisation
from recovery.effects.gates import CHANCE_ERRORS, PAIN_KNOWN, PAIN_P, PAIN_TOLD, Gate
from recovery.effects.history import last_known
from recovery.effects.hull import hull
from recovery.effects.regression import Background, Estimate
from recovery.effects.two_stage import (
    SIMULATIONS,
    Controls,
    carried_back,
    past_ratings,
    persistence,
    predicted,
    two_stage,
)
from recovery.vocabulary.windows import SINGLE_DAYS
from recovery.words import checks as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MIN_DAYS = 56  # with a rating, as for any number
MIN_MASSAGES = 8
MIN_SHARE = 0.5  # of the massages, that have the rating before them
MORNING_HOUR, AFTERNOON_HOUR, EVENING_HOUR = 8.0, 16.0, 20.0  # when ratings are made, where nobody tells
LATEST_BEFORE_AFTERNOON = 15.0  # a massage that starts earlier came before the rating of that afternoon


class Rated(StrEnum):
    """What is known of pain before massages, best first."""

    AFTERNOON = "afternoon"
    MORNING_AND_BEFORE = "morning and right before"
    DAY_AND_BEFORE = "day before and right before"
    MORNING = "morning"
    ONE_A_DAY = "one a day"

    @property
    def is_only_morning(self) -> bool:
        """Whether pain that rises during the day stays unseen."""
        return self is Rated.MORNING

    @property
    def is_one_a_day(self) -> bool:
        """Whether nobody knows if the rating came before the massage."""
        return self is Rated.ONE_A_DAY


@dataclass(frozen=True)
class Ratings:
    """Pain as it was told, 0-10, one number for each day, NaN where not told."""

    morning: Floats
    afternoon: Floats  # before any massage of the day
    whole_day: Floats
    before: Floats  # right before the massage of the day
    hour: Floats  # at which the massage of the day starts, on the wall clock


@dataclass(frozen=True)
class PainBefore:
    """What tells the pain before massages: states with their instruments (None: taken as it is), for `two_stage`.

    A state is (days) or (days, states).
    """

    rated: Rated
    states: tuple[tuple[Floats, Floats | None], ...]

    @property
    def rating(self) -> Floats:
        """As it was rated, NaN where not told."""
        return self.states[0][0]


@dataclass(frozen=True)
class OnPain:
    """The effects that were asked for, each a hull, and how well earlier ratings tell the pain before massages."""

    estimates: tuple[Estimate, ...]
    first_stage_f: float
    n_days: int
    n_massages: int


def pain_before(ratings: Ratings, is_massage: Floats, dates: Dates) -> PainBefore | None:
    """The best of what is rated; None where less than eight weeks of days, or too few massages, have any rating."""
    morning, day_before = ratings.morning, _yesterday(ratings.whole_day)
    is_late = ~(ratings.hour < LATEST_BEFORE_AFTERNOON)  # or not told
    afternoon = np.where((is_massage > 0) & ~is_late, np.nan, ratings.afternoon)
    from_morning, from_day = past_ratings(morning), past_ratings(ratings.whole_day, before=2)
    if _is_enough(afternoon, is_massage):
        told = np.column_stack([from_morning, last_known(morning)])
        if np.isfinite(morning).sum() < MIN_DAYS:
            told = past_ratings(afternoon)
        states: list[tuple[Floats, Floats | None]] = [(afternoon, None), (afternoon, told)]
        both = np.column_stack([afternoon, _yesterday(afternoon)])
        if _is_enough(both.sum(axis=1), is_massage) and np.isfinite(morning).sum() >= MIN_DAYS:
            states.append((both, told))
        return PainBefore(Rated.AFTERNOON, tuple(states))
    if _is_enough(morning, is_massage):
        stays = persistence(morning, is_massage, dates)
        right_before = _right_before(morning, ratings, is_massage, MORNING_HOUR, stays)
        if _is_enough(right_before, is_massage):
            ways = [morning, right_before]
            if np.nanmean(ratings.before[is_massage > 0]) > np.nanmean(morning):
                ways.append(_right_before(morning, ratings, is_massage, MORNING_HOUR, stays, is_faded=False))
            return PainBefore(Rated.MORNING_AND_BEFORE, tuple((state, from_morning) for state in ways))
        return PainBefore(Rated.MORNING, ((morning, None), (morning, from_morning)))
    if _is_enough(day_before, is_massage):
        stays = persistence(ratings.whole_day, is_massage, dates)
        right_before = _right_before(day_before, ratings, is_massage, EVENING_HOUR - 24, stays)
        if _is_enough(right_before, is_massage):
            return PainBefore(Rated.DAY_AND_BEFORE, ((day_before, from_day), (right_before, from_day)))
        return PainBefore(Rated.ONE_A_DAY, ((day_before, None), (day_before, from_day)))
    return None


def rated_before(ratings: Ratings, is_massage: Floats, dates: Dates) -> Floats | None:
    """The pain before the massages of each day as it was rated, NaN where not told: (days) or (days, states)."""
    known = pain_before(ratings, is_massage, dates)
    return known.rating if known else None


def led_to_massages(known: PainBefore, is_massage: Floats, dates: Dates) -> tuple[Floats, ...]:
    """What may have led to the massages of each day, two ways: pain as it was rated, and as earlier ratings tell it.

    Each (days, states), NaN where it is not known. On the first the error of a rating is left in the days after, on the
    second a part of the booking; the truth lies between.
    """
    rated = known.rating
    state, instruments = next((one for one in known.states if one[1] is not None), (rated, None))
    told = [] if instruments is None else [predicted(state, instruments, is_massage, dates)]
    return rated.reshape(len(rated), -1), *told


def on_pain(
    values: Floats,
    treatment: Floats,
    dates: Dates,
    known: PainBefore,
    *,
    seed: int,
    asked: Sequence[Sequence[int]],
    is_before: bool = False,
    simulations: int = SIMULATIONS,
    background: Background | None = None,
) -> OnPain:
    """The hull of both estimates for each of the `asked` sets of days; arguments and errors as of `two_stage`."""
    controls = Controls(treatment, dates)
    found = [
        two_stage(
            values, treatment, dates, state, instruments, seed=seed, asked=asked, is_before=is_before,
            simulations=simulations, background=background, controls=controls,
        )
        for state, instruments in known.states
    ]  # fmt: skip
    return OnPain(
        tuple(hull(parts) for parts in zip(*(one.estimates for one in found), strict=True)),
        min(one.first_stage_f for one in found),
        min(one.n_days for one in found),
        min(one.n_massages for one in found),
    )


@dataclass(frozen=True)
class ToldPain:
    """What is known of the pain that led to massages, and the estimate that allows for it."""

    adjusted: Estimate | None
    is_diary: bool  # told before massages, so that booking on it is allowed for
    pain_p: float | None = None  # that dates do not follow it
    gates: tuple[Gate, ...] = ()
    by_day: tuple[Estimate | None, ...] = ()
    first_stage_f: float | None = None
    led: tuple[Floats, ...] = ()  # as of `led_to_massages`


def told_pain(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    ratings: Ratings,
    known: PainBefore | None,
    otherwise: ToldPain,
    background: Background,
    *,
    seed: int,
    lags: Sequence[int],
    is_before: bool,
    is_enough: bool,
    by_day: bool = True,
) -> ToldPain:
    """The effect on pain itself, with the checks of how much is known; arguments as of `examine`.

    `known` is the `pain_before` of the ratings. Where these do not tell the pain before massages, or not enough days
    do, the estimate stays that of `otherwise`. Without `by_day` the single days are left out.
    """
    found = None
    state = known.rating if known else _yesterday(ratings.whole_day)
    pain_p = randomisation.follows_pain(is_massage, dates, state, seed=seed) if np.isfinite(state).any() else None
    days = [(day,) for day in SINGLE_DAYS if by_day and (day or not is_before)]
    if known and is_enough:
        try:
            found = on_pain(
                values, is_massage, dates, known, seed=seed, asked=(lags, *days), is_before=is_before,
                background=background,
            )  # fmt: skip
        except ValueError:
            found = None
    follows = pain_p is not None and pain_p < PAIN_P
    if not known or not found:
        return replace(otherwise, pain_p=pain_p, gates=(Gate(PAIN_TOLD, False, words.PAIN_SELDOM_RATED),))
    more = _more_before(ratings, is_massage)
    estimates = found.estimates
    if known.rated is Rated.DAY_AND_BEFORE and (follows or more.is_so):
        estimates = tuple(more.reaching(one) for one in estimates)
    return ToldPain(
        adjusted=estimates[0],
        is_diary=not known.rated.is_one_a_day,
        pain_p=pain_p,
        gates=tuple(_gates(known.rated, found, follows=follows, is_more_before=more.is_so)),
        by_day=(*([None] if is_before and by_day else []), *estimates[1:]),
        first_stage_f=found.first_stage_f,
        led=led_to_massages(known, is_massage, dates),
    )


def reaching_farther(
    found: Estimate,
    known: PainBefore,
    ratings: Ratings,
    is_massage: Floats,
    dates: Dates,
    *,
    seed: int,
    a_massage: float = 1.0,
) -> Estimate:
    """An estimate of `on_pain` with the range that `told_pain` gives it where one number a day hides what books.

    `a_massage` is what a massage counts in the treatment of the estimate, on average; `seed` that of the metric.
    """
    if known.rated is not Rated.DAY_AND_BEFORE:
        return found
    more = _more_before(ratings, is_massage)
    if not more.is_so:
        pain_p = randomisation.follows_pain(is_massage, dates, known.states[0][0], seed=seed)
        if pain_p is None or pain_p >= PAIN_P:
            return found
    return replace(more, size=more.size / a_massage, error=more.error / a_massage).reaching(found)


def _gates(rated: Rated, found: OnPain, *, follows: bool, is_more_before: bool) -> Iterator[Gate]:
    """Whether pain before massages is known well enough to answer, and to rule a relief out."""
    if rated.is_one_a_day and follows:
        yield Gate(PAIN_KNOWN, False, words.PAIN_BEFORE_UNKNOWN)
    elif rated.is_one_a_day:
        yield Gate(PAIN_TOLD, False, words.ONE_PAIN_A_DAY)
    elif rated.is_only_morning and follows:
        yield Gate(PAIN_TOLD, False, words.ONLY_MORNING_PAIN)
    elif rated is Rated.DAY_AND_BEFORE and (follows or is_more_before):
        yield Gate(PAIN_TOLD, False, words.ONE_PAIN_AND_BEFORE)
    else:
        yield Gate(PAIN_TOLD, True, words.pain_told(found.n_days, found.n_massages))


@dataclass(frozen=True)
class _MoreBefore:
    """By how much pain right before massages is higher than the day's number is on days without one."""

    size: float
    error: float

    @property
    def is_so(self) -> bool:
        """Beyond chance."""
        return self.size > CHANCE_ERRORS * self.error

    def reaching(self, found: Estimate) -> Estimate:
        """The hull with what it would be if all of that pain had stayed."""
        return hull((*found.parts, self.all_stayed(found.parts[0])))

    def all_stayed(self, found: Estimate) -> Estimate:
        """The effect, if by itself all of that pain had stayed: the farthest that booking on it can hide."""
        shifted, error = found.estimate - max(self.size, 0.0), float(np.hypot(found.standard_error, self.error))
        reach = found.critical_value * error
        return replace(
            found, estimate=shifted, standard_error=error, ci_low=shifted - reach, ci_high=shifted + reach, parts=()
        )


def _more_before(ratings: Ratings, is_massage: Floats) -> _MoreBefore:
    """The variance of the mean of days without massages counts four times, for days are alike."""
    before = ratings.before[(is_massage > 0) & np.isfinite(ratings.before)]
    usual = ratings.whole_day[(is_massage == 0) & np.isfinite(ratings.whole_day)]
    if len(before) < MIN_MASSAGES or len(usual) < MIN_DAYS:
        return _MoreBefore(0.0, 0.0)
    error = float(np.sqrt(before.var() / len(before) + 4 * usual.var() / len(usual)))
    return _MoreBefore(float(before.mean() - usual.mean()), error)


def _right_before(
    state: Floats, ratings: Ratings, is_massage: Floats, at: float, stays: float, *, is_faded: bool = True
) -> Floats:
    """The state, on massage days as the pain right before the massage tells it; `at` is the hour of the state.

    `stays` is the share of pain that is still there a day later. Unless it `is_faded`, that pain is taken to be as
    strong at the same hour of the next day.
    """
    hours = np.where(np.isfinite(ratings.hour), ratings.hour, AFTERNOON_HOUR) - at
    if not is_faded:
        hours = np.full(len(hours), 24.0)
    return carried_back(state, ratings.before, np.maximum(hours, 0), is_massage, stays)


def _is_enough(state: Floats, is_massage: Floats) -> bool:
    known = np.isfinite(state)
    massages, of_them = int(np.sum(is_massage > 0)), int(np.sum(known & (is_massage > 0)))
    return int(known.sum()) >= MIN_DAYS and of_them >= max(MIN_MASSAGES, MIN_SHARE * massages)


def _yesterday(rating: Floats) -> Floats:
    return np.concatenate([[np.nan], rating[:-1]])[: len(rating)]
