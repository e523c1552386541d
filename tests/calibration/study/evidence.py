"""What the looks at a person find, as it is kept in the files of results; what is said of it is spoken later.

Most looks lie far from any boundary, and the next one is much like them. So looks are computed that are a quarter of
their massages apart, and those between two of them only where something could have changed: where the two lie on
different sides of a boundary that the cell asks about, or one lies near it. From m to n massages z moves by the square
root of 1 - m / n; where both ends are 1.5 of that away from a boundary, z comes there and back with a chance of 1%.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from recovery.answers.metric import seed_of
from recovery.effects.boundaries import FAMILY, boundary, finding_boundary
from recovery.effects.hull import hull, z_above
from recovery.effects.look_series import Booked, Diary, Evidence, LookDay, LookSeries
from recovery.effects.looks import HALF
from recovery.effects.prepare import Measured
from recovery.effects.regression import Estimate
from recovery.vocabulary.metrics import Direction

from .people import Outcome, Person

STEP = 1.25  # massages at a look over those at the one before
NEAR = 1.5  # standard deviations of what z moves by from the one look to the other
OF_MAIN, OF_OTHERS = FAMILY, FAMILY / 3  # of the error, at most, for a finding; by the order of the main metrics
OF_EXCLUSION = boundary(FAMILY / 4)

FINDING, EXCLUSION, WORSE = range(3)  # the boundaries; a cell asks about some of them
ALL = (FINDING, EXCLUSION, WORSE)
OF_DIARY = ("pain", "mood", "medication_doses")  # no device measures them

Row = list[
    Any
]  # massages, day, [[estimate, error, critical value], ...], worth, failed checks, may exclude, builds up, has, may


def series_of(person: Person, outcome: Outcome) -> LookSeries:
    """The series as the program looks at it, with the program's seed of this metric."""
    pain: np.ndarray | None = person.pain
    if not np.isfinite(person.pain).any():
        pain = None
    elif outcome.lags == (0,):
        pain = np.concatenate([[np.nan], person.pain[:-1]])
    return LookSeries(
        Measured(outcome.values, outcome.sources, has_device=outcome.metric not in OF_DIARY),
        Booked(outcome.is_massage, person.dates),
        Diary(pain, ratings=person.ratings if outcome.metric == "pain" else None),
        seed=seed_of(outcome.metric),
        lags=outcome.lags,
    )


def asked_about(effect: str) -> tuple[int, ...]:
    """The boundaries that the cells of an effect are asked about."""
    return {"none": (FINDING, WORSE), "worth": (FINDING, EXCLUSION), "build-up": (EXCLUSION,)}.get(effect, (FINDING,))


def evidence(person: Person, outcome: Outcome, *, asked: Sequence[int] = ALL, all_looks: bool = False) -> list[Row]:
    """A row for each look that was computed, the first one first."""
    series = series_of(person, outcome)
    looks = series.looks
    level = OF_MAIN if outcome is person.outcomes[0] else OF_OTHERS
    found = computed(
        looks,
        lambda look: _at(series, look, person, outcome),
        outcome.better,
        asked=asked,
        level=level,
        everywhere=all_looks,
    )
    return [row_of(looks[place], one) for place, one in sorted(found.items())]


def last_row(person: Person, outcome: Outcome) -> list[Row]:
    """The row of the last look alone; none where there is no look."""
    return rows_at(person, outcome, series_of(person, outcome).looks[-1:])


def rows_at(person: Person, outcome: Outcome, looks: Sequence[LookDay]) -> list[Row]:
    """The rows of these looks, each of them computed."""
    series = series_of(person, outcome)
    return [row_of(look, _at(series, look, person, outcome)) for look in looks]


def _at(series: LookSeries, look: LookDay, person: Person, outcome: Outcome) -> Evidence:
    try:
        return series.at(look, outcome.better, person.worth_of(outcome, look.day + 1))
    except (ArithmeticError, ValueError, np.linalg.LinAlgError):
        return Evidence(None, failed=("computed",))


