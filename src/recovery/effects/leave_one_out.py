"""How much a finding hangs on a single massage: the primary estimate with each of them left out in turn.

A massage is left out with the days it may have touched, 0 to 3 after it: their values become missing. The noise keeps
the weights of its shapes that the whole record gives, so nothing is fitted anew: leaving out days is the same as giving
each a coefficient of its own, whose consequences for the others need no more than the inverse covariance of these days
(De Jong and Penzer 1998, Journal of the American Statistical Association 93:796).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import usual, window
from recovery.effects.gates import beside
from recovery.effects.history import orthonormal
from recovery.effects.noise import grid_whitener
from recovery.effects.regression import Background, Estimate
from recovery.vocabulary.windows import DAYS_AFTER, NEAR_DAYS
from recovery.words import checks as words

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]
LEAST_WEIGHT = 1e-15  # of a shape of noise; a smaller one is not seen in a mean over shapes


@dataclass(frozen=True)
class LeftOut:
    """The estimates without one massage each, in the order of the massages and the unit of the values."""

    estimates: tuple[float, ...]
    low: float
    high: float
    carried_by: tuple[int, ...]  # positions of the days of massages without which the finding is gone
    sentence: str


def leave_one_out(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    found: Estimate,
    *,
    lags: Sequence[int] = DAYS_AFTER,
    background: Background | None = None,
) -> LeftOut:
    """The range of the primary estimate over leaving out each massage; `found` is that estimate on the same values.

    A finding (an interval without 0) is gone where the interval around the estimate without a massage, at the critical
    value of `found`, holds 0 or lies on its other side. `background` is that of the same values, weekday and trend,
    where there is one already. Raises ValueError where there is no massage.
    """
    places = np.flatnonzero(is_massage > 0)
    if not len(places):
        raise ValueError("there is no massage to leave out")
    around, known = window(is_massage, lags, beside(lags)), usual(dates)
    weights = (background or Background(values, known)).shape_weights(around)
    estimates, errors = _without(places, values, np.column_stack([around, known]), weights)

    is_finding = found.ci_low > 0 or found.ci_high < 0
    is_gone = np.sign(found.estimate) * estimates <= found.critical_value * errors
    carried_by = tuple(int(place) for place in places[is_gone]) if is_finding else ()
    return LeftOut(
        estimates=tuple(float(estimate) for estimate in estimates),
        low=float(estimates.min()),
        high=float(estimates.max()),
        carried_by=carried_by,
        sentence=_sentence(is_finding, carried_by, dates, len(places)),
    )


def _without(places: NDArray[np.intp], values: Floats, columns: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Estimate and standard error of the first coefficient without the days of each of the massages."""
    is_observed = np.isfinite(values)
    others = orthonormal(np.column_stack([columns[:, 1:], np.ones(len(values))])[is_observed])
    design = np.zeros((len(values), 2 + others.shape[1]))
    design[is_observed, 0] = values[is_observed] - np.mean(values[is_observed])
    design[is_observed, 1], design[is_observed, 2:] = columns[is_observed, 0], others
    likely = np.flatnonzero(weights > LEAST_WEIGHT)  # most shapes have none
    precision, weights = grid_whitener(is_observed.tobytes()).of_shapes(likely).precision, weights[likely]
    weighted = precision.times(design).transpose(1, 0, 2)  # (shapes, days, columns)
    products = design.T @ weighted
    covariance = np.linalg.inv(products[:, 1:, 1:])  # of the coefficients
    coefficients = covariance @ products[:, 1:, :1]
    residual = products[:, 0, 0] - (products[:, 0, None, 1:] @ coefficients)[:, 0, 0]

    band = precision.near(NEAR_DAYS)
    days = places[:, None] + np.asarray(NEAR_DAYS)
    is_left_out = (days < len(values)) & is_observed[np.minimum(days, len(values) - 1)]
    days = np.where(is_left_out, days, 0)
    left = (weighted[:, :, :1] - weighted[:, :, 1:] @ coefficients)[:, days, 0] * is_left_out
    shared = weighted[:, days, 1:] * is_left_out[:, :, None]
    tied = (shared @ covariance[:, None, :, :1])[..., 0]
    first, gap = np.minimum.outer(NEAR_DAYS, NEAR_DAYS), np.abs(np.subtract.outer(NEAR_DAYS, NEAR_DAYS))
    own = band[:, gap, days[:, first]] * (is_left_out[:, :, None] & is_left_out[:, None, :])
    sizes, directions = np.linalg.eigh(own - shared @ covariance[:, None] @ shared.transpose(0, 1, 3, 2))
    is_free = sizes > 1e-9  # not missing already, nor the only day of its kind; the inverse variance of a day is over 1
    left, tied = ((directions.transpose(0, 1, 3, 2) @ part[..., None])[..., 0] for part in (left, tied))
    share = np.where(is_free, 1 / np.where(is_free, sizes, 1.0), 0.0)

    estimate = coefficients[:, :1, 0] - (tied * share * left).sum(axis=2)
    residual = residual[:, None] - (left * share * left).sum(axis=2)
    size = covariance[:, :1, 0] + (tied * share * tied).sum(axis=2)
    freedom = is_observed.sum() - covariance.shape[1] - is_free.sum(axis=2)
    mean = weights @ estimate
    spread = np.maximum(residual, 0.0) / np.maximum(freedom - 2, 1) * size + (estimate - mean) ** 2
    return mean, np.sqrt(weights @ spread)


def _sentence(is_finding: bool, carried_by: Sequence[int], dates: Dates, massages: int) -> str:
    if not is_finding:
        return words.NOT_CARRIED
    if not carried_by:
        return words.STAYS_WITHOUT_ANY
    if len(carried_by) == 1:
        return words.carried_by_one(dates[carried_by[0]])
    return words.carried_by_any(len(carried_by), massages)
