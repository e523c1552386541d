"""Re-dating massages within their weeks."""

import numpy as np
import pytest
from people import books_at_random

from recovery.effects.permutation import within_week


def test_the_difference_is_the_mean_after_massages_above_the_mean_of_the_same_weeks() -> None:
    dates = np.datetime64("2026-01-05") + np.arange(70)  # ten weeks from a Monday
    is_massage, values = np.zeros(70), np.zeros(70)
    massages = np.array([1, 10, 19, 28, 39])  # a Tuesday, Thursday, Saturday, Monday, Friday
    is_massage[massages] = 1
    for lag in (1, 2, 3):
        values[massages + lag] += 1.0

    found = within_week(values, is_massage, dates, seed=0)

    assert found.n_massages == 5
    assert 0.3 < found.difference < 1
    assert found.p_value < 0.02


def test_the_same_seed_gives_the_same_p_and_the_other_sign_the_other_difference() -> None:
    person = books_at_random(1, effect=0.6)

    told, again = (within_week(person.values, person.is_massage, person.dates, seed=5) for _ in range(2))
    flipped = within_week(-person.values, person.is_massage, person.dates, seed=5)

    assert told == again
    assert flipped.difference == pytest.approx(-told.difference)
    assert flipped.p_value == told.p_value


def test_a_constant_and_a_unit_change_no_p_value() -> None:
    person = books_at_random(2, effect=0.4)

    told = within_week(person.values, person.is_massage, person.dates, seed=0)
    steps = within_week(8000 + 2500 * person.values, person.is_massage, person.dates, seed=0)

    assert steps.p_value == told.p_value
    assert steps.difference == pytest.approx(2500 * told.difference)


def test_two_massages_of_one_week_stay_two_days() -> None:
    dates = np.datetime64("2026-01-05") + np.arange(28)
    values = np.random.default_rng(0).standard_normal(28)
    is_massage = np.zeros(28)
    is_massage[7:14] = 1  # a massage every day of one week: there is nothing to re-date

    found = within_week(values, is_massage, dates, seed=0)

    assert found.p_value == 1.0
    assert found.difference == pytest.approx(0, abs=1e-12)


def test_massages_without_a_measured_day_after_them_are_refused() -> None:
    values, is_massage = np.random.default_rng(0).standard_normal(28), np.zeros(28)
    is_massage[10], values[11:14] = 1, np.nan

    with pytest.raises(ValueError, match="no massage has an observed day"):
        within_week(values, is_massage, np.datetime64("2026-01-05") + np.arange(28), seed=0)


@pytest.mark.slow
def test_without_an_effect_few_are_found_and_with_a_large_one_most() -> None:
    def share_found(effect: float) -> float:
        people = [books_at_random(seed, effect) for seed in range(150)]
        return float(
            np.mean([within_week(p.values, p.is_massage, p.dates, seed=1, redraws=199).p_value < 0.05 for p in people])
        )

    assert share_found(0.0) <= 0.10
    assert share_found(1.2) >= 0.60
