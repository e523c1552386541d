"""What must hold of who takes part and of their weeks, each broken by one change."""

import pytest


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.participants from pub.participants", "A person takes part once."),
        ("update pub.participants set last_date = '2026-02-01'", "Records begin before they end."),
        ("update pub.participants set n_massages = -1", "Massages of a person are counted from none."),
        ("update pub.participants set subject = 'other'", "Everybody with a day takes part."),
    ],
)
def test_a_check_of_participants(broken, change: str, sentence: str) -> None:
    assert broken("participants", change) == {sentence}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.adherence from pub.adherence", "A week of a person is there once."),
        ("update pub.adherence set n_days = 8", "A week has one to seven dates."),
        ("update pub.adherence set diary_days = 8", "Days of the diary in a week are from none to seven."),
        ("update pub.adherence set week_date = week_date + 1", "A week begins on a Monday."),
        ("update pub.adherence set valid_days = 1", "The valid days of the weeks are those of daily."),
    ],
)
def test_a_check_of_adherence(broken, change: str, sentence: str) -> None:
    assert broken("adherence", change) == {sentence}
