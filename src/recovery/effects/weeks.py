"""Whether it matters on which days of which week the massages fell: a check that knows no noise model.

The pattern of massage days of one week is laid on every other week near it. If massages did nothing, what follows the
true days is like what follows the same weekdays of other weeks (after weekday and trend are taken out). So also who
books the same weekday each week can be asked, as long as some weeks are skipped or moved, for weeks with and without
massages change places too; re-dating inside a week cannot do that. Slow swings are the same for all: weeks are laid
only on those of the same two months.

The mean and the variance over all ways to deal the patterns out are known (Hoeffding 1951, Annals of Mathematical
Statistics 22:558), so nothing is drawn. It is a gate, not a finding: who books in good weeks passes it too often.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, weekday_numbers, without_weekday_and_trend
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

STRATUM = 8  # weeks among which patterns are dealt out
MIN_STRATUM = 4  # a shorter last stratum joins its neighbour
MIN_Z = 1.645  # 10%, two-sided
LEAST_P = 1e-12  # a p-value is never 0


@dataclass(frozen=True)
class Weeks:
    """What follows the massages beyond what follows the same weekdays of other weeks, in the unit of the values."""

    difference: float  # sum over the days after massages
    deviation: float  # of that sum over all ways to deal the patterns out; 0 where every week is alike

    @property
    def can_be_asked(self) -> bool:
        return self.deviation > 0

    @property
    def z(self) -> float:
        return self.difference / self.deviation if self.can_be_asked else 0.0

    @property
    def passed(self) -> bool:
        return abs(self.z) >= MIN_Z

    @property
    def p_value(self) -> float:
        """Two-sided, that of a normal z; 1 where it cannot be asked."""
        from scipy.special import ndtr  # not loaded where a run has nothing to do

        return max(float(2 * ndtr(-abs(self.z))), LEAST_P)


def between_weeks(values: Floats, is_massage: Floats, dates: Dates, *, lags: Sequence[int] = DAYS_AFTER) -> Weeks:
    """The days `lags` after massages against the same weekdays of the other weeks of the same two months.

    `values` has NaN on days that do not count, `dates` are consecutive. The days after the massages of a Sunday lie in
    the next week and count there. Weeks run from Monday to Sunday; one that the record holds a part of is left out, for
    nobody knows its pattern.
    """
    is_observed = np.isfinite(values)
    left = without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed)
    after = np.sum([lagged(left, -lag) for lag in lags], axis=0)
    whole = _whole_weeks(dates)
    follows, patterns = (of_day[whole.days].reshape(whole.weeks, 7) for of_day in (after, is_massage))
    difference = variance = 0.0
    for stratum in _strata(whole.weeks):
        laid = follows[stratum] @ patterns[stratum].T  # what follows the pattern of week j, laid on week i
        centred = laid - laid.mean(axis=0) - laid.mean(axis=1, keepdims=True) + laid.mean()
        difference += float(np.trace(centred))
        variance += float((centred**2).sum()) / (len(laid) - 1)
    scale = float(np.std(values[is_observed])) if is_observed.any() else 0.0
    deviation = float(np.sqrt(variance))
    return Weeks(difference, deviation if deviation > 1e-9 * scale else 0.0)


def weights(is_massage: Floats, dates: Dates, lags: Sequence[int] = DAYS_AFTER) -> Floats:
    """By how much each day, freed of weekday and trend, counts in the difference that `between_weeks` gives."""
    beyond = np.zeros(len(dates))  # massages beyond those of the same weekday in the weeks around
    for stratum in _strata((whole := _whole_weeks(dates)).weeks):
        days = slice(whole.first + 7 * stratum.start, whole.first + 7 * stratum.stop)
        patterns = is_massage[days].reshape(-1, 7)
        beyond[days] = (patterns - patterns.mean(axis=0)).ravel()
    return np.asarray(np.sum([lagged(beyond, lag) for lag in lags], axis=0))


class _Weeks(NamedTuple):
    """Weeks from Monday to Sunday of which the record holds all days."""

    first: int  # position of the first Monday
    weeks: int

    @property
    def days(self) -> slice:
        return slice(self.first, self.first + 7 * self.weeks)


def _whole_weeks(dates: Dates) -> _Weeks:
    is_monday = weekday_numbers(dates) == 0
    first = int(np.argmax(is_monday)) if is_monday.any() else len(dates)
    return _Weeks(first, (len(dates) - first) // 7)


def _strata(weeks: int) -> Iterator[slice]:
    """Eight weeks after eight weeks; none where there are not two weeks."""
    starts = list(range(0, weeks, STRATUM))
    if len(starts) > 1 and weeks - starts[-1] < MIN_STRATUM:
        starts.pop()
    for start, end in zip(starts, [*starts[1:], weeks][: len(starts)], strict=True):
        if end - start > 1:
            yield slice(start, end)
