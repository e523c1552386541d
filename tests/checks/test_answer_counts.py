"""An answer whose massages or days do not add up is not published."""

import pytest

NOT_ALL_MASSAGES = "The massages that count and those that do not are all that were logged."
NOT_ALL_DAYS = "The days that count and those that do not are all from the first to the last."


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        ("insert into pub.answer_counts from pub.answer_counts", {"An answer is counted once."}),
        ("update pub.answer_counts set massages_outside = 1", {NOT_ALL_MASSAGES}),
        (
            "update pub.answer_counts set massages_logged = 2, massages_outside = 1",
            {"The massages that were logged are those of massages."},
        ),
        ("update pub.answer_counts set days_without = 1", {NOT_ALL_DAYS}),
        (
            "update pub.answer_counts set days_in_span = 16, days_without = 1",
            {"The days that are told are those of daily."},
        ),
        (
            "update pub.answer_counts set days_counted = 14, days_excluded = 1",
            {"What an answer counts is what effects says."},
        ),
        (
            "update pub.answer_counts set days_excluded = -1, days_not_valid = 1",
            {"There are no fewer than none: days_excluded."},
        ),
    ],
)
def test_counts_that_do_not_add_up_break_a_rule(broken, change: str, sentences: set[str]) -> None:
    assert broken("answer_counts", change) == sentences
