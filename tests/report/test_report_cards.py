"""The cards: the verdict's word, why, the interval as a bar, and what would tell more."""

from dataclasses import replace

import pytest
from answers_by_hand import PAIN, PRIMARIES, REFUSED, answers, check, effect

from recovery.answers import rows
from recovery.effects import gates
from recovery.report import cards
from recovery.report.bars import bar
from recovery.report.evidence.trials import trial_cards
from recovery.vocabulary.verdicts import Verdict
from recovery.words.said import AFTER

WORSE = {"direction": "a_little_worse", "certainty": "clear", "verdict": "contradicted"}


def card(*told: rows.Effect | rows.EffectCheck, attended: int = 40) -> cards.Card:
    """The card of movement."""
    return cards.cards(answers(*told), PRIMARIES, attended)[0]


def test_each_family_has_a_card_and_its_main_number_decides() -> None:
    found = cards.cards(answers(effect(), effect("floors", is_primary=False)), PRIMARIES, 40)

    assert [one.family for one in found] == ["Movement", "Rest", "Sleep", "Diary"]
    assert found[0].title == "Steps"
    assert found[1].mark.word == "no data"
    assert "share spent still is the main number of rest" in found[1].reason


@pytest.mark.parametrize("word", [word.value for word in Verdict])
def test_a_verdict_is_told_by_word_and_sign(word: str) -> None:
    found = card(effect(verdict=word))

    assert found.mark.kind == Verdict(word).short
    assert len({mark.sign for mark in cards.MARKS.values()}) == len(Verdict)
    assert found.reason == "Because of steps."


def test_better_is_to_the_right_whichever_way_the_number_goes() -> None:
    up, down = bar(effect()), bar(effect("pain", **PAIN))

    assert up is not None
    assert down is not None
    assert up.low > 50
    assert down.estimate is not None
    assert down.worth is not None
    assert 50 < down.low < down.estimate < down.worth < down.high  # 0.2 to 2.2 points fewer, 2 are worth having
    assert (down.left, down.right) == ("worse", "better")


def test_an_interval_that_goes_on_is_cut_at_the_end() -> None:
    found = bar(effect(estimate=900.0), 500.0)

    assert found is not None
    assert (found.high, found.is_cut_high, found.is_cut_low) == (100.0, True, False)
    assert found.estimate is None


def test_a_number_without_a_better_way_has_its_change_and_no_verdict() -> None:
    found = card(effect(better="none", verdict=None, worth=None))

    assert found.mark.word == "no verdict"
    assert found.bar is not None
    assert (found.bar.left, found.bar.right, found.bar.worth) == ("less", "more", None)
    assert found.change.startswith("800 steps more a day on the three days after a massage")


def test_the_facts_have_units_and_say_what_is_assumed() -> None:
    facts = dict(card(effect(worth_from="variation")).facts)

    assert facts == {
        "Usual": "7,300 steps",
        "Change worth having": "600 steps (assumed: nobody has said)",
        "Smallest findable change": "600 steps",
        "Looked at": "40 massages, 400 measured days",
    }


def test_two_usual_levels_of_pain_have_names_of_their_own() -> None:
    pain = {**PAIN, "usual": 4.5, "usual_without": 5.3, "worth": 1.6, "worth_from": "usual"}
    told = effect("pain", **pain)

    facts = dict(cards.card(answers(told), told, "Diary").facts)

    assert "Usual" not in facts
    assert facts["Usual, for the change worth having"] == "5.3 points"
    assert facts["Mean of all measured days"] == "4.5 points"


def test_what_is_open_tells_how_many_more_and_what_would_tell_sooner() -> None:
    more = [
        rows.MoreMassages("me", "steps", "days_1_3", "weeks by lot", 0.5, 0.9, "By lot 9 would.", 4, 9, 18),
        rows.MoreMassages("me", "steps", "days_1_3", "as booked", 1.0, 0.8, "As told.", 12, 30, 30),
        rows.MoreMassages("me", "pain", "days_1_3", "as booked", 1.0, 0.8, "As told.", 1, 2, 2),
    ]
    undecided = effect(verdict="can't tell yet", massages_needed=30)
    known = replace(answers(undecided), more=more)

    found = cards.card(known, undecided, "Movement")

    assert dict(found.facts)["To tell"] == "12 to 30 more massages at this pace"
    assert "By lot 9 would." in found.remedies
    assert "To tell" not in dict(cards.card(known, effect(), "Movement").facts)  # it is told


def test_of_pain_other_shares_of_the_usual_stand_beside_and_where_the_figure_comes_from() -> None:
    pain = {**PAIN, "worth": 1.32, "usual_without": 4.4, "worth_from": "usual", "worth_source": "30% of the usual."}

    pain_of = effect("pain", **pain)
    found = cards.card(answers(pain_of), pain_of, "Diary")

    facts = dict(found.facts)
    assert facts["Change worth having"] == "1.3 points"
    assert facts["Beside it"] == "15% of the usual pain is 0.7 points, 50% is 2.2 points"
    assert dict(found.numbers)["Where the change worth having comes from"] == "30% of the usual."


def test_a_refusal_says_what_would_have_to_change() -> None:
    found = card(effect(**REFUSED), check(gates.WEEKDAYS_VARY, passed=False), check(gates.ENOUGH_DAYS, ordinal=2))

    assert found.bar is None
    assert found.change == ""
    assert found.remedies[0].startswith("Skip the massage in some weeks")
    assert any("recovery plan-trial" in remedy for remedy in found.remedies)
    assert not any("56" in remedy for remedy in found.remedies)  # that check passed


@pytest.mark.parametrize("name", gates.REFUSALS)
def test_every_check_that_refuses_has_a_remedy(name: str) -> None:
    assert card(effect(**REFUSED), check(name, passed=False)).remedies


def test_a_firm_answer_needs_no_remedy() -> None:
    assert card(effect(verdict="contradicted"), check(gates.LEAD, passed=False)).remedies == []


def test_a_trial_that_cannot_tell_asks_for_a_longer_one() -> None:
    known = answers(effect(window="trial_days_1_3", verdict="can't tell yet"))

    assert "more pairs of weeks" in trial_cards(known)[0].remedies[0]


def test_who_writes_the_pain_of_mornings_is_not_told_to() -> None:
    open_one = effect(verdict="can't tell yet")
    diary = effect("pain_morning", is_primary=False, **PAIN)
    failed = check(gates.LEAD, passed=False)

    assert any("pain_morning" in remedy for remedy in card(open_one, failed).remedies)
    assert not any("pain_morning" in remedy for remedy in card(open_one, diary, failed).remedies)


def test_what_is_shown_is_the_range_of_all_looks_and_the_single_look_stands_in_the_details() -> None:
    found = card(effect(shown_estimate=800.0, shown_low=240.0, shown_high=1360.0))

    assert found.change == "800 steps more a day on the three days after a massage (range: 200 to 1,400)."
    assert dict(found.numbers)["Looked at once (95% interval)"] == "800 steps more (400 to 1,200)"


def test_under_each_answer_stands_why_it_may_be_so() -> None:
    assert card(effect()).why == AFTER
    assert card(effect(basis="because")).why.endswith("so this is because of the massages.")
    assert card(effect(**REFUSED)).why == ""
