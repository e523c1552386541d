"""How often massages fell on days with another treatment, days off, illness, travel."""

import numpy as np
import pytest
from people import DAY_0, books_at_random

from recovery.effects.circumstances import coincidences, days_with, failed
from recovery.effects.examine import examine
from recovery.effects.look_series import Booked, LookSeries
from recovery.effects.prepare import Measured

DAYS = 200
PERSON = books_at_random(1, days=DAYS, massages=25)
DAY = PERSON.is_massage > 0


def told(on_massages: float, on_others: float, told_share: float = 1.0, seed: int = 0) -> np.ndarray:
    """Yes on these shares of the days, each told with a chance."""
    random = np.random.default_rng(seed)
    days = (random.random(DAYS) < np.where(DAY, on_massages, on_others)).astype(float)
    return np.where(random.random(DAYS) < told_share, days, np.nan)


def asked(days: np.ndarray, name: str = "other_treatment"):
    return list(coincidences({name: days}, PERSON.is_massage, PERSON.dates))


@pytest.mark.parametrize(("on_massages", "on_others"), [(0.8, 0.03), (1.0, 0.0), (0.0, 0.4)])
def test_days_on_which_massages_fell_clearly_more_or_less_often_fail(on_massages: float, on_others: float) -> None:
    (one,) = asked(told(on_massages, on_others))

    assert (one.gate.name, one.gate.passed) == ("other treatment", False)
    assert f"told of {one.n_massage_days_yes} of 25 massage days that say yes or no, against" in one.gate.sentence


def test_days_on_which_massages_fell_no_more_often_than_chance_pass() -> None:
    gates = [asked(told(0.3, 0.3, seed=seed), "day_off")[0].gate for seed in range(300)]

    assert sum(not gate.passed for gate in gates) <= 9  # 1% nominal


def test_a_day_off_each_saturday_is_that_of_the_weekday() -> None:
    weekday = (PERSON.dates.astype(int) + 3) % 7
    is_massage = np.where((weekday == 5) & (np.arange(DAYS) % 3 > 0), 1.0, 0.0)
    days = np.where(weekday >= 5, 1.0, 0.0)

    (one,) = coincidences({"day_off": days}, is_massage, PERSON.dates)

    assert one.gate.passed
    assert one.other_share == 1


def test_what_is_not_told_is_not_no() -> None:
    days = told(0.8, 0.03)
    only_yes = np.where(days == 1, 1.0, np.nan)

    (one,) = asked(only_yes)

    assert not one.gate.passed
    assert one.other_share is None
    assert "write the no as well" in one.gate.sentence
    assert not asked(np.full(DAYS, np.nan))
    assert not asked(np.zeros(DAYS))  # it never happened
    assert not asked(np.where(DAY, np.nan, 1.0))  # no massage day tells


def test_a_yes_on_one_massage_day_and_nothing_else_told_passes() -> None:
    days = np.full(DAYS, np.nan)
    days[np.flatnonzero(DAY)[0]] = 1

    assert [one.gate.passed for one in asked(days)] == [True]


def test_without_these_days_the_days_after_massages_on_them_are_left_out() -> None:
    is_massage, days = np.zeros(20), np.zeros(20)
    is_massage[[4, 14]] = 1
    days[[4, 9]] = 1

    kept = {
        name: np.flatnonzero(days_with(name, days, is_massage, (1, 2, 3))).tolist()
        for name in ("day_off", "other_treatment")
    }

    assert kept == {"day_off": [4, 5, 6, 7, 9], "other_treatment": [4, 5, 6, 7, 9, 10, 11, 12]}


@pytest.mark.slow
def test_the_estimate_without_these_days_is_that_of_the_massage() -> None:
    """Another treatment on half of the massage days does it all."""
    person = books_at_random(3, days=400, massages=50, missing_share=0)
    days = np.where(person.is_massage > 0, (np.cumsum(person.is_massage) % 2), 0.0)
    after = sum(np.concatenate([np.zeros(lag), days[:-lag]]) for lag in (1, 2, 3))
    values = person.values + 2 * np.minimum(after, 1)

    found = examine(values, person.is_massage, person.dates, seed=0, simulations=99)
    left_out = days_with("other_treatment", days, person.is_massage, (1, 2, 3))
    kept = np.where(left_out, np.nan, values)
    alone = examine(kept, person.is_massage, person.dates, seed=0, simulations=99, left_out=left_out)

    assert failed({"other_treatment": days}, person.is_massage, person.dates) == ("other treatment",)
    assert found.estimate is not None
    assert alone.estimate is not None
    assert found.estimate.ci_low > 0.5
    assert alone.estimate.ci_low < 0 < alone.estimate.ci_high


def test_a_look_knows_what_was_told_until_then() -> None:
    person = books_at_random(2, effect=2.0, days=260, massages=30, missing_share=0)
    days = np.where(person.is_massage > 0, 1.0, 0.0)
    days[:100] = np.nan
    series = LookSeries(
        Measured(person.values), Booked(person.is_massage, DAY_0 + np.arange(260), {"travel": days}), seed=0
    )

    first, last = (series.at(series.looks[at], "up", lambda _: 1.0) for at in (0, -1))

    assert ("travel" in first.failed, "travel" in last.failed) == (series.looks[0].day >= 130, True)
    assert not last.may_exclude
