"""The randomisation test of a trial, and the interval that comes of turning it round.

What was randomised is what is re-drawn. With other coins the same days would have been compared the other way round,
so the p-value is the share of all flips that give as large a sum of whitened residuals on the days after the hour set
for a massage. It is exact if a massage does nothing at all, whatever the memory of the days (Bojinov and Shephard
2019, Journal of the American Statistical Association 114:1665). Nothing that depends on the coins goes into the
weights of the days, so the same test of every other constant change, turned round, gives an interval that holds too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from recovery.effects.judgement import ALPHA
from recovery.effects.noise import NoiseShapes, whitener
from recovery.effects.trial_schedule import Schedule

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MAX_ENUMERATED_PAIRS = 12  # 4,096 flips; with more pairs some are drawn
REDRAWS = 9999  # 999 would move a true 5% by up to one and a half percentage points, for good, with a fixed seed


@dataclass(frozen=True)
class Contrast:
    """Weeks with a massage less weeks without, on the days after the set hour, in the metric's unit."""

    estimate: float
    ci_low: float
    ci_high: float
    p_value: float
    n_days: int  # measured days after the set hours
    is_enumerated: bool  # whether all flips of the coins were tried


def after_slots(dates: Dates, schedule: Schedule, lags: Sequence[int]) -> Bools:
    """Which dates lie `lags` after the set hours of each block: (days, 2 * pairs), blocks in their order."""
    day = (dates - np.datetime64(schedule.start)).astype(np.int64)
    is_after = np.isin(day % 7, lags)
    block = day // (7 * schedule.weeks_per_block)
    return np.asarray(is_after[:, None] & (block[:, None] == np.arange(2 * schedule.pairs)))


def usable_pairs(after: Bools, is_observed: Bools) -> tuple[list[int], tuple[int, ...]]:
    """The pairs, from 0, with measured days after the hours of both blocks; the others, from 1, as people count."""
    has_days = after[is_observed].any(axis=0).reshape(-1, 2).all(axis=1)
    return np.flatnonzero(has_days).tolist(), tuple((np.flatnonzero(~has_days) + 1).tolist())


def pair_contrasts(after: Bools, usable: Sequence[int]) -> Floats:
    """Of each usable pair 1 on the days after the hours of the first block, -1 on those of the second."""
    is_after = after.astype(np.float64)
    return np.column_stack([is_after[:, 2 * pair] - is_after[:, 2 * pair + 1] for pair in usable])


def independent(columns: Floats, is_observed: Bools) -> Floats:
    """The columns that are no combination of a constant and those before them on the observed days."""
    basis = [np.full(int(is_observed.sum()), 1 / math.sqrt(is_observed.sum()))]
    chosen = []
    for number, column in enumerate(columns[is_observed].T):
        size = float(np.linalg.norm(column))
        left = column
        for _ in range(2):  # once more, for what rounding left
            left = left - np.sum([(direction @ left) * direction for direction in basis], axis=0)
        if np.linalg.norm(left) > 1e-6 * max(size, 1e-300):
            basis.append(left / np.linalg.norm(left))
            chosen.append(number)
    return columns[:, chosen]


def whitened_scores(
    series: Floats, contrasts: Floats, usual: Floats, is_observed: Bools, shapes: NoiseShapes, weights: Floats
) -> tuple[Floats, Floats]:
    """C'Qy of each series y and C'QC, with Q = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1 averaged over the shapes of noise.

    C are the contrasts, X the usual columns with a constant: (pairs, series) and (pairs, pairs).
    """
    design = np.column_stack([usual, np.ones(len(usual))])
    pairs, count = contrasts.shape[1], design.shape[1]
    centred = np.where(is_observed[:, None], series, 0.0)
    centred = centred - np.where(is_observed[:, None], centred[is_observed].mean(axis=0), 0.0)  # keeps digits
    whitened = whitener(shapes, is_observed).whiten(np.column_stack([contrasts, design, centred]))
    scores, gram = np.zeros((pairs, series.shape[1])), np.zeros((pairs, pairs))
    for weight, rows in zip(weights, whitened, strict=True):
        if weight < 1e-9:
            continue
        basis = np.linalg.qr(rows[:, pairs : pairs + count])[0]
        left = rows[:, :pairs] - basis @ (basis.T @ rows[:, :pairs])
        scores += weight * (left.T @ rows[:, pairs + count :])
        gram += weight * (left.T @ left)
    return scores, gram


def coin_flips(pairs: int, seed: int, redraws: int = REDRAWS) -> tuple[Floats, bool]:
    """Other ways the coins could have fallen, 1 or -1: all of them, or so many drawn ones."""
    if pairs <= MAX_ENUMERATED_PAIRS:
        return np.array(list(product((1.0, -1.0), repeat=pairs))), True
    return np.where(np.random.default_rng(seed).random((redraws, pairs)) < 0.5, 1.0, -1.0), False


def contrast_of(scores: Floats, gram: Floats, arms: Floats, seed: int, n_days: int) -> Contrast:
    """Estimate, interval and p-value of the change d, from the test of every d at once.

    Under a change d the sum of flip c is c'(a - d/2 G s), with a the scores, G their gram and s the true arms; it is
    0 for c = s at the estimate. Flip c is as far out as the truth for d from the estimate to one end on either side;
    the interval holds what at least 5% of the flips allow.
    """
    shift = gram @ arms / 2
    slope = float(arms @ shift)
    estimate = float(arms @ scores) / slope
    flips, is_all = coin_flips(len(arms), seed)
    sums = flips @ scores
    exceed = int(np.sum(np.abs(sums) >= abs(float(arms @ scores)) * (1 - 1e-9)))
    at_estimate = flips @ (scores - estimate * shift)
    slopes = flips @ shift
    is_bounded = np.abs(slopes) < slope * (1 - 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([at_estimate / (slopes + slope), at_estimate / (slopes - slope)])
    upper = np.sort(np.where(is_bounded, ends.max(axis=0), np.inf))[::-1]
    lower = np.sort(np.where(is_bounded, ends.min(axis=0), -np.inf))
    flip_count = len(flips) if is_all else len(flips) + 1  # where they are drawn, the true one is added to them
    needed = math.floor(ALPHA * flip_count + 1e-9) + 1 - (0 if is_all else 1)
    p_value = exceed / len(flips) if is_all else (1 + exceed) / (len(flips) + 1)
    return Contrast(
        estimate=estimate,
        ci_low=estimate + float(lower[needed - 1]),
        ci_high=estimate + float(upper[needed - 1]),
        p_value=p_value,
        n_days=n_days,
        is_enumerated=is_all,
    )
