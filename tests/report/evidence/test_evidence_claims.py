"""The promises of the article beside the data, and why an answer is missing."""

import pytest
from answers_by_hand import PAIN, PRIMARIES, REFUSED, answers, check, claim, effect

from recovery.effects import gates
from recovery.report.cards import cards
from recovery.report.evidence.claims import claim_rows
from recovery.report.evidence.why import gaps, steps


def test_a_claim_has_what_was_seen_beside_what_trials_found() -> None:
    told = claim(
        "pain_80", claimed="by up to 80%", metric="pain", window="days_1_3", observed=-0.49, ci_low=-0.74,
        ci_high=-0.23, unit="points", verdict="contradicted",
    )  # fmt: skip

    one_look = effect("pain", unit="points", better="down", estimate=-0.49, ci_low=-0.74, ci_high=-0.23)

    row = claim_rows(answers(told, one_look))[0]

    assert row.said == "half a point lower on the three days after a massage (95% interval: 0.2 to 0.7)"
    assert (row.title, row.claimed, row.evidence) == ("Pain", "by up to 80%", "A trial.")
    assert row.kept == "On average less than promised"  # the mean says nothing of one lucky massage


def test_the_range_of_all_looks_and_a_widened_one_are_not_called_an_interval_of_95_percent() -> None:
    seen = {"observed": -0.49, "ci_low": -0.86, "ci_high": -0.11, "unit": "points"}
    one_look = effect("pain", unit="points", better="down", estimate=-0.49, ci_low=-0.74, ci_high=-0.23)

    row = claim_rows(answers(claim("pain_80", metric="pain", window="days_1_3", **seen), one_look))[0]

    assert row.said == "half a point lower on the three days after a massage (range: 0.1 to 0.9)"


def test_what_kinds_of_massage_did_is_not_told_as_what_all_do() -> None:
    seen = {"metric": "pain", "window": "days_1_3", "unit": "points", "observed": -0.3, "ci_low": -0.8, "ci_high": 0.2}

    some, beyond = claim_rows(answers(claim("deep_tissue", **seen), claim("injury", **seen)))

    assert some.said == (
        "0.3 points lower on the three days after a massage of this kind (95% interval: 0.8 lower to 0.2 higher)"
    )
    assert beyond.said == "0.3 points lower compared with your other massages (95% interval: 0.8 lower to 0.2 higher)"


def test_a_claim_about_a_duration_is_told_in_days() -> None:
    told = claim("lasts", metric="pain", window="day_5", observed=5.0, unit="days", verdict="can't tell yet")

    assert claim_rows(answers(told))[0].said == "better than usual for 5 days in a row"


def test_days_that_are_better_later_are_told_beside_those_from_the_first_on() -> None:
    better, same = {"ci_low": -1.5, "ci_high": -0.5}, {"ci_low": -1.0, "ci_high": 0.2}

    def said(*days: dict[str, float]) -> str:
        effects = [effect("pain", f"day_{day}", **{**PAIN, "estimate": -0.9, **one}) for day, one in enumerate(days, 1)]
        in_a_row = next((at for at, one in enumerate(days) if one is same), len(days))
        told = claim("lasts", metric="pain", window="day_1", observed=float(in_a_row), unit="days")
        return claim_rows(answers(told, *effects))[0].said

    assert said(same, better, same, better) == "better on days +2 and +4, not for certain on the day after"
    assert said(better, same, better) == "better than usual for 1 day, and again on day +3"
    assert said(better, better, same) == "better than usual for 2 days in a row"
    assert said(same, same) == "cannot be told to be better on the day after"


def test_a_refused_claim_has_no_size() -> None:
    row = claim_rows(answers(claim("injury")))[0]

    assert (row.title, row.said) == ("", "")


@pytest.mark.parametrize(
    ("verdict", "kept", "near"),
    [
        ("supported", "As promised", ""),
        ("contradicted", "Not as promised", ""),
        ("consistent with, not shown", "Not told", "points that way"),
        ("can't tell yet", "Not told", "too early to say"),
        ("cannot be told from this data", "Not told", "cannot be told from these data"),
    ],
)
def test_a_promise_is_kept_or_not_or_not_told(verdict: str, kept: str, near: str) -> None:
    row = claim_rows(answers(claim("a", verdict=verdict)))[0]

    assert (row.kept, row.near) == (kept, near)
    assert row.is_told == (verdict in ("supported", "contradicted", "consistent with, not shown"))


def test_answers_missing_for_the_same_reason_stand_together() -> None:
    known = answers(effect(), claim("a", reason="No diary."), claim("b", reason="No diary."), claim("c"))

    found = gaps(cards(known, PRIMARIES, 40), known)

    assert ["“The claim a”", "“The claim b”"] in [gap.names for gap in found]
    assert not any("Movement (steps)" in gap.names for gap in found)  # that is told


def test_what_helps_most_stands_first() -> None:
    known = answers(
        effect(**REFUSED),
        check(gates.WEEKDAYS_VARY, passed=False),
        effect("pain", **{**PAIN, **REFUSED, "reason": "Because of pain."}),
        check(gates.WEEKDAYS_VARY, "pain", passed=False),
        check(gates.ENOUGH_DAYS, "pain", passed=False),
    )

    found = steps(gaps(cards(known, PRIMARIES, 40), known))

    assert found[0].remedy.startswith("Skip the massage")
    assert found[0].names == ["Movement (steps)", "Diary (pain)"]
    assert [step.names for step in found if "Measure more days" in step.remedy] == [["Diary (pain)"]]


def test_a_claim_that_nothing_measures_says_how_to_measure_it() -> None:
    known = answers(claim("deep_tissue"), claim("daily_activity", metric="steps", window="days_1_3"))

    found = {gap.names[0]: gap.remedies for gap in gaps([], known)}

    assert "technique" in found["“The claim deep_tissue”"][0]
    assert "counts steps" in found["“The claim daily_activity”"][0]
