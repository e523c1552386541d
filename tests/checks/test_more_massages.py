"""The rules of how many more massages it takes."""

from collections.abc import Callable

import pytest

Broken = Callable[[str, str], set[str]]  # relation, change -> sentences of the checks that fail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("insert into pub.more_massages from pub.more_massages", "A way to book has one row per metric and window."),
        ("update pub.more_massages set chance = 1.1", "A chance lies between none and certain."),
        ("update pub.more_massages set reason = null", "Every promise has its sentence."),
        (
            "update pub.more_massages set low = 31",
            "Half of the people have their answer before four in five, and weeks go with massages.",
        ),
        (
            "update pub.more_massages set high = null",
            "Half of the people have their answer before four in five, and weeks go with massages.",
        ),
        ("update pub.more_massages set design = 'any weekday'", "Every other way stands beside the person's own."),
    ],
)
def test_one_wrong_promise_breaks_one_rule(broken: Broken, change: str, sentence: str) -> None:
    assert broken("more_massages", change) == {sentence}


def test_a_way_to_book_that_nobody_knows_is_found(broken: Broken) -> None:
    another = """insert into pub.more_massages
        select more_massages.* replace ('nightly' as design) from pub.more_massages"""

    assert broken("more_massages", another) == {"A way to book is one that is known."}
