"""Rare things counted by the day: doses, bed days, visits, in the week after a massage.

Counts are skewed and mostly zero, so no distribution is assumed for the p-value: the bookings are re-drawn
(randomisation.py). The size is the history-adjusted change of the seven days' total; its interval leans on the mean
of many days and is the rougher the rarer the events.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recovery.effects import history, randomisation
from recovery.effects.gates import MIN_EVENTS, Gate
from recovery.effects.regression import Estimate
from recovery.vocabulary.windows import WEEK_AFTER
from recovery.words import checks as words

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

ENOUGH_EVENTS = "enough events"


@dataclass(frozen=True)
class WeekAfter:
    """The change of a week's total by a massage before it, beside the usual total."""

    change: Estimate  # per week; its p-value is that of the re-drawn bookings
    usual: float  # total of an average week
    n_events: int


def enough_events(counts: Floats) -> Gate:
    """At least ten events; a person's visits to a doctor are mostly too rare."""
    events = int(np.nansum(counts))
    if events >= MIN_EVENTS:
        return Gate(ENOUGH_EVENTS, True, words.enough_events(events))
    return Gate(ENOUGH_EVENTS, False, words.too_few_events(events, MIN_EVENTS))


def week_after(counts: Floats, is_massage: Floats, dates: Dates, pain: Floats | None = None, *, seed: int) -> WeekAfter:
    """The change of the seven days' total after a massage; arguments as in `history.adjusted`.

    `counts` has NaN on days not recorded, 0 on days without any. Ask `enough_events` first. Raises ValueError where
    there are too few days or massages.
    """
    by_day = history.adjusted(counts, is_massage, dates, pain, seed=seed, lags=WEEK_AFTER)
    redrawn = randomisation.redrawn_bookings(counts, is_massage, dates, pain, seed=seed, lags=WEEK_AFTER)
    days = len(WEEK_AFTER)
    change = replace(
        by_day,
        estimate=days * by_day.estimate,
        standard_error=days * by_day.standard_error,
        ci_low=days * by_day.ci_low,
        ci_high=days * by_day.ci_high,
        p_value=redrawn.p_value,
    )
    return WeekAfter(change, usual=days * float(np.nanmean(counts)), n_events=int(np.nansum(counts)))
