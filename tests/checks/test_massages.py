"""Each rule of the massages is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.massages from pub.massages", "A massage is there once."),
        ("update pub.massages set massage_id = null", "Every massage has an identity."),
        ("update pub.massages set local_date = null", "Every massage has a date."),
        ("update pub.massages set status = 'maybe'", "A massage is attended, cancelled or a no-show."),
        ("update pub.massages set massage_min = 300", "A massage lasts 5 minutes to 4 hours."),
        ("update pub.massages set pressure = 6", "Pressure is scored from 1 to 5."),
        ("update pub.massages set pain_before = 11", "Pain before is scored from 0 to 10."),
        ("update pub.massages set pain_after = 11", "Pain after is scored from 0 to 10."),
        (
            "insert into pub.massages by name select * replace ('m2' as massage_id) from pub.massages",
            "No two massages of a person overlap.",
        ),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("massages", change) == {sentence}
