"""The change worth having of each metric of one person, from the person's days."""

from datetime import date

import numpy as np

from recovery.answers.people import Person, Series
from recovery.effects import worth
from recovery.effects.worth import Usual, Worth


def worth_of(person: Person, series: Series, deviation: float) -> Worth:
    """The change worth having; `deviation` from day to day is taken where nobody knows better, NaN where unknown."""
    return worth_beside(series, usual_of(person, series), deviation)


def worth_before(person: Person, series: Series, start: date, deviation: float) -> Worth:
    """The same as it stood on the day before a date: what a trial that began then is judged by.

    Where too few days lie before it, all days count.
    """
    before = int(np.searchsorted(person.dates, np.datetime64(start)))
    return worth_beside(series, usual_of(person, series, before) or usual_of(person, series), deviation)


def usual_of(person: Person, series: Series, days: int | None = None) -> Usual | None:
    """What is usual away from massages, from the first so many days; None for all."""
    is_massage = person.is_massage(series.counted_by)
    return worth.usual(series.values[:days], is_massage[:days], person.dates[:days], series.window.lags)


def worth_beside(series: Series, found: Usual | None, deviation: float) -> Worth:
    """The change worth having beside what is usual, None where too few days tell it."""
    return worth.worth(
        series.metric,
        series.unit,
        series.better,
        found,
        deviation=deviation,
        goal=series.goal,
        general=series.worthwhile,
        general_source=series.worthwhile_source,
    )
