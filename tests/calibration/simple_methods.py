"""What else people do with the same days: three ways of apps and notebooks, and an oracle that no person has."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats
from simulator import Simulated

from recovery.effects import design, gates


@dataclass(frozen=True)
class Answer:
    """An effect with its 95% interval and p-value."""

    estimate: float
    ci_low: float
    ci_high: float
    p_value: float


def before_after(person: Simulated, lags: tuple[int, ...]) -> Answer | None:
    """Paired t test of the days `lags` after each massage against as many days before it; None with under two pairs."""
    reach = max(lags) + 1
    padded = np.concatenate([np.full(reach, np.nan), person.values, np.full(reach, np.nan)])
    at = np.flatnonzero(person.is_massage)[:, None] + reach
    pairs = [padded[at + np.array(days)] for days in ([-(lag or 1) for lag in lags], lags)]
    whole = np.all([np.isfinite(days).any(axis=1) for days in pairs], axis=0)
    if whole.sum() < 2:
        return None
    before, after = (np.nanmean(days[whole], axis=1) for days in pairs)
    change = after - before
    return _answer(change.mean(), change.std(ddof=1) / np.sqrt(len(change)), len(change) - 1)


def massage_against_other_days(person: Simulated, lags: tuple[int, ...]) -> Answer | None:
    """Welch's t test of the days `lags` after massages against all others, as apps do; None with under two of each."""
    is_after = np.sum([design.lagged(person.is_massage, lag) for lag in lags], axis=0) > 0
    is_told = np.isfinite(person.values)
    sides = person.values[is_told & is_after], person.values[is_told & ~is_after]
    if min(map(len, sides)) < 2:
        return None
    after, other = (side.var(ddof=1) / len(side) for side in sides)
    freedom = (after + other) ** 2 / (after**2 / (len(sides[0]) - 1) + other**2 / (len(sides[1]) - 1))
    return _answer(sides[0].mean() - sides[1].mean(), np.sqrt(after + other), freedom)


def weekday_regression(person: Simulated, lags: tuple[int, ...]) -> Answer | None:
    """The window in a plain regression with weekdays; None where a weekday tells every massage."""
    is_told = np.isfinite(person.values)
    window = np.sum([design.lagged(person.is_massage, lag) for lag in lags], axis=0)
    columns = np.column_stack([window, design.weekdays(person.dates), np.ones(len(window))])[is_told]
    inverse = np.linalg.pinv(columns.T @ columns)
    slopes = inverse @ columns.T @ person.values[is_told]
    left = person.values[is_told] - columns @ slopes
    freedom = len(left) - columns.shape[1]
    return _answer(slopes[0], np.sqrt(inverse[0, 0] * (left @ left) / freedom), freedom)


def oracle(person: Simulated, lags: tuple[int, ...]) -> Answer:
    """The regression of the primary estimator by one who knows the noise: GLS with its true covariance."""
    is_told = np.isfinite(person.values)
    columns = np.column_stack(
        [
            design.window(person.is_massage, lags, gates.beside(lags)),
            design.weekdays(person.dates),
            design.trend(len(person.dates)),
            np.ones(len(person.dates)),
        ]
    )[is_told]
    factor = np.linalg.cholesky(linalg.toeplitz(person.autocovariance)[np.ix_(is_told, is_told)])
    white = linalg.solve_triangular(factor, np.column_stack([columns, person.values[is_told]]), lower=True)
    gram = np.linalg.inv(white[:, :-1].T @ white[:, :-1])
    return _answer((gram @ white[:, :-1].T @ white[:, -1])[0], np.sqrt(gram[0, 0]), np.inf)


def _answer(estimate: float, error: float, freedom: float) -> Answer | None:
    if not error > 0:
        return None
    reach = stats.t.ppf(0.975, freedom) * error
    p_value = 2 * stats.t.sf(abs(estimate) / error, freedom)
    return Answer(float(estimate), float(estimate - reach), float(estimate + reach), float(p_value))
