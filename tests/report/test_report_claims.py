"""The claims of the article beside the data, and why an answer is missing."""

from pathlib import Path

import pytest
from answers_by_hand import PAIN, REFUSED, check, claim, effect, publish
from by_hand import published_home
from parsed_page import parsed
from shown_pages import shown
from test_report_cards import PRIMARIES, answers

from recovery.answers.rows import SubgroupEffect
from recovery.effects import gates
from recovery.report.cards import cards
from recovery.report.claims import claim_rows, counted
from recovery.report.why import gaps, steps


def test_a_claim_has_what_was_seen_beside_what_trials_found() -> None:
    told = claim(
        "pain_80", claimed="by up to 80%", metric="pain", window="days_1_3", observed=-0.49, ci_low=-0.74,
        ci_high=-0.23, unit="points", verdict="contradicted",
    )  # fmt: skip

    row = claim_rows(answers(told))[0]

    assert row.said == "half a point lower on the three days after a massage (95% interval: 0.2 to 0.7)"
    assert (row.title, row.claimed, row.mark.word, row.evidence) == ("Pain", "by up to 80%", "contradicted", "A trial.")


def test_a_claim_about_a_duration_is_told_in_days() -> None:
    told = claim("lasts", metric="pain", window="day_5", observed=5.0, unit="days", verdict="can't tell yet")

    assert claim_rows(answers(told))[0].said == "better than usual for 5 days in a row"


def test_a_refused_claim_has_no_size() -> None:
    row = claim_rows(answers(claim("injury")))[0]

    assert (row.title, row.said) == ("", "")


def test_claims_are_counted_by_verdict() -> None:
    told = [claim("a"), claim("b"), claim("c", verdict="supported")]

    assert counted(claim_rows(answers(*told))) == "1 supported; 2 cannot be told from this data"


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


@pytest.mark.slow
def test_the_page_writes_out_the_claims_and_the_reasons(tmp_path: Path) -> None:
    settings = publish(
        published_home(tmp_path / "home"),
        [effect(**REFUSED), check(gates.ENOUGH_MASSAGES, passed=False), claim("injury", reason="No cause is told.")],
    )

    said = parsed(shown(settings)).text

    assert "1 claims: 1 cannot be told from this data." not in said
    assert "1 claim: 1 cannot be told from this data." in said
    assert "“The claim injury” Cannot be told from this data. No cause is told." in said
    assert "Log more massages: at least 8" in said
    assert "Of movement these data cannot tell." in said


@pytest.mark.slow
def test_kinds_of_massage_are_folded_and_warned_of(tmp_path: Path) -> None:
    kinds = [
        SubgroupEffect("me", "steps", "technique", level, 9, "", 300.0, 100.0, 500.0, 0.01, q, 50.0, -100.0, 200.0)
        for level, q in (("shiatsu", 0.4), ("deep tissue", 0.2))
    ]
    refused = SubgroupEffect("me", "steps", "technique", "thai", 2, "Only 2 of them.")
    settings = publish(published_home(tmp_path / "home"), [effect(), *kinds, refused])

    said = parsed(shown(settings)).text

    assert "2 comparisons by technique" in said
    assert "Only to get ideas from." in said
    assert said.index("technique: deep tissue") < said.index("technique: shiatsu")
    assert "1 more cannot be told: Only 2 of them." in said
