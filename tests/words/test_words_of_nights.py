"""Sentences of nights and of the hours in which rest is counted."""

import pytest

from recovery.words import nights


@pytest.mark.parametrize(
    ("hours", "said"),
    [((9, 21), "from 9 to 21 o'clock"), ((7, 24), "from 7 to 24 o'clock"), ((9, 25), "from 9 to 1 o'clock"),
     ((16, 32), "from 16 to 8 o'clock"), ((None, None), "over the whole day")],
)  # fmt: skip
def test_the_hours_of_rest_are_named_as_clocks_do(hours, said):
    assert said in nights.counted_hours(*hours)


def test_a_night_is_recorded_inferred_or_unknown():
    assert nights.night_before("recorded", 1.0) == "The night before it was recorded."
    assert "inferred from heart rate and movement (confidence 70%)" in nights.night_before("inferred", 0.7)
    assert "nobody knows" in nights.night_before("unknown", 0.0)
