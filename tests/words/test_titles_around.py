"""Titles of the days around massages: what is clear is told as past, what is not says so."""

import pytest

from recovery.vocabulary.sureness import Sure
from recovery.words.around import FINDINGS, SHORT, Found, finding
from recovery.words.how_many_more import shortly


@pytest.mark.parametrize(
    ("metric", "found", "sure", "title"),
    [
        ("asleep_min", Found.NOT_BETTER, Sure.LIKELY, "Sleep after massages: probably no longer"),
        ("steps", Found.DOWN, Sure.LESS_SURE, "Steps after massages: fewer, less sure now"),
        ("pain", Found.DOWN, Sure.CLEAR, "Your pain was lower on the three days after massages"),
        ("mood", Found.UP, Sure.LIKELY, "Mood after massages: probably more"),
        ("mood", Found.UP, Sure.CLEAR, "Mood after massages: more"),
        ("mood", Found.OPEN, Sure.TOO_EARLY, "Mood: still open"),
        ("pain", Found.REFUSED, Sure.CANNOT_TELL, "Mood: what follows a massage cannot be told yet"),
    ],
)
def test_a_title_says_how_sure_where_it_is_not_clear(metric: str, found: Found, sure: Sure, title: str) -> None:
    assert finding(metric, "Mood", found, sure) == title


def test_each_number_with_sentences_of_its_own_has_short_ones_too() -> None:
    assert {metric: {*told} - {Found.OPEN} for metric, told in FINDINGS.items()} == {
        metric: {*told} for metric, (_, told) in SHORT.items()
    }


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (6, 14, "Perhaps 6 to 14 more massages will tell."),
        (1, 1, "Perhaps 1 more massage will tell."),
        (20, None, "Perhaps 20 more massages will tell; it may take more than two years."),
        (None, None, "At this pace two years of massages would probably not tell."),
    ],
)
def test_how_many_more_promises_nothing(low: int | None, high: int | None, told: str) -> None:
    assert shortly(low, high) == told
