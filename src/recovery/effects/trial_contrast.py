"""From the days of a drawn trial to the sums that its coins are tested by.

Looked at are the days after the hours set, in blocks with massages and without, and no others: a change that lasts
longer than those days is there on days 0 and +4 to +6 too, and counted as days without it would be cancelled. Of a
block of several weeks the first is passed over, for what the block before it leaves behind. Nothing that depends on the
coins goes into the weights of the days, so the test of every constant change, turned round, gives an interval that
holds too.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recovery.effects.noise import NoiseShapes, whitener
from recovery.effects.trial_schedule import Schedule

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]


def after_slots(dates: Dates, schedule: Schedule, lags: Sequence[int], *, with_first_weeks: bool = False) -> Bools:
    """Which dates lie `lags` after the set hours of each block: (days, 2 * pairs), blocks in their order.

    Of blocks of several weeks without their first one, unless asked for.
    """
    day = (dates - np.datetime64(schedule.start)).astype(np.int64)
    is_after = np.isin(day % 7, lags)
    if schedule.weeks_per_block > 1 and not with_first_weeks:
        is_after &= (day // 7) % schedule.weeks_per_block > 0
    block = day // (7 * schedule.weeks_per_block)
    return np.asarray(is_after[:, None] & (block[:, None] == np.arange(2 * schedule.pairs)))


def blocks(dates: Dates, schedule: Schedule) -> Bools:
    """Which dates lie in each block: (days, 2 * pairs)."""
    block = (dates - np.datetime64(schedule.start)).astype(np.int64) // (7 * schedule.weeks_per_block)
    return np.asarray(block[:, None] == np.arange(2 * schedule.pairs))


def usable_pairs(after: Bools, is_observed: Bools) -> tuple[list[int], tuple[int, ...]]:
    """The pairs, from 0, with measured days after the hours of both blocks; the others, from 1, as people count."""
    has_days = after[is_observed].any(axis=0).reshape(-1, 2).all(axis=1)
    return np.flatnonzero(has_days).tolist(), tuple((np.flatnonzero(~has_days) + 1).tolist())


def pair_contrasts(after: Bools, usable: Sequence[int]) -> Floats:
    """Of each usable pair 1 on the days after the hours of the first block, -1 on those of the second."""
    is_after = after.astype(np.float64)
    return np.column_stack([is_after[:, 2 * pair] - is_after[:, 2 * pair + 1] for pair in usable])


def after_weeks(dates: Dates, schedule: Schedule, lags: Sequence[int]) -> Floats:
    """The days asked about in weeks with a massage, and in either kind of weeks that follow one: (days, 3).

    Of one-week blocks. The first column with the other two beside it compares a week with a massage with a week without
    where there was none the week before either.
    """
    after = after_slots(dates, schedule, lags).astype(np.float64)
    is_massage = np.array(schedule.is_massage_week)
    follows = np.concatenate([[False], is_massage[:-1]])
    kinds = (is_massage, follows & ~is_massage, follows & is_massage)
    return np.column_stack([after @ kind.astype(np.float64) for kind in kinds])


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
