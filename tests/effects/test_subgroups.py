"""Kinds of massages apart from each other, on people who were made to answer to one kind."""

from dataclasses import replace

import numpy as np
import pytest
from people import Person, books_at_random, books_weekly

from recovery.effects import design
from recovery.effects.hull import hull
from recovery.effects.multiplicity import benjamini_hochberg
from recovery.effects.regression import Estimate, fit
from recovery.effects.subgroups import Subgroup, Whole, minutes_level, pressure_level, subgroups, with_q_values, words


def kinds(*names: str) -> list[frozenset[str]]:
    return [words(name) for name in names]


def looked_at(person: Person, **told: list[frozenset[str]]) -> dict[str, Subgroup]:
    days = [int(day) for day in np.flatnonzero(person.is_massage)]
    found = subgroups(person.values, person.dates, days, told, seed=0, simulations=199)
    return {one.level: one for one in found}


def answering_to(person: Person, chosen: np.ndarray, effect: float) -> Person:
    """The same with the days after the chosen massages lifted."""
    is_chosen = np.zeros(len(person.dates))
    is_chosen[np.flatnonzero(person.is_massage)[chosen]] = 1
    return replace(person, values=person.values + effect * sum(design.lagged(is_chosen, lag) for lag in (1, 2, 3)))


PERSON = books_at_random(5, days=300, massages=36)
EVERY_THIRD = np.arange(36) % 3
EVERY_OTHER = np.arange(36) % 2


def test_the_kind_that_works_is_told_from_those_that_do_not() -> None:
    person = answering_to(PERSON, EVERY_THIRD == 0, 1.5)

    found = looked_at(person, technique=kinds(*np.array(["deep", "swedish", "thai"])[EVERY_THIRD]))

    assert [found[level].n_massages for level in ("deep", "swedish", "thai")] == [12, 12, 12]
    assert found["deep"].estimate.ci_low < 1.5 < found["deep"].estimate.ci_high
    assert found["deep"].estimate.ci_low > 0
    assert found["deep"].difference.ci_low > 0
    assert found["swedish"].estimate.ci_low < 0 < found["swedish"].estimate.ci_high
    # the others of swedish are as many deep as thai massages
    effects = {level: one.estimate.estimate for level, one in found.items()}
    assert found["swedish"].difference.estimate == pytest.approx(
        effects["swedish"] - (effects["deep"] + effects["thai"]) / 2, abs=1e-6
    )


def test_the_numbers_are_those_of_the_primary_model_with_a_window_for_each_kind() -> None:
    is_first, is_second = (np.zeros(300) for _ in range(2))
    days = np.flatnonzero(PERSON.is_massage)
    is_first[days[EVERY_OTHER == 0]], is_second[days[EVERY_OTHER == 1]] = 1, 1
    usual = [design.weekdays(PERSON.dates), design.trend(300)]

    found = looked_at(PERSON, cause=kinds(*np.array(["injury", "desk"])[EVERY_OTHER]))

    both = np.column_stack([design.event_window(is_first), design.event_window(is_second), *usual])
    told = fit(PERSON.values, both, seed=0, simulations=199)
    assert found["injury"].estimate.estimate == pytest.approx(told.estimate, abs=1e-6)
    assert found["injury"].estimate.standard_error == pytest.approx(told.standard_error, rel=1e-6)
    # the coefficient of one window beside that of all massages is the difference
    apart = np.column_stack(
        [
            design.event_window(is_first)[:, :1],
            design.event_window(PERSON.is_massage),
            design.event_window(is_first)[:, 1:],
            *usual,
        ]
    )
    told = fit(PERSON.values, apart, seed=0, simulations=199)
    assert found["injury"].difference.estimate == pytest.approx(told.estimate, abs=1e-6)
    assert found["injury"].difference.standard_error == pytest.approx(told.standard_error, rel=1e-6)
    assert found["desk"].difference.estimate == pytest.approx(-found["injury"].difference.estimate, abs=1e-6)


def test_an_item_of_a_list_counts_beside_the_massages_without_it() -> None:
    person = answering_to(PERSON, EVERY_THIRD != 2, 1.5)
    told = kinds(*np.array(["Lower back, neck", "lower  BACK; legs", "neck"])[EVERY_THIRD])

    found = looked_at(person, area=told)

    assert {level: one.n_massages for level, one in found.items()} == {"legs": 12, "lower back": 24, "neck": 24}
    assert found["lower back"].estimate.estimate == pytest.approx(1.5, abs=0.5)
    assert found["lower back"].difference.estimate == pytest.approx(1.5, abs=0.8)
    assert found["neck"].difference.estimate == pytest.approx(0.75 - 1.5, abs=0.8)


