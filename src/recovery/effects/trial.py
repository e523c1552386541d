"""What a finished trial of one person says: the effect, the verdict on it, and a finding for each metric.

What counts is the week as it was drawn, whether or not the massage took place (intention to treat). The schedule stands
in `trial_schedule`, the test in `trial_contrast`, the power of a trial that is planned in `trial_power`.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from recovery.effects import gates, regression
from recovery.effects.design import trend, weekdays, winsorised, without_weekday_and_trend
from recovery.effects.gates import Gate
from recovery.effects.judgement import ALPHA, MIN_PAIRS, POWER_QUANTILE, Judgement, assumed_worthwhile
from recovery.effects.noise import shape_grid
from recovery.effects.trial_contrast import (
    Contrast,
    after_slots,
    contrast_of,
    independent,
    pair_contrasts,
    usable_pairs,
    whitened_scores,
)
from recovery.effects.trial_schedule import Adherence, Schedule, adherence
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import DAYS_AFTER, Window, trial_window
from recovery.vocabulary.worth import WorthFrom
from recovery.words import checks, numbers
from recovery.words import effects as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MIN_KEPT_SHARE = 0.5  # of the schedule, for a finding to be put down to the massage; ours, no source
ENOUGH_PAIRS, KEPT_TO = "enough pairs", "kept to"


@dataclass(frozen=True)
class TrialResult:
    """The gates, and where none of them refuses an answer, the contrast."""

    gates: tuple[Gate, ...]
    n_pairs: int  # with measured days in both blocks
    left_out: tuple[int, ...]  # pairs, from 1, without
    adherence: Adherence
    deviation: float  # day to day, after weekday and trend, in the metric's unit
    contrast: Contrast | None = None


def analyse(
    values: Floats,
    dates: Dates,
    schedule: Schedule,
    attended: Collection[date] = (),
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
) -> TrialResult:
    """The change by being drawn for a massage, on the days `lags` after the set hours.

    A nightly metric has the lags of Window.TRIAL_NIGHT. `values` has NaN on days that do not count; outliers are pulled
    in here. `dates` are consecutive; those outside the
    trial are left out. `attended` holds the dates of massages that took place. A pair without a measured day after
    the hours of both its blocks is left out, and fewer than six pairs are refused. The seed matters only where there
    are too many pairs to try all flips.
    """
    values, dates = _inside(values, dates, schedule)
    after = after_slots(dates, schedule, lags)
    is_observed = np.isfinite(values)
    usable, left_out = usable_pairs(after, is_observed)
    adhered = adherence(schedule, attended)
    refusing = (_enough_pairs(schedule, usable, left_out, lags), gates.numbers_vary(values))
    if not all(gate.passed for gate in refusing):
        return TrialResult(refusing, len(usable), left_out, adhered, float("nan"))

    of_left_out = [2 * (pair - 1) + half for pair in left_out for half in (0, 1)]
    values = np.where(after[:, of_left_out].any(axis=1), np.nan, values)
    is_observed = np.isfinite(values)
    contrasts = pair_contrasts(after, usable)
    columns = independent(np.column_stack([weekdays(dates), trend(len(dates)), contrasts]), is_observed)
    kept = winsorised(values, columns)
    weights = regression.shape_weights(kept, columns)
    usual = independent(np.column_stack([weekdays(dates), trend(len(dates))]), is_observed)
    scores, gram = whitened_scores(kept[:, None], contrasts, usual, is_observed, shape_grid(), weights)
    arms = np.array([1.0 if schedule.massage_first[pair] else -1.0 for pair in usable])
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    return TrialResult(
        gates=refusing,
        n_pairs=len(usable),
        left_out=left_out,
        adherence=adhered,
        deviation=float(np.std(left[is_observed])),
        contrast=contrast_of(scores[:, 0], gram, arms, seed, int(is_observed[after.any(axis=1)].sum())),
    )


def verdict_on(
    result: TrialResult,
    *,
    better: Direction,
    worthwhile: float | None,
    holm_p: float | None = None,
    unit: str = "",
    metric: str = "",
    worth_from: WorthFrom | None = None,
    out_of_reach: str = "",
) -> Judgement:
    """The verdict that the metric gets better; `holm_p` where it is one of several primaries.

    `worthwhile` is the smallest change worth having in the metric's unit, None where nobody knows; `worth_from` tells
    its origin, and `out_of_reach` why the person cannot change by so much, '' where they can.
    `massages_needed` counts those of a new trial of the same kind.
    """
    found = result.contrast
    if found is None:
        failed = [gate for gate in result.gates if not gate.passed]
        reason = words.text(*(gate.sentence for gate in failed))
        return Judgement(Verdict.CANNOT_BE_TOLD, reason, tuple(gate.name for gate in failed))
    worth = assumed_worthwhile(result.deviation) if worthwhile is None else worthwhile
    origin = worth_from or (WorthFrom.VARIATION if worthwhile is None else WorthFrom.GOALS)
    sign = 1 if better == "up" else -1
    low, high = sorted((sign * found.ci_low, sign * found.ci_high))
    size = sign * found.estimate
    p_value = found.p_value if holm_p is None else holm_p
    detectable = (high - low) / 2 * (1 + POWER_QUANTILE / 1.96)
    finding = words.trial_finding(
        _change(found, unit, metric),
        found.p_value,
        result.n_pairs,
        numbers.size(worth, unit, metric, is_exact=origin.is_exact),
        is_assumed=origin.is_assumed,
    )
    adhered = result.adherence.sentence
    kept = result.adherence.kept_share
    is_excluded = high < worth and not (low > 0 and size >= worth / 2)
    if is_excluded and (high < 0 or not out_of_reach):
        if (
            kept < MIN_KEPT_SHARE or high >= kept * worth
        ):  # diluted by what was not kept to, a change worth having may look so small
            reason = words.text(words.but(finding, [words.NOT_KEPT_TO]), adhered)
            return Judgement(Verdict.CANNOT_TELL_YET, reason, (KEPT_TO,), detectable)
        says = words.wrong_way(finding) if high < 0 else words.excluded(finding, is_better=False)
        return Judgement(Verdict.CONTRADICTED, words.text(says, adhered), (), detectable)
    if low > 0:
        looked_at = (
            ("several metrics", p_value >= ALPHA, words.SEVERAL_METRICS),
            ("size", not out_of_reach and (size < worth / 2 or high < worth), words.TOO_SMALL),
            ("reach", bool(out_of_reach), words.clause(out_of_reach)),
            (KEPT_TO, kept < MIN_KEPT_SHARE, words.NOT_KEPT_TO),
        )
        against = [(name, clause) for name, has_failed, clause in looked_at if has_failed]
        if not against:
            return Judgement(Verdict.SUPPORTED, words.text(words.is_so(finding), adhered), (), detectable)
        reason = words.text(words.but(finding, [clause for _, clause in against]), adhered)
        return Judgement(Verdict.CONSISTENT, reason, tuple(name for name, _ in against), detectable)
    if out_of_reach:
        reason = words.text(words.is_so(finding), out_of_reach, adhered)
        return Judgement(Verdict.CANNOT_TELL_YET, reason, ("reach",), detectable)
    reason = words.text(words.both_possible(finding), adhered)
    needed = None
    if math.isfinite(detectable):
        needed = math.ceil(result.adherence.scheduled * max(detectable / worth, 1.0) ** 2)
        reason = words.text(reason, words.new_trial_would_tell(needed))
    return Judgement(Verdict.CANNOT_TELL_YET, reason, (), detectable, needed)


@dataclass(frozen=True)
class Outcome:
    """One metric of a person: values by consecutive dates, NaN where a day does not count, and what is good."""

    metric: str
    values: Floats
    dates: Dates
    is_nightly: bool  # counted by night: daily_metrics gives it on the date on which the night ends
    unit: str = ""


@dataclass(frozen=True)
class Finding:
    """What one finished trial says of one metric: a row of `effects`."""

    schedule: Schedule
    metric: str
    window: Window
    result: TrialResult
    reason: str

    @property
    def contrast(self) -> Contrast | None:
        return self.result.contrast


def results(
    schedules: Sequence[Schedule],
    outcomes: Sequence[Outcome],
    attended: Collection[date],
    last_recorded: date,
    *,
    seed: int = 0,
) -> Iterator[Finding]:
    """For each trial that is over, oldest first, and each metric, what it says; nothing of those that still run."""
    for schedule in sorted(schedules, key=lambda drawn: drawn.start):
        if not schedule.is_over(last_recorded):
            continue
        for outcome in outcomes:
            window = trial_window(is_nightly=outcome.is_nightly)
            result = analyse(outcome.values, outcome.dates, schedule, attended, seed=seed, lags=window.lags)
            if (found := result.contrast) is not None:
                change = _change(found, outcome.unit, outcome.metric)
                finding = words.trial_finding(change, found.p_value, result.n_pairs)
                reason = words.text(words.is_so(finding), result.adherence.sentence)
            else:
                reason = words.text(*(gate.sentence for gate in result.gates if not gate.passed))
            yield Finding(schedule, outcome.metric, window, result, words.of_trial(schedule.start, reason))


def _inside(values: Floats, dates: Dates, schedule: Schedule) -> tuple[Floats, Dates]:
    """The values of every date of the trial, NaN where `dates` does not reach."""
    days = dates.astype("datetime64[D]")
    wanted = np.datetime64(schedule.start) + np.arange(7 * schedule.weeks)
    position = (wanted - days[0]).astype(np.int64) if len(days) else np.full(len(wanted), -1)
    is_there = (position >= 0) & (position < len(days))
    out = np.full(len(wanted), np.nan)
    out[is_there] = values[position[is_there]]
    return out, wanted


def _enough_pairs(schedule: Schedule, usable: Sequence[int], left_out: Sequence[int], lags: Sequence[int]) -> Gate:
    """At least six pairs: with fewer no flip of the coins is rare enough."""
    is_nightly = len(lags) == 1
    if len(usable) >= MIN_PAIRS:
        return Gate(
            ENOUGH_PAIRS, True, checks.enough_pairs(len(usable), schedule.pairs, left_out, is_nightly=is_nightly)
        )
    sentence = checks.too_few_pairs(len(usable), schedule.pairs, left_out, MIN_PAIRS, is_nightly=is_nightly)
    return Gate(ENOUGH_PAIRS, False, sentence)


def _change(found: Contrast, unit: str, metric: str) -> numbers.Change:
    return numbers.change(found.estimate, found.ci_low, found.ci_high, unit, metric)
