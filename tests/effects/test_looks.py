"""What is said at a look after what was said before: every cell of the table, by hand.

A change worth having is 1, the boundaries are 3 and the noise is known (c = 1.96), so z is estimate / error.
"""

import pytest

from recovery.effects.hull import hull
from recovery.effects.looks import Event, Look, Said, Standing, after_look, said
from recovery.effects.regression import Estimate
from recovery.vocabulary.verdicts import Certainty, Verdict, Word

OPEN = Said()
FOUND = Said(Standing.BETTER, Event.FOUND, Word.BETTER, Certainty.CLEAR, was_found=True)
EXCLUDED = Said(Standing.EXCLUDED, Event.RULED_OUT, Word.NO_BETTER, Certainty.CLEAR)


def look(size: float, error: float, **changed: object) -> Look:
    told = Estimate(size, error, size - 1.96 * error, size + 1.96 * error, 0.5, 1.96, 300)
    usual = {"better": "up", "worth": 1.0, "boundary": 3.0, "exclusion_boundary": 3.0, "checks_passed": True}
    return Look(told, **{**usual, **changed})  # type: ignore[arg-type]


CROSSES_WORTH = look(1.5, 0.4)  # z 3.75
CROSSES_BETWEEN = look(0.8, 0.2)  # z 4; (1 - 0.8) / 0.2 = 1
AT_LEAST = look(1.5, 1.0)
BETWEEN = look(0.8, 1.0)
BETWEEN_RULED_OUT = look(0.6, 0.1, checks_passed=False)  # (1 - 0.6) / 0.1 = 4
SMALL = look(0.3, 1.0)  # (1 - 0.3) / 1 = 0.7
SMALL_GONE = look(0.45, 0.3, checks_passed=False)  # (1 - 0.45) / 0.3 = 1.8
UNDER_A_QUARTER = look(0.24, 1.0)
SMALL_RULED_OUT = look(0.2, 0.25)  # (1 - 0.2) / 0.25 = 3.2


@pytest.mark.parametrize(
    ("before", "now", "standing", "event"),
    [
        (OPEN, CROSSES_WORTH, Standing.BETTER, Event.FOUND),
        (OPEN, CROSSES_BETWEEN, Standing.BETTER, Event.FOUND),
        (OPEN, AT_LEAST, Standing.OPEN, Event.NONE),
        (OPEN, BETWEEN, Standing.OPEN, Event.NONE),
        (OPEN, BETWEEN_RULED_OUT, Standing.EXCLUDED, Event.RULED_OUT),
        (OPEN, SMALL, Standing.OPEN, Event.NONE),
        (OPEN, SMALL_GONE, Standing.OPEN, Event.NONE),
        (OPEN, SMALL_RULED_OUT, Standing.EXCLUDED, Event.RULED_OUT),
        (FOUND, CROSSES_WORTH, Standing.BETTER, Event.KEPT),
        (FOUND, CROSSES_BETWEEN, Standing.BETTER, Event.KEPT),
        (FOUND, AT_LEAST, Standing.BETTER, Event.KEPT),
        (FOUND, BETWEEN, Standing.BETTER, Event.KEPT),
        (FOUND, BETWEEN_RULED_OUT, Standing.BETTER, Event.KEPT),
        (FOUND, SMALL, Standing.BETTER, Event.KEPT),
        (FOUND, SMALL_GONE, Standing.OPEN, Event.WITHDRAWN),
        (FOUND, UNDER_A_QUARTER, Standing.OPEN, Event.WITHDRAWN),
        (FOUND, SMALL_RULED_OUT, Standing.EXCLUDED, Event.WITHDRAWN_AND_RULED_OUT),
        (EXCLUDED, CROSSES_WORTH, Standing.BETTER, Event.FOUND),
        (EXCLUDED, CROSSES_BETWEEN, Standing.BETTER, Event.FOUND),
        (EXCLUDED, AT_LEAST, Standing.OPEN, Event.NO_LONGER_RULED_OUT),
        (EXCLUDED, BETWEEN, Standing.EXCLUDED, Event.KEPT),
        (EXCLUDED, BETWEEN_RULED_OUT, Standing.EXCLUDED, Event.KEPT),
        (EXCLUDED, SMALL, Standing.EXCLUDED, Event.KEPT),
        (EXCLUDED, SMALL_GONE, Standing.EXCLUDED, Event.KEPT),
        (EXCLUDED, SMALL_RULED_OUT, Standing.EXCLUDED, Event.KEPT),
    ],
)
def test_each_cell_of_the_table(before: Said, now: Look, standing: Standing, event: Event) -> None:
    found = after_look(before, now)

    assert (found.standing, found.event) == (standing, event)


