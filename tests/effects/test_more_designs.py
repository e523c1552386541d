"""What other ways to book or to record would tell for one person."""

import numpy as np
import pytest

from recovery.effects.design import without_weekday_and_trend
from recovery.effects.design_information import information, likeliest_shape
from recovery.effects.more_designs import other_ways
from recovery.effects.noise import shape_grid
from recovery.effects.weeks import between_weeks, weights
from recovery.vocabulary.designs import Design

DATES = np.datetime64("2024-01-01") + np.arange(364)  # a Monday
ALL = np.ones(len(DATES), dtype=bool)
SHAPE = shape_grid().of_shape(15)


def tuesdays(skipped: int) -> np.ndarray:
    """Every Tuesday but each so-manieth."""
    out = np.zeros(len(DATES))
    weeks = np.arange(52)
    out[7 * weeks[weeks % skipped != 0] + 1] = 1
    return out


def irregular() -> np.ndarray:
    out = np.zeros(len(DATES))
    out[np.cumsum(np.resize([5, 9, 6, 8, 11, 4], 48))] = 1
    return out


def test_who_books_one_weekday_gains_by_drawing_it() -> None:
    found = {way.design: way for way in other_ways(tuesdays(5), ALL, DATES, SHAPE, seed=0)}

    assert set(found) == {Design.ANY_WEEKDAY, Design.WEEKS_BY_LOT}
    assert found[Design.ANY_WEEKDAY].growth > 2
    assert found[Design.ANY_WEEKDAY].per_week == pytest.approx(tuesdays(5).sum() / 52, abs=0.03)
    assert found[Design.WEEKS_BY_LOT].per_week == pytest.approx(0.5, abs=0.05)


def test_who_varies_the_weekday_is_not_told_to() -> None:
    assert [way.design for way in other_ways(irregular(), ALL, DATES, SHAPE, seed=0)] == [Design.WEEKS_BY_LOT]


def test_days_that_are_missing_would_tell_more() -> None:
    half = np.resize([True, True, False, True, False], len(DATES))

    found = {way.design: way for way in other_ways(irregular(), half, DATES, SHAPE, seed=0)}

    assert found[Design.NO_DAY_MISSING].growth > 1.1


def test_less_than_eight_weeks_tell_nothing_of_how_a_person_books() -> None:
    assert other_ways(irregular()[:40], ALL[:40], DATES[:40], SHAPE, seed=0) == []


def test_one_weekday_without_a_gap_has_no_information_for_the_weeks() -> None:
    every = tuesdays(100)
    every[1] = 1

    assert information(every, ALL, DATES, SHAPE).of_weeks == pytest.approx(0, abs=1e-9)


def test_the_information_is_one_over_the_variance_of_the_estimate() -> None:
    random = np.random.default_rng(0)
    white = shape_grid().of_shape(0)  # no memory, no slow part, no further noise

    told = information(irregular(), ALL, DATES, white)

    days = np.column_stack([np.roll(irregular(), lag) for lag in (1, 2, 3)]).sum(axis=1)
    assert 0 < told.of_estimate < (days**2).sum()
    assert 0 < told.weeks_efficiency <= 1
    likely = likeliest_shape(random.standard_normal(len(DATES)), irregular(), DATES)
    assert likely.correlation[0] <= 0.3


def test_the_weights_of_days_give_the_difference_between_weeks() -> None:
    values = np.random.default_rng(0).standard_normal(len(DATES))
    left = without_weekday_and_trend(values, DATES, ALL)

    assert weights(irregular(), DATES) @ left == pytest.approx(
        between_weeks(values, irregular(), DATES).difference, rel=1e-9
    )
