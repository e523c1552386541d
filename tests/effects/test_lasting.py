"""The change by day."""

import numpy as np
import pytest
from people import books_at_random

from recovery.effects import design
from recovery.effects.lasting import by_day, days_better
from recovery.effects.regression import Estimate


def test_each_day_has_its_own_change() -> None:
    person = books_at_random(3, days=300, massages=40)
    truth = [0.0, 1.5, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0]
    values = person.values + sum(size * design.lagged(person.is_massage, lag) for lag, size in enumerate(truth))

    found = by_day(values, person.is_massage, person.dates, seed=0, simulations=99)

    assert [change.estimate for change in found] == pytest.approx(truth, abs=0.6)
    assert sum(change.ci_low <= size <= change.ci_high for change, size in zip(found, truth, strict=True)) >= 7
    assert days_better(found, "up") in (2, 3)
    assert days_better(found, "down") == 0


def test_days_better_end_at_the_first_interval_that_holds_no_change() -> None:
    def day(low: float, high: float) -> Estimate:
        return Estimate((low + high) / 2, 1.0, low, high, 0.5, 2.0, 100)

    changes = [day(-1, 1), day(1, 2), day(0.5, 2), day(-0.1, 2), day(1, 2)]

    assert days_better(changes, "up") == 2
    assert days_better([day(-1, 1), day(-2, -1)], "down") == 1
    assert days_better([day(-1, 1)], "down") == 0


def test_without_an_effect_every_day_still_has_an_interval() -> None:
    person = books_at_random(0, days=200, massages=20)

    found = by_day(person.values, person.is_massage, person.dates, seed=0, simulations=19)

    assert len(found) == 8
    assert all(np.isfinite([change.ci_low, change.ci_high]).all() for change in found)
