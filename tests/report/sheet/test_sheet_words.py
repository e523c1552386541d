"""What the Sheet says of a change, of checks that did not pass, of second looks and of pain around a massage."""

from datetime import date
from typing import Any

import pytest
from answers_by_hand import PAIN, PRIMARIES, answers, check, effect

from recovery.report.cards import cards
from recovery.report.counted import Counted
from recovery.report.sheet.first_page import also_looked_at, change_of_pain, checks, in_short
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.verdicts import Word
from recovery.words import sheet as words
from recovery.words.said import AFTER

SLEEP: dict[str, Any] = {
    "family": "sleep", "unit": "min", "estimate": -10.0, "ci_low": -25.0, "ci_high": 5.0, "worth": 15.0,
    "direction": "no_better", "certainty": "clear",
}  # fmt: skip


def test_a_change_stands_before_what_it_is_called_and_its_cause_is_left_open() -> None:
    known = answers(effect(n_massages=38), effect("asleep_min", "night_0", **SLEEP))

    (said,) = in_short(cards(known, PRIMARIES, 40), known, Counted(40, 40, ""))

    assert said == (
        "Averages over the days after massages (38 to 40 of 40 counted), compared with other days: steps 800 more a"
        f" day, better; time asleep 10 minutes shorter, no better. {AFTER}"
    )
    assert words.part("Steps", Word.NO_DIFFERENCE, Sure.CLEAR, words.a_day("no change")) == (
        "steps no change, no difference"
    )


def test_days_left_out_say_how_many_of_them_are_days_with_data() -> None:
    span = [(date(2025, 8, 9), date(2025, 8, 17), "holiday")]

    assert words.left_out(9, 5, span, 0).startswith("9 days left out (5 with data): 9 August")
    assert words.left_out(9, 0, span, 0).startswith("9 days left out (without data): ")


@pytest.mark.parametrize(
    ("told", "names", "said"),
    [
        ({}, ("slow build-up",), "As sure, but a slow benefit cannot be denied: steps."),
        ({"doubts": "checks"}, ("lead",), "Less sure for what failed: steps."),
        ({"doubts": "checks"}, ("lead", "slow build-up"), "Less sure for what failed: steps."),
        ({"certainty": "likely"}, ("slow build-up",), "As sure, but a slow benefit cannot be denied: steps."),
        ({"certainty": "likely"}, ("weeks",), "Less sure for what failed: steps."),
        ({}, ("weeks",), "As sure, what failed does not weigh on it: steps."),
        ({"direction": "unknown", "certainty": "too_early"}, ("lead",), "No answer yet: steps."),
    ],
)
def test_of_a_check_that_failed_it_says_whether_it_weighs(
    told: dict[str, Any], names: tuple[str, ...], said: str
) -> None:
    failed = [check(name, ordinal=2 + place, passed=False) for place, name in enumerate(names)]
    known = answers(effect(**told), check("devices"), *failed)

    assert checks(cards(known, PRIMARIES, 40)) == f"1 of {1 + len(names)} checks of the answers passed. {said}"


def test_pain_around_a_massage_is_held_against_the_change_of_page_one() -> None:
    told = cards(answers(effect(), effect("pain", **PAIN)), PRIMARIES, 40)
    still_open = cards(answers(effect("pain", **PAIN, verdict="can't tell yet")), PRIMARIES, 40)

    assert words.pain_not_the_effect(change_of_pain(told)).endswith(": 1.2 points lower.")
    assert words.pain_not_the_effect(change_of_pain(still_open)).endswith(": no answer yet.")


def test_second_looks_of_one_family_tell_one_thing_more_than_once() -> None:
    second: dict[str, Any] = {"is_primary": False, "holm_p": None, "q_value": 0.01, "direction": "better"}
    moving, energy = effect("moving_min", unit="min", **second), effect("energy", unit="kcal", **second)
    asleep = effect("deep_min", "night_0", unit="min", **{**second, "family": "sleep"})

    assert "all of them movement" in also_looked_at(answers(effect(), moving, energy)).means
    assert "all of them" not in also_looked_at(answers(effect(), moving, energy, asleep)).means
