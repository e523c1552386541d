"""Each rule of the means around massages is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "insert into pub.around_massage_summary from pub.around_massage_summary where day_offset = 1",
            "A metric has one mean per day around the massages.",
        ),
        (
            "update pub.around_massage_summary set day_offset = 8 where day_offset = 7",
            "The days run from 7 before to 7 after.",
        ),
        ("update pub.around_massage_summary set n = -1 where day_offset = 7", "A mean is of at least no massages."),
        (
            "update pub.around_massage_summary set n = 2 where day_offset = 7",
            "No mean is of more massages than there are.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("around_massage_summary", change) == {sentence}
