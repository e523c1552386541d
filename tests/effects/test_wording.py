"""Changes in words."""

import pytest

from recovery.effects import wording


@pytest.mark.parametrize(
    ("size", "unit", "words"),
    [
        (1346.2, "steps", "1,350 steps more"),
        (-9.849, "min", "9.85 min less"),
        (-0.0197, "share", "1.97 percentage points less"),
        (0.31, "", "0.31 more"),
        (0.244, "yes/no", "24.4 percentage points of days more"),
    ],
)
def test_a_change_tells_its_direction_in_words(size: float, unit: str, words: str) -> None:
    assert wording.change(size, unit) == words


def test_an_interval_on_one_side_of_nothing_tells_its_direction_once() -> None:
    assert wording.interval(775.6, 1917.3) == "776 to 1,920 more"
    assert wording.interval(-0.026, -0.0133, "share") == "2.6 to 1.33 less"
    assert wording.interval(-20.6, 0.9) == "20.6 less to 0.9 more"
