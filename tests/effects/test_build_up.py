"""Whether a number gets better over the massages, by hand."""

import numpy as np
import pytest

from recovery.effects.build_up import MIN_DAYS, is_build_up, trend

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
