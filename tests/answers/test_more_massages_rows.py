"""How many more massages the main numbers of a person take: which get a promise, and what other ways gain."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from recovery.answers.history import AtLooks, History
from recovery.answers.how_many_more import rows_of, to_come
from recovery.answers.metric import Found, Task
from recovery.answers.people import Series
from recovery.answers.rows import LookRow, MoreMassages
from recovery.effects.boundaries import Family
from recovery.effects.examine import Findings
from recovery.effects.look_family import level_of
from recovery.effects.regression import Estimate
from recovery.effects.worth import Worth
from recovery.vocabulary.worth import WorthFrom

DAYS = 30 * 7
FAMILY = Family(("steps", "pain", "asleep_min", "rest_share"), main="steps")
WORTH = Worth(600.0, WorthFrom.METRIC, "A study.")


def task(metric: str = "steps", *, every: int = 7, skipped: int = 5) -> Task:
    """Half a year of Tuesdays, each fifth left out; steps vary by 2,000 from day to day."""
    is_massage = np.zeros(DAYS)
    days = np.arange(1, DAYS - 5, every)
    is_massage[days[np.arange(len(days)) % skipped != 0]] = 1
    values = 7000 + 2000 * np.random.default_rng(1).standard_normal(DAYS)
    better, unit = ("down", "points") if metric == "pain" else ("up", "steps")
    series = Series(
        metric, metric, "movement", unit, better, "day", None, None, "", values, ("watch",) * DAYS, ("",) * DAYS
    )  # fmt: skip
    dates = np.datetime64("2026-01-05") + np.arange(DAYS)
    return Task(series, dates, is_massage, 60 * is_massage, None, is_pain_of_morning=False, is_primary=True)


def found(*, has_pain_diary: bool = True) -> Found:
    estimate = Estimate(400.0, 300.0, -230.0, 1030.0, 0.2, 2.1, 200)
    findings = Findings((), 24, 2000.0, has_pain_diary=has_pain_diary, estimate=estimate)
    return Found(findings, 200, 7000.0)


def look(**told: Any) -> LookRow:
    known: dict[str, Any] = {
        "subject": "me", "metric": "steps", "window": "days_1_3", "look": 13, "local_date": date(2026, 7, 1),
        "n_massages": 24, "word": "unknown", "certainty": "too_early", "event": "none", "failed": "",
        "may_exclude": False, "builds_up": False, "has_built_up": False, "may_build_up": False, "digest": "",
        "data_sha256": "", "settings_sha256": "", "estimate": 400.0, "standard_error": 300.0,
        "critical_value": 2.1, "worth": 600.0,
    }  # fmt: skip
    return LookRow(**{**known, **told})


def promised(*looks: LookRow, one: Task | None = None, worth: Worth = WORTH, **told: Any) -> list[MoreMassages]:
    one = one or task()
    metric = one.series.metric
    at_looks = {metric: AtLooks((), 0.0, History(), level_of(metric, [FAMILY], ()))}
    return list(rows_of("me", to_come([one], {metric: found(**told)}, {metric: worth}, looks, at_looks, FAMILY)))


def test_a_number_without_an_answer_has_its_own_way_first_and_what_another_weekday_would_gain() -> None:
    own, *others = promised(look())

    assert (own.metric, own.window, own.design) == ("steps", "days_1_3", "as booked")
    assert own.per_week == pytest.approx(0.8, abs=0.05)
    assert "at this pace" in own.reason
    weekday = next(other for other in others if other.design == "any weekday")
    assert weekday.high is not None
    assert own.high is None or weekday.high < own.high
    assert "weekday drawn anew" in weekday.reason


@pytest.mark.parametrize(
    "told",
    [
        {"certainty": "clear", "word": "better"},
        {"failed": "lead"},
        {"failed": "weeks vary; dates free of pain"},
        {"estimate": None, "standard_error": None, "critical_value": None},
    ],
)
def test_what_is_told_or_would_not_be_mended_by_more_massages_is_promised_nothing(told: dict[str, Any]) -> None:
    assert promised(look(**told)) == []


def test_a_change_out_of_reach_is_promised_nothing() -> None:
    assert promised(look(), worth=replace(WORTH, out_of_reach="You walk too little.")) == []


def test_weeks_alike_so_far_are_no_reason_to_promise_nothing() -> None:
    assert promised(look(failed="weeks vary"))


def test_before_the_first_look_the_estimate_of_all_days_counts() -> None:
    own = promised()[0]

    assert own.low is None or own.low >= 1


def test_a_number_that_is_not_the_main_one_takes_more() -> None:
    looks, irregular = look(metric="asleep_min"), task("asleep_min", every=9, skipped=100)
    main = promised(look(), one=task(every=9, skipped=100))[0]

    other = promised(looks, one=irregular)[0]

    assert other.chance < main.chance


def test_pain_that_may_not_be_ruled_out_waits_for_a_finding() -> None:
    told = {"metric": "pain", "estimate": 100.0}
    may, may_not = (
        promised(look(**told, may_exclude=may_exclude), one=task("pain"))[0] for may_exclude in (True, False)
    )

    assert may_not.chance < may.chance


@pytest.mark.parametrize("blocked", ["builds_up", "may_build_up"])
@pytest.mark.parametrize("metric", ["pain", "steps"])
def test_what_a_benefit_that_builds_up_keeps_from_being_ruled_out_is_not_promised_with_the_next_massage(
    metric: str, blocked: str
) -> None:
    """The range leaves a change worth having out already, look after look, and nothing is said for that benefit."""
    told = {"metric": metric, "estimate": 0.0, "standard_error": 150.0, "may_exclude": True}

    free, held = (promised(look(**told, **flags), one=task(metric))[0] for flags in ({}, {blocked: True}))

    assert free.low == 1
    assert held.low is None or held.low > 10
