"""The randomisation test of drawn trials, looked at more than once, and the interval that comes of turning it round.

What was randomised is what is re-drawn: with other coins the same days would have been compared the other way round. At
each look the flips of all coins are ranked by their sum of whitened residuals on the days after massages; those at the
top are rejected, as many as the look may spend, and are out at later looks (sequential re-randomisation). So the chance
that the true flip is ever among them is at most the level, exactly, if a massage does nothing at all, whatever the
memory of the days (Bojinov and Shephard 2019, Journal of the American Statistical Association 114:1665).

What a look may spend is that of O'Brien and Fleming as Lan and DeMets (1983, Biometrika 70:659) have it, in the share
of the trial's pairs that are over. The first trial of a person has the whole level, 2.5% on either side; a further
one is pooled with those before it and has a fifth of the level of the one before. However many follow, a finding either
way is made by chance in at most 6.25%, for the better in half of that.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from recovery.effects.judgement import ALPHA

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_ENUMERATED_PAIRS = 12  # 4,096 flips; with more pairs some are drawn
REDRAWS = 9999  # 999 would move a true 5% by up to one and a half percentage points, for good, with a fixed seed
FURTHER = 0.2  # of the level of the trial before; with half of it two trials found something by chance in 7.5%
TIES = 1e-9  # of a sum: what rounding makes of two that are equal
HALVINGS = 40  # of an interval


@dataclass(frozen=True)
class Contrast:
    """Weeks with a massage less weeks without, on the days after the set hour, in the metric's unit."""

    estimate: float
    ci_low: float
    ci_high: float
    p_value: float  # two-sided, of all looks so far: below 0.05 where one of them found something
    n_days: int  # measured days after the set hours
    is_enumerated: bool  # whether all flips of the coins were tried


@dataclass(frozen=True)
class Spent:
    """Where a look stands: in which trial of the person, and at what share of its pairs it and the look before it."""

    trial: int  # 0 for the first
    before: float  # share of the trial's pairs at the look before; 0 where it is the first
    now: float


@dataclass(frozen=True)
class Sums:
    """Of one look and each flip c: its sum is a[c] - d * b[c] where d is taken off the days after massages."""

    a: Floats
    b: Floats
    own_a: float  # those of the coins as they fell
    own_b: float

    @property
    def estimate(self) -> float:
        return self.own_a / self.own_b


def coin_flips(pairs: int, seed: int, redraws: int = REDRAWS) -> tuple[Floats, bool]:
    """Other ways the coins could have fallen, 1 or -1: all of them, or so many drawn ones; (flips, pairs).

    The first columns of more pairs are those of fewer pairs where both are drawn.
    """
    if pairs <= MAX_ENUMERATED_PAIRS:
        return np.array(list(product((1.0, -1.0), repeat=pairs))), True
    return np.where(np.random.default_rng(seed).random((pairs, redraws)) < 0.5, 1.0, -1.0).T, False


def spending(level: float, share: float) -> float:
    """What of a one-sided level may be spent by this share of the pairs: 2 - 2 Phi(z(level / 2) / sqrt(share))."""
    if share <= 0:
        return 0.0
    from scipy.special import ndtr, ndtri  # not loaded where a run has nothing to do

    return level if share >= 1 else float(2 * ndtr(ndtri(level / 2) / math.sqrt(share)))


def to_spend(p_value: float, look: Spent) -> float:
    """What a look may spend on one side where the two-sided level is `p_value`."""
    level = p_value / 2 * FURTHER**look.trial
    return spending(level, look.now) - spending(level, look.before)


def contrast_of(looks: Sequence[Sums], spent: Sequence[Spent], n_days: int, *, is_enumerated: bool) -> Contrast:
    """What is found at the last of the looks: its estimate, the interval that it may exclude by, p over all looks.

    The flips of every look are the same, in the same order; where all were tried the coins as they fell are one of
    them, else they are added here.
    """
    if not is_enumerated:
        looks = [
            Sums(np.append(sums.own_a, sums.a), np.append(sums.own_b, sums.b), sums.own_a, sums.own_b) for sums in looks
        ]
    mirrored = [Sums(-sums.a, -sums.b, -sums.own_a, -sums.own_b) for sums in looks]
    return Contrast(
        estimate=looks[-1].estimate,
        ci_low=_end(looks, spent, side=1),
        ci_high=_end(mirrored, spent, side=-1),
        p_value=min(1.0, _smallest_level(looks, spent), _smallest_level(mirrored, spent)),
        n_days=n_days,
        is_enumerated=is_enumerated,
    )


