"""Each rule of the ledger is broken by a change of its own."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail
ADDS_UP = "What the sources count adds up to the value of daily_metrics."
UNACCOUNTED = "Every number that a source reports is accounted for."
ONE = "where local_date = '2026-03-02'"
LEFT_OUT = f"update pub.ledger set counted = 0, outside = counted {ONE}"


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (f"update pub.ledger set unaccounted = 3 {ONE}", {UNACCOUNTED}),
        (
            f"update pub.ledger set unaccounted = 3 {ONE}; update pub.daily set is_valid_day = true {ONE}",
            {UNACCOUNTED, "No day with a number that is unaccounted for is valid."},
        ),
        (f"update pub.ledger set counted = 2879 {ONE}", {ADDS_UP}),
        (f"delete from pub.ledger {ONE}", {ADDS_UP}),
        (f"update pub.daily set excluded_for = 'illness' {ONE}", {ADDS_UP}),
        (
            f"update pub.daily set excluded_for = 'illness' {ONE}; {LEFT_OUT}",
            set(),
        ),
    ],
)
def test_each_change_breaks_what_it_should(broken: Broken, change: str, sentences: set[str]) -> None:
    assert broken("ledger", change) == sentences
