"""Whether massages of one technique, pressure, area, muscle, cause or length did something else than the others.

Exploratory: nobody declared before which kind is to decide, and of many kinds looked at some differ by chance. So there
are estimates, intervals and q-values here, and no verdict.

The model is that of the primary estimator with a window (day 0, days after) for each kind, all in one: massages of
other kinds are neither left out nor days to compare with. Kinds that exclude each other (a pressure) have a window
each. Of kinds that go together (lower back and neck in one massage) each is put beside the massages without it, for
the question is what massages with it did, not what it adds to the others. Massages that do not tell their kind keep a
window of their own and are compared with nothing.

Who books because it hurts is not to be compared with other days by this model (booked_on_pain.py). So of pain a kind
has the effect of all massages, which allows for the pain before them, and on top what this model says that it did more
than the rest of them; that pain led to a massage is the same for both. It is not where pain chose the kind: then
nothing is said of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, usual, window
from recovery.effects.gates import CHANCE_ERRORS, MAX_INFLATION, MIN_MASSAGES, beside, variance_inflation
from recovery.effects.hull import SINGLE_LOOK, hull
from recovery.effects.multiplicity import benjamini_hochberg
from recovery.effects.regression import LEAST_P, SIMULATIONS, Background, Estimate
from recovery.vocabulary.windows import DAYS_AFTER
from recovery.words import checks as sentences
from recovery.words.effects import text

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

SHORT_MIN, LONG_MIN = 45, 75  # about the usual half hour, hour and hour and a half


@dataclass(frozen=True)
class Subgroup:
    """What massages of one kind did, in the unit of the values; estimates are None where there are too few."""

    attribute: str
    level: str
    n_massages: int  # days with such a massage and measured days after it
    reason: str
    estimate: Estimate | None = None
    difference: Estimate | None = None  # from the other massages that tell their kind
    q_value: float | None = None  # of the estimate, among all that were looked at
    difference_q_value: float | None = None


@dataclass(frozen=True)
class Whole:
    """Of pain: the effect of all massages, with the pain before them allowed for, and that pain."""

    estimate: Estimate
    before: Floats  # known before any massage of the day, NaN where not told: (days) or (days, states)


def words(written: str | None) -> frozenset[str]:
    """The items of what was written, 'Lower back, neck' as two; nothing where nothing was."""
    items = (" ".join(item.split()).casefold() for item in re.split(r"[,;\n]", written or ""))
    return frozenset(item for item in items if item)


def pressure_level(pressure: float | None) -> frozenset[str]:
    """Pressure of 1 to 5 in three groups."""
    if pressure is None or not np.isfinite(pressure):
        return frozenset()
    return frozenset(["light (1-2)" if pressure <= 2 else "medium (3)" if pressure < 4 else "deep (4-5)"])


def minutes_level(minutes: float | None) -> frozenset[str]:
    """Minutes of a massage in three groups."""
    if minutes is None or not np.isfinite(minutes):
        return frozenset()
    if minutes < SHORT_MIN:
        return frozenset([f"under {SHORT_MIN} min"])
    return frozenset([f"{SHORT_MIN} to {LONG_MIN} min" if minutes <= LONG_MIN else f"over {LONG_MIN} min"])


def subgroups(
    values: Floats,
    dates: Dates,
    days: Sequence[int],
    kinds_of: Mapping[str, Sequence[frozenset[str]]],
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
    simulations: int = SIMULATIONS,
    background: Background | None = None,
    whole: Whole | None = None,
) -> list[Subgroup]:
    """Each level of each attribute with its effect and its difference from the other massages, by attribute and level.

    `values` and `dates` as in `examine` (outliers pulled in before). `days` has the position of each attended massage
    in the dates, and each list of `kinds_of` (by attribute) what it is in the same order; massages outside the dates do
    not count. `background` is that of the same values, weekday and trend, with its noise, where there is one already.
    Where the values are pain `whole` tells the effect of all massages. The q-values are those among these levels;
    `with_q_values` gives them for several metrics together.
    """
    if background is None:
        background = Background(values, usual(dates))
        is_massage = np.zeros(len(dates))
        is_massage[[day for day in days if 0 <= day < len(dates)]] = 1.0
        background.draw(window(is_massage, lags, beside(lags)), seed=seed, simulations=simulations)
    out: list[Subgroup] = []
    for attribute, kinds in kinds_of.items():
        if len(kinds) != len(days):
            raise ValueError(f"{len(days)} massages, but {len(kinds)} times {attribute}")
        by_day: dict[int, frozenset[str]] = {}
        for day, kind in zip(days, kinds, strict=True):
            if 0 <= day < len(dates):
                by_day[day] = by_day.get(day, frozenset()) | kind
        days_of = _Days(values, dates, by_day, lags, background, whole)
        out += [_of_level(attribute, level, days_of) for level in days_of.levels]
    return with_q_values(out)


def with_q_values(found: Sequence[Subgroup]) -> list[Subgroup]:
    """The same with the q-values of their estimates, and of their differences, among all of them."""
    q_values = iter(benjamini_hochberg([one.estimate.p_value for one in found if one.estimate]))
    difference_q_values = iter(benjamini_hochberg([one.difference.p_value for one in found if one.difference]))
    return [
        replace(
            one,
            q_value=float(next(q_values)) if one.estimate else None,
            difference_q_value=float(next(difference_q_values)) if one.difference else None,
        )
        for one in found
    ]


@dataclass(frozen=True)
class _Days:
    """The days of a person, and of what kinds the massages of each were by one attribute."""

    values: Floats
    dates: Dates
    kinds: Mapping[int, frozenset[str]]  # by position of the day
    lags: Sequence[int]
    background: Background
    whole: Whole | None = None

    @property
    def levels(self) -> list[str]:
        return sorted(frozenset().union(*self.kinds.values()))

    def of(self, level: str) -> Floats:
        """1 on days with a massage of the level."""
        return self._on(day for day, kinds in self.kinds.items() if level in kinds)

    def others(self, level: str) -> list[Floats]:
        """1 on days with massages of other levels, in groups with a window of their own; none of them empty."""
        if all(len(kinds) <= 1 for kinds in self.kinds.values()):
            groups = [self.of(other) for other in self.levels if other != level]
            large = [group for group in groups if self.usable(group) >= MIN_MASSAGES]
            small = [group for group in groups if self.usable(group) < MIN_MASSAGES]
            return [*large, *([np.asarray(np.sum(small, axis=0))] if small else [])]
        rest = self._on(day for day, kinds in self.kinds.items() if kinds and level not in kinds)
        return [rest] if rest.any() else []

    def untold(self) -> list[Floats]:
        """1 on days with massages that do not tell their kind; none where all do."""
        days = self._on(day for day, kinds in self.kinds.items() if not kinds)
        return [days] if days.any() else []

    def usable(self, is_massage: Floats) -> int:
        """Massages with enough measured days after them, as `gates.enough_massages` counts them."""
        is_observed = np.isfinite(self.values).astype(np.float64)
        followed = np.sum([lagged(is_observed, -lag) for lag in self.lags], axis=0)
        return int(np.sum((is_massage > 0) & (followed >= min(2, len(self.lags)))))

    def inflation(self, is_massage: Floats) -> float:
        """How much weekday and trend tell of the days after such massages: VIF."""
        return variance_inflation(np.isfinite(self.values), is_massage, self.dates, self.lags)

    def _on(self, days: Iterable[int]) -> Floats:
        out = np.zeros(len(self.dates))
        out[list(days)] = 1.0
        return out


def _of_level(attribute: str, level: str, days: _Days) -> Subgroup:
    is_level, others = days.of(level), days.others(level)
    count, other_count = days.usable(is_level), sum(days.usable(group) for group in others)
    refused = Subgroup(attribute, level, count, "")
    if count < MIN_MASSAGES:
        return replace(refused, reason=sentences.too_few_of_kind(count, MIN_MASSAGES))
    if days.inflation(is_level) > MAX_INFLATION:
        return replace(refused, reason=sentences.KIND_ON_SAME_WEEKDAY)
    if days.whole and _is_chosen_by_pain(is_level, days, days.whole):
        return replace(refused, reason=sentences.KIND_CHOSEN_BY_PAIN)
    against = ""
    if other_count < MIN_MASSAGES:
        against = sentences.too_few_others(other_count, MIN_MASSAGES)
    elif days.inflation(np.asarray(np.sum(others, axis=0))) > MAX_INFLATION:
        against = sentences.OTHERS_ON_SAME_WEEKDAY
    try:
        found = _fitted(is_level, others, days, is_compared=not against)
        further = None if against or days.untold() else found[1]
        estimate = _beside_whole(is_level, others, days, days.whole, further) if days.whole else found[0]
    except ValueError:
        return replace(refused, reason=sentences.KIND_NOT_APART)
    difference = None if against else found[1]
    return replace(refused, reason=text(sentences.EXPLORATORY, against), estimate=estimate, difference=difference)


def _is_chosen_by_pain(is_level: Floats, days: _Days, whole: Whole) -> bool:
    """Whether there was another pain before such massages than before the rest, beyond chance."""
    rest = np.zeros(len(is_level))
    rest[list(days.kinds)] = 1.0
    rest -= is_level
    for before in whole.before.reshape(len(is_level), -1).T:
        own, other = (before[(of > 0) & np.isfinite(before)] for of in (is_level, rest))
        if min(len(own), len(other)) < 2:
            continue
        error = np.sqrt(own.var(ddof=1) / len(own) + other.var(ddof=1) / len(other))
        if abs(own.mean() - other.mean()) > CHANCE_ERRORS * error:
            return True
    return False


def _beside_whole(
    is_level: Floats, others: list[Floats], days: _Days, whole: Whole, further: Estimate | None
) -> Estimate:
    """The effect of the level, the pain before massages allowed for: that of all, and what it did more than the rest.

    All massages did p e + (1 - p) r on average, where a share p are of the level with the effect e and the others had
    r. So e is that of all plus (1 - p) (e - r), and the errors of both add up. `further` is e - r where it is known.
    """
    groups = [*others, *days.untold()]
    if not groups:
        return whole.estimate
    share = float(np.sum(groups)) / float(np.sum(groups) + is_level.sum())
    further = further or _fitted(is_level, groups, replace(days, kinds={}), is_compared=True)[1]
    return hull([_plus(part, further, share) for part in whole.estimate.parts or (whole.estimate,)])


def _plus(first: Estimate, second: Estimate, share: float) -> Estimate:
    """The first and a share of the second, as if chance moved them independently."""
    from scipy.special import ndtr  # not loaded where a run has nothing to do

    size = first.estimate + share * second.estimate
    error = float(np.hypot(first.standard_error, share * second.standard_error))
    reach = float(
        np.hypot(first.critical_value * first.standard_error, share * second.critical_value * second.standard_error)
    )
    return Estimate(
        estimate=size,
        standard_error=error,
        ci_low=size - reach,
        ci_high=size + reach,
        p_value=float(max(2 * ndtr(-SINGLE_LOOK * abs(size) / reach), LEAST_P)),
        critical_value=reach / error,
        n_days=min(first.n_days, second.n_days),
    )


def _fitted(is_level: Floats, others: list[Floats], days: _Days, *, is_compared: bool) -> list[Estimate]:
    """The effect e of the level, and its difference d from the mean of the other massages, from one model.

    With windows W of the groups, their effects e_g and their shares p_g of the other massages, d = e - sum p_g e_g.
    Put in for the effect of the largest group 1, e W + sum e_g W_g becomes
    e (W + W_1 / p_1) - d W_1 / p_1 + sum over the rest of e_g (W_g - W_1 p_g / p_1).
    """
    groups = sorted(others, key=lambda group: -group.sum())
    windows = [window(group, days.lags, beside(days.lags)) for group in [is_level, *groups, *days.untold()]]
    means = [columns[:, 0] for columns in windows]
    free = [columns[:, 1:] for columns in windows]
    if is_compared:
        sizes = [float(group.sum()) for group in groups]
        largest = means[1] / (sizes[0] / sum(sizes))
        rest = [mean - largest * size / sum(sizes) for mean, size in zip(means[2:], sizes[1:], strict=False)]
        means = [means[0] + largest, -largest, *rest, *means[len(sizes) + 1 :]]
    columns = np.column_stack([*means, *free])
    return days.background.fit(columns, wanted=2 if is_compared else 1)
