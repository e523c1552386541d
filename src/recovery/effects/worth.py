"""What change is worth having for one person, where the figure comes from, and whether the person can reach it.

A figure of the person's own goes first. Of pain it is a share of the usual pain, which is looked up once and kept, so
that the question does not change with the answer. Else it is the figure of the metric, from published studies. The
rules and their sources stand in docs/decisions/0034-worth-having.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.design import lagged
from recovery.effects.gates import MIN_REFERENCE_DAYS
from recovery.effects.judgement import assumed_worthwhile
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.metrics import Better
from recovery.vocabulary.worth import WorthFrom
from recovery.words import numbers
from recovery.words import worth as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

YEAR = 365  # days that the usual is taken from, and after which it is looked up anew
MIN_USUAL_DAYS = MIN_REFERENCE_DAYS  # two weeks of measured days
RELIEF_SHARE = 0.3  # of the usual pain: Ostelo 2008 (30% of one's own), Salaffi 2004, IMMPACT 2008
MIN_RELIEF, MAX_RELIEF = 0.5, 2.0  # points of 10; half a point can be told apart, 2 points is Ostelo's figure for all
MIN_USUAL_PAIN = 1.0  # points of 10; below, half a point is more than half of the pain
SHARES_BESIDE = (0.15, 0.5)  # of the usual pain, shown beside (Olsen 2017; IMMPACT 2008: substantial)
MAX_GOAL_SHARE = 0.5  # of the usual pain; a goal above is warned of
AWAY = range(-1, 8)  # days around a massage, outside of which nothing of it is felt, nor of the choice of its date
BESIDE = range(-1, 4)  # the same where massages come every week: the days the answer is about, and the day before
LEAST: dict[str, float] = {"mood": 1.0, "mood_valence": -1.0}  # of scales that do not begin with 0
MOST: dict[str, float] = {"mood": 5.0, "mood_valence": 1.0}
MOST_OF_UNIT: dict[str, float] = {"share": 1.0, "yes/no": 1.0, "score": 100.0, "index": 100.0}


@dataclass(frozen=True)
class Usual:
    """The mean of a person's days away from massages, and which days those are."""

    value: float
    n_days: int
    around: Sequence[int] | None  # days around massages that are left out; None: all days count
    n_away: int  # days outside AWAY, also where they were too few
    until: date  # the last day that may count
    is_kept: bool  # False before the first look: every new day still counts


@dataclass(frozen=True)
class Worth:
    """The smallest change worth having of one metric of one person."""

    size: float | None  # in the metric's unit; None where nothing is known, not even how much the days vary
    origin: WorthFrom
    source: str  # the same in words
    usual: float | None = None  # mean of the days away from massages
    out_of_reach: str = ""  # why the person cannot change by so much; '' where they can


def first_look(values: Floats, is_massage: Floats, lags: Sequence[int]) -> int | None:
    """The day on which the 12th massage with enough measured days after it has its last one; None before."""
    followed = np.sum([lagged(np.isfinite(values).astype(np.float64), -lag) for lag in lags], axis=0)
    usable = np.flatnonzero((is_massage > 0) & (followed >= min(2, len(lags)))) + max(lags)
    complete = usable[usable < len(values)]
    return int(complete[FIRST_LOOK - 1]) if len(complete) >= FIRST_LOOK else None


def usual(values: Floats, is_massage: Floats, dates: Dates, lags: Sequence[int]) -> Usual | None:
    """What is usual away from massages: of the year before the first look, and of later years when they are over.

    `values` are NaN on days that do not count. Days -1 to +7 of a massage are left out; where fewer than two weeks of
    measured days remain, days -1 to +3 alone; where those are too few too, none. None with fewer than two weeks of
    measured days. Before the first look all days so far count.
    """
    looked = first_look(values, is_massage, lags)
    last = len(values) - 1
    if looked is None:
        return _usual_until(values, is_massage, dates, last, is_kept=False)
    found = None
    for day in range(looked, last + 1, YEAR):
        found = _usual_until(values, is_massage, dates, day, is_kept=True) or found
    return found or _usual_until(values, is_massage, dates, last, is_kept=False)


