"""How a metric changes with the minutes of massage in the week before."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recovery.effects.booked_on_pain import Ratings, on_pain, pain_before, reaching_farther
from recovery.effects.design import usual
from recovery.effects.gates import Gate
from recovery.effects.regression import SIMULATIONS, Background, Estimate
from recovery.vocabulary.windows import WEEK_AFTER
from recovery.words import checks as words

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

DAYS = 7
MIN_DEVIATION_MIN = 20.0  # of weekly minutes
MIN_DOSES = 3  # different weekly minutes
DOSES_VARY = "doses vary"


def trailing_minutes(minutes: Floats) -> Floats:
    """Minutes of massage on the seven days before each day; NaN on the first seven, and where one of them is unknown.

    `minutes` is 0 on a day without massage, NaN where a massage's minutes were not recorded.
    """
    out = np.full(len(minutes), np.nan)
    if len(minutes) > DAYS:
        out[DAYS:] = np.lib.stride_tricks.sliding_window_view(minutes, DAYS)[:-1].sum(axis=1)
    return out


def doses_vary(minutes: Floats) -> Gate:
    """Weekly minutes differ enough to tell what more of them does; an hour every week tells nothing."""
    whole_weeks = minutes[: len(minutes) // DAYS * DAYS].reshape(-1, DAYS).sum(axis=1)
    known = whole_weeks[np.isfinite(whole_weeks)]
    doses = len(np.unique(known))
    deviation = float(known.std()) if len(known) else 0.0
    if doses >= MIN_DOSES and deviation >= MIN_DEVIATION_MIN:
        return Gate(DOSES_VARY, True, words.doses_vary(doses, deviation))
    return Gate(DOSES_VARY, False, words.doses_alike(doses, deviation, MIN_DOSES, MIN_DEVIATION_MIN))


def slope(
    values: Floats,
    minutes: Floats,
    dates: Dates,
    *,
    seed: int,
    simulations: int = SIMULATIONS,
    background: Background | None = None,
) -> Estimate:
    """Change of the values per 60 min of massage on the seven days before, in the unit of the values.

    The model of the primary estimator with the dose in place of the window; days whose dose is not known do not count.
    Each of these has a level of its own, which is the same and spares another whitening. `background` is that of the
    same values, weekday and trend, with its noise, where there is one already. Ask `doses_vary` first. Raises
    ValueError as `regression.fit` does.
    """
    dose = trailing_minutes(minutes)
    is_known = np.isfinite(dose) & np.isfinite(minutes)
    is_massage = np.where(np.nan_to_num(minutes, nan=1.0) > 0, 1.0, 0.0)
    is_left_out = np.isfinite(values) & ~is_known
    own_levels = np.eye(len(values))[:, is_left_out]
    columns = np.column_stack([np.where(is_known, dose, 0.0) / 60, is_massage, own_levels])
    if background is None:
        background = Background(values, usual(dates))
        background.draw(columns, seed=seed, simulations=simulations)
    found = background.fit(columns)[0]
    return replace(found, n_days=found.n_days - own_levels.shape[1])


def slope_of_pain(
    values: Floats,
    minutes: Floats,
    dates: Dates,
    ratings: Ratings,
    *,
    seed: int,
    is_before: bool,
    background: Background | None = None,
) -> Estimate:
    """The same of pain, which asks for minutes: the mean effect of an hour on the seven days after it, as a hull.

    By `booked_on_pain.on_pain`, with the farther range where one number a day hides what books; days within a week of
    massages of which nobody knows the minutes do not count. Raises ValueError where pain before massages is not known
    well enough.
    """
    hours = np.nan_to_num(minutes) / 60
    is_massage = np.where(hours > 0, 1.0, 0.0)
    is_unclear = np.isnan(minutes) | np.isnan(trailing_minutes(minutes))
    known = pain_before(ratings, is_massage, dates)
    if known is None:
        raise ValueError("pain before massages is not known well enough")
    clear = tuple((np.where(is_unclear, np.nan, state.T).T, instruments) for state, instruments in known.states)
    found = on_pain(
        values, hours, dates, replace(known, states=clear),
        seed=seed, asked=(WEEK_AFTER,), is_before=is_before, background=background,
    )  # fmt: skip
    return reaching_farther(
        found.estimates[0], known, ratings, is_massage, dates, seed=seed, a_massage=float(hours[hours > 0].mean())
    )
