"""What no verdict may depend on, over people of all kinds: signs, units, constants, dates, days lost by chance."""

import functools
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from people import Person, books_at_random, books_when_it_hurts

from recovery.effects import design
from recovery.effects.examine import Findings, examine, verdict_on
from recovery.effects.judgement import Judgement
from recovery.effects.regression import Estimate, fit
from recovery.vocabulary.verdicts import Verdict

pytestmark = pytest.mark.slow

WITHOUT_DIARY = books_when_it_hurts(5, effect=1.6, days=240, strength=0.6)

PEOPLE = {
    "much better": books_at_random(1, effect=1.2, days=200, massages=25),
    "a little better": books_at_random(2, effect=0.4, days=160, massages=20),
    "no effect": books_at_random(3, days=240, massages=40),
    "few massages": books_at_random(4, days=90, massages=10),
    "worse": books_at_random(5, effect=-0.9, days=180, massages=24),
    "books on pain": books_when_it_hurts(1, effect=0.8, days=300, strength=0.6),
    "books on pain in vain": books_when_it_hurts(2, days=240),
    "books on pain without a diary": replace(WITHOUT_DIARY, pain=np.full(240, np.nan)),
    "many days lost": books_at_random(6, effect=0.7, days=200, massages=26, missing_share=0.2),
    "refused": books_at_random(7, days=50, massages=9),
}
every_person = pytest.mark.parametrize("name", PEOPLE)


def findings(person: Person) -> Findings:
    return examine(person.values, person.is_massage, person.dates, person.pain, seed=1, simulations=99)


@functools.cache
def as_they_are(name: str) -> Findings:
    return findings(PEOPLE[name])


def verdict(found: Findings, better: Literal["up", "down"] = "up", worthwhile: float = 0.5) -> Judgement:
    return verdict_on(found, better=better, worthwhile=worthwhile)


def numbers(found: Findings, unit: float = 1.0) -> list[float]:
    """All that was found in the unit of the values, in that unit."""
    estimates = [one for one in (found.estimate, found.adjusted) if one]
    told = [size for one in estimates for size in (one.estimate, one.standard_error, one.ci_low, one.ci_high)]
    differences = [found.permutation.difference] if found.permutation else []
    return [size / unit for size in (*told, *differences, *([found.deviation] if estimates else []))]


def chances(found: Findings) -> list[float | None]:
    """All p-values."""
    return [
        found.lead_p,
        *(one.p_value if one else None for one in (found.estimate, found.adjusted, found.permutation, found.bookings)),
    ]


def same_but_for_words(one: Judgement, other: Judgement) -> bool:
    """The same word for the same reasons; the reason itself names sizes and directions."""
    return (one.verdict, one.failed, one.massages_needed) == (other.verdict, other.failed, other.massages_needed)


@pytest.mark.slow
def test_these_people_get_every_word() -> None:
    assert {verdict(as_they_are(name)).verdict for name in PEOPLE} == set(Verdict)


@every_person
def test_the_other_sign_of_the_data_and_of_better_leaves_the_verdict(name: str) -> None:
    person, told = PEOPLE[name], as_they_are(name)
    flipped = findings(replace(person, values=-person.values))

    assert chances(flipped) == chances(told)
    assert same_but_for_words(verdict(flipped, "down"), verdict(told, "up"))
    assert same_but_for_words(verdict(flipped, "up"), verdict(told, "down"))


@every_person
def test_the_other_sign_of_the_data_flips_the_estimate_and_what_was_supported_is_contradicted(name: str) -> None:
    person, told = PEOPLE[name], as_they_are(name)
    flipped = findings(replace(person, values=-person.values))

    for one, other in ((told.estimate, flipped.estimate), (told.adjusted, flipped.adjusted)):
        assert (one is None) == (other is None)
        if one and other:
            assert (other.estimate, other.ci_low, other.ci_high) == (-one.estimate, -one.ci_high, -one.ci_low)
    words = {verdict(told).verdict, verdict(flipped).verdict}
    assert words != {Verdict.SUPPORTED}
    assert Verdict.SUPPORTED not in words or words == {Verdict.SUPPORTED, Verdict.CONTRADICTED}


@pytest.mark.slow
@every_person
@pytest.mark.parametrize("constant", [8000.0, -0.37])
def test_a_constant_changes_nothing(name: str, constant: float) -> None:
    person, told = PEOPLE[name], as_they_are(name)
    shifted = findings(replace(person, values=person.values + constant))

    assert numbers(shifted) == pytest.approx(numbers(told), abs=1e-6)
    assert chances(shifted) == pytest.approx(chances(told), abs=1e-6)
    assert same_but_for_words(verdict(shifted), verdict(told))


@pytest.mark.slow
@every_person
@pytest.mark.parametrize("unit", [60.0, 1 / 2500])
def test_the_unit_changes_nothing_but_the_numbers(name: str, unit: float) -> None:
    person, told = PEOPLE[name], as_they_are(name)
    scaled = findings(replace(person, values=unit * person.values))

    assert numbers(scaled, unit) == pytest.approx(numbers(told), abs=1e-6)
    assert chances(scaled) == pytest.approx(chances(told), abs=1e-6)
    assert same_but_for_words(verdict(scaled, worthwhile=unit * 0.5), verdict(told))
    assumed = [verdict_on(one, better="up", worthwhile=None) for one in (told, scaled)]
    assert same_but_for_words(*assumed)


@pytest.mark.slow
@every_person
@pytest.mark.parametrize("weeks", [1, -520])
def test_whole_weeks_earlier_or_later_change_nothing(name: str, weeks: int) -> None:
    person, told = PEOPLE[name], as_they_are(name)
    moved = findings(replace(person, dates=person.dates + 7 * weeks))

    if told.estimate is None:  # the deviation is not a number then, which equals nothing
        assert moved.gates == told.gates
    else:
        assert moved == told
        assert verdict(moved) == verdict(told)


def estimates_with_days_lost(seed: int) -> list[Estimate]:
    """With no day lost, 15% and 30%, each time more of the same; the gates, which ask for enough, are not asked."""
    person = books_at_random(seed, effect=0.5, days=160, massages=22, missing_share=0)
    columns = [design.event_window(person.is_massage), design.weekdays(person.dates), design.trend(160)]
    chance = np.random.default_rng(100 + seed).random(160)
    return [
        fit(np.where(chance < share, np.nan, person.values), np.column_stack(columns), seed=0, simulations=199)
        for share in (0.0, 0.15, 0.3)
    ]


@pytest.mark.slow
def test_days_lost_by_chance_only_widen_the_interval() -> None:
    found = [estimates_with_days_lost(seed) for seed in range(24)]
    widths = np.array([[one.ci_high - one.ci_low for one in row] for row in found])
    middles = np.array([[one.estimate for one in row] for row in found])

    none, few, many = np.exp(np.log(widths).mean(axis=0))
    assert none < few < many
    assert 1.1 < many / none < 1.6  # 0.7 of the days: 1 / sqrt(0.7) = 1.2 if they told nothing of each other
    moves = middles[:, 1:] - middles[:, :1]
    assert (np.abs(moves.mean(axis=0)) < 3 * moves.std(axis=0) / np.sqrt(24)).all()


@every_person
def test_only_the_rise_and_fall_of_pain_counts_not_where_its_scale_begins(name: str) -> None:
    person, told = PEOPLE[name], as_they_are(name)
    shifted = findings(replace(person, pain=person.pain + 2))

    assert numbers(shifted) == pytest.approx(numbers(told), abs=1e-6)
    assert same_but_for_words(verdict(shifted), verdict(told))
