"""Reasons not to believe an estimate, each looked for before it is read: a name, whether it passed, a sentence.

A gate of `REFUSALS` that fails refuses an answer; the lead gate withholds a verdict unless the history-adjusted
estimate says the same (judgement.py). Limits are those of methods.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import commonest_count, lagged, trend, usual_basis, weekdays
from recovery.effects.regression import Estimate
from recovery.vocabulary.windows import DAYS_AFTER, NEAR_DAYS
from recovery.words import checks as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MIN_VALID_DAYS = 56
MIN_MASSAGES = 8
MIN_REFERENCE_DAYS = 14
MIN_EVENTS = 10  # days or things counted that are not the usual
MIN_HISTORY_DAYS = 120  # for the history-adjusted estimate
MAX_SHARE_GAP = 0.10
CHANCE_ERRORS = 1.64  # standard errors, which chance exceeds one time in ten
MAX_INFLATION = 10.0  # of the variance, VIF
LEAD_P = 0.10
PAIN_P = 0.10

ENOUGH_DAYS, ENOUGH_MASSAGES, ENOUGH_REFERENCE = "enough days", "enough massages", "enough other days"
NUMBERS_VARY = "numbers vary"
BALANCE, WEEKDAYS_VARY, ENOUGH_HISTORY, LEAD = "days measured alike", "weekdays vary", "enough history", "lead"
PAIN = "dates free of pain"
OUTCOME = "dates free of the number"
PAIN_TOLD = "pain before told"
PAIN_KNOWN = "pain before known"
ONE_DEVICE = "one device"
COMPUTED = "computed"
REFUSALS = (
    ENOUGH_DAYS, ENOUGH_MASSAGES, ENOUGH_REFERENCE, NUMBERS_VARY, BALANCE, WEEKDAYS_VARY, ONE_DEVICE, COMPUTED,
    PAIN_KNOWN,
)  # fmt: skip


@dataclass(frozen=True)
class Gate:
    """One check of the data, with a sentence for the person whose data it is."""

    name: str
    passed: bool
    sentence: str


def refusals(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    lags: Sequence[int] = DAYS_AFTER,
    left_out: Bools | None = None,
    before: Floats | None = None,
) -> list[Gate]:
    """The gates that refuse an answer; cheap, to be asked before any estimate. `values` has NaN on invalid days.

    `left_out` are days taken out on purpose: that they are missing tells nothing of how days were measured. `before`
    (days) or (days, columns) is what the estimate allows for, NaN where it is not known: where days are not measured
    alike after massages, those after days with as much of it are asked. How days compare is asked only where there are
    enough of them.
    """
    is_observed = np.isfinite(values)
    amounts = [
        enough_days(is_observed),
        enough_massages(is_observed, is_massage, lags),
        enough_reference(is_observed, is_massage, lags),
        numbers_vary(values),
    ]
    if not all(gate.passed for gate in amounts):
        return amounts
    alike = balance(is_observed, is_massage, lags, left_out)
    if not alike.passed and before is not None:
        alike = balance_beside(is_observed, is_massage, dates, before, lags, left_out) or alike
    return [
        *amounts,
        alike,
        weekdays_vary(is_observed, is_massage, dates, lags),
    ]


def enough_days(is_observed: Bools) -> Gate:
    """At least eight weeks of valid days."""
    days = int(is_observed.sum())
    passed = days >= MIN_VALID_DAYS
    return Gate(ENOUGH_DAYS, passed, words.enough_days(days) if passed else words.too_few_days(days, MIN_VALID_DAYS))


def enough_history(is_observed: Bools) -> Gate:
    """Days enough to adjust for what went before each massage."""
    days = int(is_observed.sum())
    if days >= MIN_HISTORY_DAYS:
        return Gate(ENOUGH_HISTORY, True, words.enough_history(days))
    return Gate(ENOUGH_HISTORY, False, words.too_little_history(days, MIN_HISTORY_DAYS))


def enough_massages(is_observed: Bools, is_massage: Floats, lags: Sequence[int] = DAYS_AFTER) -> Gate:
    """At least eight massages with two measured days after them (one, where only one day is looked at)."""
    observed = is_observed.astype(np.float64)
    followed = np.sum([lagged(observed, -lag) for lag in lags], axis=0)
    usable = int(np.sum((is_massage > 0) & (followed >= min(2, len(lags)))))
    massages, is_nightly = int(is_massage.sum()), _is_nightly(lags)
    if usable >= MIN_MASSAGES:
        return Gate(ENOUGH_MASSAGES, True, words.enough_massages(usable, massages, is_nightly=is_nightly))
    sentence = words.too_few_massages(usable, massages, MIN_MASSAGES, is_nightly=is_nightly)
    return Gate(ENOUGH_MASSAGES, False, sentence)


def enough_reference(is_observed: Bools, is_massage: Floats, lags: Sequence[int] = DAYS_AFTER) -> Gate:
    """At least two weeks of measured days away from any massage."""
    days = int(np.sum(is_observed & ~days_at(is_massage, (*lags, *beside(lags)))))
    if days >= MIN_REFERENCE_DAYS:
        return Gate(ENOUGH_REFERENCE, True, words.enough_reference(days))
    return Gate(ENOUGH_REFERENCE, False, words.too_little_reference(days, MIN_REFERENCE_DAYS))


def nothing_to_compare() -> Gate:
    """Where the model cannot be fitted beside the days before massages."""
    return Gate(ENOUGH_REFERENCE, False, words.NOTHING_TO_COMPARE)


def numbers_vary(values: Floats) -> Gate:
    """At least ten days with another number than the usual one; fewer bed days, doses or visits tell nothing."""
    days = int(np.isfinite(values).sum()) - commonest_count(values)
    if days >= MIN_EVENTS:
        return Gate(NUMBERS_VARY, True, words.NUMBERS_DIFFER)
    return Gate(NUMBERS_VARY, False, words.numbers_alike(days, MIN_EVENTS))


def balance(
    is_observed: Bools, is_massage: Floats, lags: Sequence[int] = DAYS_AFTER, left_out: Bools | None = None
) -> Gate:
    """The share of measured days after massages and on other days differ by at most ten percentage points.

    A larger difference that chance alone makes one time in ten with so few days (1.64 standard errors) is let pass.
    """
    is_asked = np.ones(len(is_massage), dtype=bool) if left_out is None else ~left_out
    is_after = days_at(is_massage, lags) & is_asked
    is_other = ~days_at(is_massage, (*lags, *beside(lags))) & is_asked
    if not is_after.any() or not is_other.any():
        return Gate(BALANCE, False, words.NO_DAYS_TO_COMPARE)
    after, other = float(is_observed[is_after].mean()), float(is_observed[is_other].mean())
    is_nightly = _is_nightly(lags)
    if is_gap_by_chance(is_observed[is_after], is_observed[is_other]):
        return Gate(BALANCE, True, words.measured_alike(after, other, is_nightly=is_nightly))
    return Gate(BALANCE, False, words.measured_otherwise(after, other, is_nightly=is_nightly))


def balance_beside(
    is_observed: Bools,
    is_massage: Floats,
    dates: Dates,
    before: Floats,
    lags: Sequence[int] = DAYS_AFTER,
    left_out: Bools | None = None,
) -> Gate | None:
    """As `balance`, against days that had as much `before` them; None where it is known of too few days.

    A diary is written less often when it hurts less. Who books on pain has more of it after massages than on other
    days, with or without any effect, so more of these days are written down. That is no fault of what is compared: the
    estimate compares with days that hurt as much before. The error allows for days that are alike (Newey and West
    1987, three days).
    """
    days = len(is_massage)
    is_asked = np.ones(days) if left_out is None else (~left_out).astype(np.float64)
    asked = np.sum([lagged(is_asked, -lag) for lag in lags], axis=0)
    measured = np.sum([lagged(is_asked * is_observed, -lag) for lag in lags], axis=0) / np.maximum(asked, 1)
    known = before.reshape(days, -1)
    counts = np.isfinite(known).all(axis=1) & (asked > 0) & (np.arange(days) < days - max(lags))
    seen = is_observed.astype(np.float64)
    past = [lagged(seen, 1), *(np.mean([lagged(of, lag) for lag in range(2, 8)], axis=0) for of in (seen, is_massage))]
    others = np.column_stack([np.ones(days), weekdays(dates), trend(days), np.nan_to_num(known), *past])
    design = np.column_stack([is_massage, others])[counts]
    if len(design) < MIN_VALID_DAYS or design[:, 0].sum() < MIN_MASSAGES:
        return None
    inverse = np.linalg.pinv(design, rcond=1e-9)
    slopes = inverse @ measured[counts]
    gap, parts = float(slopes[0]), inverse[0] * (measured[counts] - design @ slopes)
    variance = parts @ parts + sum(2 * (1 - lag / 4) * (parts[lag:] @ parts[:-lag]) for lag in (1, 2, 3))
    other = float(measured[counts][design[:, 0] == 0].mean())
    passed = abs(gap) <= max(MAX_SHARE_GAP, CHANCE_ERRORS * float(max(variance, 0.0)) ** 0.5)
    return Gate(BALANCE, passed, words.measured_beside(gap, other, passed=passed, is_nightly=_is_nightly(lags)))


def measured_in_arms(with_massage: Bools, without: Bools, *, name: str, is_nightly: bool) -> Gate:
    """As `balance`, of the days of a trial that are asked about, in weeks drawn for a massage and in weeks without."""
    shares = float(with_massage.mean()), float(without.mean())
    if is_gap_by_chance(with_massage, without):
        return Gate(name, True, words.arms_measured_alike(*shares, is_nightly=is_nightly))
    return Gate(name, False, words.arms_measured_otherwise(*shares, is_nightly=is_nightly))


def is_gap_by_chance(some: Bools, others: Bools) -> bool:
    """Whether the shares of measured days differ by at most ten points, or by what chance makes one time in ten."""
    share = float(np.concatenate([some, others]).mean())
    by_chance = CHANCE_ERRORS * (share * (1 - share) * (1 / len(some) + 1 / len(others))) ** 0.5
    return bool(abs(some.mean() - others.mean()) <= max(MAX_SHARE_GAP, by_chance) + 1e-12)


def weekdays_vary(is_observed: Bools, is_massage: Floats, dates: Dates, lags: Sequence[int] = DAYS_AFTER) -> Gate:
    """The days after massages are not explained by weekday and trend: variance inflation at most 10."""
    inflation = variance_inflation(is_observed, is_massage, dates, lags)
    if inflation <= MAX_INFLATION:
        return Gate(WEEKDAYS_VARY, True, words.WEEKDAYS_DIFFER)
    return Gate(WEEKDAYS_VARY, False, words.SAME_WEEKDAY)


def variance_inflation(is_observed: Bools, is_massage: Floats, dates: Dates, lags: Sequence[int] = DAYS_AFTER) -> float:
    """VIF of the window on weekday and trend over the observed days; infinite where they explain it."""
    after = np.sum([lagged(is_massage, lag) for lag in lags], axis=0)
    seen = after[is_observed]
    if len(seen) == 0 or np.ptp(seen) == 0:
        return float("inf")
    others = usual_basis(dates, is_observed)
    left = seen - others @ (others.T @ seen)
    total = float(np.sum((seen - seen.mean()) ** 2))
    unexplained = float(left @ left)
    return total / unexplained if unexplained > 1e-9 * total else float("inf")


def lead(found: Estimate) -> Gate:
    """Whether the days before massages differ already: a massage cannot act backwards.

    `found` is the coefficient of `days_before` beside the columns of the primary model (placebo lead test). Passing it
    is weak evidence with few massages (methods.md, section 10, lesson 9).
    """
    if found.p_value >= LEAD_P:
        return Gate(LEAD, True, words.DAYS_BEFORE_ALIKE)
    return Gate(LEAD, False, words.days_before_differ(is_above=found.estimate > 0))


def free_of_pain(p_value: float, *, is_allowed_for: bool) -> Gate:
    """Whether the dates were chosen without regard to pain; `p_value` is that of `randomisation.follows_pain`."""
    if p_value >= PAIN_P:
        return Gate(PAIN, True, words.FREE_OF_PAIN)
    return Gate(PAIN, False, words.ON_PAIN_ALLOWED_FOR if is_allowed_for else words.ON_PAIN_NOT_ALLOWED_FOR)


def free_of_outcome(p_value: float, *, is_allowed_for: bool) -> Gate:
    """Whether the dates were chosen without regard to the number itself; as `free_of_pain` for pain."""
    if p_value >= PAIN_P:
        return Gate(OUTCOME, True, words.FREE_OF_OUTCOME)
    return Gate(OUTCOME, False, words.ON_OUTCOME_ALLOWED_FOR if is_allowed_for else words.ON_OUTCOME_NOT_ALLOWED_FOR)


def days_before(is_massage: Floats) -> Floats:
    """How many massages the three days after each day hold."""
    return np.asarray(np.sum([lagged(is_massage, -lag) for lag in DAYS_AFTER], axis=0), dtype=np.float64)


def days_at(is_massage: Floats, lags: Sequence[int]) -> Bools:
    """Whether a day lies one of these lags after a massage."""
    return np.asarray(np.sum([lagged(is_massage, lag) for lag in lags], axis=0) > 0)


def beside(lags: Sequence[int]) -> tuple[int, ...]:
    """Days 0 to 3 after a massage that are not looked at: neither in the window nor days to compare with."""
    return tuple(lag for lag in NEAR_DAYS if lag not in lags)


def _is_nightly(lags: Sequence[int]) -> bool:
    return tuple(lags) == (0,)
