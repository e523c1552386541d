"""The sentences of a main number, for people made by hand: each word, cap, withdrawal and refusal; 600 steps matter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.effects.boundaries import Family, finding_boundary
from recovery.effects.gates import LEAD, OUTCOME
from recovery.effects.how_many_more import More
from recovery.effects.judgement import Evidence as Weighed
from recovery.effects.judgement import Judgement
from recovery.effects.look_family import Found, Primary, said_of_family
from recovery.effects.look_judgement import judge_at_looks, shown
from recovery.effects.look_series import WEEKS, Evidence
from recovery.effects.regression import Estimate
from recovery.effects.wear import WEAR
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.worth import WorthFrom

FAMILY = Family(("steps",))  # a boundary of 2.72 at the twelfth massage
WHEN = "On the three days after a massage"


def estimate(size: float, error: float = 100.0) -> Estimate:
    return Estimate(size, error, size - 1.96 * error, size + 1.96 * error, 0.01, 1.96, 300)


def look(size: float, error: float = 100.0, *failed: str, **told: bool) -> Evidence:
    return Evidence(estimate(size, error), 600.0, failed, **{"may_exclude": True, **told})


def judged(*looks: Evidence, massages: int = 12, history: str = "", **told: object) -> Judgement:
    """What is said after looks a week apart; without any the estimate is 400 steps."""
    found = [Found(date(2025, 3, 3) + timedelta(days=7 * at), at + 1, 12 + at, one) for at, one in enumerate(looks)]
    said = list(said_of_family([Primary("steps", "up", found)], FAMILY))
    last = looks[-1].estimate if looks else estimate(400)
    assert last
    weighed = Weighed(
        last, "up", 600.0, WorthFrom.METRIC, massages, 0.01, 0.5, 0.01,
        unit="steps", metric="steps", when="on the three days after a massage",
    )  # fmt: skip
    failed = {WEAR: "The watch was worn 40 minutes longer after massages.", OUTCOME: "Massages followed steps."}
    return judge_at_looks(replace(weighed, **told), 2.577, said, failed, history)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looks", "direction", "certainty", "verdict", "sentence"),
    [
        ([look(900)], "better", "clear", Verdict.SUPPORTED, "900 steps more (range: 600 to 1,200;"),
        ([look(450)], "a_little_better", "clear", Verdict.SUPPORTED, "a little better, and less than is worth having."),
        ([look(250, 50)], "a_little_better", "likely", Verdict.CONSISTENT, "but the change is smaller than one worth"),
        ([look(900, 100, WEEKS)], "better", "likely", Verdict.CONSISTENT, "other weeks give nearly as large a"),
        ([look(900, 100, WEAR)], "better", "likely", Verdict.CONSISTENT, "but the watch was worn 40 minutes longer"),
        ([look(900, 100, LEAD)], "better", "likely", Verdict.CONSISTENT, "the days before massages differed already"),
        ([look(900, 100, "another")], "better", "likely", Verdict.CONSISTENT, "but one of the checks failed."),
        ([look(20)], "no_difference", "clear", Verdict.CONTRADICTED, "no difference; a change worth having is ruled"),
        ([look(-300, 200)], "no_better", "clear", Verdict.CONTRADICTED, "no better; a change worth having is ruled"),
        ([look(-400)], "a_little_worse", "clear", Verdict.CONTRADICTED, "Talk it over with your therapist."),
        ([look(-900)], "worse", "clear", Verdict.CONTRADICTED, "the number moved the wrong way. It may be the massage"),
        ([look(-900, 100, OUTCOME)], "worse", "likely", Verdict.CANNOT_TELL_YET, "but massages followed steps. It may"),
        ([look(300, 300)], "unknown", "too_early", Verdict.CANNOT_TELL_YET, "both no change and one worth having"),
        ([look(20, 100, builds_up=True)], "unknown", "too_early", Verdict.CANNOT_TELL_YET, "blocks of four weeks with"),
        ([look(20, 100, may_build_up=True)], "unknown", "too_early", Verdict.CANNOT_TELL_YET, "no difference so soon"),
        ([look(20, 100, WEEKS, may_build_up=True)], "unknown", "too_early", Verdict.CANNOT_TELL_YET, "breaks of six"),
        ([look(-300, 200, may_build_up=True)], "unknown", "too_early", Verdict.CANNOT_TELL_YET, "no better so soon"),
        ([look(-900, may_build_up=True)], "worse", "likely", Verdict.CANNOT_TELL_YET, "but a benefit that builds up"),
        ([look(20, 100, may_exclude=False)], "unknown", "too_early", Verdict.CANNOT_TELL_YET, "not known well enough"),
    ],
)  # fmt: skip
def test_each_word_has_its_reason(
    looks: Sequence[Evidence], direction: str, certainty: str, verdict: Verdict, sentence: str
) -> None:
    found = judged(*looks)

    assert (found.direction, found.certainty, found.verdict) == (direction, certainty, verdict)
    assert found.reason.startswith(WHEN)
    assert sentence in found.reason


def test_before_the_twelfth_massage_there_is_a_range_and_no_answer() -> None:
    found = judged(massages=9)

    assert (found.direction, found.certainty) == ("unknown", "too_early")
    assert "400 steps more (range: 100 to 700;" in found.reason
    assert (
        "The first look comes with 12 massages that have measured days after them, and most answers later; so far there"
        " are 9."
    ) in found.reason


def test_a_finding_is_kept_at_half_of_what_is_worth_having_and_later_failures_are_told_beside() -> None:
    found = judged(look(900), look(320, 200, WEAR))

    assert (found.direction, found.certainty) == ("better", "clear")
    assert "All checks passed when this was found; now: the watch was worn 40 minutes longer after massages." in (
        found.reason
    )


def test_a_finding_that_would_not_be_made_anew_says_why_it_stands() -> None:
    sentence = "By the range up to now alone it would not be found anew; a finding stands until the data say that the"

    assert sentence in judged(look(900), look(320, 200)).reason
    assert sentence not in judged(look(900), look(700)).reason


@pytest.mark.parametrize(
    ("looks", "doubts"),
    [
        ([look(900)], ()),
        ([look(900), look(320, 200)], ("range",)),
        ([look(900), look(700, 100, WEAR)], ("checks",)),
        ([look(900), look(320, 200, WEAR)], ("range", "checks")),
        ([look(900, 100, WEAR)], ()),  # likely, since it did not pass
        ([look(20, 100, WEEKS)], ()),
        ([look(20, 100, LEAD)], ("checks",)),  # also where they are allowed for
        ([look(20), look(350, 200)], ("range",)),
        ([look(20), look(350, 200, WEAR)], ("range", "checks")),
        ([look(-900)], ()),
        ([look(300, 300, WEAR)], ()),
    ],
)
def test_what_is_told_beside_a_clear_answer_makes_it_less_sure(looks: Sequence[Evidence], doubts: tuple[str]) -> None:
    assert judged(*looks).doubts == doubts


@pytest.mark.parametrize(
    ("looks", "beside", "untold"),
    [
        ([look(20, 100, WEEKS)], "", "weeks"),  # without a change weeks do not differ: nothing stands in the way
        ([look(20, 100, LEAD)], "with those allowed for, the answer is the same.", "; now"),
        ([look(20), look(350, 200)], "would not rule it out anew; that stands until the change", "; now"),
        ([look(20), look(350, 200, may_exclude=False)], "would not rule it out anew", "; now"),
        ([look(20), look(20, 100, WEEKS, WEAR, may_exclude=False)], "; now: the watch was worn 40 minutes", "weeks"),
        ([look(20), look(20, 100, builds_up=True)], "; now: over your massages the number got better", "anew"),
        ([look(20), look(20, 100, LEAD, may_exclude=False)], "; now: the days before massages differed", "is the same"),
        ([look(-300, 200), look(-300, 200, WEAR)], "; now: the watch was worn 40 minutes", "anew"),
    ],
)
def test_what_is_ruled_out_stays_clear_and_what_would_stand_in_its_way_now_is_told_beside(
    looks: Sequence[Evidence], beside: str, untold: str
) -> None:
    found = judged(*looks)

    assert (found.certainty, found.verdict) == ("clear", Verdict.CONTRADICTED)
    assert beside in found.reason
    assert untold not in found.reason


def test_where_the_range_of_a_finding_holds_what_is_ruled_out_by_its_own_the_reason_says_why() -> None:
    family = Family(("steps", "pain", "asleep_min", "rest_share"), main="pain")  # 3.91 of a finding, 3.11 to rule out
    near = look(600 - 330)
    said = list(said_of_family([Primary("steps", "up", [Found(date(2025, 3, 3), 1, 12, near)])], family))
    assert near.estimate
    weighed = Weighed(near.estimate, "up", 600.0, WorthFrom.METRIC, 12, 0.01, 0.5, 0.01, unit="steps", metric="steps")

    found = judge_at_looks(weighed, 3.53, said, {})

    assert (found.direction, found.certainty) == ("no_difference", "clear")
    assert "a little wider than the one by which this is ruled out." in found.reason


def test_a_finding_that_the_data_take_back_is_withdrawn_and_the_page_says_when() -> None:
    found = judged(look(900), look(290, 180), history="Withdrawn on 10 March 2025.")

    assert (found.direction, found.certainty) == ("unknown", "too_early")
    assert found.reason.endswith("Withdrawn on 10 March 2025.")


def test_what_would_tell_is_said_where_both_are_possible_and_never_where_the_days_before_differed() -> None:
    more = More(4, 10, 1.0, 0.8)
    open_one = judged(look(300, 300), more=more)
    booked = judged(look(300, 300, LEAD), more=more)

    assert open_one.massages_needed == 10
    assert "will tell" in open_one.reason
    assert booked.massages_needed is None
    assert "will tell" not in booked.reason


def test_a_change_out_of_reach_is_neither_ruled_out_nor_found() -> None:
    small = look(20, 100, "reach", may_exclude=False)

    found = judged(small, out_of_reach="Nobody can.")

    assert (found.direction, found.certainty) == ("unknown", "too_early")
    assert "nobody can" in found.reason.lower()


@pytest.mark.parametrize(
    ("failed", "sentence"),
    [("computed", "which is our fault"), ("enough days", "Up to the last massage there were too few days to compare")],
)
def test_a_look_without_an_answer_says_why(failed: str, sentence: str) -> None:
    told = Evidence(None, failed=(failed,))
    found_at = [Found(date(2025, 3, 3), 1, 12, told)]
    said = list(said_of_family([Primary("steps", "up", found_at)], FAMILY))
    weighed = Weighed(estimate(400), "up", 600.0, WorthFrom.METRIC, 12, 0.01, 0.5, 0.01)

    found = judge_at_looks(weighed, 2.577, said, {})

    assert (found.direction, found.certainty) == ("unknown", "too_early")
    assert sentence in found.reason


def test_what_is_shown_is_the_interval_at_the_boundary_of_the_last_look() -> None:
    found = [Found(date(2025, 3, 3), 1, 12, look(900))]
    said = list(said_of_family([Primary("steps", "up", found)], FAMILY))

    at = finding_boundary(0.05, 12)
    at_look, before = shown(estimate(1), 3.0, said), shown(estimate(400), 2.577, [])

    assert (at_look.estimate, at_look.low, at_look.high) == pytest.approx((900, 900 - at * 100, 900 + at * 100))
    assert (before.low, before.high) == pytest.approx((142.3, 657.7))