def test_massages_that_do_not_tell_their_kind_are_neither_that_kind_nor_compared_with() -> None:
    person = answering_to(PERSON, EVERY_THIRD == 2, 3.0)

    found = looked_at(person, technique=kinds(*np.array(["deep", "thai", ""])[EVERY_THIRD]))

    assert list(found) == ["deep", "thai"]
    assert found["deep"].estimate.estimate == pytest.approx(0, abs=0.5)
    assert found["deep"].difference.estimate == pytest.approx(0, abs=0.8)


def test_a_kind_with_fewer_than_eight_massages_is_refused_with_a_sentence() -> None:
    names = ["deep"] * 28 + ["thai"] * 7 + ["hot stone"]

    found = looked_at(PERSON, technique=kinds(*names))

    assert found["thai"].estimate is None
    assert found["thai"].reason == (
        "Only 7 massages were of this kind, with measured days after; at least 8 are needed."
    )
    assert found["hot stone"].reason.startswith("Only 1 massage was")
    assert found["deep"].difference is not None


def test_a_kind_that_all_are_has_an_effect_and_nothing_to_compare_with() -> None:
    usual = [design.weekdays(PERSON.dates), design.trend(300)]

    found = looked_at(PERSON, technique=kinds(*["deep"] * 36))["deep"]

    told = fit(
        PERSON.values, np.column_stack([design.event_window(PERSON.is_massage), *usual]), seed=0, simulations=199
    )
    assert found.estimate.estimate == pytest.approx(told.estimate)
    assert found.difference is None
    assert found.reason.endswith("Only 0 others tell their kind; to compare takes 8.")


def test_massages_whose_days_after_were_not_measured_do_not_count() -> None:
    days = np.flatnonzero(PERSON.is_massage)
    values = PERSON.values.copy()
    for lag in (1, 2, 3):
        values[days[:30] + lag] = np.nan

    found = looked_at(replace(PERSON, values=values), cause=kinds(*["injury"] * 36))["injury"]

    assert found.n_massages <= 8
    assert found.estimate is None


def test_a_kind_on_the_same_weekday_every_week_cannot_be_told_from_the_weekday() -> None:
    weekly = books_weekly(0, days=200)
    days = np.flatnonzero(weekly.is_massage)
    is_massage = weekly.is_massage.copy()
    is_massage[days[::3] + 3] = 1  # some Fridays too, of another kind
    person = replace(weekly, is_massage=is_massage)
    told = ["deep" if weekly.is_massage[day] else "thai" for day in np.flatnonzero(is_massage)]

    found = looked_at(person, technique=kinds(*told))

    assert found["deep"].estimate is None
    assert "same weekday" in found["deep"].reason
    assert found["thai"].estimate is not None
    assert found["thai"].difference is None
    assert found["thai"].reason.endswith("so they are not compared with.")


def test_two_kinds_that_take_turns_every_week_cannot_be_told_from_the_days_of_the_week() -> None:
    weekly = books_weekly(0, days=200)

    found = looked_at(weekly, technique=kinds(*(["deep", "thai"] * 14)))

    assert [one.estimate for one in found.values()] == [None, None]
    assert found["deep"].reason.endswith("cannot be told from the others and the days of the week.")


def test_two_massages_of_a_day_give_it_both_kinds_and_those_outside_the_record_none() -> None:
    days = [int(day) for day in np.flatnonzero(PERSON.is_massage)]
    told = kinds(*["deep"] * 36, "thai", "thai", "thai")

    found = subgroups(
        PERSON.values, PERSON.dates, [*days, days[0], -3, 300], {"technique": told}, seed=0, simulations=99
    )

    assert [(one.level, one.n_massages) for one in found] == [("deep", 36), ("thai", 1)]


def test_no_massage_that_tells_anything_gives_nothing() -> None:
    assert looked_at(PERSON, technique=kinds(*[""] * 36), cause=kinds(*[""] * 36)) == {}
    assert subgroups(PERSON.values, PERSON.dates, [], {"technique": []}, seed=0) == []


def test_as_many_kinds_as_massages_are_needed() -> None:
    with pytest.raises(ValueError, match="36 massages, but 2 times technique"):
        looked_at(PERSON, technique=kinds("deep", "thai"))


def test_q_values_are_those_among_all_levels_of_all_attributes() -> None:
    found = looked_at(
        answering_to(PERSON, EVERY_OTHER == 0, 1.0),
        technique=kinds(*np.array(["deep", "thai"])[EVERY_OTHER]),
        cause=kinds(*np.array(["injury", "desk", ""])[EVERY_THIRD]),
    )

    levels = [one for one in found.values() if one.estimate]
    assert len(levels) == 4
    np.testing.assert_allclose(
        [one.q_value for one in levels], benjamini_hochberg([one.estimate.p_value for one in levels])
    )
    np.testing.assert_allclose(
        [one.difference_q_value for one in levels], benjamini_hochberg([one.difference.p_value for one in levels])
    )
    again = with_q_values([*levels, *levels])
    assert [one.q_value for one in again[:4]] == [one.q_value for one in levels]


