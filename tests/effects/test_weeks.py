"""The weeks gate: mean and variance against all ways to deal the weeks out; the level is in test_calibration.py."""

from itertools import permutations

import numpy as np
import pytest
from people import DAY_0, books_at_random, books_weekly

from recovery.effects.design import without_weekday_and_trend
from recovery.effects.weeks import MIN_Z, between_weeks

MONDAY = np.datetime64("2026-01-05")


def test_the_mean_and_variance_are_those_of_all_ways_to_deal_four_weeks_out() -> None:
    random = np.random.default_rng(0)
    dates, values = MONDAY + np.arange(28), random.standard_normal(28)
    values[[5, 17]] = np.nan
    is_massage = np.zeros(28)
    is_massage[[1, 8, 11, 24]] = 1  # none in the third week, two in the second
    is_observed = np.isfinite(values)
    left = np.append(without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed), np.zeros(3))
    sums = []
    for dealt in permutations(range(4)):
        patterns = [np.flatnonzero(is_massage[7 * pattern : 7 * pattern + 7]) for pattern in dealt]
        days = [7 * week + day for week, pattern in enumerate(patterns) for day in pattern]
        sums.append(sum(left[day + lag] for day in days for lag in (1, 2, 3)))

    found = between_weeks(values, is_massage, dates)

    assert found.difference == pytest.approx(sums[0] - np.mean(sums))
    assert found.deviation == pytest.approx(np.std(sums))


def test_it_cannot_be_asked_where_every_week_is_alike() -> None:
    person = books_weekly(1, days=112)

    found = between_weeks(person.values, person.is_massage, person.dates)

    assert not found.can_be_asked
    assert not found.passed


def test_a_large_effect_passes_and_the_sign_is_that_of_the_effect() -> None:
    person = books_at_random(3, effect=1.5, days=140, massages=14)

    found = between_weeks(-person.values, person.is_massage, person.dates)

    assert found.passed
    assert found.z < -MIN_Z


@pytest.mark.parametrize("nights", [(0,), (1, 2, 3)])
def test_units_and_a_constant_change_nothing(nights: tuple[int, ...]) -> None:
    person = books_at_random(4, effect=0.3)

    told = between_weeks(person.values, person.is_massage, person.dates, lags=nights)
    scaled = between_weeks(2500 * person.values + 8000, person.is_massage, person.dates, lags=nights)

    assert scaled.z == pytest.approx(told.z)


def test_a_day_or_a_week_of_data_cannot_be_asked() -> None:
    for days in (1, 7):
        is_massage = np.zeros(days)
        is_massage[0] = 1
        assert not between_weeks(np.arange(1.0, days + 1), is_massage, DAY_0 + np.arange(days)).can_be_asked


def test_weeks_that_are_worse_do_not_stand_for_a_finding_of_better() -> None:
    person = books_at_random(3, effect=1.5, days=140, massages=14)

    agrees = between_weeks(person.values, person.is_massage, person.dates, towards=0.2)
    disagrees = between_weeks(person.values, person.is_massage, person.dates, towards=-0.2)

    assert agrees.passed
    assert agrees.p_value < 0.01
    assert not disagrees.passed
    assert disagrees.can_be_asked
    assert 0.9 < disagrees.p_value < 1  # 1 would say that it cannot be asked


def books_on_bad_days(effect: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two years of a number that carries on for days, and massages on its bad days: values, massages, dates."""
    random = np.random.default_rng(8)
    values = np.zeros(728)
    for day in range(1, len(values)):
        values[day] = 0.8 * values[day - 1] + 0.6 * random.standard_normal()
    is_massage = np.zeros(len(values))
    for day in np.flatnonzero(values < -1):
        if is_massage[max(0, day - 4) : day].sum() == 0:
            is_massage[day] = 1
    after = np.convolve(is_massage, [0.0, 1.0, 1.0, 1.0])[: len(values)]
    return values + effect * after, is_massage, MONDAY + np.arange(len(values))


@pytest.mark.parametrize(("effect", "is_passed"), [(0.0, False), (0.6, True)])
def test_what_was_known_before_massages_is_allowed_for(effect: float, is_passed: bool) -> None:
    values, is_massage, dates = books_on_bad_days(effect)
    before = np.where(np.arange(len(values)) % 9 == 4, np.nan, values)  # told on most days

    plain = between_weeks(values, is_massage, dates)
    allowed = between_weeks(values, is_massage, dates, allowing_for=(before,))
    of_two = between_weeks(values, is_massage, dates, towards=1.0, allowing_for=(before, np.zeros((len(values), 1))))

    assert plain.z < -MIN_Z or effect  # without any effect the weeks with massages are worse
    assert allowed.passed is is_passed
    assert of_two.z == pytest.approx(min(allowed.z, plain.z), abs=0.5)  # the one that agrees least
