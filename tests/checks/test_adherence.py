"""Weeks begin on Mondays, and their days are those of daily."""

import pytest


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("update pub.adherence set week_date = week_date + 1", "A week begins on a Monday."),
        ("update pub.adherence set valid_days = 1", "The valid days of the weeks are those of daily."),
    ],
)
def test_one_wrong_week_breaks_one_rule(broken, change: str, sentence: str) -> None:
    assert broken("adherence", change) == {sentence}
