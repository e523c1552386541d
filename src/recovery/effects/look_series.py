"""What each look at one series finds, from the days up to that look alone.

A look comes with each massage that has its days after it complete and enough of them measured, from the twelfth such
massage on. Nothing later than the last of these days is used, so a look of last year is the same whenever it is
computed from the same days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recovery.effects import circumstances, gates, history, randomisation
from recovery.effects.booked_on_pain import PainBefore, Ratings, ToldPain, pain_before, told_pain
from recovery.effects.boundaries import FAMILY, FIRST_LOOK, LAST_LOOK, NEAREST_AT, boundary, finding_boundary
from recovery.effects.build_up import is_build_up, is_slow_benefit_possible, slow_benefits, trend
from recovery.effects.design import lagged, weekdays, window
from recovery.effects.examine import MIN_DIARY_SHARE
from recovery.effects.hull import z_above, z_below
from recovery.effects.judgement import UNTOLD_SHARE
from recovery.effects.noise import grid_whitener
from recovery.effects.prepare import Measured, Plain, plain, with_levels
from recovery.effects.regression import Estimate
from recovery.effects.shared_noise import SharedNoise
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
LEAST_BOUNDARY = boundary(FAMILY)  # nothing is ruled out nearer than this
NEAREST_FINDING = finding_boundary(FAMILY, NEAREST_AT)  # and nothing found nearer than this


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


@dataclass(frozen=True)
class Booked:
    """The days of massages; `told` is that of `circumstances.coincidences`."""

    is_massage: Floats
    dates: Dates
    told: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Diary:
    """Pain before massages; all as `examine.examine` has it.

    `pain` is that of the morning, before any massage of the day; None without a diary.
    """

    pain: Floats | None = None
    is_pain_of_morning: bool = True
    ratings: Ratings | None = None
    is_before: bool = False


class LookSeries:
    """One series, with all that is made once to look at it again and again."""

    def __init__(
        self, measured: Measured, booked: Booked, diary: Diary | None = None, *, seed: int,
        lags: Sequence[int] = DAYS_AFTER,
    ) -> None:  # fmt: skip
        self._measured, self._booked, self._diary = measured, booked, diary or Diary()
        self._seed, self._lags = seed, lags

    @cached_property
    def looks(self) -> list[LookDay]:
        return look_days(self._measured.is_observed, self._booked.is_massage, self._lags)

    def at(self, look: LookDay, better: Direction, worth_of: Callable[[float], float | None]) -> Evidence:
        """What the days up to the look say; `worth_of` gives the change worth having of the deviation of the days."""
        days = look.day + 1
        is_massage, dates = self._booked.is_massage[:days], self._booked.dates[:days]
        devices = with_levels(self._measured, is_massage, dates, lags=self._lags)
        ratings = self._ratings_until(days)
        known = pain_before(ratings, is_massage, dates) if ratings else None
        rated = known.rating if known else None
        asked = [devices.gates[0], *gates.refusals(devices.values, is_massage, dates, self._lags, before=rated)]
        refused = tuple(gate.name for gate in asked if not gate.passed)
        if refused:
            return Evidence(None, failed=refused)
        try:
            found = plain(
                devices.values, is_massage, dates, devices.columns, seed=self._seed, lags=self._lags,
                simulations=SIMULATIONS, pattern=devices.pattern, shared=self._noise,
            )  # fmt: skip
        except ValueError:  # the days around massages are all there are
            return Evidence(None, failed=(gates.ENOUGH_REFERENCE,))
        worth = worth_of(found.deviation)
        so_far = _SoFar(found, is_massage, dates, worth, better)
        evidence, led = self._of_pain(so_far, ratings, known) if ratings else self._of_other(so_far)
        if evidence.estimate is None:
            return evidence
        change = trend(found.pulled_in, is_massage, devices.columns)
        evidence = self._checked(so_far, evidence, evidence.estimate, led)
        return replace(
            evidence,
            builds_up=is_build_up(change, better, worth),
            has_built_up=is_build_up(change, better, worth, share=1.0),
            may_build_up=self._may_build_up(so_far, evidence, devices.columns),
        )

    def _may_build_up(self, so_far: "_SoFar", found: Evidence, levels: Floats) -> bool:
        """Whether a benefit that builds up may be worth having; asked where the days after massages rule one out."""
        estimate, worth, better = found.estimate, found.worth, so_far.better
        if not (found.may_exclude and estimate and worth and _rules_out(estimate, worth, better)):
            return False
        around = window(so_far.is_massage, self._lags, gates.beside(self._lags))
        try:
            benefits = slow_benefits(
                so_far.plain.kept, so_far.is_massage, around, np.column_stack([weekdays(so_far.dates), levels]),
                seed=self._seed, simulations=SIMULATIONS, filters=so_far.plain.background.filters,
                shared=self._noise,
            )  # fmt: skip
            return is_slow_benefit_possible(benefits, better, worth)
        except ValueError:  # massages so regular that weeks with few and with many of them do not differ
            return True

    def _checked(self, so_far: "_SoFar", found: Evidence, estimate: Estimate, led: tuple[Floats, ...]) -> Evidence:
        """The same after the checks of what else happened, of whole weeks and of the time worn."""
        is_massage, dates = so_far.is_massage, so_far.dates
        told = {name: days[: len(dates)] for name, days in self._booked.told.items()}
        if beside := circumstances.failed(told, is_massage, dates):
            found = replace(found, failed=(*found.failed, *beside), may_exclude=False)
        kept, towards = so_far.plain.kept, estimate.estimate
        if not between_weeks(kept, is_massage, dates, lags=self._lags, towards=towards, allowing_for=led).passed:
            found = replace(found, failed=(WEEKS, *found.failed))
        if not self._is_worn_alike(so_far, found, estimate):
            found = replace(found, failed=(*found.failed, WEAR), may_exclude=False)
        return found

    def _is_worn_alike(self, so_far: "_SoFar", found: Evidence, estimate: Estimate) -> bool:
        """Whether the device was worn as long after massages as else; asked only where something may be said."""
        worn_min, worth, days = self._measured.worn_min, so_far.worth, len(so_far.dates)
        if worn_min is None:
            return True
        may_be_found = not found.failed and z_above(estimate, 0.0, so_far.better) >= NEAREST_FINDING
        if not (may_be_found or (found.may_exclude and worth and _rules_out(estimate, worth, so_far.better))):
            return True
        worn = np.where(self._measured.is_observed, worn_min, np.nan)
        gate = worn_alike(
            worn[:days], so_far.is_massage, so_far.dates, seed=self._seed, lags=self._lags, simulations=SIMULATIONS,
            filters=grid_whitener(np.isfinite(worn).tobytes()).first(days), shared=self._noise,
        )  # fmt: skip
        return gate is None or gate.passed

    def _of_pain(
        self, so_far: "_SoFar", ratings: Ratings, known: PainBefore | None
    ) -> tuple[Evidence, tuple[Floats, ...]]:
        """Of pain: always the estimate that allows for the pain before massages, and what it may be used for.

        And that pain, for the weeks gate.
        """
        found = so_far.plain
        told = told_pain(
            found.kept, so_far.is_massage, so_far.dates, ratings, known, ToldPain(None, is_diary=False),
            found.background, seed=self._seed, lags=self._lags, is_before=self._diary.is_before,
            is_enough=gates.enough_history(np.isfinite(found.kept)).passed, by_day=False,
        )  # fmt: skip
        failed = tuple(gate.name for gate in told.gates if not gate.passed)
        if gates.PAIN_KNOWN in failed:
            return Evidence(None, failed=failed), ()
        follows = told.pain_p is not None and told.pain_p < gates.PAIN_P
        if told.adjusted is None:
            failed = failed if so_far.is_lead_clean else (*failed, gates.LEAD)
            return Evidence(found.estimate, so_far.worth, failed), ()
        is_cleared = so_far.is_lead_clean or (told.is_diary and _is_better(told.adjusted, so_far.better))
        checks = {gates.LEAD: is_cleared, gates.PAIN: told.is_diary or not follows}
        against = tuple(name for name, passed in checks.items() if not passed)
        return Evidence(told.adjusted, so_far.worth, against, may_exclude=not failed), told.led

    def _of_other(self, so_far: "_SoFar") -> tuple[Evidence, tuple[Floats, ...]]:
        """Of any other number: allowing for what went before massages where their dates follow pain or the number.

        And what went before, where it is allowed for.
        """
        pain, worth, better = self._pain(len(so_far.dates)), so_far.worth, so_far.better
        kept, estimate = so_far.plain.kept, so_far.plain.estimate
        p_values = {
            gates.OUTCOME: randomisation.follows_outcome(
                so_far.is_massage, so_far.dates, kept, seed=self._seed, enough=gates.PAIN_P
            ),
            gates.PAIN: None
            if pain is None
            else randomisation.follows_pain(
                so_far.is_massage, so_far.dates, pain, seed=self._seed, enough=gates.PAIN_P
            ),
        }
        follows = [name for name, p_value in p_values.items() if p_value is not None and p_value < gates.PAIN_P]
        has_diary = pain is not None and self._diary.is_pain_of_morning
        # Without a diary half of a change worth having must be ruled out.
        least = None if worth is None else worth if has_diary else UNTOLD_SHARE * worth
        may_rule_out = least is not None and _rules_out(estimate, least, better)
        adjusted = None
        if follows or may_rule_out or (has_diary and not so_far.is_lead_clean):
            adjusted = self._adjusted(so_far)
        failed = [] if adjusted else follows
        if not (so_far.is_lead_clean or (adjusted and has_diary and _is_better(adjusted, better))):
            failed.append(gates.LEAD)
        may_exclude = may_rule_out and not (follows and adjusted is None)
        if least is not None and may_exclude:
            may_exclude = so_far.is_lead_clean if adjusted is None else _rules_out(adjusted, least, better)
        if not (follows and adjusted):
            return Evidence(estimate, worth, tuple(failed), may_exclude), ()
        pain = self._diary.pain if self._diary.pain is None else self._diary.pain[: len(so_far.dates)]
        led = history.went_before(kept, so_far.is_massage, so_far.dates, pain)
        return Evidence(adjusted, worth, tuple(failed), may_exclude), (led,)

    @cached_property
    def _noise(self) -> SharedNoise:
        return SharedNoise(self._seed, SIMULATIONS, [look.day + 1 for look in self.looks])

    def _ratings_until(self, days: int) -> Ratings | None:
        """Where the series is pain, what was told of it so far."""
        if self._diary.ratings is None:
            return None
        return Ratings(*(getattr(self._diary.ratings, one.name)[:days] for one in fields(Ratings)))

    def _pain(self, days: int) -> Floats | None:
        """Pain up to a day, where enough of it is recorded."""
        pain = None if self._diary.pain is None else self._diary.pain[:days]
        return pain if pain is not None and np.isfinite(pain).sum() >= MIN_DIARY_SHARE * days else None

    def _adjusted(self, so_far: "_SoFar") -> Estimate | None:
        """The estimate that allows for what went before massages; None where the days are too few for it."""
        found, pain = so_far.plain, self._diary.pain
        if not gates.enough_history(np.isfinite(found.kept)).passed:
            return None
        try:
            return history.adjusted(
                found.kept, so_far.is_massage, so_far.dates, None if pain is None else pain[: len(so_far.dates)],
                seed=self._seed, lags=self._lags, background=found.background,
            )  # fmt: skip
        except ValueError:
            return None


@dataclass(frozen=True)
class _SoFar:
    """The days up to a look, and what the plain model says of them."""

    plain: Plain
    is_massage: Floats
    dates: Dates
    worth: float | None
    better: Direction

    @property
    def is_lead_clean(self) -> bool:
        """Whether the days before massages do not differ."""
        return self.plain.before.p_value >= gates.LEAD_P


def _rules_out(found: Estimate, worth: float, better: Direction) -> bool:
    return z_below(found, worth, better) >= LEAST_BOUNDARY


def _is_better(found: Estimate, better: Direction) -> bool:
    return found.ci_low > 0 if better == "up" else found.ci_high < 0
