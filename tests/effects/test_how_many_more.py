"""How many more massages it takes: the promise is kept as often as it says, and follows what is known."""

from dataclasses import replace

import numpy as np
import pytest

from recovery.effects.boundaries import boundary, finding_boundaries
from recovery.effects.how_many_more import MAX_WEEKS, PRIOR_DEVIATION, PRIOR_MEAN, Now, how_many_more

OPEN = Now(
    size=0.2, error=0.15, critical=1.96, worth=0.3, massages=20, per_week=1.0,
    level=0.045, exclusion_boundary=boundary(0.0125), to_exclude=0.3,
)  # fmt: skip


def test_half_of_the_people_have_their_answer_before_four_in_five() -> None:
    found = how_many_more(OPEN)

    assert found.low is not None
    assert found.high is not None
    assert 1 <= found.low < found.high <= MAX_WEEKS
    assert found.weeks == found.high
    assert found.chance >= 0.8


def test_the_same_is_said_again_and_in_any_unit() -> None:
    in_steps = replace(OPEN, size=2500 * OPEN.size, error=2500 * OPEN.error, worth=750, to_exclude=750)

    assert how_many_more(OPEN) == how_many_more(OPEN) == how_many_more(in_steps)


def test_an_estimate_just_under_the_boundary_needs_few() -> None:
    found = how_many_more(replace(OPEN, size=0.39))

    assert found.low is not None
    assert found.low <= 3


def test_a_number_that_varies_too_much_is_not_told_within_two_years() -> None:
    found = how_many_more(replace(OPEN, size=0.1, error=1.5, per_week=0.25))

    assert (found.low, found.high, found.weeks) == (None, None, None)
    assert found.chance < 0.5


def test_where_two_years_hold_no_massage_nothing_is_promised() -> None:
    assert how_many_more(replace(OPEN, per_week=0.005)).chance == 0.0


@pytest.mark.parametrize(
    "harder",
    [
        {"level": 0.005 / 3},
        {"to_exclude": None},
        {"to_exclude": 0.15, "size": 0.02},
        {"growth": 0.5},
        {"weeks_efficiency": 0.2},
        {"critical": 2.5},
    ],
)
def test_whatever_makes_it_harder_takes_more(harder: dict[str, float | None]) -> None:
    easy, hard = (how_many_more(replace(OPEN, **{"size": harder.get("size", 0.2), **told})) for told in ({}, harder))

    assert easy.high is not None
    assert hard.high is None or hard.high > easy.high


def test_nothing_is_said_before_the_twelfth_massage() -> None:
    found = how_many_more(replace(OPEN, size=3.0, massages=8))

    assert found.low == 4


@pytest.mark.slow
def test_of_people_like_the_model_four_in_five_have_their_answer_by_then() -> None:
    random, kept, soon = np.random.default_rng(1), [], []
    for _ in range(150):
        true = OPEN.worth * (PRIOR_MEAN + PRIOR_DEVIATION * random.standard_normal())
        information = OPEN.massages / 20 / OPEN.error**2 * np.arange(20, 125) / 20
        gained = np.diff(information, prepend=0)
        score = np.cumsum(true * gained + np.sqrt(gained) * random.standard_normal(len(gained)))
        size, root = score / information, np.sqrt(information)
        boundaries = finding_boundaries(OPEN.level, np.arange(20, 125))
        said = (size * root >= boundaries) & (size >= OPEN.worth / 2)
        said |= (OPEN.worth - size) * root >= OPEN.exclusion_boundary
        if said[0]:
            continue
        found = how_many_more(replace(OPEN, size=float(size[0]), has_checks=False))
        if found.high is not None:
            kept.append(said[: found.high + 1].any())
        if found.low is not None:
            soon.append(said[: found.low + 1].any())

    assert len(kept) > 40
    assert np.mean(kept) == pytest.approx(0.8, abs=0.12)
    assert np.mean(soon) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("odd", [{"critical": 0.6}, {"growth": -0.2}])
def test_more_massages_never_take_information_away(odd: dict[str, float]) -> None:
    more = how_many_more(replace(OPEN, **odd))  # a warning would fail it

    assert 0 <= more.chance <= 1
