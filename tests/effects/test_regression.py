"""The primary estimator: what it must not depend on, and how often it is right."""

import os
import subprocess
import sys

import numpy as np
import pytest

from recovery.effects import design
from recovery.effects.noise import NoiseShapes, shape_grid, simulate
from recovery.effects.regression import Background, Estimate, fit, fit_beside, fit_many

SHAPE = NoiseShapes(np.array([0.4]), np.array([0.2]), np.array([0.1]), np.zeros(1))


def person(seed: int, effect: float = 0.0, days: int = 120, massages: int = 14) -> tuple[np.ndarray, np.ndarray]:
    """Values with 5% of days missing, and the columns of the model."""
    random = np.random.default_rng(seed)
    dates = np.datetime64("2026-01-01") + np.arange(days)
    is_massage = np.zeros(days)
    is_massage[random.choice(np.arange(4, days - 4), massages, replace=False)] = 1
    noise = simulate(SHAPE, np.zeros(1, dtype=np.intp), days, random)[:, 0]
    values = noise + 0.3 * random.standard_normal(7)[np.arange(days) % 7]
    values += effect * sum(design.lagged(is_massage, lag) for lag in (1, 2, 3))
    values[random.random(days) < 0.05] = np.nan
    columns = np.column_stack([design.event_window(is_massage), design.weekdays(dates), design.trend(days)])
    return values, columns


def estimate(seed: int, effect: float = 0.0) -> Estimate:
    values, columns = person(seed, effect)
    return fit(values, columns, seed=seed, simulations=99)


def test_the_same_data_and_seed_give_the_same_result_to_the_bit() -> None:
    assert estimate(1, 0.5) == estimate(1, 0.5)


def test_flipping_the_sign_of_the_values_flips_the_interval() -> None:
    values, columns = person(2, 0.4)

    told, flipped = (fit(sign * values, columns, seed=0, simulations=99) for sign in (1, -1))

    assert flipped.estimate == pytest.approx(-told.estimate)
    assert (flipped.ci_low, flipped.ci_high) == pytest.approx((-told.ci_high, -told.ci_low))
    assert flipped.p_value == pytest.approx(told.p_value)


def test_a_constant_changes_nothing_and_a_unit_only_scales() -> None:
    values, columns = person(3, 0.4)

    told = fit(values, columns, seed=0, simulations=99)
    shifted = fit(values + 8000, columns, seed=0, simulations=99)
    scaled = fit(values * 2500, columns, seed=0, simulations=99)

    assert shifted.estimate == pytest.approx(told.estimate)
    assert shifted.p_value == pytest.approx(told.p_value)
    assert (scaled.ci_low, scaled.ci_high) == pytest.approx((2500 * told.ci_low, 2500 * told.ci_high))


def test_too_few_days_and_a_column_that_others_explain_are_refused() -> None:
    values, columns = person(4)

    with pytest.raises(ValueError, match="too few"):
        fit(values[:12], columns[:12], seed=0)
    with pytest.raises(ValueError, match="combination"):
        fit(values, np.column_stack([columns[:, 5], columns]), seed=0)


def test_several_coefficients_of_one_model_are_those_found_one_by_one() -> None:
    values, columns = person(5, 0.4)

    together = fit_many(values, columns, wanted=4, seed=0, simulations=99)
    alone = [fit(values, np.roll(columns, -first, axis=1), seed=0, simulations=99) for first in range(4)]

    for one, other in zip(together, alone, strict=True):
        assert one.estimate == pytest.approx(other.estimate)
        assert one.standard_error == pytest.approx(other.standard_error)
        assert one.critical_value == pytest.approx(other.critical_value, rel=1e-4)


def test_a_further_column_leaves_the_model_without_it_as_it_is() -> None:
    values, columns = person(6, 0.4)
    further = np.arange(len(values)) % 5 == 0

    first, beside = fit_beside(values, columns, 1.0 * further, seed=0, simulations=99)

    alone = fit(values, columns, seed=0, simulations=99)
    assert (first.estimate, first.standard_error) == pytest.approx((alone.estimate, alone.standard_error), rel=1e-9)
    assert first.critical_value == pytest.approx(alone.critical_value, rel=1e-5)
    both = fit(values, np.column_stack([further, columns]), seed=0, simulations=99)
    assert (beside.estimate, beside.standard_error) == pytest.approx((both.estimate, both.standard_error))


