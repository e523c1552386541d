"""What the drawn trials of one person say: the effect, the verdict on it, and a finding for each metric.

What counts is the week as it was drawn, whether or not the massage took place (intention to treat). The schedule stands
in `trial_schedule`, the sums that the coins are tested by in `trial_contrast`, the test in `trial_looks`, the power of
a trial that is planned in `trial_power`.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from recovery.effects import gates, regression
from recovery.effects.design import trend, weekdays, winsorised, without_weekday_and_trend
from recovery.effects.direction import HALF, direction
from recovery.effects.gates import Gate
from recovery.effects.judgement import ALPHA, MIN_PAIRS, POWER_QUANTILE, REACH, Judgement, assumed_worthwhile, refused
from recovery.effects.noise import shape_grid
from recovery.effects.trial_contrast import (
    after_slots,
    after_weeks,
    blocks,
    independent,
    pair_contrasts,
    usable_pairs,
    whitened_scores,
)
from recovery.effects.trial_looks import Contrast, Spent, Sums, coin_flips, contrast_of
from recovery.effects.trial_schedule import Adherence, Schedule, adherence
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.verdicts import Certainty, Word
from recovery.vocabulary.windows import DAYS_AFTER, Window, trial_window
from recovery.vocabulary.worth import WorthFrom
from recovery.words import checks, numbers
from recovery.words import effects as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

SEEN_OF_LASTING = 4.0  # see `_widened`
CARRY_SIMULATIONS = 199  # of the noise, for an interval that only ever widens another
MIN_KEPT_SHARE = 0.5  # of the schedule, for a finding to be put down to the massage; ours, no source
ENOUGH_PAIRS, KEPT_TO, MEASURED_ALIKE = "enough pairs", "kept to", "measured alike"
AS_COMMITTED, COMMITTED_BEFORE, LEFT_OUT_BEFORE = "plan as committed", "committed before", "no days left out later"
REFUSED_BY_PLAN = (AS_COMMITTED, COMMITTED_BEFORE)


@dataclass(frozen=True)
class TrialResult:
    """The gates, and where none of them refuses an answer, the contrast."""

    gates: tuple[Gate, ...]
    n_pairs: int  # with measured days in both blocks
    left_out: tuple[int, ...]  # pairs, from 1, without
    adherence: Adherence
    deviation: float  # day to day, after weekday and trend, in the metric's unit
    contrast: Contrast | None = None


@dataclass(frozen=True)
class Scored:
    """The sums of one trial, until one of its looks, in units of the noise: what the coins are tested by."""

    usable: tuple[int, ...]  # pairs, from 0
    left_out: tuple[int, ...]  # pairs, from 1
    is_first: Floats  # of each usable pair 1 where its first block holds the massages, else -1
    scores: Floats  # of each usable pair
    gram: Floats
    n_days: int
    deviation: float


@dataclass(frozen=True)
class Look:
    """One look: the trials so far, the last of them until the look."""

    trial: int  # the last of the trials, from 0
    pairs: int  # of that trial
    spent: Spent


def looks_of(schedules: Sequence[Schedule], last_recorded: date) -> list[Look]:
    """The looks that are due, over trials in the order of their start: those whose days are recorded whole."""
    due: list[Look] = []
    for number, schedule in enumerate(schedules):
        before = 0
        for pairs in schedule.looks:
            if not schedule.is_over(last_recorded, pairs):
                return due
            due.append(Look(number, pairs, Spent(number, before / schedule.pairs, pairs / schedule.pairs)))
            before = pairs
    return due


def analyse(
    values: Floats,
    dates: Dates,
    schedule: Schedule,
    attended: Collection[date] = (),
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
) -> TrialResult:
    """The change by being drawn for a massage, of one trial that is over; see `analyse_looks`."""
    end = looks_of([replace(schedule, has_looks=False)], date.max)
    return analyse_looks(values, dates, [schedule], end, attended, seed=seed, lags=lags)


def analyse_looks(
    values: Floats,
    dates: Dates,
    schedules: Sequence[Schedule],
    looks: Sequence[Look],
    attended: Collection[date] = (),
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
) -> TrialResult:
    """The change by being drawn for a massage, on the days `lags` after the set hours, at the last of the looks.

    A nightly metric has the lags of Window.TRIAL_NIGHT. `values` has NaN on days that do not count; outliers are pulled
    in here. `dates` are consecutive; those outside the trials are left out, and in them days that are not asked about.
    `looks` are those of `looks_of`, of all the schedules. `attended` holds the dates of massages that took place. A
    pair without a measured day after the hours of both its blocks is left out; with fewer than six pairs in all there
    is no contrast. The seed matters only where there are too many pairs to try all flips.
    """
    parts, asked = _parts(schedules, looks[-1]), []
    in_trials, is_after, is_massage_block = [], [], []
    for part in parts:
        inside, its_dates = _inside(values, dates, part)
        after = after_slots(its_dates, part, lags)
        asked.append(usable_pairs(after, np.isfinite(inside)))
        in_trials.append(inside)
        is_after.append(after)
        is_massage_block.append(_massage_blocks(part))
    adhered = _adherence(parts, attended)
    usable, pairs = sum(len(of) for of, _ in asked), sum(part.pairs for part in parts)
    before = np.cumsum([0, *(part.pairs for part in parts)])
    left_out = tuple(int(start) + pair for start, (_, left) in zip(before, asked, strict=False) for pair in left)
    refusing = [
        _enough_pairs(pairs, usable, left_out, lags),
        gates.numbers_vary(np.concatenate(in_trials)),
        _measured_alike(in_trials, is_after, is_massage_block, lags),
    ]
    if not all(gate.passed for gate in refusing):
        return TrialResult(tuple(refusing), usable, left_out, adhered, float("nan"))
    found, deviation = _contrast(values, dates, schedules, looks, seed, lags)
    return TrialResult(tuple(refusing), usable, left_out, adhered, deviation, found)


def _parts(schedules: Sequence[Schedule], look: Look) -> list[Schedule]:
    """The trials as far as a look sees them."""
    return [*schedules[: look.trial], schedules[look.trial].until(look.pairs)]


def _contrast(
    values: Floats, dates: Dates, schedules: Sequence[Schedule], looks: Sequence[Look], seed: int, lags: Sequence[int]
) -> tuple[Contrast, float]:
    """The contrast at the last look, and the day-to-day deviation of its days."""
    scored: dict[tuple[int, int], Scored | None] = {}
    offsets = np.cumsum([0, *(schedule.pairs for schedule in schedules)])
    flips, is_enumerated = coin_flips(int(offsets[looks[-1].trial + 1]), seed)
    sums, spent = [], []
    for look in looks:
        columns, known = [], []
        for number, part in enumerate(_parts(schedules, look)):
            if (number, part.pairs) not in scored:
                scored[number, part.pairs] = _scored(values, dates, part, lags)
            if one := scored[number, part.pairs]:
                known.append(one)
                columns.append(flips[:, [int(offsets[number]) + pair for pair in one.usable]])
        if not known:
            continue  # nothing measured until then: the look spends nothing
        at_look = np.column_stack(columns)
        sums.append(_sums(at_look, known))
        spent.append(look.spent)
    n_days = sum(one.n_days for one in known)
    deviation = math.sqrt(sum(one.n_days * one.deviation**2 for one in known) / n_days)
    found = contrast_of(sums, spent, n_days, is_enumerated=is_enumerated)
    parts = _parts(schedules, looks[-1])
    if all(part.weeks_per_block == 1 for part in parts):
        found = _widened(found, _with_week_before(values, dates, parts, lags, seed))
    return found, deviation


def _sums(flips: Floats, trials: Sequence[Scored]) -> Sums:
    """Sums of each flip over trials."""
    arms = np.concatenate([one.is_first for one in trials])
    scores = np.concatenate([one.scores for one in trials])
    shift = np.concatenate([one.gram @ one.is_first / 2 for one in trials])
    return Sums(flips @ scores, flips @ shift, float(arms @ scores), float(arms @ shift))


def _widened(found: Contrast, allowed_for: tuple[float, float] | None) -> Contrast:
    """The interval reaches to the ends of the one in which the massage of the week before is allowed for.

    Where a change lasts into the next week, weeks without profit from the week before: the plain contrast is too small,
    never too large, and what it finds holds. So an end that leaves out 0 stays. Where no week without follows another
    (None) nothing tells how much it is too small: of a change that lasts for ten days and does not add up a quarter is
    seen on average, so the ends are taken four times as far.
    """
    low, high = allowed_for or (found.ci_low * SEEN_OF_LASTING, found.ci_high * SEEN_OF_LASTING)
    return replace(
        found,
        ci_low=found.ci_low if found.ci_low > 0 else min(found.ci_low, low),
        ci_high=found.ci_high if found.ci_high < 0 else max(found.ci_high, high),
    )


def _with_week_before(
    values: Floats, dates: Dates, parts: Sequence[Schedule], lags: Sequence[int], seed: int
) -> tuple[float, float] | None:
    """The interval of weeks with a massage against weeks without, where none was in the week before either.

    By the model of `regression`, for what the week before leaves behind was not drawn apart from the week itself. None
    where it cannot be fitted.
    """
    days, columns, levels = [], [], []
    for number, part in enumerate(parts):
        inside, its_dates = _inside(values, dates, part)
        is_asked = after_slots(its_dates, part, lags).any(axis=1)
        kinds = after_weeks(its_dates, part, lags)
        usual = np.column_stack([weekdays(its_dates), trend(len(its_dates))])
        kept = np.where(is_asked, winsorised(inside, np.column_stack([usual, kinds])), np.nan)
        days.append(kept)
        level = np.zeros((len(its_dates), len(parts)))
        level[:, number] = 1.0
        columns.append(np.column_stack([kinds, usual[:, :6]]))
        levels.append((level, usual[:, 6:]))
    from scipy.linalg import block_diag  # not loaded where a run has nothing to do

    trends = block_diag(*(of for _, of in levels))
    beside = np.column_stack([np.concatenate(columns)[:, 1:], np.vstack([of for of, _ in levels])[:, 1:], trends])
    series = np.concatenate(days)
    is_observed = np.isfinite(series)
    try:
        fitted = regression.fit(
            series,
            np.column_stack([np.concatenate(columns)[:, 0], independent(beside, is_observed)]),
            seed=seed,
            simulations=CARRY_SIMULATIONS,
        )
    except ValueError:
        return None
    return fitted.ci_low, fitted.ci_high


def _scored(values: Floats, dates: Dates, schedule: Schedule, lags: Sequence[int]) -> Scored | None:
    """What one trial adds; None where no pair has measured days in both its blocks.

    Outliers and the shape of the noise are judged by all days of the trial, with a level for each half of each pair on
    the days that are asked about and on the others; the sums are those of the days that are asked about.
    """
    values, dates = _inside(values, dates, schedule)
    after, inside = after_slots(dates, schedule, lags), blocks(dates, schedule)
    usable, left_out = usable_pairs(after, np.isfinite(values))
    if not usable:
        return None
    of_left_out = [2 * (pair - 1) + half for pair in left_out for half in (0, 1)]
    values = np.where(after[:, of_left_out].any(axis=1), np.nan, values)
    is_observed = np.isfinite(values)
    contrasts = pair_contrasts(after, usable)
    beside = pair_contrasts(inside & ~after, range(schedule.pairs))
    usual = np.column_stack([weekdays(dates), trend(len(dates))])
    columns = independent(np.column_stack([usual, contrasts, beside]), is_observed)
    kept = winsorised(values, columns)
    weights = regression.shape_weights(kept, columns)

    is_asked = is_observed & after.any(axis=1)
    scores, gram = whitened_scores(
        np.where(is_asked, kept, np.nan)[:, None],
        contrasts,
        independent(usual, is_asked),
        is_asked,
        shape_grid(),
        weights,
    )
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    deviation = float(np.std(left[is_observed]))
    noise = max(deviation, 1e-300) ** 2  # where several trials are pooled, the quieter one weighs more
    return Scored(
        usable=tuple(usable),
        left_out=left_out,
        is_first=np.array([1.0 if schedule.massage_first[pair] else -1.0 for pair in usable]),
        scores=scores[:, 0] / noise,
        gram=gram / noise,
        n_days=int(is_asked.sum()),
        deviation=deviation,
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
        return refused(reason, [gate.name for gate in failed])
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
    is_excluded = high < worth and low <= 0  # what is better for certain is small at most, not denied
    word = direction(size, low, high, worth, is_ruled_out=is_excluded, may_be_worse=True)
    if is_excluded and (high < 0 or not out_of_reach):
        if (
            kept < MIN_KEPT_SHARE or high >= kept * worth
        ):  # diluted by what was not kept to, a change worth having may look so small
            reason = words.text(words.but(finding, [words.NOT_KEPT_TO]), adhered)
            return Judgement(word, Certainty.LIKELY, reason, (KEPT_TO,), detectable)
        says = words.wrong_way(finding) if high < 0 else words.excluded(finding)
        return Judgement(word, Certainty.CLEAR, words.text(says, adhered), (), detectable)
    if low > 0:
        looked_at = (
            ("several metrics", p_value >= ALPHA, words.SEVERAL_METRICS),
            ("size", not out_of_reach and size < HALF * worth, words.TOO_SMALL),
            (REACH, bool(out_of_reach), words.clause(out_of_reach)),
            (KEPT_TO, kept < MIN_KEPT_SHARE, words.NOT_KEPT_TO),
        )
        against = [(name, clause) for name, has_failed, clause in looked_at if has_failed]
        if not against:
            return Judgement(word, Certainty.CLEAR, words.text(words.is_so(finding), adhered), (), detectable)
        reason = words.text(words.but(finding, [clause for _, clause in against]), adhered)
        return Judgement(word, Certainty.LIKELY, reason, tuple(name for name, _ in against), detectable)
    if out_of_reach:
        reason = words.text(words.is_so(finding), out_of_reach, adhered)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (REACH,), detectable)
    reason = words.text(words.both_possible(finding), adhered)
    needed = None
    if math.isfinite(detectable):
        needed = math.ceil(result.adherence.scheduled * max(detectable / worth, 1.0) ** 2)
        reason = words.text(reason, words.new_trial_would_tell(needed))
    return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (), detectable, needed)


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
    """What the trials of a person say of one metric: a row of `effects`."""

    schedules: Sequence[Schedule]  # in the order of their start
    pairs: int  # of the last one, until the look
    metric: str
    window: Window
    result: TrialResult
    reason: str

    @property
    def contrast(self) -> Contrast | None:
        return self.result.contrast

    def told(self, reason: str) -> str:
        """The reason with the trials it is of."""
        last = self.schedules[-1]
        is_early = self.pairs < last.pairs
        return words.of_trials(
            [schedule.start for schedule in self.schedules], reason, self.pairs if is_early else None, last.pairs
        )


def results(
    schedules: Sequence[Schedule],
    outcomes: Sequence[Outcome],
    attended: Collection[date],
    last_recorded: date,
    *,
    seed: int = 0,
    gates: Sequence[Gate] = (),
) -> Iterator[Finding]:
    """What the trials of a person say of each metric at the last look that is due; nothing before the first one.

    Trials are pooled in the order of their start. `gates` are those of the plans, told with the others; where one of
    them that refuses has failed, there is no contrast.
    """
    schedules = sorted(schedules, key=lambda drawn: drawn.start)
    looks = looks_of(schedules, last_recorded)
    if not looks:
        return
    trials = _parts(schedules, looks[-1])
    for outcome in outcomes:
        window = trial_window(is_nightly=outcome.is_nightly)
        result = analyse_looks(outcome.values, outcome.dates, schedules, looks, attended, seed=seed, lags=window.lags)
        result = _with_gates_of_plans(result, gates)
        if (found := result.contrast) is not None:
            change = _change(found, outcome.unit, outcome.metric)
            finding = words.trial_finding(change, found.p_value, result.n_pairs)
            reason = words.text(words.is_so(finding), result.adherence.sentence)
        else:
            reason = words.text(*(gate.sentence for gate in result.gates if not gate.passed))
        of_metric = Finding(schedules[: len(trials)], looks[-1].pairs, outcome.metric, window, result, "")
        yield replace(of_metric, reason=of_metric.told(reason))


def _with_gates_of_plans(result: TrialResult, of_plans: Sequence[Gate]) -> TrialResult:
    """The result with the checks of the plans before its own; without its contrast where a plan refuses."""
    is_refused = any(gate.name in REFUSED_BY_PLAN and not gate.passed for gate in of_plans)
    return replace(result, gates=(*of_plans, *result.gates), contrast=None if is_refused else result.contrast)


def _inside(values: Floats, dates: Dates, schedule: Schedule) -> tuple[Floats, Dates]:
    """The values of every date of the trial, NaN where `dates` does not reach."""
    days = dates.astype("datetime64[D]")
    wanted = np.datetime64(schedule.start) + np.arange(7 * schedule.weeks)
    position = (wanted - days[0]).astype(np.int64) if len(days) else np.full(len(wanted), -1)
    is_there = (position >= 0) & (position < len(days))
    out = np.full(len(wanted), np.nan)
    out[is_there] = values[position[is_there]]
    return out, wanted


def _massage_blocks(schedule: Schedule) -> Bools:
    """Which blocks hold the massages: (2 * pairs)."""
    return np.array([is_one for first in schedule.massage_first for is_one in (first, not first)])


def _adherence(parts: Sequence[Schedule], attended: Collection[date]) -> Adherence:
    """How the massages lie in the weeks of all trials."""
    of = [adherence(part, attended) for part in parts]
    return Adherence(
        sum(one.scheduled for one in of),
        sum(one.attended for one in of),
        sum(one.moved for one in of),
        sum(one.in_control_weeks for one in of),
    )


def _enough_pairs(pairs: int, usable: int, left_out: Sequence[int], lags: Sequence[int]) -> Gate:
    """At least six pairs: with fewer no flip of the coins is rare enough."""
    is_nightly = len(lags) == 1
    if usable >= MIN_PAIRS:
        return Gate(ENOUGH_PAIRS, True, checks.enough_pairs(usable, pairs, left_out, is_nightly=is_nightly))
    sentence = checks.too_few_pairs(usable, pairs, left_out, MIN_PAIRS, is_nightly=is_nightly)
    return Gate(ENOUGH_PAIRS, False, sentence)


def _measured_alike(
    values: Sequence[Floats], after: Sequence[Bools], is_massage: Sequence[Bools], lags: Sequence[int]
) -> Gate:
    """The share of measured days is the same in weeks with a massage and without, as `gates.balance` has it."""
    measured: dict[bool, list[Bools]] = {True: [], False: []}
    for of_trial, its_days, blocks_with in zip(values, after, is_massage, strict=True):
        for is_with in (True, False):
            measured[is_with].append(np.isfinite(of_trial)[its_days[:, blocks_with == is_with].any(axis=1)])
    return gates.measured_in_arms(
        np.concatenate(measured[True]), np.concatenate(measured[False]), name=MEASURED_ALIKE, is_nightly=len(lags) == 1
    )


def _change(found: Contrast, unit: str, metric: str) -> numbers.Change:
    return numbers.change(found.estimate, found.ci_low, found.ci_high, unit, metric)
