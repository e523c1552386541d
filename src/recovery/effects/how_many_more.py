"""How many more massages it takes until something is said: the looks to come, run ahead from what is known now.

The true effect is drawn from what the last look left possible, and the estimate is carried on from look to look, as
the information grows with each massage booked the same way. What counts is what will count: the boundary of a finding
and that of ruling a change worth having out, at least half of a change worth having, the check of the days before
massages and that of whole weeks (the predictive probability of Spiegelhalter, Freedman and Blackburn 1986, Controlled
Clinical Trials 7:8, with the boundaries in place of one last test). Half of the people like this one have their answer
by `low`, four in five by `high`. How often that came true: docs/calibration.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.boundaries import FIRST_LOOK, LAST_LOOK, SINGLE_LOOK, finding_boundaries
from recovery.effects.direction import HALF
from recovery.effects.gates import LEAD_P
from recovery.effects.weeks import MIN_Z

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EVEN, LIKELY = 0.5, 0.8  # of people like this one that have their answer
PRIOR_MEAN, PRIOR_DEVIATION = 0.5, 0.6  # changes worth having: true effects before anything is known; ours, no source
MAX_WEEKS = 104  # that anybody would wait for
PATHS = 600  # the 80% is then good to 1.6 points
LEAD_Z = 1.645  # two-sided, of LEAD_P


@dataclass(frozen=True)
class Now:
    """What is known at the last look; sizes in the number's unit with better as positive."""

    size: float
    error: float  # standard error
    critical: float  # of |size / error| at one look
    worth: float  # above 0
    massages: int  # with days after them
    per_week: float  # massages, as they are booked
    level: float  # the part of the error that a finding may spend
    exclusion_boundary: float
    to_exclude: float | None  # the change that is to be ruled out; None where nothing may be
    weeks_efficiency: float = 1.0  # information of the check of whole weeks, as a share of the estimate's
    growth: float = 1.0  # information of a massage to come, as a multiple of one so far
    has_checks: bool = True  # whether the days before massages and whole weeks are asked


@dataclass(frozen=True)
class More:
    """How many more massages until something is said; None where two years are not enough."""

    low: int | None  # for half of the people like this one
    high: int | None  # for four in five
    per_week: float
    chance: float  # that something is said within two years

    @property
    def weeks(self) -> int | None:
        """Until `high`, at the pace so far."""
        return None if self.high is None else int(np.ceil(self.high / self.per_week))


def how_many_more(now: Now, *, seed: int = 0) -> More:
    """The number of further massages after which an answer is there; the same input gives the same numbers."""
    count = int(min(LAST_LOOK - now.massages, np.floor(MAX_WEEKS * now.per_week)))
    if count < 1:
        return More(None, None, now.per_week, 0.0)
    by = np.maximum.accumulate(_is_said(now, count, seed), axis=1).mean(axis=0)
    return More(_first(by >= EVEN), _first(by >= LIKELY), now.per_week, float(by[-1]))


def _first(reached: Bools) -> int | None:
    return int(np.argmax(reached)) + 1 if reached.any() else None


def _is_said(now: Now, count: int, seed: int) -> Bools:
    """Whether a look after so many further massages finds or excludes something: (paths, massages)."""
    random = np.random.default_rng(seed)
    massages = now.massages + np.arange(count + 1)
    information = _information(now, massages)
    known_before = 1 / (PRIOR_DEVIATION * now.worth) ** 2
    precision = information[0] + known_before
    mean = (now.size * information[0] + PRIOR_MEAN * now.worth * known_before) / precision
    true = mean + random.standard_normal((PATHS, 1)) / np.sqrt(precision)
    start = np.full(PATHS, now.size * np.sqrt(information[0]))
    z = _carried_on(random, start, information, true)
    root = np.sqrt(information[1:])
    size = z / root
    said = (z >= finding_boundaries(now.level, massages[1:])) & (size >= HALF * now.worth)
    if now.has_checks:
        own = _carried_on(random, random.standard_normal(PATHS), information)
        share = now.weeks_efficiency
        said &= np.sqrt(share) * z + np.sqrt(1 - share) * own >= MIN_Z
        before = _normal_quantile(random.uniform(LEAD_P / 2, 1 - LEAD_P / 2, PATHS))  # it passes now
        said &= np.abs(_carried_on(random, before, information)) < LEAD_Z
    if now.to_exclude is not None:
        said |= (now.to_exclude - size) * root >= now.exclusion_boundary
    return np.asarray(said & (massages[1:] >= FIRST_LOOK))


def _information(now: Now, massages: NDArray[np.int64]) -> Floats:
    """One over the variance of the estimate, the critical value's excess over 1.96 taken as a wider error.

    Never less than after fewer massages: a critical value far below 1.96 would have it fall.
    """
    further = massages - now.massages
    raw = (now.massages + now.growth * further) / now.massages / now.error**2
    excess = now.critical / SINGLE_LOOK - 1
    return np.asarray(np.maximum.accumulate(raw / (1 + excess * now.massages / massages) ** 2))


def _carried_on(random: np.random.Generator, start: Floats, information: Floats, true: Floats | float = 0.0) -> Floats:
    """z at each further look, of z now (paths) and the true size (paths, 1): (paths, looks)."""
    gained = np.diff(information)
    steps = true * gained + np.sqrt(gained) * random.standard_normal((len(start), len(gained)))
    score = np.sqrt(information[0]) * start[:, None] + np.cumsum(steps, axis=1)
    return np.asarray(score / np.sqrt(information[1:]))


def _normal_quantile(probability: Floats) -> Floats:
    from scipy.special import ndtri  # not loaded where a run has nothing to do

    return np.asarray(ndtri(probability))
