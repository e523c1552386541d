"""The summary over people, beside numbers worked out by hand."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, norm, t

from recovery.effects import cohort
from recovery.effects.cohort import (
    NORMAL_95,
    Cohort,
    _middle_95,
    enough_people,
    goes_with,
    over_people,
    unweighted,
)
from recovery.effects.regression import Estimate

pytestmark = pytest.mark.slow


def person(effect: float, error: float) -> Estimate:
    return Estimate(effect, error, effect - NORMAL_95 * error, effect + NORMAL_95 * error, 0.5, NORMAL_95, 200)


def people(effects: list[float], errors: list[float]) -> list[Estimate]:
    return [person(*one) for one in zip(effects, errors, strict=True)]


def test_people_measured_alike_are_summed_up_as_by_hand() -> None:
    # effects 1 to 5, errors 1: mean 3, variance of the effects 10 / 4 = 2.5 = tau^2 + 1, so tau^2 = 1.5;
    # error of the mean sqrt(2.5 / 5) = 0.7071; t(4) = 2.7764, so 3 +- 1.9632; Q = 10, I^2 = (10 - 4) / 10;
    # own share 1.5 / (1.5 + 1) = 0.6
    found = over_people(people([1, 2, 3, 4, 5], [1] * 5))

    assert (found.estimate, found.between_sd**2) == pytest.approx((3, 1.5), abs=1e-6)
    assert (found.ci_low, found.ci_high) == pytest.approx((1.0368, 4.9632), abs=1e-4)
    assert found.i_squared_share == pytest.approx(0.6)
    assert found.p_value == pytest.approx(0.0132, abs=1e-4)  # t(4) beyond 3 / 0.7071 = 4.243
    assert [one.estimate for one in found.shrunken if one] == pytest.approx([1.8, 2.4, 3, 3.6, 4.2])
    assert [one.own_share for one in found.shrunken if one] == pytest.approx([0.6] * 5)
    assert all(one.ci_low < one.estimate < one.ci_high for one in found.shrunken if one)


def test_mean_error_and_variance_are_those_of_statsmodels() -> None:
    from statsmodels.stats.meta_analysis import combine_effects  # here: the import takes every worker a second

    random = np.random.default_rng(5)
    for count, differing in ((5, 0.0), (8, 0.3), (15, 1.0), (40, 3.0)):
        errors = random.uniform(0.3, 2, count)
        effects = random.normal(0.5, differing, count) + errors * random.normal(size=count)
        peer = combine_effects(effects, errors**2, method_re="iterated", use_t=True)
        error = peer.sd_eff_w_re * max(1.0, peer.scale_hksj_re) ** 0.5

        found = over_people(people(list(effects), list(errors)))

        assert found.estimate == pytest.approx(peer.mean_effect_re, abs=1e-4)
        assert found.between_sd**2 == pytest.approx(peer.tau2, abs=1e-4)  # which statsmodels knows to 1e-5
        assert found.standard_error == pytest.approx(error, abs=1e-4)
        assert found.ci_high == pytest.approx(peer.mean_effect_re + t.ppf(0.975, count - 1) * error, abs=1e-4)
        assert found.p_value == pytest.approx(2 * t.sf(abs(peer.mean_effect_re) / error, count - 1), abs=1e-4)


def test_equal_values_share_their_rank() -> None:
    assert cohort._ranks([3, 1, 1, 7, 3, 3]).tolist() == [4, 1.5, 1.5, 6, 4, 4]


def test_the_next_person_lies_beyond_the_prediction_in_one_case_of_twenty_whatever_the_variance() -> None:
    # effects 1 to 5, errors 1: the sum of squares is 10, so tau^2 = 10 / u - 1 for u of chi-squared with 4 degrees of
    # freedom, 0 where u > 10; the mean is 3 with the variance (1 + tau^2) / 5
    found = over_people(people([1, 2, 3, 4, 5], [1] * 5))

    def beyond(u: float) -> float:
        between = max(0.0, 10 / u - 1)
        return float(norm.sf((found.prediction_high - 3) / ((1 + between) / 5 + between) ** 0.5) * chi2.pdf(u, 4))

    assert found.prediction_low == pytest.approx(6 - found.prediction_high)
    assert quad(beyond, 0, 10)[0] + quad(beyond, 10, 60)[0] == pytest.approx(0.025, abs=3e-4)


def test_the_points_of_a_mixture_of_normals_are_exact() -> None:
    random = np.random.default_rng(2)
    means, spreads = random.normal(0, 50, (4, 299)), random.uniform(0.01, 3, (4, 299))

    found = _middle_95(means, spreads)

    for points, centre, spread in zip(found, means, spreads, strict=True):
        exact = [
            brentq(lambda x, tail=tail: norm.cdf((x - centre) / spread).mean() - tail, -500, 500, xtol=1e-13)  # noqa: B023
            for tail in (0.025, 0.975)
        ]
        assert points == pytest.approx(exact, rel=1e-12)


def test_the_mean_is_the_same_where_nobody_is_pulled_towards_it() -> None:
    told = people([1, 2, 3, 4, 9], [1, 2, 1, 2, 1])

    assert over_people(told, is_pulling=False) == replace(over_people(told), shrunken=())


def test_people_measured_unlike_solve_the_equation_of_paule_and_mandel() -> None:
    effects, errors = np.array([600.0, -200.0, 1500.0, 300.0, 900.0, 50.0]), np.array([200.0, 300, 500, 100, 400, 250])

    def left_over(variance: float) -> float:
        weights = 1 / (errors**2 + variance)
        return float(weights @ (effects - weights @ effects / weights.sum()) ** 2 - 5)

    variance = brentq(left_over, 0, 1e7, xtol=1e-6)
    weights = 1 / (errors**2 + variance)
    mean, error = weights @ effects / weights.sum(), weights.sum() ** -0.5
    found = over_people(people(list(effects), list(errors)))

    assert found.between_sd == pytest.approx(variance**0.5, rel=1e-4)
    assert found.estimate == pytest.approx(mean, rel=1e-4)
    assert found.standard_error == pytest.approx(error, rel=1e-4)
    assert found.ci_high - found.estimate == pytest.approx(t.ppf(0.975, 5) * error, rel=1e-4)


def test_people_more_alike_than_their_noise_give_no_narrower_interval_than_people_who_do_not_differ() -> None:
    # effects 2.9 to 3.1, errors 1: Q = 0.02, q = 0.005; Hartung and Knapp alone would give 0.0316 * 2.776 = 0.088
    found = over_people(people([2.9, 3.0, 3.0, 3.0, 3.1], [1] * 5))

    assert (found.between_sd, found.i_squared_share) == (0, 0)
    assert found.standard_error == pytest.approx(5**-0.5)
    assert found.ci_high - 3 == pytest.approx(2.7764 * 5**-0.5, abs=1e-4)
    assert [one.estimate for one in found.shrunken if one] == pytest.approx([3.0] * 5)
    assert {one.own_share for one in found.shrunken if one} == {0}


def test_people_with_the_very_same_estimate_are_no_error() -> None:
    assert over_people([person(2, 1)] * 6).estimate == pytest.approx(2)


def test_who_was_refused_is_counted_and_changes_nothing() -> None:
    told = people([1, 2, 3, 4, 5], [1, 2, 1, 2, 1])

    found = over_people([None, *told, None])

    assert (found.n_people, found.n_refused) == (5, 2)
    assert found.shrunken[0] is None
    assert found.shrunken[6] is None
    assert replace(found, n_refused=0, shrunken=found.shrunken[1:6]) == over_people(told)


def test_fewer_than_five_people_are_refused_with_a_sentence() -> None:
    four = [*people([1, 2, 3, 4], [1] * 4), None]

    assert enough_people(four).sentence == (
        "Only 4 people with an estimate, 1 without; at least 5 are needed to say how much people differ."
    )
    assert not enough_people(four).passed
    assert enough_people([]).sentence.startswith("Only 0 people")
    assert enough_people([*four, person(1, 1)]).passed
    with pytest.raises(ValueError, match="4 people"):
        over_people(four)


def test_an_interval_without_a_width_is_an_error() -> None:
    with pytest.raises(ValueError, match="finite width"):
        over_people([*people([1, 2, 3, 4], [1] * 4), person(1, 0)])


@pytest.mark.parametrize("unit", [1e-4, 60, 1e5])
def test_neither_sign_nor_unit_nor_order_matter(unit: float) -> None:
    effects, errors = [1.0, -2.0, 3.0, 0.5, 2.0], [1.0, 0.5, 2.0, 0.7, 1.0]

    def numbers(found: Cohort) -> list[float]:
        return [found.estimate, found.ci_low, found.ci_high, found.prediction_low, found.prediction_high]

    told = over_people(people(effects, errors))
    scaled = over_people(people([unit * one for one in effects[::-1]], [unit * one for one in errors[::-1]]))
    flipped = over_people(people([-one for one in effects], errors))

    assert numbers(scaled) == pytest.approx([unit * one for one in numbers(told)], rel=1e-6)
    assert (flipped.estimate, flipped.ci_low) == pytest.approx((-told.estimate, -told.ci_high))
    assert (flipped.p_value, flipped.between_sd) == pytest.approx((told.p_value, told.between_sd))


@pytest.mark.parametrize("between", [0.0, 0.7])
def test_the_interval_holds_the_mean_and_the_prediction_the_next_person(between: float) -> None:
    random = np.random.default_rng(0)
    held = predicted = 0
    for _ in range(150):
        errors = random.uniform(0.5, 1.5, 8)
        true = 1 + between * random.standard_normal(9)
        found = over_people(people(list(true[:8] + errors * random.standard_normal(8)), list(errors)))
        held += found.ci_low <= 1 <= found.ci_high
        predicted += found.prediction_low <= true[8] <= found.prediction_high

    assert held >= 133  # 142.5 expected; fewer than 133 has a chance of 0.1% where the truth is 95%
    assert predicted >= 133


def test_the_prediction_is_never_narrower_than_the_interval_of_the_mean() -> None:
    # six people who differ by less than their noise: between them nothing, so t(5) reaches further than the prediction
    found = over_people(
        people([-0.213, -0.004, -0.034, -0.104, 0.153, 0.049], [0.225, 0.211, 0.23, 0.221, 0.224, 0.226])
    )

    assert found.between_sd == 0
    assert found.prediction_low <= found.ci_low
    assert found.prediction_high >= found.ci_high


def test_the_mean_in_which_all_count_alike_is_the_plain_one() -> None:
    # effects 1 to 5: mean 3, deviation sqrt(2.5), error sqrt(2.5 / 5) = 0.7071, t(4) = 2.7764
    found = unweighted([None, *people([1, 2, 3, 4, 5], [0.1, 5, 5, 5, 5])])

    assert (found.estimate, found.ci_low, found.ci_high) == pytest.approx((3, 1.0368, 4.9632), abs=1e-4)
    with pytest.raises(ValueError, match="1 people"):
        unweighted([person(1, 1), None])


def test_an_effect_that_goes_with_the_number_of_massages_is_seen_and_others_are_not() -> None:
    went_on = [10.0, 11, 12, 30, 40, 50, 60]  # who had a larger effect went on

    assert goes_with([0.1, 0.2, 0.3, 0.8, 0.9, 1.0, 1.1], went_on)
    assert goes_with([-0.1, -0.2, -0.3, -0.8, -0.9, -1.0, -1.1], went_on)
    assert not goes_with([0.5, 0.9, 0.1, 0.6, 0.2, 1.0, 0.4], went_on)
    assert not goes_with([0.1, 0.2, 0.3, 0.4, 0.5], [20.0] * 5)


def test_the_interval_of_a_pulled_estimate_is_narrower_and_holds_for_people_of_such_a_home() -> None:
    random, held, narrower = np.random.default_rng(5), [], []
    for _ in range(60):
        true = 0.3 + 0.15 * random.standard_normal(8)
        own = true + 0.2 * random.standard_normal(8)
        told = [Estimate(size, 0.2, size - 0.392, size + 0.392, 1.0, 1.96, 300) for size in own.tolist()]
        for size, one in zip(true, over_people(told).shrunken, strict=True):
            assert one is not None
            held.append(one.ci_low <= size <= one.ci_high)
            narrower.append((one.ci_high - one.ci_low) / 0.784)

    assert np.mean(held) == pytest.approx(0.95, abs=0.035)
    assert np.mean(narrower) < 0.9


def test_means_over_people_take_no_library_that_is_dear_to_import() -> None:
    asked = (
        "import sys; from recovery.effects.cohort import over_people; from recovery.effects.regression import Estimate;"
        " over_people([Estimate(one, 1, one - 2, one + 2, 0.5, 1.96, 200) for one in range(5)]);"
        " print(*sorted({'pandas', 'scipy.stats', 'statsmodels'} & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
