"""What change is worth having for one person: 30% of the usual pain, kept for a year, or somebody's figure."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from recovery.effects import worth as worth_module
from recovery.effects.examine import examine, verdict_on
from recovery.effects.worth import AWAY, BESIDE, Usual, Worth, first_look, is_too_much, usual, worth
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import DAYS_AFTER
from recovery.vocabulary.worth import WorthFrom

Floats = np.ndarray


def dates(days: int) -> np.ndarray:
    return np.datetime64("2024-01-01") + np.arange(days)


def massages(days: int, *at: int) -> Floats:
    found = np.zeros(days)
    found[list(at)] = 1
    return found


def of_pain(level: float, **told: Any) -> Worth:
    found = Usual(level, 60, AWAY, 60, date(2024, 5, 2), is_kept=True)
    return worth("pain", "points", "down", found, **{"general": 2.0, "general_source": "Ostelo 2008", **told})


@pytest.mark.parametrize(
    ("level", "size"),
    [(0.4, 0.5), (1.0, 0.5), (1.7, 0.51), (1.8, 0.54), (4.0, 1.2), (6.6, 1.98), (7.0, 2.0), (9.0, 2.0)],
)
def test_relief_worth_having_is_a_share_of_the_usual_pain(level: float, size: float) -> None:
    found = of_pain(level)

    assert (found.size, found.origin, found.usual) == (pytest.approx(size), WorthFrom.USUAL, level)
    assert "30% of the usual pain" in found.source


def test_the_goal_of_a_person_goes_first_and_the_figure_of_everybody_stands_where_no_pain_is_known() -> None:
    own, unknown = of_pain(4.0, goal=1.5), worth("pain", "points", "down", None, general=2.0, general_source="Ostelo")

    assert (own.size, own.origin, own.source) == (1.5, WorthFrom.GOALS, "You set it, in [goals] of recovery.toml.")
    assert (unknown.size, unknown.origin) == (2.0, WorthFrom.METRIC)
    assert unknown.source == "The figure of this number for everybody: Ostelo."


def test_half_of_the_usual_pain_is_the_most_that_a_goal_asks_without_a_warning() -> None:
    assert [is_too_much(goal, 4.0) for goal in (1.0, 2.0, 2.1)] == [False, False, True]


def test_where_nobody_knows_a_share_of_the_variation_is_taken() -> None:
    found = worth("mood", "points", "up", None, deviation=0.9)

    assert (found.size, found.origin) == (pytest.approx(0.27), WorthFrom.VARIATION)
    assert worth("mood", "points", "up", None).size is None
    assert worth("mood", "points", "up", None, deviation=0.0).size is None


@pytest.mark.parametrize(
    ("metric", "unit", "better", "level", "goal", "is_reached"),
    [
        ("pain", "points", "down", 0.9, None, False),
        ("pain", "points", "down", 1.0, None, True),
        ("pain", "points", "down", 1.8, 2.0, False),
        ("pain", "points", "down", 1.8, 1.8, True),
        ("daytime_lying_min", "min", "down", 10, 30, False),
        ("daytime_lying_min", "min", "down", 40, 30, True),
        ("efficiency_share", "share", "up", 0.96, 0.05, False),
        ("efficiency_share", "share", "up", 0.90, 0.05, True),
        ("mood", "points", "up", 4.5, 1, False),
        ("mood", "points", "down", 1.5, 1, False),
        ("mood_valence", "points", "up", -0.5, 1, True),
        ("steps", "steps", "up", 300, 600, True),
        ("nap_min", "min", "none", 0, 30, True),
    ],
)
def test_a_change_is_out_of_reach_where_the_number_ends_before(
    metric: str, unit: str, better: Any, level: float, goal: float | None, is_reached: bool
) -> None:
    found = worth(metric, unit, better, Usual(level, 60, AWAY, 60, date(2024, 5, 2), is_kept=True), goal=goal)

    assert (found.out_of_reach == "") is is_reached


def test_what_is_out_of_reach_is_said_in_words() -> None:
    bed = Usual(10.0, 60, AWAY, 60, date(2024, 5, 2), is_kept=True)

    found = worth("daytime_lying_min", "min", "down", bed, goal=30.0).out_of_reach

    assert found == "A change of 30 minutes is more than there can be: without massages it is usually 10 minutes."
    assert of_pain(0.6).out_of_reach == (
        "The usual pain is 0.6 points: below 1 point there is too little of it for relief to be shown."
    )


def test_the_usual_leaves_out_the_day_before_and_the_week_after() -> None:
    is_massage = massages(100, 40)
    values = np.full(100, 4.0)
    values[39:48] = 1.0  # days -1 to +7

    found = usual(values, is_massage, dates(100), DAYS_AFTER)

    assert found == Usual(4.0, 91, AWAY, 91, date(2024, 4, 9), is_kept=False)
    values[48] = 13.1
    assert usual(values, is_massage, dates(100), DAYS_AFTER) != found


def test_a_massage_a_week_leaves_days_4_and_5_and_one_each_third_day_leaves_none_so_all_count() -> None:
    weekly, often = massages(100, *range(3, 97, 7)), massages(100, *range(2, 99, 3))
    values = np.where(np.isin(np.arange(100) % 7, (0, 1)), 4.0, 2.0)  # days +4 and +5 of a massage on day 3

    beside = usual(values, weekly, dates(100), DAYS_AFTER)
    every = usual(values, often, dates(100), DAYS_AFTER)

    assert beside is not None
    assert (beside.value, beside.around, beside.n_away) == (4.0, BESIDE, 2)
    assert every is not None
    assert (every.around, every.n_days) == (None, 39)  # up to the first look
    told = [worth("pain", "points", "down", found).source for found in (beside, every)]
    assert "only 2 days lay outside the week after massages" in told[0]
    assert "the mean of all 39 days" in told[1]


def test_the_first_look_is_the_last_day_of_the_twelfth_window_with_two_measured_days() -> None:
    is_massage, values = massages(200, *range(10, 190, 10)), np.full(200, 3.0)

    assert first_look(values, is_massage, DAYS_AFTER) == 123
    values[[11, 12]] = np.nan  # one day left of the first window
    assert first_look(values, is_massage, DAYS_AFTER) == 133
    values[[21]] = np.nan  # two days left of the second
    assert first_look(values, is_massage, DAYS_AFTER) == 133
    assert first_look(values[:134], is_massage[:134], DAYS_AFTER) == 133
    assert first_look(values[:133], is_massage[:133], DAYS_AFTER) is None


def test_the_usual_is_kept_for_a_year_and_then_that_of_the_year_before() -> None:
    days = 900
    is_massage = massages(days, *range(10, 880, 12))
    first = 10 + 11 * 12 + 3
    values = np.full(days, 5.0)
    values[first + 1 :] = 2.0  # less pain after the first look

    def level(last: int) -> float:
        found = usual(values[: last + 1], is_massage[: last + 1], dates(last + 1), DAYS_AFTER)
        assert found is not None
        return found.value

    assert [level(day) for day in (first - 1, first, first + 1, first + 364)] == [5.0] * 4
    assert [level(day) for day in (first + 365, first + 500)] == [2.0, 2.0]


def test_a_year_without_enough_days_leaves_the_usual_as_it_was() -> None:
    is_massage, values = massages(700, *range(10, 680, 12)), np.full(700, 5.0)
    values[150:] = np.nan

    found = usual(values, is_massage, dates(700), DAYS_AFTER)

    assert found is not None
    assert (found.value, found.until) == (5.0, dates(700)[145].astype(object))
    assert usual(np.full(700, np.nan), is_massage, dates(700), DAYS_AFTER) is None


@pytest.mark.parametrize("days", range(14))
def test_a_record_of_a_few_days_has_no_usual(days: int) -> None:
    assert usual(np.full(days, 3.0), np.ones(days), dates(days), DAYS_AFTER) is None


def test_nights_count_from_the_night_after() -> None:
    is_massage, values = massages(60, 30), np.full(60, 400.0)
    values[29:38] = 0.0

    found = usual(values, is_massage, dates(60), (0,))

    assert found is not None
    assert found.value == 400.0


def person(level: float, effect: float, *, seed: int = 3, noise: float = 0.4, days: int = 300) -> tuple[Floats, Floats]:
    """Pain of one decimal about a level, changed on days +1 to +3 of 26 massages on irregular dates."""
    random = np.random.default_rng(seed)
    is_massage = massages(days, *np.cumsum(random.integers(8, 14, 26)))
    after = sum(np.roll(is_massage, lag) for lag in DAYS_AFTER)
    return np.clip(np.round(level + noise * random.standard_normal(days) + effect * after, 1), 0, 10), is_massage


def judged(values: Floats, is_massage: Floats, **told: Any) -> Any:
    of_person = worth(
        "pain", "points", "down", usual(values, is_massage, dates(len(values)), DAYS_AFTER), general=2.0, **told
    )
    findings = examine(values, is_massage, dates(len(values)), seed=1)
    return verdict_on(
        findings, better="down", worthwhile=of_person.size, worth_from=of_person.origin,
        out_of_reach=of_person.out_of_reach, unit="points", metric="pain",
    )  # fmt: skip


@pytest.mark.slow
def test_a_usual_pain_of_1_8_halved_is_supported_and_not_denied_by_a_goal_that_cannot_be_reached() -> None:
    values, is_massage = person(1.8, -0.9)

    by_share, by_goal = judged(values, is_massage), judged(values, is_massage, goal=2.0)

    assert by_share.verdict is Verdict.SUPPORTED
    assert (by_goal.verdict, by_goal.failed) == (Verdict.CONSISTENT, ("reach",))
    assert "a change of 2 points is more than there can be" in by_goal.reason


@pytest.mark.slow
def test_too_little_pain_for_relief_is_said_and_neither_shown_nor_denied_but_worse_is() -> None:
    nothing, worse = judged(*person(0.6, 0.0, noise=0.2)), judged(*person(0.6, 0.8, noise=0.2))

    assert (nothing.verdict, nothing.failed, nothing.massages_needed) == (Verdict.CANNOT_TELL_YET, ("reach",), None)
    assert nothing.reason.endswith("there is too little of it for relief to be shown.")
    assert worse.verdict is not Verdict.SUPPORTED
    assert "lower" not in worse.reason.split("(")[0]


def test_the_shares_shown_beside_are_those_of_the_note() -> None:
    assert (worth_module.SHARES_BESIDE, worth_module.RELIEF_SHARE) == ((0.15, 0.5), 0.3)
