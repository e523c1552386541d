"""Whether the watch was worn longer or shorter after massages: an outcome that no massage should change.

Steps and still minutes follow the time a watch is worn, so a difference there can look like an effect (a negative
control outcome: Lipsitch, Tchetgen Tchetgen and Cohen 2010, Epidemiology 21:383). It does not refuse an answer, for the
valid days were all worn long enough; it stands in the way of a finding (`judgement.Evidence.concerns`).

The limits are ours. p below 0.01, not 0.05: the gate is asked of everybody, and one person in a hundred who loses a
finding by chance is enough. At least 15 min: of a waking day that is 1.6%, and moves steps or still minutes by less
than any change worth having; with years of data smaller differences are certain and do not matter. Passing is weak
evidence where wear varies much.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import trend, weekdays, window, winsorised
from recovery.effects.gates import Gate, beside, enough_days, numbers_vary
from recovery.effects.noise import Whitener
from recovery.effects.regression import SIMULATIONS, Background
from recovery.effects.shared_noise import SharedNoise
from recovery.vocabulary.windows import DAYS_AFTER
from recovery.words import checks as words

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

WEAR = "worn alike"
WEAR_P = 0.01
MIN_GAP_MIN = 15.0


def worn_alike(
    worn_min: Floats,
    is_massage: Floats,
    dates: Dates,
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
    simulations: int = SIMULATIONS,
    filters: Whitener | None = None,
    shared: SharedNoise | None = None,
) -> Gate | None:
    """Whether the minutes worn are the same after massages as else, by the primary model; None where nobody can tell.

    `worn_min` are those of the waking day, NaN on days that do not count for the metric in question or on which wear is
    not known. Nobody can tell with fewer than 56 such days, or where the model cannot be fitted. `filters` and
    `shared` are those of `regression.Background`.
    """
    if not enough_days(np.isfinite(worn_min)).passed:
        return None
    if not numbers_vary(worn_min).passed:
        return Gate(WEAR, True, words.WORN_ON_ALL_DAYS)
    usual = np.column_stack([weekdays(dates), trend(len(dates))])
    around = window(is_massage, lags, beside(lags))
    try:
        background = Background(winsorised(worn_min, usual), np.column_stack([around[:, 1:], usual]), filters)
        if abs(background.coefficient(around[:, :1])) < MIN_GAP_MIN:  # the p-value takes most of the time
            return Gate(WEAR, True, words.WORN_ALIKE)
        background.draw(around[:, :1], seed=seed, simulations=simulations, shared=shared)
        found = background.fit(around[:, :1])[0]
    except ValueError:
        return None
    if found.p_value >= WEAR_P:
        return Gate(WEAR, True, words.WORN_ALIKE)
    return Gate(WEAR, False, words.worn_otherwise(found.estimate))
