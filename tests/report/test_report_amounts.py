"""Numbers for people: few digits, the unit, and the direction in words."""

import pytest

from recovery.report import amounts


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1365.05, "steps", "1,370 steps more"),
        (-93.2, "steps", "93 steps fewer"),
        (1.04, "steps", "1 step more"),
        (-9.98, "min", "10 min less"),
        (3.84, "min", "3.8 min more"),
        (95.4, "min", "1 h 35 min more"),
        (-120.0, "min", "2 h less"),
        (-0.0198, "share", "2 percentage points lower"),
        (0.04, "yes/no", "4 of 100 days more"),
        (-1.24, "points", "1.2 points lower"),
        (0.006, "bpm", "0.006 beats/min higher"),
        (-0.3, "count", "0.3 fewer"),
        (0.0341, "ratio", "0.034 higher"),
        (0.00004, "ratio", "no change"),
        (12.0, "furlongs", "12 furlongs higher"),
    ],
)
def test_a_change_is_told_with_its_direction(value: float, unit: str, said: str) -> None:
    assert amounts.change(value, unit) == said


def test_a_time_of_day_moves_later_or_earlier() -> None:
    assert amounts.change(-25, "min", "onset_local") == "25 min earlier"
    assert amounts.level(-50, "min", "onset_local") == "23:10"


@pytest.mark.parametrize(
    ("low", "high", "unit", "said", "brief"),
    [
        (792.6, 1937.4, "steps", "793 to 1,940 steps more", "793 to 1,940"),
        (-90, 1370, "steps", "90 steps fewer to 1,370 steps more", "90 fewer to 1,370 more"),
        (-2.2, -0.2, "points", "0.2 to 2.2 points lower", "0.2 to 2.2"),
        (12, 100, "min", "12 min to 1 h 40 min more", "12 min to 1 h 40 min more"),
        (12, 40, "min", "12 to 40 min more", "12 to 40"),
        (0, 40, "min", "0 to 40 min more", "0 to 40"),
    ],
)
def test_an_interval_is_told_from_its_near_to_its_far_end(
    low: float, high: float, unit: str, said: str, brief: str
) -> None:
    assert amounts.span(low, high, unit) == said
    assert amounts.brief_span(low, high, unit) == brief


def test_a_level_has_no_direction() -> None:
    assert amounts.level(452, "min") == "7 h 32 min"
    assert amounts.level(0.788, "share") == "79%"
    assert amounts.level(9820.4, "steps") == "9,820 steps"


def test_a_very_small_probability_is_told_as_a_bound() -> None:
    assert amounts.probability(0.0004) == "below 0.001"
    assert amounts.probability(0.0312) == "0.031"
