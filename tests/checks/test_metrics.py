"""Each rule of the definitions is broken by a change of its own."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.metrics from pub.metrics where metric = 'steps'", "A metric is defined once."),
        ("update pub.metrics set family = null", "Every metric has a family."),
        ("update pub.metrics set unit = null", "Every metric has a unit."),
        ("update pub.metrics set description = null", "Every metric is described."),
        ("update pub.metrics set better = 'more'", "Better is up, down or none."),
    ],
)
def test_one_wrong_row_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("metrics", change) == {sentence}
