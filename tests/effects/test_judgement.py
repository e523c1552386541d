"""The words, on intervals made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from recovery.effects import judgement
from recovery.effects.gates import Gate
from recovery.effects.how_many_more import More
from recovery.effects.judgement import Evidence, judge
from recovery.effects.regression import Estimate
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.worth import WorthFrom


def interval(low: float, high: float) -> Estimate:
    middle, error = (low + high) / 2, (high - low) / 4
    return Estimate(middle, error, low, high, 0.001 if low * high > 0 else 0.5, 2.0, 200)


def flipped(estimate: Estimate) -> Estimate:
    return replace(estimate, estimate=-estimate.estimate, ci_low=-estimate.ci_high, ci_high=-estimate.ci_low)


def evidence(low: float, high: float, **changes: Any) -> Evidence:
    """A change of 100 is worth having; everything else speaks for what the interval says."""
    found = Evidence(
        estimate=interval(low, high),
        better="up",
        worthwhile=100.0,
        worth_from=WorthFrom.METRIC,
        n_massages=20,
        holm_p=0.001 if low * high > 0 else 0.5,
        lead_p=0.5,
        permutation_p=0.01,
    )
    return replace(found, **changes)


def test_a_clear_change_worth_having_is_supported() -> None:
    found = judge(evidence(40, 200))

    assert (found.verdict, found.failed) == (Verdict.SUPPORTED, ())
    assert found.reason == "After a massage: 120 higher (95% interval: 40 to 200; a change of 100 is worth having)."


def test_a_worth_that_was_assumed_is_labelled_so() -> None:
    reason = judge(evidence(40, 200, worth_from=WorthFrom.VARIATION)).reason

    assert "nobody said what change is worth having, so 100 is taken" in reason


def test_numbers_are_told_with_their_unit_and_without_exponents() -> None:
    found = judge(evidence(1000.4, 24000, worthwhile=1500.0, unit="steps"))

    assert found.reason == (
        "After a massage: 13,000 steps more (95% interval: 1,000 to 24,000; a change of 1,500 steps is worth having)."
    )


@pytest.mark.parametrize(
    ("low", "high", "changes", "failed"),
    [
        (40, 200, {"lead_p": 0.05}, ("lead",)),
        (40, 200, {"permutation_p": 0.2}, ("permutation",)),
        (40, 200, {"holm_p": 0.06}, ("several metrics",)),
        (40, 200, {"lead_p": 0.05, "adjusted": interval(10, 90), "has_pain_diary": False}, ("lead",)),
        (40, 200, {"lead_p": 0.05, "adjusted": interval(-10, 90), "has_pain_diary": True}, ("lead",)),
        (5, 95, {"worthwhile": 110.0}, ("size",)),
        (40, 200, {"permutation_p": 0.2, "holm_p": 0.06}, ("permutation", "several metrics")),
    ],
)
def test_a_change_with_a_failed_check_is_consistent_and_names_it(
    low: float, high: float, changes: dict[str, Any], failed: tuple[str, ...]
) -> None:
    found = judge(evidence(low, high, **changes))

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, failed)
    assert ", but " in found.reason


def test_a_certain_change_for_the_better_is_never_denied_however_small() -> None:
    found = judge(evidence(5, 85, has_pain_diary=True))

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, ("size",))
    assert found.reason.endswith("but the change is smaller than one worth having.")


def test_a_diary_of_pain_and_the_same_answer_with_history_make_up_for_the_lead() -> None:
    found = judge(evidence(40, 200, lead_p=0.05, adjusted=interval(10, 190), has_pain_diary=True))

    assert found.verdict is Verdict.SUPPORTED
    assert "with those allowed for, the answer is the same" in found.reason


def test_a_change_worth_having_that_is_excluded_contradicts() -> None:
    found = judge(evidence(-60, 90, has_pain_diary=True))

    assert found.verdict is Verdict.CONTRADICTED
    assert found.reason.endswith("a change worth having is excluded.")


def test_without_a_diary_of_pain_half_of_a_change_worth_having_must_be_excluded() -> None:
    above, below = judge(evidence(-60, 51)), judge(evidence(-60, 49))

    assert (above.verdict, above.failed) == (Verdict.CANNOT_TELL_YET, ("pain diary",))
    assert "without a diary of morning pain" in above.reason
    assert below.verdict is Verdict.CONTRADICTED


def test_the_wrong_way_for_certain_is_said_so() -> None:
    assert judge(evidence(-200, -40)).reason.endswith("the number moved the wrong way.")
    assert judge(evidence(-200, -40, adjusted=interval(-100, 20))).reason.endswith("worth having is excluded.")


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"lead_p": 0.05}, "lead"),
        ({"lead_p": 0.05, "adjusted": interval(-50, 150)}, "lead"),
        ({"adjusted": interval(-50, 150)}, "history"),
        ({"permutation_p": 0.3}, "permutation"),
    ],
)
def test_a_contradiction_is_held_back_where_a_check_does_not_agree(changes: dict[str, Any], failed: str) -> None:
    found = judge(evidence(-200, -40, **changes))

    assert (found.verdict, found.failed) == (Verdict.CANNOT_TELL_YET, (failed,))
    assert found.massages_needed is None
    assert "weeks drawn by lot would" in found.reason


def test_a_contradiction_by_the_adjusted_estimate_is_held_back_where_the_plain_one_does_not_agree() -> None:
    adjusted = interval(-200, -40)
    alone, both = (evidence(-200, -40, adjusted=adjusted, plain=plain) for plain in (interval(-50, 150), adjusted))

    assert (judge(alone).verdict, judge(alone).failed) == (Verdict.CANNOT_TELL_YET, ("history",))
    assert judge(both).verdict is Verdict.CONTRADICTED


def test_history_that_says_the_same_lets_a_contradiction_stand() -> None:
    same = evidence(-60, 90, lead_p=0.05, adjusted=interval(-60, 60), has_pain_diary=True)

    assert judge(same).verdict is Verdict.CONTRADICTED


def test_an_interval_with_zero_and_a_change_worth_having_tells_nothing_yet_and_how_many_more() -> None:
    found = judge(evidence(-40, 160, more=More(8, 21, 1.5, 0.9)))

    assert found.verdict is Verdict.CANNOT_TELL_YET
    assert found.smallest_detectable == pytest.approx((2 + 0.84) * 50)
    assert found.massages_needed == 21
    assert "Perhaps 8 to 21 more massages will tell" in found.reason
    assert "(14 weeks at this pace)" in found.reason


def test_nothing_is_promised_of_a_number_that_was_not_declared() -> None:
    found = judge(evidence(-40, 160))

    assert (found.verdict, found.massages_needed) == (Verdict.CANNOT_TELL_YET, None)
    assert found.reason.endswith("both no change and one worth having are possible.")


def test_more_massages_are_not_promised_to_help_where_the_dates_followed_bad_days() -> None:
    found = judge(evidence(-40, 160, lead_p=0.01))

    assert (found.verdict, found.massages_needed, found.failed) == (Verdict.CANNOT_TELL_YET, None, ("lead",))


@pytest.mark.parametrize(("low", "high"), [(40, 200), (-60, 90), (-200, -40), (-40, 160), (2, 80), (55, 95)])
def test_the_other_sign_with_the_other_direction_gives_the_same_verdict(low: float, high: float) -> None:
    up = evidence(low, high, adjusted=interval(low - 10, high + 5))
    down = replace(up, better="down", estimate=flipped(up.estimate), adjusted=flipped(up.adjusted))

    assert replace(judge(down), reason="") == replace(judge(up), reason="")


@pytest.mark.parametrize(("low", "high"), [(40, 200), (130, 300)])
def test_flipping_the_sign_of_what_is_supported_contradicts_it(low: float, high: float) -> None:
    found = evidence(low, high)

    assert judge(found).verdict is Verdict.SUPPORTED
    assert judge(replace(found, estimate=flipped(found.estimate))).verdict is Verdict.CONTRADICTED


def test_only_gates_that_refuse_refuse_and_all_their_sentences_are_said() -> None:
    days, lead = Gate("enough days", False, "Only 3 days."), Gate("lead", False, "Not so.")
    weekdays = Gate("weekdays vary", False, "Always Tuesday.")

    found = judgement.refuse([days, lead, weekdays])

    assert found == judgement.refused("Only 3 days. Always Tuesday.", ["enough days", "weekdays vary"])
    assert found.verdict is Verdict.CANNOT_BE_TOLD
    assert judgement.refuse([lead]) is None


@pytest.mark.parametrize(
    ("changes", "q_value", "direction", "certainty"),
    [
        ({}, 0.05, "better", "likely"),
        ({}, None, "better", "likely"),
        ({}, 0.11, "unknown", "too_early"),  # one of many numbers
        ({"n_massages": 11}, 0.01, "unknown", "too_early"),  # no look yet
        ({"worthwhile": 130.0}, 0.01, "a_little_better", "likely"),
        ({"estimate": interval(-200, -40)}, 0.01, "worse", "likely"),
        ({"estimate": interval(-90, -20)}, 0.01, "a_little_worse", "likely"),
        ({"estimate": interval(-90, -20)}, 0.2, "unknown", "too_early"),
        ({"estimate": interval(-90, 40)}, 0.9, "no_difference", "likely"),
        ({"estimate": interval(-190, 40)}, 0.9, "no_better", "likely"),
        ({"estimate": interval(-190, 40), "builds_up": True}, 0.9, "unknown", "too_early"),
        ({"estimate": interval(-190, 95)}, 0.9, "unknown", "too_early"),  # no diary: half must be outside
        ({"estimate": interval(-60, 160)}, 0.9, "unknown", "too_early"),
        ({"permutation_p": 0.5}, 0.01, "better", "likely"),
    ],
)
def test_a_number_that_was_not_named_before_is_likely_at_most(
    changes: dict[str, Any], q_value: float | None, direction: str, certainty: str
) -> None:
    found = judgement.judge_exploratory(evidence(40, 200, **changes), q_value)

    assert (found.direction, found.certainty) == (direction, certainty)


@pytest.mark.parametrize(
    ("low", "high", "massages", "q_value", "direction", "certainty"),
    [
        (40, 200, 20, 0.05, "more", "likely"),
        (-200, -40, 20, 0.05, "less", "likely"),
        (-60, 60, 20, 0.9, "about_the_same", "likely"),
        (-60, 160, 20, 0.9, "unknown", "too_early"),
        (40, 200, 20, 0.2, "unknown", "too_early"),
        (40, 200, 11, 0.05, "unknown", "too_early"),
    ],
)
def test_a_number_without_a_better_side_is_more_less_or_the_same_and_has_no_verdict_then(
    low: float, high: float, massages: int, q_value: float, direction: str, certainty: str
) -> None:
    found = judgement.judge_without_better_side(interval(low, high), 100.0, massages, q_value, "So it is.")

    assert (found.direction, found.certainty) == (direction, certainty)
    assert found.verdict == (None if certainty == "likely" else Verdict.CANNOT_TELL_YET)


def test_the_words_are_those_of_the_design() -> None:
    assert [str(word) for word in Verdict] == [
        "supported",
        "contradicted",
        "consistent with, not shown",
        "can't tell yet",
        "cannot be told from this data",
    ]


def test_a_further_check_that_failed_stands_in_the_way_of_a_finding() -> None:
    concern = Gate("level shift", False, "The number jumped in May.")

    found = judge(evidence(40, 200, concerns=(concern,)))

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, ("level shift",))
    assert "but the number jumped in May" in found.reason
    assert judge(evidence(-200, -40, concerns=(concern,))).verdict == Verdict.CANNOT_TELL_YET
    assert judge(evidence(40, 200, concerns=(replace(concern, passed=True),))).verdict == Verdict.SUPPORTED


def test_what_was_not_declared_before_is_never_supported() -> None:
    found = judge(evidence(40, 200, is_exploratory=True))

    assert (found.verdict, found.failed) == (Verdict.CONSISTENT, ("declared before",))
