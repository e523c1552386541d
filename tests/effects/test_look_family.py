"""Since when what is said of a metric stands, from the looks at it; a change worth having is 1."""

from datetime import date, timedelta

import pytest

from recovery.effects.boundaries import Family, finding_boundary
from recovery.effects.look_family import (
    Found,
    Primary,
    Since,
    ever_found,
    level_of,
    said_of_family,
    since,
)
from recovery.effects.look_series import Evidence
from recovery.effects.regression import Estimate
from recovery.vocabulary.verdicts import Certainty, Word

FIRST = date(2024, 5, 6)
FAMILY = Family(("steps",))


def looks(*sizes: float | None, metric: str = "steps") -> Primary:
    """Looks a week apart with an error of 0.25; None stands for a refusal."""
    found = [
        Found(
            FIRST + timedelta(days=7 * number),
            number + 1,
            12 + number,
            Evidence(None, failed=("enough days",))
            if size is None
            else Evidence(Estimate(size, 0.25, size - 0.49, size + 0.49, 0.5, 1.96, 200), 1.0, may_exclude=True),
        )
        for number, size in enumerate(sizes)
    ]
    return Primary(metric, "up", found)


def dates(*sizes: float | None) -> tuple[int | None, int | None]:
    """The numbers of the looks that made and took back what stands, from 1."""
    found: Since = since(list(said_of_family([looks(*sizes)], FAMILY)))
    return found.first and found.first.number, found.taken_back and found.taken_back.number


@pytest.mark.parametrize(
    ("sizes", "first", "taken_back"),
    [
        ((0.5, 0.6), None, None),  # never anything
        ((1.2, 0.8, 0.6), 1, None),  # found, kept
        ((0.5, 1.2, 0.45, 0.6), None, 3),  # withdrawn
        ((1.2, 0.45, 0.6, 1.2, 0.9), 4, None),  # found again: since then
        ((0.1, 0.2), 1, None),  # ruled out
        ((0.1, 1.1), 2, None),  # found after it was ruled out
        ((1.2, 0.1), 2, None),  # withdrawn and ruled out at once
        ((1.2, None), 1, None),
    ],
)
def test_since_when_it_stands(sizes: tuple[float | None, ...], first: int | None, taken_back: int | None) -> None:
    assert dates(*sizes) == (first, taken_back)


def test_a_look_without_an_answer_says_that_it_cannot_tell_and_takes_nothing_back() -> None:
    said = list(said_of_family([looks(1.2, None, 0.8)], FAMILY))

    assert [(one.word, one.certainty) for one in said] == [
        (Word.BETTER, Certainty.CLEAR),
        (Word.UNKNOWN, Certainty.CANNOT_TELL),
        (Word.BETTER, Certainty.CLEAR),
    ]


def test_a_withdrawn_finding_counts_on_for_the_boundaries_of_the_others() -> None:
    family = Family(("steps", "pain"))  # nobody named one: 2.94 at the 14th massage, 2.66 once the other was found
    said = list(
        said_of_family([looks(1.2, 0.45, 0.45), looks(0.45, 0.45, 0.69, metric="pain")], family)
    )  # z 2.76 at last

    assert [one.said.event for one in said if one.metric == "steps"][:2] == ["found", "withdrawn"]
    assert [one.said.event for one in said if one.metric == "pain"] == ["none", "none", "found"]
    assert ever_found(said) == {"steps", "pain"}
    assert ever_found(said[:4]) == {"steps"}


def test_a_look_asks_the_boundary_of_as_many_massages_as_it_has() -> None:
    said = list(said_of_family([looks(*[0.65] * 30)], FAMILY))  # z 2.6

    assert [one.found.massages for one in said if one.said.event == "found"] == [17]  # 2.62 with 16, 2.58 with 17
    assert said[-1].look is not None
    assert said[-1].look.boundary == finding_boundary(0.05, 41)


def test_a_number_beside_the_main_one_is_found_sooner_once_the_main_one_was() -> None:
    family = Family(("steps", "pain", "mood", "rest_share"), main="steps")
    beside = looks(*[0.8] * 12, metric="pain")  # z 3.2, under 3.43 of the 40th massage

    alone = list(said_of_family([beside], family))
    together = list(said_of_family([looks(*[1.2] * 12), beside], family))

    assert {one.said.event for one in alone} == {"none"}
    assert "found" in {one.said.event for one in together if one.metric == "pain"}


def test_each_number_has_the_smallest_part_of_the_families_that_were_in_force() -> None:
    holm, named = Family(("steps", "pain")), Family(("steps", "pain"), main="pain")

    assert level_of("pain", [holm, named], ()) == 0.025
    assert level_of("pain", [named], ()) == 0.045
    assert level_of("pain", [holm], {"steps"}) == 0.05
    assert level_of("pain", [holm], {"pain", "mood"}) == 0.025  # itself, and one of another
