"""Dots are made of the certainty and of what stands beside it, in one place."""

import pytest

from recovery.vocabulary.sureness import Doubt, Sure, doubts_in, joined, sure_of
from recovery.vocabulary.verdicts import Certainty


@pytest.mark.parametrize(
    ("certainty", "doubts", "sure", "dots"),
    [
        (Certainty.CLEAR, (), Sure.CLEAR, 4),
        (Certainty.CLEAR, (Doubt.RANGE,), Sure.LIKELY, 3),
        (Certainty.CLEAR, (Doubt.CHECKS,), Sure.LIKELY, 3),
        (Certainty.CLEAR, (Doubt.RANGE, Doubt.CHECKS), Sure.LESS_SURE, 2),
        (Certainty.LIKELY, (Doubt.CHECKS,), Sure.LIKELY, 3),  # likely because of it
        (Certainty.TOO_EARLY, (), Sure.TOO_EARLY, 0),
        (Certainty.CANNOT_TELL, (), Sure.CANNOT_TELL, 0),
    ],
)
def test_each_doubt_takes_a_dot_of_what_is_clear_and_no_answer_has_none(
    certainty: Certainty, doubts: tuple[Doubt, ...], sure: Sure, dots: int
) -> None:
    assert (sure_of(certainty, doubts), sure_of(certainty, doubts).dots) == (sure, dots)


@pytest.mark.parametrize("doubts", [(), (Doubt.RANGE,), (Doubt.CHECKS,), (Doubt.RANGE, Doubt.CHECKS)])
def test_the_column_says_which_doubts_there_are(doubts: tuple[Doubt, ...]) -> None:
    assert doubts_in(joined(doubts)) == doubts
    assert doubts_in(None) == ()
