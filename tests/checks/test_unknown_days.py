"""Each rule of the unknown days is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "insert into pub.unknown_days from pub.unknown_days",
            "A row that could not be read makes a day unknown once.",
        ),
        ("update pub.unknown_days set local_date = null", "Every unknown day has a date."),
        (
            "update pub.daily set is_massage_day = false where local_date = '2026-03-05'",
            "No unknown day counts as a day without a massage.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("unknown_days", change) == {sentence}
