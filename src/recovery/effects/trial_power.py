"""The power of a trial that is planned: how often it would find a change, with this person's own noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recovery.effects import gates, regression
from recovery.effects.design import trend, weekdays, winsorised, without_weekday_and_trend
from recovery.effects.judgement import ALPHA, MIN_PAIRS, assumed_worthwhile
from recovery.effects.noise import NoiseShapes, shape_grid, simulate, whitener
from recovery.effects.trial_contrast import after_slots, independent, pair_contrasts, usable_pairs
from recovery.effects.trial_looks import coin_flips
from recovery.effects.trial_schedule import Schedule
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

REDRAWS = 999
WANTED_POWER = 0.8
MIN_POWER_DAYS = 28  # valid days that a person's noise is judged by
MAX_POWER_PAIRS = 26
SIMULATIONS = 400


@dataclass(frozen=True)
class Power:
    """How often a trial would find a change, with this person's own noise, p < 0.05."""

    n_days: int  # valid days the noise was judged by
    deviation: float  # day to day, after weekday and trend, in the metric's unit
    worthwhile: float
    is_worthwhile_assumed: bool
    power: float  # at the planned number of pairs, for the change worth having
    power_with_all_days: float  # the same if days that nobody asks about were taken as days without a massage
    pairs_needed: int | None  # for 80%; None where MAX_POWER_PAIRS are not enough
    detectable: float | None  # the change found 80% of the time with the planned pairs; None where no size is
    weeks_per_block: int


def power(
    values: Floats,
    dates: Dates,
    *,
    pairs: int,
    weeks_per_block: int,
    worthwhile: float | None,
    lags: Sequence[int] = DAYS_AFTER,
    seed: int = 0,
    simulations: int = SIMULATIONS,
) -> Power:
    """The share of simulated trials in which re-drawing gives p < 0.05 where massages change what they should.

    The noise is that of the person's own days (`values`, NaN on days that do not count, by consecutive `dates`): its
    size, its memory, drawn in proportion to how likely each shape is, and its share of missing days. Every massage
    changes the days `lags` after it by `worthwhile`. Raises ValueError where there are fewer than MIN_POWER_DAYS valid
    days, or they do not vary.
    """
    is_observed = np.isfinite(values)
    n_days = int(is_observed.sum())
    if n_days < MIN_POWER_DAYS:
        raise ValueError(f"{n_days} valid days, {MIN_POWER_DAYS} are needed")
    if not gates.numbers_vary(values).passed:
        raise ValueError("nearly the same number every day")
    columns = independent(np.column_stack([weekdays(dates), trend(len(dates))]), is_observed)
    kept = winsorised(values, columns)
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    deviation = float(np.std(left[is_observed]))
    worth = assumed_worthwhile(deviation) if worthwhile is None else worthwhile
    simulated, of_all_days = (
        _simulated(
            longest,
            weeks_per_block,
            regression.shape_weights(kept, columns),
            float(is_observed.mean()),
            lags,
            np.random.default_rng([seed, weeks_per_block]),
            simulations,
            with_all_days=with_all_days,
        )
        for longest, with_all_days in ((max(pairs, MAX_POWER_PAIRS), False), (pairs, True))
    )

    return Power(
        n_days=n_days,
        deviation=deviation,
        worthwhile=worth,
        is_worthwhile_assumed=worthwhile is None,
        power=_found(simulated, pairs, worth / deviation),
        power_with_all_days=_found(of_all_days, pairs, worth / deviation),
        pairs_needed=_pairs_needed(simulated, worth / deviation),
        detectable=_detectable(simulated, pairs, deviation),
        weeks_per_block=weeks_per_block,
    )


@dataclass(frozen=True)
class _Simulated:
    """Many records of a long trial without an effect; a shorter one is the beginning of it."""

    dates: Dates
    days_per_pair: int
    after: Bools  # (days, 2 * pairs)
    is_observed: Bools
    shape: NoiseShapes  # the likeliest one alone, by which days are whitened
    noise: Floats  # whitened, in deviations: (observed days, simulations)
    is_first: Bools  # what the coins said: (pairs, simulations)


