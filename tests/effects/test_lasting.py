"""The change by day."""

import numpy as np
import pytest
from people import books_at_random

from recovery.effects import design
from recovery.effects.lasting import by_day, days_better


def test_each_day_has_its_own_change() -> None:
    person = books_at_random(3, days=300, massages=40)
    truth = [0.0, 1.5, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0]
    values = person.values + sum(size * design.lagged(person.is_massage, lag) for lag, size in enumerate(truth))

    found = by_day(values, person.is_massage, person.dates, seed=0, simulations=99)

    intervals = [(change.ci_low, change.ci_high) for change in found[1:]]
    assert [change.estimate for change in found] == pytest.approx(truth, abs=0.6)
    assert sum(change.ci_low <= size <= change.ci_high for change, size in zip(found, truth, strict=True)) >= 7
    assert days_better(intervals, "up") in (2, 3)
    assert days_better(intervals, "down") == 0


def test_days_better_end_at_the_first_interval_that_holds_no_change() -> None:
    assert days_better([(1, 2), (0.5, 2), (-0.1, 2), (1, 2)], "up") == 2
    assert days_better([(-2, -1)], "down") == 1
    assert days_better([], "down") == 0


def test_a_day_without_an_estimate_ends_the_days_that_are_better() -> None:
    assert days_better([(1, 2), None, (1, 2)], "up") == 1


def test_no_day_is_better_where_neither_way_is() -> None:
    assert days_better([(1, 2)], "none") == 0


def test_without_an_effect_every_day_still_has_an_interval() -> None:
    person = books_at_random(0, days=200, massages=20)

    found = by_day(person.values, person.is_massage, person.dates, seed=0, simulations=19)

    assert len(found) == 8
    assert all(np.isfinite([change.ci_low, change.ci_high]).all() for change in found)