def test_what_was_written_is_told_apart_at_commas_without_its_case_and_spaces() -> None:
    assert words(" Lower  Back, NECK;Legs,,\nneck ") == {"lower back", "neck", "legs"}
    assert words(None) == words("") == words(" , ") == frozenset()


@pytest.mark.parametrize(
    ("pressure", "level"),
    [
        (1, "light (1-2)"),
        (2, "light (1-2)"),
        (2.5, "medium (3)"),
        (3, "medium (3)"),
        (4, "deep (4-5)"),
        (5, "deep (4-5)"),
    ],
)
def test_pressure_is_grouped(pressure: float, level: str) -> None:
    assert pressure_level(pressure) == {level}
    assert pressure_level(None) == pressure_level(float("nan")) == frozenset()


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(30, "under 45 min"), (45, "45 to 75 min"), (60, "45 to 75 min"), (75, "45 to 75 min"), (90, "over 75 min")],
)
def test_minutes_are_grouped(minutes: float, level: str) -> None:
    assert minutes_level(minutes) == {level}
    assert minutes_level(None) == minutes_level(float("nan")) == frozenset()


@pytest.mark.slow
def test_of_many_kinds_without_any_effect_few_are_found() -> None:
    found = 0
    for seed in range(20):
        person = books_at_random(seed, days=200, massages=24)
        names = np.random.default_rng(seed).permutation(np.array(["a", "b"]).repeat(12))
        levels = looked_at(person, technique=kinds(*names))
        found += sum(one.difference.p_value < 0.05 for one in levels.values() if one.difference) // 2

    assert found <= 4  # 1 expected; more than 4 of 20 has a chance of 0.3%


OF_ALL = hull([Estimate(-1.2, 0.2, -1.6, -0.8, 0.01, 2.0, 280), Estimate(-0.8, 0.3, -1.4, -0.2, 0.02, 2.0, 280)])


def of_pain(person: Person, before: np.ndarray, *names: str) -> dict[str, Subgroup]:
    days = [int(day) for day in np.flatnonzero(person.is_massage)]
    told, whole = {"technique": kinds(*names)}, Whole(OF_ALL, before)
    found = subgroups(person.values, person.dates, days, told, seed=0, simulations=199, whole=whole)
    return {one.level: one for one in found}


def test_kinds_of_massage_for_pain_have_the_effect_of_all_and_what_they_did_more_than_the_rest() -> None:
    person, names = answering_to(PERSON, EVERY_OTHER == 0, 1.5), np.array(["deep", "thai"])[EVERY_OTHER]

    found, plain = of_pain(person, PERSON.pain, *names), looked_at(person, technique=kinds(*names))

    deep, thai = found["deep"].estimate, found["thai"].estimate
    assert deep.estimate + thai.estimate == pytest.approx(2 * OF_ALL.estimate)
    assert deep.estimate - thai.estimate == pytest.approx(found["deep"].difference.estimate)
    assert found["deep"].difference == plain["deep"].difference
    assert deep.ci_high - deep.ci_low > OF_ALL.ci_high - OF_ALL.ci_low  # both errors count
    assert len(deep.parts) == 2


def test_massages_that_do_not_tell_their_kind_are_of_the_rest_of_all() -> None:
    person = answering_to(PERSON, EVERY_THIRD == 2, 3.0)  # all together 1.0, those that tell their kind nothing

    found = of_pain(person, PERSON.pain, *np.array(["deep", "thai", ""])[EVERY_THIRD])

    assert found["deep"].estimate.estimate == pytest.approx(OF_ALL.estimate - 1.0, abs=0.5)


def test_a_kind_that_all_are_has_the_effect_of_all() -> None:
    assert of_pain(PERSON, PERSON.pain, *["deep"] * 36)["deep"].estimate == OF_ALL


def test_nothing_is_said_of_a_kind_that_pain_chose() -> None:
    is_deep = np.zeros(300)
    is_deep[np.flatnonzero(PERSON.is_massage)[EVERY_OTHER == 0]] = 1

    found = of_pain(PERSON, PERSON.pain + 3 * is_deep, *np.array(["deep", "thai"])[EVERY_OTHER])

    assert [one.estimate for one in found.values()] == [None, None]
    assert found["deep"].difference is None
    assert found["deep"].reason.startswith("There was another pain before massages of this kind")
