"""Looks at a series: when they come, that they know nothing of later days, and what stands in their way."""

import numpy as np
import pytest
from people import Person, books_at_random, books_weekly, books_when_it_hurts

from recovery.effects import gates
from recovery.effects.build_up import remembered
from recovery.effects.hull import z_below
from recovery.effects.look_series import WEEKS, Booked, Diary, Evidence, LookSeries, look_days
from recovery.effects.prepare import Measured
from recovery.effects.wear import WEAR

PERSON = books_at_random(2, effect=1.2, days=150, massages=22)
BOOKED = Booked(PERSON.is_massage, PERSON.dates)


def series(person: Person, days: int | None = None, *, pain: bool = False) -> LookSeries:
    told = person.pain[:days] if pain else None
    return LookSeries(
        Measured(person.values[:days]), Booked(person.is_massage[:days], person.dates[:days]), Diary(told), seed=1
    )


def at(looks: LookSeries, number: int = -1) -> Evidence:
    return looks.at(looks.looks[number], "up", lambda deviation: 0.3 * deviation)


def test_looks_begin_with_the_twelfth_massage_whose_days_after_it_are_complete() -> None:
    is_massage, is_observed = np.zeros(100), np.ones(100, dtype=np.bool_)
    is_massage[7 * np.arange(14)] = 1
    is_observed[[8, 9]] = False  # two of the three days after the second massage: it cannot be used

    looks = look_days(is_observed, is_massage)

    assert [(look.number, look.day, look.massages) for look in looks] == [(1, 87, 12), (2, 94, 13)]


def test_a_window_that_the_record_does_not_hold_yet_is_not_looked_at() -> None:
    is_massage = np.zeros(60)
    is_massage[4 * np.arange(14)] = 1  # the last on day 52

    assert [look.day for look in look_days(np.ones(60, dtype=np.bool_), is_massage)] == [47, 51, 55]
    assert [look.day for look in look_days(np.ones(55, dtype=np.bool_), is_massage[:55])] == [47, 51]


def test_a_night_is_looked_at_as_soon_as_it_is_over() -> None:
    is_massage = np.zeros(60)
    is_massage[4 * np.arange(13)] = 1

    assert [look.day for look in look_days(np.ones(60, dtype=np.bool_), is_massage, (0,))] == [44, 48]


@pytest.mark.parametrize("number", [0, 4])
def test_a_look_is_the_same_when_later_days_are_known(number: int) -> None:
    whole = series(PERSON)
    until = whole.looks[number].day + 1

    assert at(whole, number) == at(series(PERSON, until), number)


def test_an_effect_is_seen_with_every_check_and_worth_is_asked_of_the_days_so_far() -> None:
    found = at(series(PERSON))

    assert found.estimate is not None
    assert found.estimate.ci_low > 0
    assert found.failed == ()
    assert found.worth == pytest.approx(0.3, abs=0.1)


def test_what_is_booked_every_tuesday_is_refused() -> None:
    found = at(series(books_weekly(1)))

    assert found.estimate is None
    assert found.failed


def test_without_an_effect_the_weeks_gate_stands_in_the_way() -> None:
    assert WEEKS in at(series(books_at_random(5, days=150, massages=22))).failed


def test_where_dates_follow_pain_the_estimate_allows_for_it_and_nothing_is_ruled_out_too_early() -> None:
    person = books_when_it_hurts(3, days=260)

    told, blind = at(series(person, pain=True)), at(series(person))

    assert told.estimate is not None
    assert blind.estimate is not None
    assert told.estimate.estimate > blind.estimate.estimate  # what pain does is not taken for the massages
    assert gates.PAIN not in told.failed


def test_at_each_look_it_is_asked_whether_the_watch_was_worn_alike_until_then() -> None:
    after = sum(np.concatenate([np.zeros(lag), PERSON.is_massage[:-lag]]) for lag in (1, 2, 3))
    first = series(PERSON).looks[0].day
    worn = np.random.default_rng(0).normal(900, 20, 150) + 200 * after * (np.arange(150) > first)
    looks = LookSeries(Measured(PERSON.values, worn_min=worn), BOOKED, seed=1)

    assert (WEAR in at(looks, 0).failed, WEAR in at(looks).failed) == (False, True)
    assert not at(looks).may_exclude


def test_a_jump_that_nobody_told_of_gets_a_level_at_the_looks_that_see_it() -> None:
    values = PERSON.values + 12 * (np.arange(150) >= 90)
    blind = LookSeries(Measured(values), BOOKED, seed=1)
    looks = LookSeries(Measured(values, has_device=True), BOOKED, seed=1)

    without, found, truth = (at(one).estimate for one in (blind, looks, series(PERSON)))

    assert without is not None
    assert found is not None
    assert truth is not None
    assert found.standard_error < 0.7 * without.standard_error
    assert found.estimate == pytest.approx(truth.estimate, abs=0.15)


@pytest.mark.slow
@pytest.mark.parametrize(("benefit", "may_build_up"), [(0.0, False), (1.2, True)])
def test_a_benefit_that_has_built_up_stands_in_the_way_of_no_difference(benefit: float, may_build_up: bool) -> None:
    day = np.arange(560)
    is_massage = np.zeros(560)
    is_massage[np.cumsum(np.random.default_rng(3).integers(4, 13, 60))] = 1
    values = np.random.default_rng(4).standard_normal(560) + benefit * remembered(is_massage, 30.0)
    looks = LookSeries(Measured(values), Booked(is_massage, np.datetime64("2026-01-05") + day), Diary(), seed=1)

    found = looks.at(looks.looks[-1], "up", lambda _: 0.8)

    assert found.estimate is not None
    assert z_below(found.estimate, 0.8, "up") > 3  # the days after a massage are like other days
    assert found.may_exclude
    assert not found.builds_up  # and there is no trend any more
    assert found.may_build_up is may_build_up