def test_a_coefficient_alone_and_a_further_one_alone_are_those_found_with_the_rest() -> None:
    values, columns = person(6, 0.4)
    further = 1.0 * (np.arange(len(values)) % 5 == 0)
    background = Background(values, columns[:, 1:])

    alone = background.coefficient(columns[:, :1])  # before any noise is drawn
    background.draw(columns[:, :1], seed=0, simulations=99)

    first, beside = background.fit_beside(columns[:, :1], further)
    assert alone == pytest.approx(first.estimate, rel=1e-12)
    assert background.fit_further(columns[:, :1], further) == beside
    with pytest.raises(ValueError, match="combination"):
        background.coefficient(columns[:, 4:5])


def test_a_weekday_that_is_never_measured_does_no_harm() -> None:
    values, columns = person(7)
    values[columns[:, 5] == 1] = np.nan

    assert np.isfinite(fit(values, columns, seed=0, simulations=99).standard_error)


@pytest.mark.slow
def test_without_an_effect_about_one_in_twenty_is_found_and_a_true_effect_lies_in_the_interval() -> None:
    people = range(120)

    found = sum(estimate(seed).p_value < 0.05 for seed in people)
    covered = sum(told.ci_low <= 0.5 <= told.ci_high for told in (estimate(seed, 0.5) for seed in people))

    assert found <= 12  # 6 expected; more than 12 of 120 has a chance of 1% where the truth is 5%
    assert covered >= 108


def test_the_products_are_left_to_one_thread_before_numpy_is_loaded() -> None:
    told = "import os, sys, recovery; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}

    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "1"]


def test_a_model_on_a_shared_background_is_the_one_fitted_alone() -> None:
    values, columns = person(5, 0.3)
    alone = fit_many(values, columns, wanted=4, seed=3, simulations=99)
    background = Background(values, columns[:, 4:])
    background.draw(columns[:, :1], seed=3, simulations=99)  # noise of another model of the same days

    shared = background.fit(columns[:, :4], wanted=4)

    assert [one.estimate for one in shared] == pytest.approx([one.estimate for one in alone], abs=1e-12)
    assert [one.standard_error for one in shared] == pytest.approx([one.standard_error for one in alone], abs=1e-12)
    assert [one.critical_value for one in shared] == pytest.approx([one.critical_value for one in alone], rel=0.25)


def test_a_background_without_noise_or_of_other_days_says_so() -> None:
    values, columns = person(6)
    background = Background(values, columns[:, 1:])
    with pytest.raises(RuntimeError, match="drawn before"):
        background.fit(columns[:, :1])

    background.draw(columns[:, :1], seed=0, simulations=19)
    with pytest.raises(ValueError, match="other days"):
        background.of_like_series(np.where(np.arange(len(values)) < 9, np.nan, values), columns[:, 1:])


@pytest.mark.slow
def test_the_critical_value_hardly_depends_on_the_draws_and_is_that_of_many_simulated_series() -> None:
    values, columns = person(7)
    background = Background(values, columns[:, 1:])
    critical = []
    for seed in range(6):
        background.draw(columns[:, :1], seed=seed, simulations=199)
        critical.append(background.fit(columns[:, :1])[0].critical_value)

    assert np.std(critical) < 0.03  # of 199 plain draws it would be 0.13

    ratios = []
    shape = int(np.argmax(background.shape_weights(columns[:, :1])))
    noise = simulate(shape_grid().of_shape(shape), np.zeros(200, dtype=np.intp), len(values), np.random.default_rng(0))
    background.draw(columns[:, :1], seed=0, simulations=19)
    for series in noise.T:
        found = Background(np.where(np.isfinite(values), series, np.nan), columns[:, 1:])
        found.draw(columns[:, :1], seed=0, simulations=2)
        one = found.fit(columns[:, :1])[0]
        ratios.append(abs(one.estimate / one.standard_error))
    assert np.mean(np.array(ratios) > np.mean(critical)) == pytest.approx(0.05, abs=0.047)  # three errors
