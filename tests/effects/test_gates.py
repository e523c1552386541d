"""Each gate on a person made to pass it and on one made to fail it."""

import numpy as np
import pytest
from people import DAY_0, books_at_random, books_weekly, books_when_it_hurts

from recovery.effects import design, gates
from recovery.effects.regression import Estimate, fit_beside


def days_with(massages: list[int], days: int = 140) -> np.ndarray:
    is_massage = np.zeros(days)
    is_massage[massages] = 1
    return is_massage


EVERY_EIGHTH = list(range(5, 135, 8))  # 17 massages on all weekdays


def test_a_plain_person_passes_all_refusals() -> None:
    values = np.random.default_rng(0).standard_normal(140)

    found = gates.refusals(values, days_with(EVERY_EIGHTH), DAY_0 + np.arange(140))

    elsewhere = [gates.ONE_DEVICE, gates.COMPUTED, gates.PAIN_KNOWN]  # asked by levels.py, by the answers and of pain
    assert [*(gate.name for gate in found), *elsewhere] == list(gates.REFUSALS)
    assert all(gate.passed and gate.sentence.endswith(".") for gate in found)


@pytest.mark.parametrize(("days", "passed"), [(55, False), (56, True)])
def test_eight_weeks_of_valid_days_are_needed(days: int, passed: bool) -> None:
    is_observed = np.arange(140) < days

    assert gates.enough_days(is_observed).passed is passed


@pytest.mark.parametrize(("days", "passed"), [(119, False), (120, True)])
def test_history_takes_four_months(days: int, passed: bool) -> None:
    assert gates.enough_history(np.arange(140) < days).passed is passed


def test_a_massage_counts_with_two_measured_days_after_it() -> None:
    is_massage = days_with(EVERY_EIGHTH[:8])
    is_observed = np.ones(140, dtype=bool)

    one_missing = is_observed.copy()
    one_missing[6] = False
    two_missing = one_missing.copy()
    two_missing[7] = False

    assert gates.enough_massages(one_missing, is_massage).passed
    refused = gates.enough_massages(two_missing, is_massage)
    assert not refused.passed
    assert refused.sentence == "Only 7 of 8 massages have measured days after them; at least 8 are needed."


def test_a_night_needs_only_itself() -> None:
    is_massage, is_observed = days_with(EVERY_EIGHTH[:8]), np.ones(140, dtype=bool)
    is_observed[6:8] = False

    assert gates.enough_massages(is_observed, is_massage, (0,)).passed
    is_observed[5] = False
    assert "nights" in gates.enough_massages(is_observed, is_massage, (0,)).sentence


def test_two_weeks_away_from_any_massage_are_needed() -> None:
    is_massage = days_with(list(range(0, 140, 4)))  # every day is day 0 to 3 of a massage

    refused = gates.enough_reference(np.ones(140, dtype=bool), is_massage)

    assert not refused.passed
    assert refused.sentence.startswith("No measured day lies away")
    assert gates.enough_reference(np.ones(140, dtype=bool), days_with(EVERY_EIGHTH)).passed


@pytest.mark.parametrize(("others", "passed"), [(0, False), (9, False), (10, True)])
def test_ten_days_must_differ_from_the_usual_number(others: int, passed: bool) -> None:
    values = np.zeros(140)
    values[:others], values[100:] = 1, np.nan

    assert gates.numbers_vary(values).passed is passed


def test_how_days_compare_is_not_asked_where_there_are_too_few() -> None:
    values = np.random.default_rng(0).standard_normal(140)

    found = gates.refusals(values, np.zeros(140), DAY_0 + np.arange(140))

    assert [gate.name for gate in found if not gate.passed] == ["enough massages"]
    assert "weekdays vary" not in [gate.name for gate in found]