def _rank(sums: Floats, own: float, remain: Bools) -> int:
    """How many of the remaining flips, the true one among them, have at least as large a sum."""
    return max(1, int(np.sum(remain & (sums >= own - TIES * abs(own)))))


def _top(sums: Floats, remain: Bools, count: int) -> Bools:
    """The remaining flips with the `count` largest sums; fewer where the last of them are tied with others."""
    left = sums[remain]
    if count <= 0:
        return np.zeros(len(sums), dtype=np.bool_)
    if count >= len(left):
        return remain
    next_one = float(np.partition(left, len(left) - count - 1)[len(left) - count - 1])
    return np.asarray(remain & (sums > next_one + TIES * abs(next_one)))


def _count(p_value: float, look: Spent, flips: int) -> int:
    return math.floor(to_spend(p_value, look) * flips + 1e-9)


def _is_found(looks: Sequence[Sums], spent: Sequence[Spent], p_value: float) -> bool:
    """Whether one of the looks rejects the coins as they fell, at this two-sided level."""
    remain = np.ones(len(looks[0].a), dtype=np.bool_)
    for sums, look in zip(looks, spent, strict=True):
        count = _count(p_value, look, len(remain))
        if _rank(sums.a, sums.own_a, remain) <= count:
            return True
        remain &= ~_top(sums.a, remain, count)
    return False


def _smallest_level(looks: Sequence[Sums], spent: Sequence[Spent]) -> float:
    """The smallest two-sided level at which a look rejects: what is rejected at one level is so at higher ones."""
    if len(looks) == 1 and spent[0] == Spent(0, 0.0, 1.0):
        return 2 * _rank(looks[0].a, looks[0].own_a, np.ones(len(looks[0].a), dtype=np.bool_)) / len(looks[0].a)
    low, high = 0.0, 1.0
    if not _is_found(looks, spent, high):
        return 1.0
    for _ in range(HALVINGS // 2):
        middle = (low + high) / 2
        low, high = (low, middle) if _is_found(looks, spent, middle) else (middle, high)
    return high


def _end(looks: Sequence[Sums], spent: Sequence[Spent], *, side: int) -> float:
    """One end of the interval; `side` is -1 where the sums are mirrored, which leaves the changes as they are.

    A change is outside where, with it taken off the days after massages, the last look rejects the coins as they fell.
    """
    last, flips = looks[-1], len(looks[-1].a)
    if len(looks) == 1:
        slope = side * (last.own_b - last.b)
        with np.errstate(divide="ignore", invalid="ignore"):
            ties = np.where(slope > TIES * abs(last.own_b), (last.own_a - last.a) / (side * slope), -side * np.inf)
        count = _count(ALPHA, spent[-1], flips)
        return float(np.sort(side * ties)[count] * side) if count < flips else last.estimate
    spread = 4 * float(np.abs(last.a - last.estimate * last.b).max()) / abs(last.own_b)

    def is_outside(change: float) -> bool:
        remain = np.ones(flips, dtype=np.bool_)
        for sums, look in zip(looks[:-1], spent[:-1], strict=True):
            remain &= ~_top(sums.a - change * sums.b, remain, _count(ALPHA, look, flips))
        moved, own = last.a - change * last.b, last.own_a - change * last.own_b
        return _rank(moved, own, remain) <= _count(ALPHA, spent[-1], flips)

    outside, inside = last.estimate - side * spread, last.estimate
    if not is_outside(outside):
        return -side * math.inf
    for _ in range(HALVINGS):
        middle = (outside + inside) / 2
        outside, inside = (middle, inside) if is_outside(middle) else (outside, middle)
    return outside
