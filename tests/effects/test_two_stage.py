"""Two-stage least squares on the rating before a massage: against a plain one by hand, and on people made by hand."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from recovery.effects.design import lagged, trend, weekdays
from recovery.effects.two_stage import TwoStage, carried_back, past_ratings, persistence, two_stage

DAY_0 = np.datetime64("2026-01-01")


@dataclass(frozen=True)
class Diary:
    """Ratings with errors of a pain that carries on; massages on days that hurt, each with a relief of four days."""

    dates: np.ndarray
    is_massage: np.ndarray
    morning: np.ndarray
    evening: np.ndarray
    felt: np.ndarray


def books_on_pain(seed: int, days: int = 300, relief: float = 0.0, error: float = 0.7, kept: float = 0.85) -> Diary:
    random = np.random.default_rng(seed)
    felt = np.zeros(days)
    for day in range(1, days):
        felt[day] = kept * felt[day - 1] + np.sqrt(1 - kept**2) * random.standard_normal()
    is_massage, last = np.zeros(days), 0
    for day in range(7, days - 4):
        if day - last > 3 and random.random() < 1 / (1 + np.exp(-(2.0 * felt[day] - 2.0))):
            is_massage[day], last = 1, day
    lower = relief * sum(lagged(is_massage, lag) for lag in (1, 2, 3))
    morning = 4 + felt - lower + error * random.standard_normal(days)
    evening = 4 + felt - lower + error * random.standard_normal(days)
    return Diary(DAY_0 + np.arange(days), is_massage, morning, evening, felt)


def found(diary: Diary, **asked: Any) -> TwoStage:
    told = {"seed": 0, "simulations": 199, **asked}
    instruments = past_ratings(diary.morning)
    return two_stage(diary.evening, diary.is_massage, diary.dates, diary.morning, instruments, **told)


def by_hand(diary: Diary, horizon: int) -> tuple[float, np.ndarray]:
    """The coefficient of the massage by the textbook's two regressions, and the residuals by the rating itself."""
    days = len(diary.dates)
    known = diary.morning - diary.morning.mean()
    past = [np.roll(known, 1), np.roll(known, 2), sum(np.roll(known, lag) for lag in range(3, 8)) / 5]
    week = np.column_stack([lagged(diary.is_massage, lag) for lag in range(1, 8)])
    longer_ago = sum(lagged(diary.is_massage, lag) for lag in (8, 9, 10))
    controls = np.column_stack([np.ones(days), weekdays(diary.dates), trend(days), week, longer_ago, diary.is_massage])
    rows = np.arange(7, days - horizon)
    first = np.column_stack([*past, controls])[rows]
    predicted = first @ np.linalg.solve(first.T @ first, first.T @ known[rows])
    second = np.column_stack([predicted, controls[rows]])
    slopes = np.linalg.solve(second.T @ second, second.T @ diary.evening[rows + horizon])
    residuals = diary.evening[rows + horizon] - np.column_stack([known[rows], controls[rows]]) @ slopes
    return float(slopes[-1]), residuals


def test_the_day_itself_is_as_two_regressions_by_hand_find_it() -> None:
    diary = books_on_pain(1)

    estimate = found(diary, asked=((0,),)).estimates[0]

    size, residuals = by_hand(diary, 0)
    assert estimate.estimate == pytest.approx(size)
    assert estimate.n_days == 293
    # Without memory the error would be the residuals' deviation over the root of what is left of the massages.
    assert 0.5 < estimate.standard_error / (residuals.std() / np.sqrt(diary.is_massage.sum())) < 3


def test_later_massages_are_taken_out_by_blip_down() -> None:
    diary = books_on_pain(2)
    direct = [by_hand(diary, horizon)[0] for horizon in (0, 1)]
    booked_next = by_hand(
        Diary(diary.dates, diary.is_massage, diary.morning, lagged(diary.is_massage, 0), diary.felt), 1
    )[0]

    told = found(diary, asked=((0,), (1,))).estimates

    assert told[1].estimate == pytest.approx(direct[1] - booked_next * direct[0])


def test_the_mean_of_the_days_is_the_estimate_of_the_window() -> None:
    whole, *days = found(books_on_pain(3, relief=1.0), asked=((1, 2, 3), (1,), (2,), (3,), (7,))).estimates

    assert whole.estimate == pytest.approx(np.mean([day.estimate for day in days[:3]]))
    assert whole.estimate == pytest.approx(found(books_on_pain(3, relief=1.0)).estimates[0].estimate)


