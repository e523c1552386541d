"""What each look at one series finds, from the days up to that look alone.

A look comes with each massage that has its days after it complete and enough of them measured, from the twelfth such
massage on. Nothing later than the last of these days is used, so a look of last year is the same whenever it is
computed from the same days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recovery.effects import circumstances, gates, history, jumps, randomisation
from recovery.effects.booked_on_pain import Ratings, ToldPain, rated_before, told_pain
from recovery.effects.boundaries import FAMILY, FIRST_LOOK, LAST_LOOK, boundary
from recovery.effects.build_up import is_build_up, is_slow_benefit_possible, slow_benefits, trend
from recovery.effects.design import lagged, usual, weekdays, window, winsorised, without_weekday_and_trend
from recovery.effects.examine import MIN_DIARY_SHARE, levelled
from recovery.effects.hull import z_above, z_below
from recovery.effects.judgement import UNTOLD_SHARE
from recovery.effects.levels import Levels, levels
from recovery.effects.noise import Whitener, grid_whitener
from recovery.effects.regression import Background, Estimate
from recovery.effects.wear import WEAR, worn_alike
from recovery.effects.weeks import between_weeks
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
Dates = NDArray[np.datetime64]

SIMULATIONS = 99  # the 95% point is then good to one percent, and errs to the same side at neighbouring looks
WEEKS = "weeks vary"  # the name of the weeks gate, beside those of `gates`
LEAST_BOUNDARY = boundary(FAMILY)  # nothing is said of an estimate nearer than this


@dataclass(frozen=True)
class LookDay:
    """When a look takes place."""

    number: int  # 1 at the first look
    day: int  # position of the last day that counts
    massages: int  # that can be used up to then


@dataclass(frozen=True)
class Evidence:
    """What a look found: the estimate that counts, None where a gate refused one, and the checks that failed."""

    estimate: Estimate | None
    worth: float | None = None  # the change worth having, in the unit of the series; None where nobody knows
    failed: tuple[str, ...] = ()  # names of checks; a finding needs all of them to pass
    may_exclude: bool = False  # whether the dates and the diary allow to rule a change worth having out
    builds_up: bool = False  # whether the number gets better over the massages, by half of a change worth having
    has_built_up: bool = False  # by all of one
    may_build_up: bool = False  # whether a benefit that builds up over weeks may be worth having; False if not asked


def complete_days(is_observed: Bools, is_massage: Floats, lags: Sequence[int] = DAYS_AFTER) -> Integers:
    """The last day of the days after each massage of which enough are measured, where the record reaches so far."""
    followed = np.sum([lagged(is_observed.astype(np.float64), -lag) for lag in lags], axis=0)
    usable = np.flatnonzero((is_massage > 0) & (followed >= min(2, len(lags)))) + max(lags)
    return usable[usable < len(is_massage)]


def look_days(is_observed: Bools, is_massage: Floats, lags: Sequence[int] = DAYS_AFTER) -> list[LookDay]:
    """The looks at a series, the first one first; massages whose days after them are not complete come later."""
    return [
        LookDay(count - FIRST_LOOK + 1, int(day), count)
        for count, day in enumerate(complete_days(is_observed, is_massage, lags), 1)
        if FIRST_LOOK <= count <= LAST_LOOK
    ]


class LookSeries:
    """One series (days), NaN on days that do not count, with what is needed to look at it again and again.

    `pain` is that of the morning, before any massage of the day; None without a diary. The arguments are those of
    `examine`, of `levels.levels` those that tell devices apart; `told` is that of `circumstances.coincidences`,
    `worn_min` that of `wear.worn_alike`, None where the number does not follow the time a device is worn. With
    `has_device` a jump that nobody told of gets a level of its own from the look on at which it can be seen.
    """

    def __init__(
        self,
        values: Floats,
        is_massage: Floats,
        dates: Dates,
        pain: Floats | None = None,
        *,
        seed: int,
        lags: Sequence[int] = DAYS_AFTER,
        is_pain_of_morning: bool = True,
        ratings: Ratings | None = None,
        is_before: bool = False,
        sources: Integers | None = None,
        firmwares: Integers | None = None,
        told: Mapping[str, Floats] | None = None,
        worn_min: Floats | None = None,
        has_device: bool = False,
    ) -> None:
        self._values, self._is_massage, self._dates, self._pain = values, is_massage, dates, pain
        self._seed, self._lags, self._is_pain_of_morning = seed, lags, is_pain_of_morning
        self._ratings, self._is_before = ratings, is_before
        self._sources = np.zeros(len(values), dtype=np.int64) if sources is None else sources
        self._firmwares, self._told = firmwares, told or {}
        self._worn_min, self._has_device = worn_min, has_device
        self._is_observed = np.isfinite(values)

    @cached_property
    def looks(self) -> list[LookDay]:
        return look_days(self._is_observed, self._is_massage, self._lags)

    def at(self, look: LookDay, better: Direction, worth_of: Callable[[float], float | None]) -> Evidence:
        """What the days up to the look say; `worth_of` gives the change worth having of the deviation of the days."""
        days = look.day + 1
        is_massage, dates = self._is_massage[:days], self._dates[:days]
        devices = self._devices(days)
        values = np.where(devices.is_kept, self._values[:days], np.nan)
        ratings = self._ratings_until(days)
        rated = rated_before(ratings, is_massage, dates) if ratings else None
        asked = [devices.gate, *gates.refusals(values, is_massage, dates, self._lags, before=rated)]
        refused = tuple(gate.name for gate in asked if not gate.passed)
        if refused:
            return Evidence(None, failed=refused)
        around = window(is_massage, self._lags, gates.beside(self._lags))
        known_levels = devices.columns
        if self._has_device:
            _, known_levels = jumps.with_jump(values, around, dates, known_levels)
        known = np.column_stack([usual(dates), known_levels])
        kept = winsorised(values, np.column_stack([known, around]))  # a large effect is no outlier
        background = Background(kept, known, None if devices.n_dropped else self._filters.first(days))
        try:
            background.draw(around, seed=self._seed, simulations=SIMULATIONS)
            plain, before = background.fit_beside(around, gates.days_before(is_massage))
        except ValueError:  # the days around massages are all there are
            return Evidence(None, failed=(gates.ENOUGH_REFERENCE,))
        change = trend(kept, is_massage, known_levels)
        if known_levels.shape[1]:  # what follows knows of weekday and trend alone
            kept = levelled(kept, np.column_stack([around, known]), known_levels.shape[1])
        is_observed = np.isfinite(kept)
        left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
        worth = worth_of(float(np.std(left[is_observed])))
        so_far = _SoFar(kept, is_massage, dates, background, plain, before.p_value >= gates.LEAD_P, worth, better)
        found, led = self._of_pain(so_far, ratings) if ratings else self._of_other(so_far)
        estimate = found.estimate
        if estimate is None:
            return found
        so_far_told = {name: told[:days] for name, told in self._told.items()}
        if beside := circumstances.failed(so_far_told, is_massage, dates):
            found = replace(found, failed=(*found.failed, *beside), may_exclude=False)
        weeks = between_weeks(kept, is_massage, dates, lags=self._lags, towards=estimate.estimate, allowing_for=led)
        if not weeks.passed:
            found = replace(found, failed=(WEEKS, *found.failed))
        if not self._is_worn_alike(so_far, found, estimate):
            found = replace(found, failed=(*found.failed, WEAR), may_exclude=False)
        return replace(
            found,
            builds_up=is_build_up(change, better, worth),
            has_built_up=is_build_up(change, better, worth, share=1.0),
            may_build_up=self._may_build_up(so_far, found, known_levels),
        )

    def _may_build_up(self, so_far: "_SoFar", found: Evidence, known_levels: Floats) -> bool:
        """Whether a benefit that builds up may be worth having; asked where the days after massages rule one out."""
        estimate, worth, better = found.estimate, found.worth, so_far.better
        if not (found.may_exclude and estimate and worth and _rules_out(estimate, worth, better)):
            return False
        around = window(so_far.is_massage, self._lags, gates.beside(self._lags))
        try:
            benefits = slow_benefits(
                so_far.kept, so_far.is_massage, around, np.column_stack([weekdays(so_far.dates), known_levels]),
                seed=self._seed, simulations=SIMULATIONS, filters=so_far.background.filters,
            )  # fmt: skip
        except ValueError:  # massages so regular that weeks with few and with many of them do not differ
            return True
        return is_slow_benefit_possible(benefits, better, worth)

    def _is_worn_alike(self, so_far: "_SoFar", found: Evidence, estimate: Estimate) -> bool:
        """Whether the device was worn as long after massages as else; asked only where something may be said."""
        if self._worn_min is None:
            return True
        may_be_found = not found.failed and z_above(estimate, 0.0, so_far.better) >= LEAST_BOUNDARY
        worth = so_far.worth
        if not (may_be_found or (found.may_exclude and worth and _rules_out(estimate, worth, so_far.better))):
            return True
        days = len(so_far.kept)
        worn = np.where(np.isfinite(self._values[:days]), self._worn_min[:days], np.nan)
        gate = worn_alike(
            worn, so_far.is_massage, so_far.dates, seed=self._seed, lags=self._lags, simulations=SIMULATIONS
        )
        return gate is None or gate.passed

    def _of_pain(self, so_far: "_SoFar", ratings: Ratings) -> tuple[Evidence, tuple[Floats, ...]]:
        """Of pain: always the estimate that allows for the pain before massages, and what it may be used for.

        And that pain, for the weeks gate.
        """
        told = told_pain(
            so_far.kept, so_far.is_massage, so_far.dates, ratings, ToldPain(None, is_diary=False), so_far.background,
            seed=self._seed, lags=self._lags, is_before=self._is_before,
            is_enough=gates.enough_history(np.isfinite(so_far.kept)).passed, by_day=False,
        )  # fmt: skip
        failed = tuple(gate.name for gate in told.gates if not gate.passed)
        if gates.PAIN_KNOWN in failed:
            return Evidence(None, failed=failed), ()
        follows = told.pain_p is not None and told.pain_p < gates.PAIN_P
        if told.adjusted is None:
            failed = failed if so_far.is_lead_clean else (*failed, gates.LEAD)
            return Evidence(so_far.plain, so_far.worth, failed), ()
        is_cleared = so_far.is_lead_clean or (told.is_diary and _is_better(told.adjusted, so_far.better))
        checks = {gates.LEAD: is_cleared, gates.PAIN: told.is_diary or not follows}
        found = Evidence(
            told.adjusted,
            so_far.worth,
            tuple(name for name, passed in checks.items() if not passed),
            may_exclude=not failed,
        )
        return found, told.led

    def _of_other(self, so_far: "_SoFar") -> tuple[Evidence, tuple[Floats, ...]]:
        """Of any other number: allowing for what went before massages where their dates follow pain or the number.

        And what went before, where it is allowed for.
        """
        pain, plain, worth, better = self._diary(len(so_far.kept)), so_far.plain, so_far.worth, so_far.better
        p_values = {
            gates.OUTCOME: randomisation.follows_outcome(so_far.is_massage, so_far.dates, so_far.kept, seed=self._seed),
            gates.PAIN: None
            if pain is None
            else randomisation.follows_pain(so_far.is_massage, so_far.dates, pain, seed=self._seed),
        }
        follows = [name for name, p_value in p_values.items() if p_value is not None and p_value < gates.PAIN_P]
        has_diary = pain is not None and self._is_pain_of_morning
        may_rule_out = worth is not None and _rules_out(plain, worth, better)
        adjusted = None
        if follows or may_rule_out or (has_diary and not so_far.is_lead_clean):
            adjusted = self._adjusted(so_far)
        failed = [] if adjusted else follows
        if not (so_far.is_lead_clean or (adjusted and has_diary and _is_better(adjusted, better))):
            failed.append(gates.LEAD)
        may_exclude = worth is not None and not (follows and adjusted is None)
        if worth is not None and may_exclude:  # without a diary half of it must be ruled out
            least = worth if has_diary else UNTOLD_SHARE * worth
            may_exclude = (so_far.is_lead_clean or adjusted is not None) and all(
                _rules_out(one, least, better) for one in (plain, adjusted) if one
            )
        if not (follows and adjusted):
            return Evidence(plain, worth, tuple(failed), may_exclude), ()
        pain = None if self._pain is None else self._pain[: len(so_far.kept)]
        led = history.went_before(so_far.kept, so_far.is_massage, so_far.dates, pain)
        return Evidence(adjusted, worth, tuple(failed), may_exclude), (led,)

    @cached_property
    def _filters(self) -> Whitener:
        return grid_whitener(self._is_observed.tobytes())

    def _ratings_until(self, days: int) -> Ratings | None:
        """Where the series is pain, what was told of it so far."""
        if self._ratings is None:
            return None
        return Ratings(*(getattr(self._ratings, one.name)[:days] for one in fields(Ratings)))

    def _devices(self, days: int) -> Levels:
        return levels(
            self._is_observed[:days],
            self._is_massage[:days],
            self._dates[:days],
            self._sources[:days],
            None if self._firmwares is None else self._firmwares[:days],
            lags=self._lags,
        )

    def _diary(self, days: int) -> Floats | None:
        """Pain up to a day, where enough of it is recorded."""
        pain = None if self._pain is None else self._pain[:days]
        return pain if pain is not None and np.isfinite(pain).sum() >= MIN_DIARY_SHARE * days else None

    def _adjusted(self, so_far: "_SoFar") -> Estimate | None:
        """The estimate that allows for what went before massages; None where the days are too few for it."""
        if not gates.enough_history(np.isfinite(so_far.kept)).passed:
            return None
        pain = None if self._pain is None else self._pain[: len(so_far.kept)]
        try:
            return history.adjusted(
                so_far.kept, so_far.is_massage, so_far.dates, pain,
                seed=self._seed, lags=self._lags, background=so_far.background,
            )  # fmt: skip
        except ValueError:
            return None


@dataclass(frozen=True)
class _SoFar:
    """The days up to a look, and what the plain model says of them."""

    kept: Floats  # outliers pulled in, devices made level
    is_massage: Floats
    dates: Dates
    background: Background
    plain: Estimate
    is_lead_clean: bool  # the days before massages do not differ
    worth: float | None
    better: Direction


def _rules_out(found: Estimate, worth: float, better: Direction) -> bool:
    return z_below(found, worth, better) >= LEAST_BOUNDARY


def _is_better(found: Estimate, better: Direction) -> bool:
    return found.ci_low > 0 if better == "up" else found.ci_high < 0
