"""Each rule of the spans of logs is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.log_spans from pub.log_spans", "A log vouches for one span of a person's dates."),
        ("update pub.log_spans set first_date = null", "Every span of a log has a first date."),
        ("update pub.log_spans set last_date = null", "Every span of a log has a last date."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("log_spans", change) == {sentence}