@pytest.mark.parametrize("lost", ["after", "other"])
def test_days_missing_around_massages_more_than_elsewhere_are_refused(lost: str) -> None:
    is_massage = days_with(EVERY_EIGHTH)
    is_after = sum(np.roll(is_massage, lag) for lag in (1, 2, 3)) > 0
    chosen = np.flatnonzero(is_after if lost == "after" else ~is_after & (is_massage == 0))
    is_observed = np.ones(140, dtype=bool)

    is_observed[chosen[: len(chosen) // 12]] = False
    assert gates.balance(is_observed, is_massage).passed
    is_observed[chosen[: len(chosen) // 6]] = False
    assert not gates.balance(is_observed, is_massage).passed


def test_every_tuesday_cannot_be_told_from_tuesday_and_every_other_one_can() -> None:
    person = books_weekly(0)
    is_observed = np.isfinite(person.values)
    every_other = person.is_massage.copy()
    every_other[np.flatnonzero(every_other)[::2]] = 0

    refused = gates.weekdays_vary(is_observed, person.is_massage, person.dates)

    assert not refused.passed
    assert "same weekday" in refused.sentence
    assert gates.variance_inflation(is_observed, person.is_massage, person.dates) > 10
    assert gates.weekdays_vary(is_observed, every_other, person.dates).passed
    assert gates.variance_inflation(is_observed, every_other, person.dates) < 4


def lead_estimate(values: np.ndarray, is_massage: np.ndarray, dates: np.ndarray) -> Estimate:
    columns = np.column_stack([design.event_window(is_massage), design.weekdays(dates), design.trend(len(dates))])
    return fit_beside(values, columns, gates.days_before(is_massage), seed=0, simulations=99)[1]


@pytest.mark.slow
def test_the_lead_gate_fires_where_dates_follow_bad_days_and_seldom_where_they_do_not() -> None:
    def fired(people: list) -> int:
        return sum(not gates.lead(lead_estimate(p.values, p.is_massage, p.dates)).passed for p in people)

    assert fired([books_when_it_hurts(seed, days=500, strength=0.8) for seed in range(8)]) >= 3
    assert fired([books_at_random(seed) for seed in range(24)]) <= 7  # 2 expected


def test_the_sentence_of_the_lead_gate_tells_the_direction() -> None:
    random = np.random.default_rng(0)
    is_massage = days_with(EVERY_EIGHTH)
    before = sum(np.roll(is_massage, -lag) for lag in (1, 2, 3))
    values = 0.3 * random.standard_normal(140)
    dates = DAY_0 + np.arange(140)

    estimates = [lead_estimate(sign * (values - before), is_massage, dates) for sign in (1, -1)]
    below, above = (gates.lead(found) for found in estimates)

    assert (below.passed, above.passed) == (False, False)
    assert estimates[0].p_value == estimates[1].p_value
    assert "already lay below" in below.sentence
    assert "already lay above" in above.sentence


def test_a_gap_that_chance_makes_with_few_days_does_not_refuse() -> None:
    is_massage = days_with(range(10, 130, 12))
    is_observed = np.ones(140, dtype=bool)
    after = [day + lag for day in np.flatnonzero(is_massage) for lag in (1, 2, 3)]
    is_observed[after[::7]] = False  # 5 of 30: a gap of 17 points, 3 standard errors since nothing else is missing

    assert not gates.balance(is_observed, is_massage).passed

    others = [day for day in range(140) if day not in after and is_massage[day] == 0]
    is_observed[others[::18]] = False  # 6 of 100: a gap of 11 points, 1.8 standard errors
    is_observed[others[5::50]] = False  # 8 of 100: 9 points
    assert gates.balance(is_observed, is_massage).passed


def test_a_gap_of_twelve_points_among_thirty_days_is_let_pass() -> None:
    is_massage = days_with(range(10, 130, 12))
    is_observed = np.ones(140, dtype=bool)
    after = [day + lag for day in np.flatnonzero(is_massage) for lag in (1, 2, 3)]
    others = [day for day in range(140) if day not in after and is_massage[day] == 0]
    is_observed[after[::3]] = False  # 10 of 30
    is_observed[others[::5]] = False  # 20 of 100: a gap of 13 points, 1.5 standard errors

    gate = gates.balance(is_observed, is_massage)

    assert gate.passed
    assert "67%" in gate.sentence


def test_without_a_massage_or_without_other_days_measured_days_cannot_be_compared() -> None:
    is_observed = np.ones(140, dtype=bool)

    never, every_day = (gates.balance(is_observed, is_massage) for is_massage in (np.zeros(140), np.ones(140)))

    assert not never.passed
    assert not every_day.passed
    assert never.sentence == "There are no days after massages, or none away from them, to compare."


def test_the_variance_is_inflated_without_limit_where_no_day_is_measured_or_all_follow_massages() -> None:
    dates = DAY_0 + np.arange(140)
    nothing, everything = np.zeros(140, dtype=bool), np.ones(140, dtype=bool)

    assert gates.variance_inflation(nothing, days_with(EVERY_EIGHTH), dates) == float("inf")
    assert gates.variance_inflation(everything, np.zeros(140), dates) == float("inf")


def diary_of_bad_days(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pain that carries on for days, massages on its bad days; which days are written down, the more it hurts."""
    random = np.random.default_rng(seed)
    pain = np.zeros(540)
    for day in range(1, len(pain)):
        pain[day] = 0.85 * pain[day - 1] + 0.5 * random.standard_normal()
    is_massage = np.zeros(len(pain))
    for day in np.flatnonzero(pain > 1):
        is_massage[day] = is_massage[max(0, day - 5) : day].sum() == 0
    return pain, is_massage, random.random(len(pain)) < 1 / (1 + np.exp(-1 - 1.2 * pain))


def test_a_diary_that_is_written_when_it_hurts_is_asked_against_days_that_hurt_as_much_before() -> None:
    dates = DAY_0 + np.arange(540)
    for seed in (1, 2, 3):
        pain, is_massage, is_observed = diary_of_bad_days(seed)
        values, before = np.where(is_observed, pain, np.nan), np.where(is_observed, pain, np.nan)

        refused, asked = (
            next(gate for gate in gates.refusals(values, is_massage, dates, before=one) if gate.name == gates.BALANCE)
            for one in (None, before)
        )

        assert not refused.passed
        assert asked.passed
        assert "as much pain before" in asked.sentence


def test_it_is_refused_where_days_after_massages_are_left_out_whatever_hurts() -> None:
    pain, is_massage, is_observed = diary_of_bad_days(1)
    after = np.flatnonzero(np.convolve(is_massage, [0, 1, 1, 1])[:540] > 0)
    is_observed[after[::3]] = False

    gate = gates.balance_beside(is_observed, is_massage, DAY_0 + np.arange(540), np.where(is_observed, pain, np.nan))

    assert gate is not None
    assert not gate.passed
    assert "cannot be compared" in gate.sentence


def test_where_pain_before_is_told_of_few_days_nobody_can_tell() -> None:
    pain, is_massage, is_observed = diary_of_bad_days(1)
    told = np.where(np.arange(540) % 11 == 0, pain, np.nan)

    assert gates.balance_beside(is_observed, is_massage, DAY_0 + np.arange(540), told) is None


def test_a_diary_that_says_four_on_most_days_is_not_refused() -> None:
    random = np.random.default_rng(5)
    values = np.where(random.random(365) < 0.85, 4.0, random.choice([3.0, 5.0, 6.0], 365))
    values[random.random(365) < 0.2] = np.nan
    is_massage = (random.random(365) < 0.1).astype(float)

    asked = gates.refusals(values, is_massage, DAY_0 + np.arange(365), before=values)

    assert [gate.name for gate in asked if not gate.passed] == []
