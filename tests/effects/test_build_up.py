"""Whether a number gets better over the massages, by hand."""

import numpy as np
import pytest

from recovery.effects.build_up import (
    MIN_DAYS,
    is_build_up,
    is_slow_benefit_possible,
    remembered,
    slow_benefits,
    trend,
)
from recovery.effects.design import weekdays, window
from recovery.effects.gates import beside
from recovery.vocabulary.windows import DAYS_AFTER

DAYS = 120
MASSAGES = np.isin(np.arange(DAYS), range(20, DAYS, 7)).astype(float)  # the first on day 20, 99 days before the last
RISING = np.maximum(0.0, np.arange(DAYS) - 20.0) / 99  # by 1 since then


def test_the_trend_is_that_since_the_first_massage() -> None:
    assert trend(RISING, MASSAGES) == pytest.approx(1.0)
    assert trend(np.where(np.arange(DAYS) < 20, 50.0, RISING), MASSAGES) == pytest.approx(1.0)


def test_it_is_the_same_with_days_left_out_and_mirrored_where_less_is_better() -> None:
    with_holes = np.where(np.arange(DAYS) % 3 == 0, np.nan, RISING)

    assert trend(with_holes, MASSAGES) == pytest.approx(1.0)
    assert is_build_up(trend(-RISING, MASSAGES), "down", 1.99)
    assert not is_build_up(trend(RISING, MASSAGES), "down", 1.99)


@pytest.mark.parametrize(("worth", "is_so"), [(1.0, True), (1.99, True), (2.01, False), (None, False)])
def test_half_of_a_change_worth_having_is_enough(worth: float | None, is_so: bool) -> None:
    assert is_build_up(trend(RISING, MASSAGES), "up", worth) is is_so


def test_what_changes_with_a_device_is_no_trend() -> None:
    is_new = np.arange(DAYS) >= 70
    level = is_new.astype(float)[:, np.newaxis]

    assert trend(5.0 * is_new, MASSAGES) > 1
    assert trend(5.0 * is_new, MASSAGES, level) == pytest.approx(0.0, abs=1e-9)
    assert trend(RISING + 5.0 * is_new, MASSAGES, level) == pytest.approx(1.0)
    assert trend(RISING, MASSAGES, np.zeros((DAYS, 0))) == pytest.approx(1.0)


def test_without_massages_or_with_few_days_there_is_no_trend() -> None:
    few = np.full(DAYS, np.nan)
    few[20 : 20 + MIN_DAYS - 1] = RISING[20 : 20 + MIN_DAYS - 1]

    assert trend(RISING, np.zeros(DAYS)) is None
    assert trend(few, MASSAGES) is None
    assert not is_build_up(trend(few, MASSAGES), "up", 0.01)


def test_past_massages_add_up_and_fade_to_one_on_average() -> None:
    is_massage = np.zeros(400)
    is_massage[100] = is_massage[110] = 1

    found = remembered(is_massage, 30.0)

    assert (found[:101] == 0).all()
    assert found[105] / found[101] == pytest.approx(np.exp(-4 / 30))
    assert found[111] > found[101]  # the second one adds to what is left of the first
    assert found[101:].mean() == pytest.approx(1.0)
    assert (remembered(np.zeros(10), 30.0) == 0).all()


def in_courses(benefit: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two years of courses of eight weekly massages and pauses of eight weeks; the benefit fades in a month."""
    random = np.random.default_rng(seed)
    day = np.arange(728)
    is_massage = ((day % 7 == 2) & (day // 56 % 2 == 0)).astype(float)
    return random.standard_normal(728) + benefit * remembered(is_massage, 30.0), is_massage


@pytest.mark.parametrize(("benefit", "is_so"), [(0.0, False), (0.5, True), (1.5, True), (-1.0, False)])
def test_a_benefit_that_has_levelled_off_is_seen_in_pauses(benefit: float, is_so: bool) -> None:
    for better, sign in (("up", 1), ("down", -1)):
        values, is_massage = in_courses(benefit)
        dates = np.datetime64("2026-01-05") + np.arange(728)

        found = list(slow_benefits(
            sign * values, is_massage, window(is_massage, DAYS_AFTER, beside(DAYS_AFTER)), weekdays(dates), seed=1,
            simulations=49,
        ))  # fmt: skip

        assert sign * found[1].estimate == pytest.approx(benefit, abs=2.5 * found[1].standard_error)
        assert is_slow_benefit_possible(found, better, worth=0.5) is is_so
        assert is_slow_benefit_possible(found, better, worth=0.01) is (benefit >= 0)  # so little could always be


def test_where_massages_never_pause_and_the_number_drifts_nothing_slow_can_be_ruled_out() -> None:
    random = np.random.default_rng(2)
    is_massage = (np.arange(364) % 7 == 2).astype(float)
    dates = np.datetime64("2026-01-05") + np.arange(364)
    values = 0.8 * random.standard_normal(364)
    slow = 0.0
    for day in range(364):
        slow = 0.98 * slow + 0.15 * random.standard_normal()
        values[day] += slow

    found = slow_benefits(
        values, is_massage, window(is_massage, DAYS_AFTER, beside(DAYS_AFTER)), weekdays(dates),
        seed=1, simulations=49,
    )  # fmt: skip

    assert is_slow_benefit_possible(found, "up", worth=0.3)
