"""Minutes of massage in the week before."""

import numpy as np
import pytest
from people import DAY_0, books_at_random

from recovery.effects.dose import doses_vary, slope, trailing_minutes


def test_trailing_minutes_are_those_of_the_seven_days_before_and_not_of_the_day() -> None:
    minutes = np.zeros(12)
    minutes[2], minutes[9] = 60, 30

    np.testing.assert_array_equal(trailing_minutes(minutes)[7:], [60, 60, 60, 30, 30])
    assert np.isnan(trailing_minutes(minutes)[:7]).all()
    assert np.isnan(trailing_minutes(minutes[:5])).all()


def test_minutes_that_were_not_told_leave_the_week_after_without_a_dose() -> None:
    minutes = np.zeros(20)
    minutes[9] = np.nan

    assert np.isnan(trailing_minutes(minutes)[10:17]).all()
    assert trailing_minutes(minutes)[17] == 0


def test_an_hour_every_week_carries_no_dose_and_changing_weeks_do() -> None:
    same, changing = np.zeros(140), np.zeros(140)
    same[3::7] = 60
    changing[3::7] = np.tile([0, 30, 60, 90], 5)

    refused = doses_vary(same)

    assert not refused.passed
    assert refused.sentence.startswith("Weekly minutes of massage hardly vary (1 different")
    assert doses_vary(changing).passed
    assert not doses_vary(np.full(3, np.nan)).passed


def test_the_slope_is_per_hour_in_the_week_before() -> None:
    random = np.random.default_rng(0)
    person = books_at_random(0, days=300, massages=45)
    minutes = person.is_massage * random.choice([30.0, 60.0, 90.0], 300)
    values = person.values + 0.8 * np.nan_to_num(trailing_minutes(minutes)) / 60

    found = slope(values, minutes, DAY_0 + np.arange(300), seed=0, simulations=99)

    assert found.ci_low < 0.8 < found.ci_high
    assert found.ci_low > 0
    assert found.n_days == int(np.isfinite(values[7:]).sum())


@pytest.mark.slow
def test_without_an_effect_the_slope_is_seldom_found() -> None:
    def p_value(seed: int) -> float:
        person = books_at_random(seed, days=150, massages=20)
        minutes = person.is_massage * np.random.default_rng(seed).choice([30.0, 60.0, 90.0], 150)
        return slope(person.values, minutes, person.dates, seed=0, simulations=99).p_value

    found = sum(p_value(seed) < 0.05 for seed in range(40))
    assert found <= 6  # 2 expected; more than 6 has a chance of 0.3%


def test_a_day_with_minutes_not_told_does_not_count() -> None:
    person = books_at_random(1, days=150, massages=20, missing_share=0)
    minutes = 60 * person.is_massage
    minutes[np.flatnonzero(minutes)[10]] = np.nan

    found = slope(person.values, minutes, person.dates, seed=0, simulations=19)

    assert found.n_days == pytest.approx(150 - 7 - 8)
