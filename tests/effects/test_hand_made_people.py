"""One person written by hand for each refusal and each word: steps from a table, massages at counted gaps.

Nothing is drawn here, so what a person is told can be read off what was put in.
"""

from typing import Any

import numpy as np
import pytest

from recovery.effects import cohort, counts, design, dose, levels, subgroups, wear
from recovery.effects.examine import Findings, examine, verdict_on
from recovery.effects.how_many_more import More
from recovery.effects.judgement import Judgement
from recovery.effects.regression import Estimate
from recovery.vocabulary.verdicts import Verdict

MONDAY = np.datetime64("2026-01-05")
UPS_AND_DOWNS = (3, -8, 12, -2, -11, 6, 0, 9, -5, -14, 4, 10, -7, 1, 15, -3, -9, 7, -12, 2, 8, -6, 0)
WORTH = 600  # steps


def steps(days: int, swing: float = 100) -> np.ndarray:
    """About 6,000 a day, 400 more on Saturdays and Sundays, up and down by up to 15 swings."""
    day = np.arange(days)
    return 6000.0 + swing * np.take(UPS_AND_DOWNS, day % 23) + 400 * (day % 7 >= 5)


def massages(days: int, *gaps: int) -> np.ndarray:
    """The first on day 4, then at these gaps over and over."""
    out, day, count = np.zeros(days), 4, 0
    while day < days:
        out[day] = 1
        day += gaps[count % len(gaps)]
        count += 1
    return out


def irregular(days: int) -> np.ndarray:
    return massages(days, 5, 8, 6, 11, 9)


def after(is_massage: np.ndarray) -> np.ndarray:
    return np.asarray(sum(design.lagged(is_massage, lag) for lag in (1, 2, 3)))


def before(is_massage: np.ndarray) -> np.ndarray:
    return np.asarray(sum(design.lagged(is_massage, -lag) for lag in (1, 2, 3)))


def findings(values: np.ndarray, is_massage: np.ndarray, **asked: Any) -> Findings:
    return examine(values, is_massage, MONDAY + np.arange(len(values)), seed=0, simulations=199, **asked)


def answer(values: np.ndarray, is_massage: np.ndarray, **judged: Any) -> Judgement:
    return verdict_on(findings(values, is_massage), **{"better": "up", "worthwhile": WORTH, "unit": "steps", **judged})


MANY = irregular(200)  # 26 of them


# The words


def test_1500_steps_more_after_each_massage_are_supported() -> None:
    found = answer(steps(200) + 1500 * after(MANY), MANY)

    assert (found.verdict, found.failed) == (Verdict.SUPPORTED, ())
    assert found.reason.startswith("After a massage: 1,")
    assert "steps more" in found.reason


def test_1500_steps_fewer_after_each_massage_are_contradicted() -> None:
    found = answer(steps(200) - 1500 * after(MANY), MANY)

    assert found.verdict is Verdict.CONTRADICTED
    assert found.reason.endswith("the number moved the wrong way.")


def test_1500_steps_fewer_are_supported_where_fewer_are_better() -> None:
    assert answer(steps(200) - 1500 * after(MANY), MANY, better="down").verdict is Verdict.SUPPORTED


def test_a_year_of_massages_that_do_nothing_excludes_a_change_worth_having() -> None:
    found = answer(steps(400), irregular(400))

    assert found.verdict is Verdict.CONTRADICTED
    assert found.reason.endswith("a change worth having is excluded.")


def test_eleven_weeks_with_large_ups_and_downs_tell_nothing_yet_and_how_much_longer() -> None:
    found = answer(steps(80, swing=250), irregular(80), more=More(low=10, high=30, per_week=1.0, chance=0.9))

    assert (found.verdict, found.failed, found.massages_needed) == (Verdict.CANNOT_TELL_YET, (), 30)
    assert "Perhaps 10 to 30 more massages will tell" in found.reason


@pytest.mark.parametrize(
    ("judged", "failed", "words"),
    [
        ({"holm_p": 0.06}, "several metrics", "with several metrics looked at, one such finding may be chance"),
        ({"is_exploratory": True}, "declared before", "it is not the main number of its family"),
        ({"worthwhile": 5000}, "size", "the change is smaller than one worth having"),
    ],
)
def test_a_clear_change_is_consistent_and_not_shown_where_a_check_failed(
    judged: dict[str, Any], failed: str, words: str
) -> None:
    # 2,200 steps are less than half of 5,000
    found = answer(steps(200) + 2200 * after(MANY), MANY, **judged)

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, (failed,))
    assert words in found.reason


def test_who_books_after_three_bad_days_is_shown_nothing_without_a_diary() -> None:
    found = answer(steps(200) + 1500 * after(MANY) - 1500 * before(MANY), MANY)

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, ("lead",))
    assert "without a diary of morning pain" in found.reason


