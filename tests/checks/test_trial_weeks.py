"""Each rule of the weeks of trials is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "update pub.trial_weeks set is_massage_week = not is_massage_week where week = 3",
            "Half of the weeks of every pair hold a massage.",
        ),
        (
            "update pub.trial_weeks set local_date = local_date + 1 where week = 3",
            "A week begins seven days after the one before.",
        ),
        ("update pub.trial_weeks set massages_attended = -1", "Massages of a week are counted from none."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("trial_weeks", change) == {sentence}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.trial_weeks from pub.trial_weeks where week = 3", "A week of a trial is there once."),
        ("update pub.trial_weeks set is_massage_week = null where week = 3", "Every week was drawn."),
    ],
)
def test_some_wrong_rows_break_their_rule_and_others(broken: Broken, change: str, sentence: str) -> None:
    assert sentence in broken("trial_weeks", change)