BUILDING_UP = look(0.2, 0.25, builds_up=True)  # ruled out but for the trend over the massages


@pytest.mark.parametrize(
    ("before", "now", "standing", "event"),
    [
        (OPEN, BUILDING_UP, Standing.OPEN, Event.NONE),
        (OPEN, look(1.5, 0.4, builds_up=True), Standing.BETTER, Event.FOUND),
        (FOUND, BUILDING_UP, Standing.OPEN, Event.WITHDRAWN),
        (FOUND, look(0.6, 0.1, builds_up=True), Standing.BETTER, Event.KEPT),
        (EXCLUDED, BUILDING_UP, Standing.EXCLUDED, Event.KEPT),  # not back and forth with every look
        (EXCLUDED, look(0.2, 0.25, builds_up=True, has_built_up=True), Standing.OPEN, Event.NO_LONGER_RULED_OUT),
        (EXCLUDED, look(1.5, 0.4, builds_up=True), Standing.BETTER, Event.FOUND),
    ],
)
def test_nothing_is_ruled_out_while_the_number_gets_better_over_the_massages(
    before: Said, now: Look, standing: Standing, event: Event
) -> None:
    found = after_look(before, now)

    assert (found.standing, found.event) == (standing, event)


@pytest.mark.parametrize(
    ("before", "now", "word", "certainty"),
    [
        (OPEN, look(0.2, 0.25, may_build_up=True), Word.UNKNOWN, Certainty.TOO_EARLY),
        (FOUND, look(0.2, 0.25, may_build_up=True), Word.UNKNOWN, Certainty.TOO_EARLY),  # withdrawn, and not denied
        (EXCLUDED, look(0.2, 0.25, may_build_up=True), Word.NO_DIFFERENCE, Certainty.CLEAR),  # said before
        (OPEN, look(0.2, 0.25), Word.NO_DIFFERENCE, Certainty.CLEAR),
        (OPEN, look(-2.0, 0.2, may_build_up=True), Word.WORSE, Certainty.LIKELY),
        (OPEN, look(1.5, 0.4, may_build_up=True), Word.BETTER, Certainty.CLEAR),
    ],
)
def test_no_difference_is_not_said_while_a_benefit_that_builds_up_is_possible(
    before: Said, now: Look, word: Word, certainty: Certainty
) -> None:
    found = after_look(before, now)

    assert (found.word, found.certainty) == (word, certainty)


def test_two_estimates_told_as_one_rule_out_only_what_both_do() -> None:
    parts = [Estimate(0.2, 0.1, 0.0, 0.4, 0.5, 1.96, 300), Estimate(0.9, 0.5, -0.1, 1.9, 0.5, 1.96, 300)]

    both = Look(hull(parts), "up", 1.0, 3.0, 3.0, checks_passed=True)  # z 8 and 0.2

    assert not both.rules_out
    assert after_look(OPEN, both).standing is Standing.OPEN


def test_worse_while_the_number_gets_better_over_the_massages_is_likely_at_most() -> None:
    found = after_look(OPEN, look(-2.0, 0.2, builds_up=True))

    assert (found.word, found.certainty, found.verdict) == (Word.WORSE, Certainty.LIKELY, Verdict.CANNOT_TELL_YET)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (CROSSES_WORTH, Verdict.SUPPORTED),
        (look(0.6, 0.1), Verdict.SUPPORTED),  # a little better
        (look(0.3, 0.05), Verdict.CONSISTENT),
        (look(0.0, 0.3), Verdict.CONTRADICTED),
        (look(-2.0, 0.2), Verdict.CONTRADICTED),
        (look(0.5, 0.5), Verdict.CANNOT_TELL_YET),
    ],
)
def test_the_verdict_follows_from_word_and_certainty(now: Look, verdict: Verdict) -> None:
    assert after_look(OPEN, now).verdict is verdict