def test_who_books_after_three_good_days_is_not_told_that_massage_harms_before_history_can_say_so() -> None:
    hundred_days = irregular(100)

    found = answer(steps(100) + 1500 * before(hundred_days), hundred_days)

    assert (found.verdict, found.failed) == (Verdict.CANNOT_TELL_YET, ("lead", "permutation"))
    assert found.massages_needed is None
    assert "weeks drawn by lot would" in found.reason


def test_a_watch_worn_longer_after_massages_shows_nothing() -> None:
    worn_min = 900 + 4.0 * np.take(UPS_AND_DOWNS, np.arange(200) % 23) + 120 * after(MANY)
    gate = wear.worn_alike(worn_min, MANY, MONDAY + np.arange(200), seed=0, simulations=199)
    assert gate is not None

    found = answer(steps(200) + 1500 * after(MANY), MANY, concerns=(gate,))

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, ("worn alike",))


# The refusals, with what is said


def refused(values: np.ndarray, is_massage: np.ndarray, **asked: Any) -> tuple[tuple[str, ...], str]:
    found = verdict_on(findings(values, is_massage, **asked), better="up", worthwhile=WORTH)
    assert found.verdict is Verdict.CANNOT_BE_TOLD
    assert (found.smallest_detectable, found.massages_needed) == (None, None)
    return found.failed, found.reason


def test_fifty_five_days_are_too_few() -> None:
    failed, reason = refused(steps(55), massages(55, 6))

    assert failed == ("enough days",)
    assert reason == "Only 55 days were measured well enough; at least 56 are needed."


def test_seven_massages_are_too_few() -> None:
    failed, reason = refused(steps(100), massages(100, 13, 15))

    assert failed == ("enough massages",)
    assert reason == "Only 7 of 7 massages have measured days after them; at least 8 are needed."


def test_a_massage_every_fourth_day_leaves_no_other_days() -> None:
    failed, reason = refused(steps(100), massages(100, 4))

    assert failed == ("enough other days",)
    assert reason == "Only 4 measured days lie away from any massage; at least 14 are needed to compare with."


def test_a_number_that_hardly_ever_differs_tells_nothing() -> None:
    is_bed_day = np.zeros(200)
    is_bed_day[[5, 40, 41, 90, 91, 120, 150, 151, 180]] = 1

    failed, reason = refused(is_bed_day, MANY)

    assert failed == ("numbers vary",)
    assert reason == "The number is the same on all days but 9; at least 10 others are needed to compare."


def test_a_watch_left_off_on_the_day_after_massages_cannot_be_compared() -> None:
    values = steps(200)
    values[design.lagged(MANY, 1) > 0] = np.nan

    failed, reason = refused(values, MANY)

    assert failed == ("days measured alike",)
    assert reason.startswith("67% of the days after massages and 100% of the others were measured: what is missing")


def test_every_tuesday_cannot_be_told_from_tuesday() -> None:
    failed, reason = refused(steps(200), massages(200, 7))

    assert failed == ("weekdays vary",)
    assert "nearly every week" in reason


def test_massages_every_week_of_nine_weeks_leave_nothing_to_compare_with() -> None:
    is_massage = np.zeros(60)
    is_massage[5::7] = 1  # the first five days are what the weekday of the window is told by

    failed, reason = refused(steps(60), is_massage)

    assert failed == ("enough other days",)
    assert reason.startswith("The measured days are nearly all just before or just after a massage")


def test_another_watch_on_the_days_after_massages_cannot_be_compared() -> None:
    is_after = after(MANY) > 0
    devices = levels.levels(np.ones(200, dtype=bool), MANY, MONDAY + np.arange(200), np.where(is_after, 1, 0))

    failed, reason = refused(steps(200), MANY, levels=devices.columns, asked=(devices.gate,))

    assert failed == ("one device",)
    assert reason.startswith("On days of the same device")


def test_nine_doses_are_too_few_to_count() -> None:
    doses = np.zeros(200)
    doses[[3, 50, 51]] = 3

    gate = counts.enough_events(doses)

    assert (gate.passed, gate.sentence) == (False, "Only 9 were counted; at least 10 are needed.")


def test_an_hour_a_week_tells_nothing_of_two() -> None:
    gate = dose.doses_vary(60 * massages(196, 7))

    assert not gate.passed
    assert gate.sentence.startswith("Weekly minutes of massage hardly vary (1 different")


def test_seven_deep_massages_are_too_few_to_look_at_apart() -> None:
    days = [int(day) for day in np.flatnonzero(MANY)]
    told = {"technique": [subgroups.words("deep" if at < 7 else "soft") for at in range(len(days))]}

    found = subgroups.subgroups(steps(200), MONDAY + np.arange(200), days, told, seed=0, simulations=99)

    assert [(one.level, one.estimate is None) for one in found] == [("deep", True), ("soft", False)]
    assert found[0].reason.startswith("Only 7 massages were of this kind")


def test_four_people_are_too_few_to_speak_of_the_next() -> None:
    four = [Estimate(100, 50, 0, 200, 0.05, 2, 200)] * 4

    assert not cohort.enough_people([*four, None]).passed
