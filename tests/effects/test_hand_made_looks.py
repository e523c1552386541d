"""One person written by hand for each word at the looks, and what no look may depend on: sign, unit, constant, holes.

Steps from a table, massages at counted gaps, as in test_hand_made_people.py; 600 steps are a change worth having.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pytest
from people import Person, books_at_random
from test_hand_made_people import MONDAY, UPS_AND_DOWNS, WORTH, after, before, irregular, massages, steps

from recovery.effects import gates
from recovery.effects.boundaries import Family
from recovery.effects.look_family import Found, Primary, SaidAt, said_of_family
from recovery.effects.look_series import WEEKS, Booked, Evidence, LookSeries
from recovery.effects.looks import Event
from recovery.effects.prepare import Measured
from recovery.effects.regression import Estimate
from recovery.effects.wear import WEAR
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.verdicts import Certainty, Word

DAYS = 400
YEAR = irregular(DAYS)  # 51 massages
DAY = np.arange(DAYS)
SHORT = irregular(200)  # 25


class Walker(NamedTuple):
    """Somebody's steps and massages; `worn_min` where the watch tells how long it was worn."""

    values: np.ndarray
    is_massage: np.ndarray = YEAR
    worn_min: np.ndarray | None = None


def said_at(walker: Walker, *looked_at: int) -> list[SaidAt]:
    """What is said at the looks with so many massages."""
    booked = Booked(walker.is_massage, MONDAY + np.arange(len(walker.values)))
    series = LookSeries(Measured(walker.values, worn_min=walker.worn_min), booked, seed=0)
    found = [
        Found(date(2026, 1, 5) + timedelta(days=look.day), look.number, look.massages, evidence)
        for look in series.looks
        if look.massages in looked_at
        for evidence in [series.at(look, "up", lambda _: float(WORTH))]
    ]
    return list(said_of_family([Primary("steps", "up", found)], Family(("steps",), main="steps")))


def worn_longer_after(is_massage: np.ndarray) -> np.ndarray:
    return 900.0 + 60 * after(is_massage) + 10 * np.take(UPS_AND_DOWNS, np.arange(len(is_massage)) % 23)


WALKERS = {
    "1,500 more": (Walker(steps(200) + 1500 * after(SHORT), SHORT), 25, Word.BETTER, Certainty.CLEAR),
    "400 more": (Walker(steps(200) + 400 * after(SHORT), SHORT), 25, Word.A_LITTLE_BETTER, Certainty.CLEAR),
    "170 more": (Walker(steps(DAYS, 60) + 170 * after(YEAR)), 51, Word.A_LITTLE_BETTER, Certainty.LIKELY),
    "nothing": (Walker(steps(DAYS)), 51, Word.NO_DIFFERENCE, Certainty.CLEAR),
    "400 fewer": (Walker(steps(200) - 400 * after(SHORT), SHORT), 13, Word.NO_BETTER, Certainty.CLEAR),
    "500 fewer": (Walker(steps(DAYS) - 500 * after(YEAR)), 51, Word.A_LITTLE_WORSE, Certainty.CLEAR),
    "1,500 fewer": (Walker(steps(200) - 1500 * after(SHORT), SHORT), 25, Word.WORSE, Certainty.CLEAR),
    "large ups and downs": (Walker(steps(110, 300), irregular(110)), 14, Word.UNKNOWN, Certainty.TOO_EARLY),
    "every Friday": (Walker(steps(200), massages(200, 7)), 20, Word.UNKNOWN, Certainty.CANNOT_TELL),
}


@pytest.mark.parametrize("name", WALKERS)
def test_each_word_is_said_of_somebody(name: str) -> None:
    walker, massages_so_far, word, certainty = WALKERS[name]

    (told,) = said_at(walker, massages_so_far)

    assert (told.word, told.certainty) == (word, certainty)


@pytest.mark.parametrize(
    ("failed", "walker"),
    [
        (WEAR, Walker(steps(200) + 1500 * after(SHORT), SHORT, worn_longer_after(SHORT))),
        (gates.LEAD, Walker(steps(200) + 1500 * after(SHORT) + 900 * before(SHORT), SHORT)),
    ],
)
def test_better_is_likely_at_most_where_a_check_fails(failed: str, walker: Walker) -> None:
    (told,) = said_at(walker, 25)

    assert told.found.evidence.failed == (failed,)
    assert (told.word, told.certainty) == (Word.BETTER, Certainty.LIKELY)


