"""Counts in the week after a massage."""

import numpy as np
import pytest
from people import DAY_0

from recovery.effects.counts import enough_events, week_after


def doses(seed: int, factor: float, days: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Poisson doses, about 0.8 a day, times `factor` in the week after a massage; a tenth of the days not told."""
    random = np.random.default_rng(seed)
    is_massage = np.zeros(days)
    starts = np.cumsum(random.integers(5, 20, days))
    is_massage[starts[starts < days]] = 1
    is_after = sum(np.concatenate([np.zeros(lag), is_massage[:-lag]]) for lag in range(1, 8)) > 0
    counts = random.poisson(0.8 * np.where(is_after, factor, 1.0)).astype(float)
    counts[random.random(days) < 0.1] = np.nan
    return counts, is_massage, DAY_0 + np.arange(days)


@pytest.mark.parametrize(("events", "passed"), [(9, False), (10, True)])
def test_ten_events_are_needed(events: int, passed: bool) -> None:
    counts = np.full(100, np.nan)
    counts[:50] = 0
    counts[:events] = 1

    assert enough_events(counts).passed is passed
    assert enough_events(counts).sentence.endswith(".")


@pytest.mark.slow
def test_fewer_doses_in_the_week_after_are_found_and_lie_in_the_interval() -> None:
    found = [week_after(*doses(seed, 0.4), seed=0) for seed in range(10)]

    truth = 7 * 0.8 * (0.4 - 1)
    assert sum(one.change.p_value < 0.05 for one in found) >= 6
    assert np.mean([one.change.estimate for one in found]) == pytest.approx(truth, abs=1.0)
    assert all(3 < one.usual < 5.6 and one.n_events > 100 for one in found)


@pytest.mark.slow
def test_without_an_effect_fewer_doses_are_seldom_found() -> None:
    found = sum(week_after(*doses(seed, 1.0), seed=0).change.p_value < 0.05 for seed in range(20))

    assert found <= 4  # 1 expected; more than 4 has a chance of 0.3%
