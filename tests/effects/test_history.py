"""The history-adjusted estimate: what it must not depend on, and that booking on pain does not fool it."""

import numpy as np
import pytest
from people import Person, books_at_random, books_when_it_hurts

from recovery.effects import design
from recovery.effects.history import adjusted, orthonormal, own_past
from recovery.effects.regression import Estimate, fit


def estimate(person: Person, seed: int = 0, pain: bool = True) -> Estimate:
    told = person.pain if pain else None
    return adjusted(person.values, person.is_massage, person.dates, told, seed=seed, simulations=99)


def test_the_same_data_and_seed_give_the_same_result_to_the_bit() -> None:
    person = books_when_it_hurts(1)

    assert estimate(person) == estimate(person)


def test_flipping_the_sign_of_the_values_flips_the_interval() -> None:
    person = books_when_it_hurts(2, effect=0.5)

    told = estimate(person)
    flipped = adjusted(-person.values, person.is_massage, person.dates, person.pain, seed=0, simulations=99)

    assert flipped.estimate == pytest.approx(-told.estimate)
    assert (flipped.ci_low, flipped.ci_high) == pytest.approx((-told.ci_high, -told.ci_low))
    assert flipped.p_value == told.p_value


def test_a_constant_changes_nothing_and_a_unit_only_scales() -> None:
    person = books_when_it_hurts(3, effect=0.5)

    told = estimate(person)
    steps = adjusted(8000 + 2500 * person.values, person.is_massage, person.dates, person.pain, seed=0, simulations=99)

    assert (steps.ci_low, steps.ci_high) == pytest.approx((2500 * told.ci_low, 2500 * told.ci_high))
    assert steps.p_value == told.p_value


def test_without_noise_the_effect_is_found_exactly_whatever_massage_follows() -> None:
    random = np.random.default_rng(0)
    dates = np.datetime64("2026-01-01") + np.arange(400)
    is_massage = (random.random(400) < 0.25).astype(float)  # many within three days of each other
    values = 1e-6 * random.standard_normal(400)
    values += sum(size * design.lagged(is_massage, lag) for lag, size in ((0, -1.0), (1, 0.6), (2, 0.3), (3, 0.0)))
    noisy_history = values + 0  # past values tell past massages exactly, so only the blip-down is at work

    found = adjusted(noisy_history, is_massage, dates, seed=0, simulations=19)

    assert found.estimate == pytest.approx(0.3, abs=0.05)


def test_a_single_night_can_be_asked_for() -> None:
    person = books_at_random(4, effect=0.0, days=240, massages=40)
    values = person.values + 2.0 * person.is_massage

    found = adjusted(values, person.is_massage, person.dates, seed=0, lags=(0,), simulations=99)

    assert found.ci_low < 2.0 < found.ci_high
    assert found.p_value <= 0.02


@pytest.mark.slow
def test_booking_on_pain_misleads_the_plain_regression_and_not_this_one() -> None:
    people = [books_when_it_hurts(seed) for seed in range(1000, 1040)]

    plain = [
        fit(
            person.values,
            np.column_stack([design.event_window(person.is_massage), design.weekdays(person.dates), design.trend(240)]),
            seed=0,
            simulations=19,
        ).estimate
        for person in people
    ]
    told = [estimate(person) for person in people]

    assert np.mean(plain) < -0.12  # massages would seem to harm
    assert abs(np.mean([found.estimate for found in told])) < 0.12  # 2.5 standard errors of 40 people
    assert sum(found.p_value < 0.05 for found in told) <= 6
    assert sum(found.ci_low <= 0 <= found.ci_high for found in told) >= 34


@pytest.mark.slow
def test_days_missing_at_random_do_not_shift_the_estimate() -> None:
    people = [books_when_it_hurts(seed, effect=0.5, missing_share=0.0) for seed in range(25)]
    random = np.random.default_rng(0)

    whole = [estimate(person) for person in people]
    holed = []
    for person in people:
        values = np.where(random.random(240) < 0.2, np.nan, person.values)
        holed.append(adjusted(values, person.is_massage, person.dates, person.pain, seed=0, simulations=99))

    shifts = [hole.estimate - full.estimate for hole, full in zip(holed, whole, strict=True)]
    assert abs(np.mean(shifts)) < 3 * np.std(shifts) / 5
    assert np.mean([found.standard_error for found in holed]) > np.mean([found.standard_error for found in whole])


def test_a_massage_that_the_history_tells_and_too_few_days_are_refused() -> None:
    person = books_at_random(5)
    every_third = (np.arange(120) % 7 == 1).astype(float)

    with pytest.raises(ValueError, match="history tells every massage"):
        adjusted(person.values, every_third, person.dates, seed=0)
    with pytest.raises(ValueError, match="too few"):
        adjusted(person.values[:35], person.is_massage[:35], person.dates[:35], seed=0)


def test_the_past_of_a_day_leaves_holes_at_zero_and_means_over_what_was_measured() -> None:
    residuals = np.arange(1.0, 10.0)[:, None]
    is_observed = np.ones(9, dtype=bool)
    is_observed[2], residuals[2] = False, 0.0

    past = own_past(residuals, is_observed)[:, :, 0]

    np.testing.assert_allclose(past[8], [8, 7, 6, (5 + 4 + 2) / 3])
    np.testing.assert_allclose(past[3][:3], [0, 2, 1])


def test_columns_that_others_explain_are_left_out() -> None:
    columns = np.column_stack([np.ones(6), np.arange(6), np.arange(6) + 1, np.zeros(6)])

    assert orthonormal(columns).shape == (6, 2)
