"""Jumps that nobody told of, and what looks like one."""

import numpy as np
import pytest
from people import DAY_0, SHAPE

from recovery.effects import design, gates, jumps
from recovery.effects.noise import simulate
from recovery.words import numbers

DAYS = 500
DAY = np.arange(DAYS)
DATES = DAY_0 + DAY


def noise(seed: int, days: int, count: int) -> np.ndarray:
    """Series with a slow part, a fast one and 5% of the days missing."""
    random = np.random.default_rng(seed)
    values = simulate(SHAPE, np.zeros(count, dtype=np.intp), days, random)
    values[random.random(values.shape) < 0.05] = np.nan
    return values


def said(values: np.ndarray) -> jumps.Shift | None:
    dates = DAY_0 + np.arange(len(values))
    return jumps.level_shift(values, design.weekdays(dates), dates)[1]


@pytest.mark.slow
def test_noise_with_slow_swings_does_not_pass_for_a_jump() -> None:
    assert not any(said(series) for series in noise(0, 365, 8).T)


@pytest.mark.slow
@pytest.mark.parametrize(
    "story",
    [
        2.5 * (1 - np.exp(-DAY / 60)),  # healing
        np.where(DAY >= 200, -3 * np.exp(-(DAY - 200) / 40), 0),  # an injury
        1.2 * np.sin(2 * np.pi * DAY / 365),  # a season
        2.5 * np.clip((DAY - 250) / 120, -0.5, 0.5),  # training
        2.5 * ((DAY >= 200) & (DAY < 230)),  # a long holiday
        2 * ((DAY >= 200) & ((DATES.astype(int) + 3) % 7 < 5)),  # a new job
    ],
    ids=["healing", "injury", "season", "training", "holiday", "new job"],
)
def test_what_people_live_through_does_not_pass_for_a_jump(story: np.ndarray) -> None:
    assert not any(said(series + story) for series in noise(1, DAYS, 2).T)


@pytest.mark.slow
def test_a_jump_of_three_deviations_is_found_and_dated() -> None:
    values = noise(1, 730, 5)
    values[400:] -= 3

    found = [shift for shift in map(said, values.T) if shift is not None]

    assert len(found) >= 3
    days = np.array([(shift.date - DAY_0).astype(int) for shift in found])
    assert np.median(np.abs(days - 400)) <= 3
    assert -3.5 < np.mean([shift.size for shift in found]) < -2.5


def test_a_jump_is_told_in_the_unit_of_the_values_and_is_a_warning() -> None:
    values = 60 + 5 * noise(2, DAYS, 1)[:, 0] + 20 * (DAY >= 250)

    gate, shift = jumps.level_shift(values, design.weekdays(DATES), DATES, unit="bpm")
    again = jumps.level_shift(values, design.weekdays(DATES), DATES, unit="bpm")

    assert shift is not None
    assert abs((shift.date - DATES[250]).astype(int)) <= 2
    assert shift.size == pytest.approx(20, abs=4)
    assert not gate.passed
    assert gate.name not in gates.REFUSALS
    assert f"From about {shift.date} on the number is {numbers.change_alone(shift.size, 'bpm')}" in gate.sentence
    assert again == (gate, shift)


def test_a_jump_that_the_columns_tell_is_none() -> None:
    values = 60 + 5 * noise(2, DAYS, 1)[:, 0] + 20 * (DAY >= 250)
    columns = np.column_stack([design.weekdays(DATES), DAY >= 250])

    gate, shift = jumps.level_shift(values, columns, DATES)

    assert gate.passed
    assert shift is None


@pytest.mark.parametrize(("days", "found"), [(55, False), (58, True)])
def test_a_jump_takes_four_weeks_on_each_side(days: int, found: bool) -> None:
    values = np.random.default_rng(5).standard_normal(days) + 20 * (np.arange(days) >= 29)

    assert (said(values) is not None) is found


@pytest.mark.slow
def test_in_ten_years_the_day_is_found_too() -> None:
    values = np.random.default_rng(6).standard_normal(3650) + 4 * (np.arange(3650) >= 2001)

    shift = said(values)

    assert shift is not None
    assert abs((shift.date - DAY_0).astype(int) - 2001) <= 7
