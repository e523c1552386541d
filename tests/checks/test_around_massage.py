"""Each rule of the days around a massage is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "insert into pub.around_massage from pub.around_massage where day_offset = 1",
            "A massage has one row per metric and day around it.",
        ),
        ("update pub.around_massage set day_offset = 8 where day_offset = 7", "The days run from 7 before to 7 after."),
        ("update pub.around_massage set change = 1 where day_offset = 1", "The change is the value less the baseline."),
        (
            "update pub.around_massage set change = null where day_offset = 1",
            "The change is the value less the baseline.",
        ),
        (
            "update pub.around_massage set value = 2881, change = 1 where day_offset = 1",
            "The value is that of its day.",
        ),
        ("update pub.massages set status = 'no-show'", "Every massage it counts from was attended."),
        (
            "update pub.around_massage set baseline = 2880.5, change = -0.5 where day_offset = 1",
            "A massage has one baseline per metric.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("around_massage", change) == {sentence}
