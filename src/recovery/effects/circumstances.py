"""How often massages fell on days with another treatment, on days off, in illness, on travel.

No number can tell what such a day did from what the massage did, so it is counted: the share of massage days that say
yes, against other days of the same weekdays that say yes or no. A day that says neither counts for nothing. Where the
shares differ clearly, nothing is certain (`judgement.Evidence.concerns`), in either direction: who is ill on other days
alone looks better after massages as well.

The limits are ours. Ten percentage points, since fewer can carry a tenth of what such days do; 2.58 standard errors,
which chance passes one time in a hundred, for the check is asked four times of everybody who keeps such a diary.
Days of the same weekday are compared because the estimates compare them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import weekdays
from recovery.effects.gates import MAX_SHARE_GAP, MIN_REFERENCE_DAYS, Gate, beside, days_at
from recovery.words import circumstances as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

CERTAIN_ERRORS = 2.58  # standard errors, which chance exceeds one time in a hundred
GATES = {"other_treatment": "other treatment", "day_off": "days off", "illness": "illness", "travel": "travel"}


@dataclass(frozen=True)
class Coincidence:
    """How often one circumstance and massages fell on the same day."""

    name: str  # of CIRCUMSTANCES
    n_massage_days: int
    n_massage_days_told: int  # that say yes or no
    n_massage_days_yes: int
    n_other_days_told: int
    n_other_days_yes: int
    other_share: float | None  # of other days with the weekdays of the massages; None where they hardly tell it
    gate: Gate


def coincidences(told: Mapping[str, Floats], is_massage: Floats, dates: Dates) -> Iterator[Coincidence]:
    """One for each circumstance that the diary tells of any massage day, and that happened at all.

    `told` has for each the days: 1 yes, 0 no, NaN not told.
    """
    for name, days in told.items():
        if np.isfinite(days[is_massage > 0]).any() and np.nansum(days) > 0:
            yield _coincidence(name, days, is_massage, dates)


def failed(told: Mapping[str, Floats], is_massage: Floats, dates: Dates) -> tuple[str, ...]:
    """The names of the gates that fail."""
    return tuple(one.gate.name for one in coincidences(told, is_massage, dates) if not one.gate.passed)


def days_with(name: str, days: Floats, is_massage: Floats, lags: Sequence[int]) -> Bools:
    """The days that say yes, and the days after massages on such days: what an estimate without them leaves out.

    Another treatment may act as long as a massage, so the days after it are among them too.
    """
    is_yes = np.where(days == 1, 1.0, 0.0)
    after = (*lags, *beside(lags))
    return days_at(is_yes * is_massage, after) | days_at(is_yes, after if name == "other_treatment" else (0,))


def _coincidence(name: str, days: Floats, is_massage: Floats, dates: Dates) -> Coincidence:
    is_told, is_day = np.isfinite(days), is_massage > 0
    told, others = int((is_told & is_day).sum()), int((is_told & ~is_day).sum())
    yes, others_yes = int(np.nansum(days[is_day])), int(np.nansum(days[~is_day]))
    massages, gate_name, share = int(is_day.sum()), GATES[name], None
    if others < MIN_REFERENCE_DAYS or not (days == 0).any():  # who only marks the yes has told nothing of other days
        passed = yes <= MAX_SHARE_GAP * massages
        gate = Gate(gate_name, passed, (words.seldom if passed else words.not_compared)(name, yes, massages))
    else:
        gap, error = _gap(days[is_told], is_massage[is_told], dates[is_told])
        share = min(max(yes / told - gap, 0.0), 1.0)
        passed = abs(gap) < MAX_SHARE_GAP or abs(gap) < CERTAIN_ERRORS * error
        gate = Gate(gate_name, passed, (words.alike if passed else words.otherwise)(name, yes, told, share))
    return Coincidence(name, massages, told, yes, others, others_yes, share, gate)


def _gap(days: Floats, is_massage: Floats, dates: Dates) -> tuple[float, float]:
    """By how much the share of yes is larger on massage days than on others of the same weekdays, and its error.

    (0, 0) where every day of those weekdays was a massage day: then the estimates do not compare them either.
    """
    beside = np.column_stack([np.ones(len(dates)), weekdays(dates)])
    columns = np.column_stack([is_massage > 0, days])
    left = columns - beside @ np.linalg.lstsq(beside, columns, rcond=None)[0]
    size = float(left[:, 0] @ left[:, 0])
    if size < 1e-9:
        return 0.0, 0.0
    gap = float(left[:, 0] @ left[:, 1]) / size
    residuals = left[:, 1] - gap * left[:, 0]
    freedom = max(len(dates) - beside.shape[1] - 1, 1)
    return gap, float(np.sqrt(residuals @ residuals / freedom / size))