def computed(
    looks: Sequence[LookDay],
    at: Callable[[LookDay], Evidence],
    better: Direction,
    *,
    asked: Sequence[int] = ALL,
    level: float = OF_MAIN,
    everywhere: bool = False,
) -> dict[int, Evidence]:
    """The evidence by the place of the look, of all looks at which what is said could change."""
    if not looks:
        return {}
    places = [*range(len(looks))] if everywhere else [0]
    while places[-1] < len(looks) - 1:
        wanted = STEP * looks[places[-1]].massages
        later = [place for place in range(places[-1] + 1, len(looks)) if looks[place].massages <= wanted]
        places.append(later[-1] if later else places[-1] + 1)
    found = {place: at(looks[place]) for place in places}
    gaps = list(pairwise(places))
    while gaps:
        first, last = gaps.pop()
        near = NEAR * (1 - looks[first].massages / looks[last].massages) ** 0.5
        ends = [(found[place], finding_boundary(level, looks[place].massages)) for place in (first, last)]
        if last - first < 2 or _is_quiet(ends, better, asked, near):
            continue
        middle = (first + last) // 2
        found[middle] = at(looks[middle])
        gaps += [(first, middle), (middle, last)]
    return found


def _is_quiet(ends: Sequence[tuple[Evidence, float]], better: Direction, asked: Sequence[int], near: float) -> bool:
    """Whether nothing that is said can have changed between two looks and changed back.

    Each of the two comes with its boundary of a finding.
    """
    first, last = (one for one, _ in ends)
    if first.estimate is None or last.estimate is None or not first.worth or not last.worth:
        return (first.estimate is None) == (last.estimate is None)
    margins = np.array([_margins(one, better, of_finding) for one, of_finding in ends])[:, asked]
    is_same_side = (margins[0] > 0) == (margins[1] > 0)
    if not np.all(is_same_side & (np.abs(margins).min(axis=0) >= near)):
        return False
    sign = 1 if better == "up" else -1
    sizes = [sign * one.estimate.estimate / one.worth for one in (first, last) if one.estimate and one.worth]
    is_below = FINDING not in asked or margins[0, list(asked).index(FINDING)] < 0
    return is_below or (first.failed == last.failed and min(sizes) > 1.3 * HALF)


def _margins(one: Evidence, better: Direction, of_finding: float) -> tuple[float, float, float]:
    """How far z lies above the boundary of a finding, of an exclusion, and of the wrong way."""
    if one.estimate is None or one.worth is None:
        raise ValueError("a look without an estimate has no z")
    other: Direction = "down" if better == "up" else "up"
    return (
        z_above(one.estimate, 0.0, better) - of_finding,
        z_above(one.estimate, -one.worth, other) - OF_EXCLUSION,
        z_above(one.estimate, 0.0, other) - of_finding,
    )


def row_of(look: LookDay, one: Evidence) -> Row:
    """As JSON has it."""
    parts = one.estimate and [
        [_short(part.estimate), _short(part.standard_error), _short(part.critical_value)]
        for part in one.estimate.parts or (one.estimate,)
    ]
    return [
        look.massages,
        look.day,
        parts,
        one.worth and _short(one.worth),
        list(one.failed),
        one.may_exclude,
        one.builds_up,
        one.has_built_up,
        one.may_build_up,
    ]


def evidence_of(row: Row) -> Evidence:
    """And back."""
    _, _, parts, worth, failed, may_exclude, builds_up, *further = row
    estimate = hull([_estimate(*part) for part in parts]) if parts else None
    return Evidence(estimate, worth, tuple(failed), may_exclude, builds_up, *further)


def _estimate(size: float, error: float, critical: float) -> Estimate:
    return Estimate(size, error, size - critical * error, size + critical * error, 1.0, critical, 0)


def _short(number: float) -> float:
    return float(f"{number:.6g}")