def test_a_watch_worn_longer_after_massages_rules_nothing_out() -> None:
    (told,) = said_at(Walker(steps(DAYS), worn_min=worn_longer_after(YEAR)), 51)

    assert not told.found.evidence.may_exclude
    assert (told.word, told.certainty) == (Word.UNKNOWN, Certainty.TOO_EARLY)


def test_what_massages_did_in_the_first_months_alone_is_found_kept_and_withdrawn() -> None:
    found, kept, withdrawn = said_at(Walker(steps(DAYS) + 900 * after(YEAR) * (DAY < 100)), 12, 39, 47)

    assert [one.said.event for one in (found, kept, withdrawn)] == [Event.FOUND, Event.KEPT, Event.WITHDRAWN]
    assert [one.certainty for one in (found, kept, withdrawn)] == [Certainty.CLEAR, Certainty.CLEAR, Certainty.LIKELY]


def test_what_massages_do_from_the_eighth_month_on_alone_is_ruled_out_first_and_no_longer_then() -> None:
    looks = said_at(Walker(steps(DAYS, 50) + 1500 * after(YEAR) * (DAY > 250)), 24, 32, 43)

    assert [one.said.event for one in looks] == [Event.RULED_OUT, Event.KEPT, Event.FOUND]


# What no look may depend on

PEOPLE = {
    "better": books_at_random(1, effect=1.2, days=200, massages=25),
    "no effect": books_at_random(3, days=240, massages=40),
    "worse": books_at_random(5, effect=-0.9, days=180, massages=24),
}
every_person = pytest.mark.parametrize("name", PEOPLE)


def looked(person: Person, better: Direction = "up", worth: float = 0.5) -> list[Evidence]:
    """The first look and the last one."""
    series = LookSeries(Measured(person.values), Booked(person.is_massage, person.dates), seed=1)
    return [series.at(series.looks[place], better, lambda _: worth) for place in (0, -1)]


def sizes(found: Sequence[Evidence], unit: float = 1.0) -> list[float]:
    estimates = [one.estimate for one in found if one.estimate]
    assert len(estimates) == 2
    return [
        number / unit for one in estimates for number in (one.estimate, one.standard_error, one.ci_low, one.ci_high)
    ]


def but_for_sizes(found: Sequence[Evidence]) -> list[Evidence]:
    return [replace(one, estimate=None, worth=None) for one in found]


@every_person
def test_the_other_sign_of_the_data_and_of_better_leaves_what_a_look_finds(name: str) -> None:
    person, told = PEOPLE[name], looked(PEOPLE[name])
    flipped = looked(replace(person, values=-person.values), "down")

    def turned(one: Estimate) -> list[float]:
        return [-one.estimate, one.standard_error, -one.ci_high, -one.ci_low]

    assert but_for_sizes(flipped) == but_for_sizes(told)
    assert [number for one in flipped if one.estimate for number in turned(one.estimate)] == sizes(told)


@every_person
@pytest.mark.parametrize(("unit", "constant"), [(1.0, 8000.0), (60.0, 0.0), (1 / 2500, -0.37)])
def test_neither_a_constant_nor_the_unit_changes_what_a_look_finds(name: str, unit: float, constant: float) -> None:
    person, told = PEOPLE[name], looked(PEOPLE[name])
    moved = looked(replace(person, values=unit * person.values + constant), worth=0.5 * unit)

    assert sizes(moved, unit) == pytest.approx(sizes(told), abs=1e-6)
    assert but_for_sizes(moved) == but_for_sizes(told)


def test_days_lost_by_chance_only_widen_what_a_look_finds() -> None:
    """The last look of twelve people with no day lost, and with 30%: the check of whole weeks may pass or not."""
    widths, moves = [], []
    for seed in range(12):
        person = books_at_random(seed, effect=0.5, days=160, massages=22, missing_share=0)
        is_lost = np.random.default_rng(100 + seed).random(160) < 0.3
        found = [looked(one)[-1] for one in (person, replace(person, values=np.where(is_lost, np.nan, person.values)))]
        assert all(set(one.failed) <= {WEEKS, gates.LEAD, gates.OUTCOME} for one in found)
        whole, holed = (one.estimate for one in found)
        if whole and holed:
            widths.append(holed.standard_error / whole.standard_error)
            moves.append((holed.estimate - whole.estimate) / whole.standard_error)

    assert len(widths) == 12
    assert 1.05 < np.exp(np.mean(np.log(widths))) < 1.6
    assert abs(np.mean(moves)) < 3 * np.std(moves) / np.sqrt(12)