def test_sign_constant_and_unit() -> None:
    diary = books_on_pain(4, relief=0.5)
    one = found(diary).estimates[0]
    other = two_stage(
        100 - 20 * diary.evening, diary.is_massage, diary.dates, 7 - 3 * diary.morning,
        past_ratings(-3 * diary.morning), seed=0, simulations=199,
    ).estimates[0]  # fmt: skip

    assert (other.ci_low, other.ci_high) == pytest.approx((-20 * one.ci_high, -20 * one.ci_low))
    assert other.p_value == one.p_value


def test_the_same_data_and_seed_give_the_same_result_to_the_bit() -> None:
    assert found(books_on_pain(5)) == found(books_on_pain(5))


def test_what_was_told_before_the_massage_is_not_changed_by_it() -> None:
    diary = books_on_pain(6, relief=1.0)

    told = two_stage(
        diary.morning, diary.is_massage, diary.dates, diary.morning, past_ratings(diary.morning),
        seed=0, is_before=True, simulations=199,
    )  # fmt: skip

    assert told.estimates[0].ci_low < -1.0 < told.estimates[0].ci_high < 0


@pytest.mark.slow
def test_who_books_on_pain_is_not_said_to_be_harmed() -> None:
    """Of 24 people without any effect; a regression on the rating itself finds harm on average."""
    people = [books_on_pain(seed) for seed in range(24)]

    staged = [found(diary, simulations=99).estimates[0] for diary in people]
    plain = [
        two_stage(diary.evening, diary.is_massage, diary.dates, diary.morning, None, seed=0, simulations=99).estimates[
            0
        ]
        for diary in people
    ]

    assert np.mean([one.estimate for one in plain]) > 0.2
    assert abs(np.mean([one.estimate for one in staged])) < 0.12
    assert sum(one.ci_low > 0 for one in plain) >= 4
    assert sum(one.ci_low > 0 for one in staged) <= 2


def test_days_without_a_rating_before_drop_out_and_are_counted() -> None:
    diary = books_on_pain(7)
    morning = diary.morning.copy()
    morning[20:60] = np.nan

    told = found(Diary(diary.dates, diary.is_massage, morning, diary.evening, diary.felt))

    assert told.n_days == 293 - 40
    assert told.n_massages == int(diary.is_massage.sum() - diary.is_massage[20:60].sum())


def test_the_first_stage_is_told() -> None:
    assert found(books_on_pain(8)).first_stage_f > 10
    assert found(books_on_pain(8, kept=0.0)).first_stage_f < 5


def test_refusals() -> None:
    diary = books_on_pain(9)
    weekly = (np.arange(300) % 7 == 1).astype(float)

    with pytest.raises(ValueError, match="history tells every massage"):
        found(Diary(diary.dates, weekly, diary.morning, diary.evening, diary.felt))
    with pytest.raises(ValueError, match="massages with known pain before are too few"):
        found(Diary(diary.dates, np.zeros(300), diary.morning, diary.evening, diary.felt))
    with pytest.raises(ValueError, match="days with known pain before are too few"):
        found(Diary(*(part[:30] for part in (diary.dates, diary.is_massage, diary.morning, diary.evening, diary.felt))))


def test_past_ratings_carry_the_last_one_forward() -> None:
    rating = np.array([1.0, 2.0, np.nan, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    mean = np.nanmean(rating)

    past = past_ratings(rating)

    np.testing.assert_allclose(past[8], [8 - mean, 7 - mean, np.mean([6, 5, 4, 2, 2]) - mean])
    np.testing.assert_allclose(past_ratings(rating, before=2)[8], [7 - mean, 6 - mean, np.mean([5, 4, 2, 2, 1]) - mean])


def test_persistence_is_that_of_the_pain_and_not_of_its_ratings() -> None:
    shares = [
        persistence(books_on_pain(seed, error=1.0).morning, np.zeros(300), DAY_0 + np.arange(300)) for seed in range(12)
    ]

    assert np.mean(shares) == pytest.approx(0.85, abs=0.1)  # neighbouring ratings correlate by 0.4


def test_pain_right_before_a_massage_is_carried_back_to_the_time_of_the_rating() -> None:
    rating = np.array([3.0, 5.0, np.nan, 4.0])
    before = np.array([np.nan, 6.0, np.nan, np.nan])

    told = carried_back(rating, before, np.full(4, 24.0), np.array([0.0, 1.0, 0.0, 1.0]), 0.5)

    np.testing.assert_allclose(told, [3, 4 + 2 / 0.5, np.nan, np.nan])