@pytest.mark.parametrize(
    ("now", "is_kept"),
    [
        (look(0.49, 0.32), True),  # a change worth having is left out by 1.59
        (look(0.49, 0.3), False),  # by 1.7
        (look(0.51, 0.1), True),  # at least half, whatever is left out
        (look(0.26, 0.5), True),  # by 1.48
        (look(0.24, 5.0), False),  # under a quarter, whatever is left out
        (look(-0.49, 0.32, better="down"), True),
        (look(-0.49, 0.3, better="down"), False),
    ],
)
def test_a_finding_under_half_of_a_change_worth_having_stays_while_all_of_it_is_possible(
    now: Look, is_kept: bool
) -> None:
    assert (after_look(FOUND, now).standing is Standing.BETTER) is is_kept


def test_two_estimates_told_as_one_withdraw_a_finding_only_where_both_leave_a_change_worth_having_out() -> None:
    parts = [Estimate(0.1, 0.1, -0.1, 0.3, 0.5, 1.96, 300), Estimate(0.8, 0.5, -0.2, 1.8, 0.5, 1.96, 300)]

    both = Look(hull(parts), "up", 1.0, 3.0, 3.0, checks_passed=True)  # 0.45; z 9 and 0.4

    assert after_look(FOUND, both).standing is Standing.BETTER


def test_a_finding_keeps_its_word_when_later_looks_are_smaller_or_a_check_fails() -> None:
    looks = [CROSSES_WORTH, look(0.7, 0.5, checks_passed=False), look(0.5, 0.5)]

    words = [(one.word, one.certainty) for one in said(looks)]

    assert words == [(Word.BETTER, Certainty.CLEAR)] * 3


def test_a_finding_that_went_is_won_again_by_crossing_alone() -> None:
    found = list(said([CROSSES_BETWEEN, look(0.49, 0.3), look(0.7, 0.5), CROSSES_WORTH]))

    assert [one.event for one in found] == [Event.FOUND, Event.WITHDRAWN, Event.NONE, Event.FOUND_AGAIN]
    assert [one.word for one in found] == [Word.A_LITTLE_BETTER, Word.UNKNOWN, Word.UNKNOWN, Word.BETTER]


@pytest.mark.parametrize(
    ("now", "word", "certainty"),
    [
        (look(0.8, 0.2, checks_passed=False), Word.A_LITTLE_BETTER, Certainty.LIKELY),  # a check failed
        (look(1.2, 0.2, checks_passed=False), Word.BETTER, Certainty.LIKELY),
        (look(0.3, 0.05), Word.A_LITTLE_BETTER, Certainty.LIKELY),  # certain, but too small to be a finding
        (look(0.0, 0.3), Word.NO_DIFFERENCE, Certainty.CLEAR),
        (look(-0.5, 0.4), Word.NO_BETTER, Certainty.CLEAR),
        (look(-0.8, 0.2), Word.A_LITTLE_WORSE, Certainty.CLEAR),
        (look(-2.0, 0.2), Word.WORSE, Certainty.CLEAR),
        (look(-2.0, 0.2, checks_passed=False), Word.WORSE, Certainty.LIKELY),
        (look(-2.0, 0.2, may_exclude=False), Word.WORSE, Certainty.LIKELY),
        (look(-0.5, 0.4, may_exclude=False), Word.UNKNOWN, Certainty.TOO_EARLY),
        (look(0.5, 0.5), Word.UNKNOWN, Certainty.TOO_EARLY),
    ],
)
def test_the_word_where_no_finding_stands(now: Look, word: Word, certainty: Certainty) -> None:
    found = after_look(OPEN, now)

    assert (found.word, found.certainty) == (word, certainty)


def test_less_is_better_where_less_is_better() -> None:
    mirrored = after_look(OPEN, look(-1.5, 0.4, better="down"))

    assert mirrored == after_look(OPEN, CROSSES_WORTH)


def test_the_interval_shown_is_wider_than_that_of_one_look_by_the_boundary() -> None:
    low, high = look(1.0, 0.5).interval

    assert (low, high) == pytest.approx((-0.5, 2.5))
