"""Bookings drawn anew from how they were decided."""

import numpy as np
import pytest
from people import Person, books_at_random, books_when_it_hurts

from recovery.effects.randomisation import booking_chance, follows_pain, redrawn_bookings


def test_the_chances_of_booking_sum_to_the_bookings() -> None:
    random = np.random.default_rng(0)
    history = random.standard_normal((300, 3))
    is_booked = (random.random(300) < 1 / (1 + np.exp(2 - 1.5 * history[:, 0]))).astype(float)

    chance = booking_chance(history, is_booked)

    assert chance.sum() == pytest.approx(is_booked.sum())
    assert np.corrcoef(chance, history[:, 0])[0, 1] > 0.9


def test_the_chances_are_found_where_the_history_nearly_tells_the_massages() -> None:
    is_tuesday = np.arange(200) % 7 == 1
    is_booked = is_tuesday.astype(float)
    is_booked[[1, 50, 99]] = 0  # skipped
    random = np.random.default_rng(0)
    history = np.column_stack([*(np.arange(200) % 7 == day for day in range(1, 7)), random.standard_normal((200, 12))])

    chance = booking_chance(history.astype(float), is_booked)

    assert chance.sum() == pytest.approx(is_booked.sum())
    assert chance[is_tuesday].mean() > 0.7
    assert 0 < chance.min() < chance.max() < 1


def test_the_same_seed_gives_the_same_p_and_neither_sign_nor_unit_matters() -> None:
    person = books_when_it_hurts(1, effect=0.5)

    def test(values: np.ndarray) -> float:
        return redrawn_bookings(values, person.is_massage, person.dates, person.pain, seed=3).p_value

    assert test(person.values) == test(person.values) == test(-person.values)
    assert test(8000 + 2500 * person.values) == test(person.values)


@pytest.mark.slow
def test_booking_on_pain_is_not_taken_for_an_effect_and_a_large_effect_is_found() -> None:
    def share_found(effect: float) -> float:
        people = [books_when_it_hurts(seed, effect) for seed in range(150)]
        found = [redrawn_bookings(p.values, p.is_massage, p.dates, p.pain, seed=0, redraws=199).p_value for p in people]
        return float(np.mean(np.array(found) < 0.05))

    assert share_found(0.0) <= 0.10
    assert share_found(1.0) >= 0.60


def test_a_single_massage_is_refused() -> None:
    person = books_at_random(2)
    once = np.zeros(120)
    once[60] = 1

    with pytest.raises(ValueError, match="too few of either"):
        redrawn_bookings(person.values, once, person.dates, seed=0)


def test_dates_that_follow_pain_are_seen_and_dates_at_random_seldom_taken_for_such() -> None:
    def share_seen(people: list[Person]) -> float:
        p_values = [follows_pain(p.is_massage, p.dates, p.pain, seed=0, redraws=199) for p in people]
        return float(np.mean([p is not None and p < 0.10 for p in p_values]))

    assert share_seen([books_when_it_hurts(seed) for seed in range(30)]) >= 0.8
    assert share_seen([books_at_random(seed) for seed in range(60)]) <= 0.2  # 6 of 60 expected


def test_forgotten_mornings_and_a_single_massage_do_no_harm() -> None:
    person = books_when_it_hurts(3)
    once = np.where(np.arange(len(person.dates)) == 60, 1.0, 0.0)
    forgotten = np.where(np.arange(len(person.dates)) % 5 == 0, np.nan, person.pain)

    assert follows_pain(once, person.dates, person.pain, seed=0) is None
    assert follows_pain(person.is_massage, person.dates, forgotten, seed=0) == pytest.approx(
        follows_pain(person.is_massage, person.dates, person.pain, seed=0), abs=0.1
    )


def test_bookings_are_drawn_alike_whichever_look_of_a_record_is_asked_first() -> None:
    person = books_when_it_hurts(5)
    asked = [150, 240, 120]

    together = [follows_pain(person.is_massage[:d], person.dates[:d], person.pain[:d], seed=3) for d in asked]

    for days, p_value in zip(asked, together, strict=True):
        follows_pain(person.is_massage, person.dates, person.pain, seed=4)  # numbers of another seed come between
        alone = follows_pain(person.is_massage[:days], person.dates[:days], person.pain[:days], seed=3)
        assert alone == p_value


def test_a_p_value_that_is_certain_to_be_enough_is_not_drawn_to_the_end() -> None:
    person, follows = books_at_random(3), books_when_it_hurts(1)

    whole, soon = (
        follows_pain(person.is_massage, person.dates, person.pain, seed=0, enough=enough) for enough in (1.0, 0.1)
    )
    small = [follows_pain(follows.is_massage, follows.dates, follows.pain, seed=0, enough=one) for one in (1.0, 0.1)]

    assert whole is not None
    assert soon is not None
    assert 0.1 <= soon < whole
    assert small[0] == small[1] < 0.1