def _usual_until(values: Floats, is_massage: Floats, dates: Dates, last: int, *, is_kept: bool) -> Usual | None:
    """The mean of the last year up to a day."""
    days = slice(max(0, last + 1 - YEAR), last + 1)
    is_away = ~_is_around(is_massage, AWAY)[days]
    seen = values[days]
    n_away = int(np.isfinite(seen[is_away]).sum())
    for around, is_in in _steps(is_massage, days):
        counted = seen[is_in & np.isfinite(seen)]
        if len(counted) >= MIN_USUAL_DAYS:
            until: Any = dates[last].astype("datetime64[D]").astype(object)
            return Usual(float(counted.mean()), len(counted), around, n_away, until, is_kept)
    return None


def _steps(is_massage: Floats, days: slice) -> Iterator[tuple[Sequence[int] | None, Bools]]:
    """Which days count, the best choice first."""
    for around in (AWAY, BESIDE):
        yield around, ~_is_around(is_massage, around)[days]
    yield None, np.ones(len(is_massage[days]), dtype=np.bool_)


def _is_around(is_massage: Floats, around: Sequence[int]) -> Bools:
    return np.asarray(np.sum([lagged(is_massage, lag) for lag in around], axis=0) > 0)


def worth(
    metric: str,
    unit: str,
    better: Better,
    found: Usual | None,
    *,
    deviation: float = float("nan"),
    goal: float | None = None,
    general: float | None = None,
    general_source: str = "",
) -> Worth:
    """The change worth having of one metric of one person, whose usual is `found`.

    `goal` is the person's own, `general` the metric's from studies with its source; each None where there is none.
    `deviation` is that of the days, NaN where it is not known.
    """
    if goal is not None:
        told = Worth(goal, WorthFrom.GOALS, words.OWN)
    elif metric in PAIN and found is not None:
        source = words.of_usual(
            numbers.level(found.value, unit, metric), found.n_days, found.n_away, found.until,
            left_out=found.around[-1] if found.around else None, is_kept=found.is_kept,
        )  # fmt: skip
        told = Worth(relief_worth_having(found.value), WorthFrom.USUAL, source)
    elif general is not None:
        told = Worth(general, WorthFrom.METRIC, words.of_metric(general_source))
    else:
        size = assumed_worthwhile(deviation) if deviation > 0 else None
        told = Worth(size, WorthFrom.VARIATION, words.OF_VARIATION)
    if found is None:
        return told
    return replace(told, usual=found.value, out_of_reach=_out_of_reach(metric, unit, better, found, told))


def relief_worth_having(usual_pain: float) -> float:
    """30% of the usual pain, at least half a point and at most two."""
    return min(MAX_RELIEF, max(MIN_RELIEF, RELIEF_SHARE * usual_pain))


def is_too_much(goal: float, usual_pain: float) -> bool:
    """Whether a goal of the person's own asks for more than half of the usual pain."""
    return goal > MAX_GOAL_SHARE * usual_pain


def _out_of_reach(metric: str, unit: str, better: Better, found: Usual, told: Worth) -> str:
    """Why a person cannot change by so much; '' where they can."""
    if told.size is None or better == "none":
        return ""
    level = numbers.level(found.value, unit, metric)
    if told.origin is WorthFrom.USUAL and found.value < MIN_USUAL_PAIN:
        return words.too_little_pain(level)
    if better == "down":
        room = found.value - LEAST.get(metric, 0.0)
    else:
        room = MOST.get(metric, MOST_OF_UNIT.get(unit, float("inf"))) - found.value
    if told.size <= room:
        return ""
    return words.out_of_reach(numbers.size(told.size, unit, metric, is_exact=told.origin.is_exact), level)
