"""The interval of the mean of a day around massages."""

import numpy as np
import pytest

from recovery.effects import around
from recovery.vocabulary.windows import AROUND_DAYS

DATES = np.arange(np.datetime64("2026-01-01"), np.datetime64("2026-07-01"))


def person(seed: int, sd: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    """Noise without memory, and a massage every nineteen days."""
    values = np.random.default_rng(seed).normal(100.0, sd, len(DATES))
    is_massage = np.zeros(len(DATES))
    is_massage[10::19] = 1.0
    return values, is_massage


def test_a_day_near_another_massage_does_not_count() -> None:
    is_massage = np.zeros(20)
    is_massage[[5, 7]] = 1.0

    assert list(np.flatnonzero(around.counted(is_massage, -1))) == [4]  # day 6 is day 1 of the first
    assert list(np.flatnonzero(around.counted(is_massage, 3))) == [10]  # day 8 is day 3 of one and day 1 of the other


def test_the_half_width_is_about_that_of_a_mean_of_independent_days() -> None:
    values, is_massage = person(1)

    widths = around.half_widths(values, is_massage, DATES, seed=7)

    assert set(widths) == set(AROUND_DAYS)
    expected = 1.96 * 10.0 / np.sqrt(is_massage.sum())
    assert np.mean(list(widths.values())) == pytest.approx(expected, rel=0.35)


def test_more_noise_makes_it_wider_and_the_seed_fixes_it() -> None:
    values, is_massage = person(2)

    once = around.half_widths(values, is_massage, DATES, seed=7, offsets=(0, 1))
    again = around.half_widths(values, is_massage, DATES, seed=7, offsets=(0, 1))
    wider = around.half_widths(100 + 3 * (values - 100), is_massage, DATES, seed=7, offsets=(0, 1))

    assert once == again
    assert wider[0] == pytest.approx(3 * once[0])


def test_too_few_massages_get_no_interval() -> None:
    values, is_massage = person(3)
    is_massage[40:] = 0.0

    assert around.half_widths(values, is_massage, DATES, seed=7, offsets=(0,)) == {}
