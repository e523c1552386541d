"""Whether it matters on which days of which week the massages fell: a check that knows no noise model.

The pattern of massage days of one week is laid on every other week near it. If massages did nothing, what follows the
true days is like what follows the same weekdays of other weeks (after weekday and trend are taken out). So also who
books the same weekday each week can be asked, as long as some weeks are skipped or moved, for weeks with and without
massages change places too; re-dating inside a week cannot do that. Slow swings are the same for all: weeks are laid
only on those of the same two months.

The mean and the variance over all ways to deal the patterns out are known (Hoeffding 1951, Annals of Mathematical
Statistics 22:558), so nothing is drawn. It is a gate, not a finding: who books in good weeks passes it too often.

Who books because of the number has massages in bad weeks, so the weeks differ without any effect. Two things follow.
The check is asked in the direction of the estimate: weeks that are worse do not stand for a finding of better. And what
was known before massages is allowed for, where there is such: the part that it tells of the days after is taken out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, usual, weekday_numbers, without_weekday_and_trend
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

STRATUM = 8  # weeks among which patterns are dealt out
MIN_STRATUM = 4  # a shorter last stratum joins its neighbour
MIN_Z = 1.645  # 5% in the direction of the estimate: the same error as `judgement.PERMUTATION_P` of both directions
LEAST_P = 1e-12  # a p-value is never 0
MOST_P = 0.999  # of what can be asked; 1 says that it cannot


@dataclass(frozen=True)
class Weeks:
    """What follows the massages beyond what follows the same weekdays of other weeks, in the unit of the values."""

    difference: float  # sum over the days after massages
    deviation: float  # of that sum over all ways to deal the patterns out; 0 where every week is alike
    towards: float = 0.0  # the estimate that the weeks should agree with; 0 asks for either direction

    @property
    def can_be_asked(self) -> bool:
        return self.deviation > 0

    @property
    def z(self) -> float:
        return self.difference / self.deviation if self.can_be_asked else 0.0

    @property
    def along(self) -> float:
        """z in the direction of the estimate."""
        return self.z * float(np.sign(self.towards)) if self.towards else abs(self.z)

    @property
    def passed(self) -> bool:
        return self.along >= MIN_Z

    @property
    def p_value(self) -> float:
        """That of a normal z in the direction of the estimate, doubled; 1 where it cannot be asked."""
        from scipy.special import ndtr  # not loaded where a run has nothing to do

        if not self.can_be_asked:
            return 1.0
        return float(np.clip(2 * ndtr(-self.along), LEAST_P, MOST_P))


def between_weeks(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    *,
    lags: Sequence[int] = DAYS_AFTER,
    towards: float = 0.0,
    allowing_for: Sequence[Floats] = (),
) -> Weeks:
    """The days `lags` after massages against the same weekdays of the other weeks of the same two months.

    `values` has NaN on days that do not count, `dates` are consecutive. The days after the massages of a Sunday lie in
    the next week and count there. Weeks run from Monday to Sunday; one that the record holds a part of is left out, for
    nobody knows its pattern. `towards` is the estimate that the weeks should agree with. Each of `allowing_for` (days,
    columns) tells what was known before the massages of a day, NaN where nothing was, and such days are left out; of
    several the one that agrees least is told.
    """
    is_observed = np.isfinite(values)
    left = without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed)
    after = np.sum([lagged(left, -lag) for lag in lags], axis=0)
    scale = float(np.std(values[is_observed])) if is_observed.any() else 0.0
    asked = [_without(after, is_massage, dates, before) for before in allowing_for] or [after]
    found = [_dealt_out(one, is_massage, dates, scale, towards) for one in asked]
    return min(found, key=lambda one: one.along)


def _without(after: Floats, is_massage: Floats, dates: Dates, before: Floats) -> Floats:
    """What follows each day without the part that was known before, 0 where that is not known.

    The massages are fitted beside it, so that nothing of their effect is taken out.
    """
    columns = before.reshape(len(before), -1)
    is_known = np.isfinite(columns).all(axis=1)
    if not is_known.any():
        return after
    columns = columns - columns[is_known].mean(axis=0)
    design = np.column_stack([columns, is_massage, np.ones(len(dates)), usual(dates)])[is_known]
    slopes = np.linalg.lstsq(design, after[is_known], rcond=None)[0]
    out = np.zeros(len(after))
    out[is_known] = after[is_known] - columns[is_known] @ slopes[: columns.shape[1]]
    return out


def _dealt_out(after: Floats, is_massage: Floats, dates: Dates, scale: float, towards: float) -> Weeks:
    """What follows the massages against what follows the same weekdays of other weeks.

    `scale` is the deviation of the values: a difference far under it is rounding.
    """
    whole = _whole_weeks(dates)
    follows, patterns = (of_day[whole.days].reshape(whole.weeks, 7) for of_day in (after, is_massage))
    difference = variance = 0.0
    for stratum in _strata(whole.weeks):
        laid = follows[stratum] @ patterns[stratum].T  # what follows the pattern of week j, laid on week i
        centred = laid - laid.mean(axis=0) - laid.mean(axis=1, keepdims=True) + laid.mean()
        difference += float(np.trace(centred))
        variance += float((centred**2).sum()) / (len(laid) - 1)
    deviation = float(np.sqrt(variance))
    return Weeks(difference, deviation if deviation > 1e-9 * scale else 0.0, towards)


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