def _simulated(
    pairs: int,
    weeks_per_block: int,
    weights: Floats,
    observed_share: float,
    lags: Sequence[int],
    random: np.random.Generator,
    simulations: int,
    *,
    with_all_days: bool,
) -> _Simulated:
    schedule = Schedule(date(2001, 1, 1), weeks_per_block, (True,) * pairs)
    dates = np.datetime64(schedule.start) + np.arange(7 * schedule.weeks)
    shapes, best = shape_grid(), int(np.argmax(weights))
    shape = NoiseShapes(
        *(axis[[best]] for axis in (shapes.correlation, shapes.slow_share, shapes.white_share, shapes.log_prior))
    )
    after = after_slots(dates, schedule, lags, with_first_weeks=with_all_days)
    is_observed = (random.random(len(dates)) < observed_share) & (with_all_days | after.any(axis=1))
    picks = random.choice(len(shapes), size=simulations, p=weights)
    noise = np.asarray(simulate(shapes, picks, len(dates), random), dtype=np.float64)
    return _Simulated(
        dates=dates,
        days_per_pair=14 * weeks_per_block,
        after=after,
        is_observed=is_observed,
        shape=shape,
        noise=whitener(shape, is_observed).whiten(noise)[0],
        is_first=random.random((pairs, simulations)) < 0.5,
    )


class _Scores(NamedTuple):
    """What a trial of some pairs gives where massages do nothing: one column for each simulated record."""

    scores: Floats
    gram: Floats  # of the contrasts: C'QC
    arms: Floats  # 1 where the first block of the pair holds the massages, else -1


def _found(simulated: _Simulated, pairs: int, effect: float) -> float:
    """The share of the records in which the first so many pairs give p < 0.05 for an effect in deviations."""
    null = _null_scores(simulated, pairs)
    return 0.0 if null is None else _share_found(null, effect)


def _pairs_needed(simulated: _Simulated, effect: float) -> int | None:
    """The smallest number of pairs that finds an effect in deviations often enough; None above MAX_POWER_PAIRS."""
    if _found(simulated, MAX_POWER_PAIRS, effect) < WANTED_POWER:
        return None
    few, enough = MIN_PAIRS - 1, MAX_POWER_PAIRS
    while enough - few > 1:  # power grows with pairs
        middle = (few + enough) // 2
        is_enough = _found(simulated, middle, effect) >= WANTED_POWER
        few, enough = (few, middle) if is_enough else (middle, enough)
    return enough


def _detectable(simulated: _Simulated, pairs: int, deviation: float) -> float | None:
    """The smallest change, in the metric's unit, that is found 80% of the time; to one part in a hundred."""
    null = _null_scores(simulated, pairs)
    low, high = 0.0, 8.0  # deviations; nothing that a massage does is larger
    if null is None or _share_found(null, high) < WANTED_POWER:
        return None
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if _share_found(null, middle) >= WANTED_POWER else (middle, high)
    return high * deviation


def _null_scores(simulated: _Simulated, pairs: int) -> _Scores | None:
    """Those of the first so many pairs; None where they are too few."""
    days = pairs * simulated.days_per_pair
    is_observed, after = simulated.is_observed[:days], simulated.after[:days, : 2 * pairs]
    usable, _ = usable_pairs(after, is_observed)
    if len(usable) < MIN_PAIRS:
        return None  # no flip is rare enough
    usual = independent(np.column_stack([weekdays(simulated.dates[:days]), trend(days)]), is_observed)
    whitened = whitener(simulated.shape, is_observed).whiten(
        np.column_stack([pair_contrasts(after, usable), usual, np.ones(days)])
    )[0]
    basis = np.linalg.qr(whitened[:, len(usable) :])[0]
    contrasts = whitened[:, : len(usable)]
    contrasts = contrasts - basis @ (basis.T @ contrasts)
    scores = contrasts.T @ simulated.noise[: len(contrasts)]
    return _Scores(scores, contrasts.T @ contrasts, np.where(simulated.is_first[usable], 1.0, -1.0))


def _share_found(null: _Scores, effect: float) -> float:
    """The share of the records in which re-drawing gives p < 0.05 for an effect in deviations."""
    scores, gram, arms = null
    moved = scores + effect / 2 * (gram @ arms)
    flips, is_all = coin_flips(len(arms), 0, REDRAWS)
    exceed = np.sum(np.abs(flips @ moved) >= np.abs(np.sum(arms * moved, axis=0)) * (1 - 1e-9), axis=0)
    p_values = exceed / len(flips) if is_all else (1 + exceed) / (len(flips) + 1)
    return float(np.mean(p_values < ALPHA))
