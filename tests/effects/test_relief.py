"""How often massages are followed by a drop of pain, on days counted by hand."""

import numpy as np
import pytest

from recovery.effects.relief import reliefs

DAYS = 400


def dates(days: int = DAYS) -> np.ndarray:
    return np.datetime64("2024-01-01") + np.arange(days)  # a Monday


def a_person(every: int = 24, first: int = 10, days: int = DAYS) -> tuple[np.ndarray, np.ndarray]:
    """Pain of 4 on every day, massages on all weekdays."""
    is_massage = np.zeros(days)
    is_massage[first : days - 10 : every] = 1
    return np.full(days, 4.0), is_massage


def test_massages_are_counted_that_are_followed_by_a_drop_against_the_week_before() -> None:
    values, is_massage = a_person()
    at = np.flatnonzero(is_massage)
    for number, day in enumerate(at):  # 16 massages: half of them to 2.8, a quarter of them to 2
        values[day + 1 : day + 4] = (2.0, 4.0, 2.8, 2.9)[number % 4]

    some, half = reliefs(values, is_massage, dates())

    assert (some.drop_share, some.n_massages, some.n_followed, some.share) == (0.3, 16, 8, 0.5)
    assert (half.drop_share, half.n_massages, half.n_followed, half.share) == (0.5, 16, 4, 0.25)
    assert some.share_without == half.share_without == 0.0
    assert some.n_days > 100


def test_days_without_a_massage_must_have_the_weekday_and_the_level_of_the_day_before() -> None:
    values, is_massage = np.full(DAYS, 4.0), np.zeros(DAYS)
    is_massage[[14 * 7 + 28 * number for number in range(10)]] = 1  # Mondays
    values[[13 * 7 + 6 + 28 * number for number in range(10)]] = 6.0  # pain of 6 on the Sunday before
    like = [7 * 7, 8 * 7, 9 * 7]  # of all other Mondays these alone have it
    for day, after in zip(like, (2.0, 2.0, 4.0), strict=True):
        values[day - 1] = 5.5
        values[day + 1 : day + 4] = after

    (found, _) = reliefs(values, is_massage, dates())

    assert (found.n_massages, found.n_followed, found.n_days) == (10, 0, 3)
    assert found.share_without == pytest.approx(2 / 3)
    values[like] = values[[day - 1 for day in like]] = 5.4  # further than half a point
    assert reliefs(values, is_massage, dates())[0].n_massages == 0


def test_a_day_within_three_of_a_massage_is_none_without() -> None:
    values, is_massage = a_person(every=7, first=7)  # every Monday: no Monday lies apart
    values[389:] = np.nan  # of the last weeks, which have none

    (found, _) = reliefs(values, is_massage, dates())

    assert (found.n_massages, found.n_days, found.share, found.share_without) == (0, 0, None, None)


def test_a_massage_without_measured_days_before_or_after_or_with_little_pain_is_left_out() -> None:
    values, is_massage = a_person()
    at = np.flatnonzero(is_massage)
    values[at[0] + 1 : at[0] + 3] = np.nan  # one day after
    values[at[1] - 7 : at[1] - 2] = np.nan  # two days before
    values[at[2] - 7 : at[2]] = 0.9
    values[at[3] - 1] = np.nan  # the day before, which is to be matched

    assert reliefs(values, is_massage, dates())[0].n_massages == 16 - 4


@pytest.mark.parametrize("days", range(12))
def test_a_record_of_a_few_days_has_no_share(days: int) -> None:
    found, _ = reliefs(np.full(days, 3.0), np.ones(days), dates(days))

    assert (found.n_massages, found.share) == (0, None)


def test_few_massages_give_no_share() -> None:
    values, is_massage = a_person(every=50)
    is_massage[np.flatnonzero(is_massage)[7:]] = 0

    (found, _) = reliefs(values, is_massage, dates())

    assert (found.n_massages, found.share, found.share_without) == (7, None, None)


def test_by_chance_alone_both_shares_are_alike() -> None:
    random = np.random.default_rng(5)
    pain = np.clip(np.round(3 + 1.5 * random.standard_normal(3000)), 0, 10)
    is_massage = np.zeros(3000)
    is_massage[np.cumsum(random.integers(8, 16, 240))[:240]] = 1

    (found, _) = reliefs(pain, is_massage, dates(3000))

    assert found.share == pytest.approx(found.share_without, abs=0.08)
