"""Scales that a heading tells: other ends, and the other way round; worked out by hand."""

import pytest

from recovery.formats.diary_scales import as_written, is_turned, scale_in, scaled
from recovery.formats.log_table import Row


@pytest.mark.parametrize(
    "heading",
    [
        "pain (10=no pain)",
        "Pain 0-10 (0 = worst, 10 = none)",
        "Schmerz (10 = schmerzfrei)",
        "Schmerz (0 = unerträglich)",
        "Pain (1: severe, 5: no pain, 1-5)",
    ],
)
def test_a_heading_says_that_pain_runs_the_other_way(heading: str) -> None:
    assert is_turned(heading, "pain")


@pytest.mark.parametrize(
    "heading",
    [
        "pain",
        "Pain (0-10)",
        "Pain (0 = no pain, 10 = worst)",
        "Schmerz (10 = unerträglich)",
        "Pain 2 (knee)",
        "pain 10: am",
    ],
)
def test_other_headings_do_not(heading: str) -> None:
    assert not is_turned(heading, "pain")


def test_mood_is_best_at_its_upper_end() -> None:
    assert is_turned("Mood (1 = very good, 5 = very bad)", "mood")
    assert not is_turned("Mood (1 = very bad, 5 = very good)", "mood")


def test_turned_ratings_are_turned_round_and_written_back_so() -> None:
    rows = [Row("row 2", [2.0]), Row("row 3", ["10"]), Row("row 4", [None]), Row("row 5", ["12"])]

    found, message, is_read = scaled(rows, 0, "pain", "pain (10 = no pain)", "d.csv")

    assert [row.cells[0] for row in found] == [8.0, 0.0, None, "12 (of 0 to 10)"]
    assert message == "pain (10 = no pain) runs the other way and is turned round, to 0 to 10."
    assert is_read
    assert as_written(8.0, "pain (10 = no pain)", "pain") == 2.0
    assert as_written(8.0, "pain (0-100)", "pain") == 80.0
    assert as_written(8.0, "pain", "pain") is None


def test_the_ends_of_a_scale_may_stand_apart() -> None:
    assert scale_in("Pain (0 = none - 100 = worst)", "pain") == (0, 100)
    assert scale_in("Pain (1: none; 5: unbearable)", "pain") == (1, 5)
    assert scale_in("Pain (0 = none, 10 = worst)", "pain") is None
    assert scale_in("Pain (8: morning, 20: evening)", "pain") is None
