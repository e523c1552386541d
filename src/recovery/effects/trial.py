"""A trial of one person: pairs of weeks, in each a coin decides which holds the massage; drawing, power, analysis.

What was randomised is what is re-drawn. With other coins the same days would have been compared the other way round,
so the p-value is the share of all flips that give as large a sum of whitened residuals on the days after the hour set
for a massage. It is exact if a massage does nothing at all, whatever the memory of the days (Bojinov and Shephard
2019, Journal of the American Statistical Association 114:1665). Nothing that depends on the coins goes into the
weights of the days, so the same test of every other constant change, turned round, gives an interval that holds too.
What counts is the week as it was drawn, whether or not the massage took place (intention to treat).
"""

import hashlib
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import numpy as np
from numpy.typing import NDArray

from recovery.effects import gates, regression
from recovery.effects.design import trend, weekdays, winsorised, without_weekday_and_trend
from recovery.effects.gates import Gate
from recovery.effects.judgement import ALPHA, MIN_PAIRS, POWER_QUANTILE, Judgement, assumed_worthwhile
from recovery.effects.noise import NoiseShapes, shape_grid, simulate, whitener
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import DAYS_AFTER, Window, trial_window
from recovery.words import checks, numbers
from recovery.words import effects as words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MAX_ENUMERATED_PAIRS = 12  # 4,096 flips; with more pairs some are drawn
REDRAWS = 9999  # 999 would move a true 5% by up to one and a half percentage points, for good, with a fixed seed
POWER_REDRAWS = 999
POWER = 0.8
MIN_POWER_DAYS = 28  # valid days that a person's noise is judged by
MAX_POWER_PAIRS = 26
POWER_SIMULATIONS = 400
MIN_KEPT_SHARE = 0.5  # of the schedule, for a finding to be put down to the massage; ours, no source
ENOUGH_PAIRS, KEPT_TO = "enough pairs", "kept to"


@dataclass(frozen=True)
class Schedule:
    """A drawn trial: weeks begin on `start`, which is also the date of the first hour set for a massage."""

    start: date
    weeks_per_block: int
    massage_first: tuple[bool, ...]  # of each pair of blocks: whether the first one holds the massages

    @property
    def pairs(self) -> int:
        return len(self.massage_first)

    @property
    def weeks(self) -> int:
        return 2 * self.pairs * self.weeks_per_block

    @property
    def is_massage_week(self) -> tuple[bool, ...]:
        """Of each week, in their order."""
        return tuple(
            is_massage
            for first in self.massage_first
            for is_massage in (first, not first)
            for _ in range(self.weeks_per_block)
        )

    @property
    def slots(self) -> tuple[date, ...]:
        """The date in each week on which the massage is, or would be."""
        return tuple(self.start + timedelta(weeks=week) for week in range(self.weeks))

    @property
    def last_date(self) -> date:
        """The last date of the last week."""
        return self.start + timedelta(weeks=self.weeks, days=-1)

    def is_over(self, last_recorded: date) -> bool:
        """Whether the days after the last hour are all recorded whole: the last recorded date lies behind them."""
        return last_recorded > self.slots[-1] + timedelta(days=max(DAYS_AFTER))


def coins(seed: int, pairs: int) -> tuple[bool, ...]:
    """Whether the first block of each pair holds the massages: the same for ever for the same seed.

    Coin i, from 1, is heads where the first byte of the SHA-256 of the ASCII text 'seed/i' is even. Coins of a shorter
    trial are the beginning of those of a longer one.
    """
    return tuple(hashlib.sha256(f"{seed}/{pair}".encode()).digest()[0] % 2 == 0 for pair in range(1, pairs + 1))


@dataclass(frozen=True)
class Contrast:
    """Weeks with a massage less weeks without, on the days after the set hour, in the metric's unit."""

    estimate: float
    ci_low: float
    ci_high: float
    p_value: float
    n_days: int  # measured days after the set hours
    is_enumerated: bool  # whether all flips of the coins were tried


@dataclass(frozen=True)
class Adherence:
    """What became of the schedule; a massage nobody logged counts as none."""

    scheduled: int
    attended: int  # on the date set
    moved: int  # on another date of a week drawn for one
    in_control_weeks: int  # massages in weeks without

    @property
    def kept_share(self) -> float:
        """How much more massage the weeks drawn for one had, on the date set; 1 where all was kept to, 0 at least.

        The contrast is that of the massage times this: what was not kept to hides an effect.
        """
        return max(0.0, (self.attended - self.in_control_weeks) / self.scheduled) if self.scheduled else 0.0

    @property
    def sentence(self) -> str:
        return checks.kept_to(self.scheduled, self.attended, self.moved, self.in_control_weeks)


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
    after = _after_slots(dates, schedule, lags)
    is_observed = np.isfinite(values)
    usable, left_out = _usable(after, is_observed)
    told_adherence = adherence(schedule, attended)
    refusing = (_enough_pairs(schedule, usable, left_out, lags), gates.numbers_vary(values))
    if not all(gate.passed for gate in refusing):
        return TrialResult(refusing, len(usable), left_out, told_adherence, float("nan"))

    of_left_out = [2 * (pair - 1) + half for pair in left_out for half in (0, 1)]
    values = np.where(after[:, of_left_out].any(axis=1), np.nan, values)
    is_observed = np.isfinite(values)
    contrasts = _contrasts(after, usable)
    columns = _independent(np.column_stack([weekdays(dates), trend(len(dates)), contrasts]), is_observed)
    kept = winsorised(values, columns)
    weights = regression.shape_weights(kept, columns)
    usual = _independent(np.column_stack([weekdays(dates), trend(len(dates))]), is_observed)
    scores, gram = _scores(kept[:, None], contrasts, usual, is_observed, shape_grid(), weights)
    arms = np.array([1.0 if schedule.massage_first[pair] else -1.0 for pair in usable])
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    return TrialResult(
        gates=refusing,
        n_pairs=len(usable),
        left_out=left_out,
        adherence=told_adherence,
        deviation=float(np.std(left[is_observed])),
        contrast=_contrast(scores[:, 0], gram, arms, seed, int(is_observed[after.any(axis=1)].sum())),
    )


def adherence(schedule: Schedule, attended: Collection[date]) -> Adherence:
    """How the massages that took place lie in the weeks as drawn."""
    on_date = moved = in_control = 0
    for slot, is_massage in zip(schedule.slots, schedule.is_massage_week, strict=True):
        massages = [day for day in attended if slot <= day < slot + timedelta(weeks=1)]
        if not is_massage:
            in_control += len(massages)
        elif slot in massages:
            on_date += 1
        else:
            moved += bool(massages)
    return Adherence(sum(schedule.is_massage_week), on_date, moved, in_control)


def verdict_on(
    result: TrialResult,
    *,
    better: Direction,
    worthwhile: float | None,
    holm_p: float | None = None,
    unit: str = "",
    metric: str = "",
) -> Judgement:
    """The verdict that the metric gets better; `holm_p` where it is one of several primaries.

    `worthwhile` is the smallest change worth having in the metric's unit; None where nobody knows.
    `massages_needed` counts those of a new trial of the same kind.
    """
    found = result.contrast
    if found is None:
        failed = [gate for gate in result.gates if not gate.passed]
        reason = words.text(*(gate.sentence for gate in failed))
        return Judgement(Verdict.CANNOT_BE_TOLD, reason, tuple(gate.name for gate in failed))
    worth = assumed_worthwhile(result.deviation) if worthwhile is None else worthwhile
    sign = 1 if better == "up" else -1
    low, high = sorted((sign * found.ci_low, sign * found.ci_high))
    size = sign * found.estimate
    p_value = found.p_value if holm_p is None else holm_p
    detectable = (high - low) / 2 * (1 + POWER_QUANTILE / 1.96)
    finding = words.trial_finding(
        _change(found, unit, metric),
        found.p_value,
        result.n_pairs,
        numbers.size(worth, unit, metric, is_exact=worthwhile is not None),
        is_assumed=worthwhile is None,
    )
    adhered = result.adherence.sentence
    kept = result.adherence.kept_share
    if high < worth and not (low > 0 and size >= worth / 2):
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
            ("size", size < worth / 2 or high < worth, words.TOO_SMALL),
            (KEPT_TO, kept < MIN_KEPT_SHARE, words.NOT_KEPT_TO),
        )
        against = [(name, clause) for name, has_failed, clause in looked_at if has_failed]
        if not against:
            return Judgement(Verdict.SUPPORTED, words.text(words.is_so(finding), adhered), (), detectable)
        reason = words.text(words.but(finding, [clause for _, clause in against]), adhered)
        return Judgement(Verdict.CONSISTENT, reason, tuple(name for name, _ in against), detectable)
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


@dataclass(frozen=True)
class Power:
    """How often a trial would find a change, with this person's own noise, p < 0.05."""

    n_days: int  # valid days the noise was judged by
    deviation: float  # day to day, after weekday and trend, in the metric's unit
    worthwhile: float
    is_worthwhile_assumed: bool
    power: float  # at the planned number of pairs, for the change worth having
    pairs_needed: int | None  # for 80%; None where MAX_POWER_PAIRS are not enough
    detectable: float | None  # the change found 80% of the time with the planned pairs; None where no size is


def power(
    values: Floats,
    dates: Dates,
    *,
    pairs: int,
    weeks_per_block: int,
    worthwhile: float | None,
    lags: Sequence[int] = DAYS_AFTER,
    seed: int = 0,
    simulations: int = POWER_SIMULATIONS,
) -> Power:
    """The share of simulated trials in which re-drawing gives p < 0.05 where massages change what they should.

    The noise is that of the person's own days (`values`, NaN on days that do not count, by consecutive `dates`): its
    size, its memory, drawn in proportion to how likely each shape is, and its share of missing days. Every massage
    changes the days `lags` after it by `worthwhile`. Raises ValueError where there are fewer than MIN_POWER_DAYS valid
    days, or they do not vary.
    """
    is_observed = np.isfinite(values)
    n_days = int(is_observed.sum())
    if n_days < MIN_POWER_DAYS:
        raise ValueError(f"{n_days} valid days, {MIN_POWER_DAYS} are needed")
    if not gates.numbers_vary(values).passed:
        raise ValueError("nearly the same number every day")
    columns = _independent(np.column_stack([weekdays(dates), trend(len(dates))]), is_observed)
    kept = winsorised(values, columns)
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    deviation = float(np.std(left[is_observed]))
    worth = assumed_worthwhile(deviation) if worthwhile is None else worthwhile
    simulated = _simulated(
        max(pairs, MAX_POWER_PAIRS),
        weeks_per_block,
        regression.shape_weights(kept, columns),
        float(is_observed.mean()),
        lags,
        np.random.default_rng([seed, weeks_per_block]),
        simulations,
    )

    def is_enough(count: int) -> bool:
        return _found(simulated, count, worth / deviation) >= POWER

    needed: int | None = None
    if is_enough(MAX_POWER_PAIRS):
        few, needed = MIN_PAIRS - 1, MAX_POWER_PAIRS
        while needed - few > 1:  # power grows with pairs
            middle = (few + needed) // 2
            few, needed = (few, middle) if is_enough(middle) else (middle, needed)
    return Power(
        n_days=n_days,
        deviation=deviation,
        worthwhile=worth,
        is_worthwhile_assumed=worthwhile is None,
        power=_found(simulated, pairs, worth / deviation),
        pairs_needed=needed,
        detectable=_detectable(simulated, pairs, deviation),
    )


@dataclass(frozen=True)
class _Simulated:
    """Many records of a long trial without an effect; a shorter one is the beginning of it."""

    dates: Dates
    days_per_pair: int
    after: Bools  # (days, 2 * pairs)
    is_observed: Bools
    shape: NoiseShapes  # the likeliest one alone, by which days are whitened
    noise: Floats  # whitened, in deviations: (observed days, simulations)
    is_first: Bools  # what the coins said: (pairs, simulations)


def _simulated(
    pairs: int,
    weeks_per_block: int,
    weights: Floats,
    observed_share: float,
    lags: Sequence[int],
    random: np.random.Generator,
    simulations: int,
) -> _Simulated:
    schedule = Schedule(date(2001, 1, 1), weeks_per_block, (True,) * pairs)
    dates = np.datetime64(schedule.start) + np.arange(7 * schedule.weeks)
    shapes, best = shape_grid(), int(np.argmax(weights))
    shape = NoiseShapes(
        *(axis[[best]] for axis in (shapes.correlation, shapes.slow_share, shapes.white_share, shapes.log_prior))
    )
    is_observed = random.random(len(dates)) < observed_share
    picks = random.choice(len(shapes), size=simulations, p=weights)
    noise = np.asarray(simulate(shapes, picks, len(dates), random), dtype=np.float64)
    return _Simulated(
        dates=dates,
        days_per_pair=14 * weeks_per_block,
        after=_after_slots(dates, schedule, lags),
        is_observed=is_observed,
        shape=shape,
        noise=whitener(shape, is_observed).whiten(noise)[0],
        is_first=random.random((pairs, simulations)) < 0.5,
    )


def _found(simulated: _Simulated, pairs: int, effect: float) -> float:
    """The share of the records in which the first so many pairs give p < 0.05 for an effect in deviations."""
    told = _record(simulated, pairs)
    return 0.0 if told is None else _share_found(*told, effect)


def _detectable(simulated: _Simulated, pairs: int, deviation: float) -> float | None:
    """The smallest change, in the metric's unit, that is found 80% of the time; to one part in a hundred."""
    told = _record(simulated, pairs)
    low, high = 0.0, 8.0  # deviations; nothing that a massage does is larger
    if told is None or _share_found(*told, high) < POWER:
        return None
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if _share_found(*told, middle) >= POWER else (middle, high)
    return high * deviation


def _record(simulated: _Simulated, pairs: int) -> tuple[Floats, Floats, Floats] | None:
    """Scores without an effect, their gram, and the arms, of the first so many pairs; None where they are too few."""
    days = pairs * simulated.days_per_pair
    is_observed, after = simulated.is_observed[:days], simulated.after[:days, : 2 * pairs]
    usable, _ = _usable(after, is_observed)
    if len(usable) < MIN_PAIRS:
        return None  # no flip is rare enough
    usual = _independent(np.column_stack([weekdays(simulated.dates[:days]), trend(days)]), is_observed)
    whitened = whitener(simulated.shape, is_observed).whiten(
        np.column_stack([_contrasts(after, usable), usual, np.ones(days)])
    )[0]
    basis = np.linalg.qr(whitened[:, len(usable) :])[0]
    contrasts = whitened[:, : len(usable)]
    contrasts = contrasts - basis @ (basis.T @ contrasts)
    scores = contrasts.T @ simulated.noise[: len(contrasts)]
    return scores, contrasts.T @ contrasts, np.where(simulated.is_first[usable], 1.0, -1.0)


def _share_found(scores: Floats, gram: Floats, arms: Floats, effect: float) -> float:
    moved = scores + effect / 2 * (gram @ arms)
    flips, is_all = _flips(len(arms), 0, POWER_REDRAWS)
    exceed = np.sum(np.abs(flips @ moved) >= np.abs(np.sum(arms * moved, axis=0)) * (1 - 1e-9), axis=0)
    p_values = exceed / len(flips) if is_all else (1 + exceed) / (len(flips) + 1)
    return float(np.mean(p_values < ALPHA))


def _inside(values: Floats, dates: Dates, schedule: Schedule) -> tuple[Floats, Dates]:
    """The values of every date of the trial, NaN where `dates` does not reach."""
    days = dates.astype("datetime64[D]")
    wanted = np.datetime64(schedule.start) + np.arange(7 * schedule.weeks)
    position = (wanted - days[0]).astype(np.int64) if len(days) else np.full(len(wanted), -1)
    is_there = (position >= 0) & (position < len(days))
    out = np.full(len(wanted), np.nan)
    out[is_there] = values[position[is_there]]
    return out, wanted


def _after_slots(dates: Dates, schedule: Schedule, lags: Sequence[int]) -> Bools:
    """Which dates lie `lags` after the set hours of each block: (days, 2 * pairs), blocks in their order."""
    day = (dates - np.datetime64(schedule.start)).astype(np.int64)
    is_after = np.isin(day % 7, lags)
    block = day // (7 * schedule.weeks_per_block)
    return np.asarray(is_after[:, None] & (block[:, None] == np.arange(2 * schedule.pairs)))


def _usable(after: Bools, is_observed: Bools) -> tuple[list[int], tuple[int, ...]]:
    """The pairs, from 0, with measured days after the hours of both blocks; the others, from 1, as people count."""
    has_days = after[is_observed].any(axis=0).reshape(-1, 2).all(axis=1)
    return np.flatnonzero(has_days).tolist(), tuple((np.flatnonzero(~has_days) + 1).tolist())


def _contrasts(after: Bools, usable: Sequence[int]) -> Floats:
    """Of each usable pair 1 on the days after the hours of the first block, -1 on those of the second."""
    told = after.astype(np.float64)
    return np.column_stack([told[:, 2 * pair] - told[:, 2 * pair + 1] for pair in usable])


def _enough_pairs(schedule: Schedule, usable: Sequence[int], left_out: Sequence[int], lags: Sequence[int]) -> Gate:
    """At least six pairs: with fewer no flip of the coins is rare enough."""
    is_nightly = len(lags) == 1
    if len(usable) >= MIN_PAIRS:
        return Gate(
            ENOUGH_PAIRS, True, checks.enough_pairs(len(usable), schedule.pairs, left_out, is_nightly=is_nightly)
        )
    sentence = checks.too_few_pairs(len(usable), schedule.pairs, left_out, MIN_PAIRS, is_nightly=is_nightly)
    return Gate(ENOUGH_PAIRS, False, sentence)


def _independent(columns: Floats, is_observed: Bools) -> Floats:
    """The columns that are no combination of a constant and those before them on the observed days."""
    basis = [np.full(int(is_observed.sum()), 1 / math.sqrt(is_observed.sum()))]
    chosen = []
    for number, column in enumerate(columns[is_observed].T):
        size = float(np.linalg.norm(column))
        left = column
        for _ in range(2):  # once more, for what rounding left
            left = left - np.sum([(direction @ left) * direction for direction in basis], axis=0)
        if np.linalg.norm(left) > 1e-6 * max(size, 1e-300):
            basis.append(left / np.linalg.norm(left))
            chosen.append(number)
    return columns[:, chosen]


def _scores(
    series: Floats, contrasts: Floats, usual: Floats, is_observed: Bools, shapes: NoiseShapes, weights: Floats
) -> tuple[Floats, Floats]:
    """C'Qy of each series y and C'QC, with Q = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1 averaged over the shapes of noise.

    C are the contrasts, X the usual columns with a constant: (pairs, series) and (pairs, pairs).
    """
    design = np.column_stack([usual, np.ones(len(usual))])
    pairs, count = contrasts.shape[1], design.shape[1]
    told = np.where(is_observed[:, None], series, 0.0)
    told = told - np.where(is_observed[:, None], told[is_observed].mean(axis=0), 0.0)  # digits are for the differences
    whitened = whitener(shapes, is_observed).whiten(np.column_stack([contrasts, design, told]))
    scores, gram = np.zeros((pairs, series.shape[1])), np.zeros((pairs, pairs))
    for weight, rows in zip(weights, whitened, strict=True):
        if weight < 1e-9:
            continue
        basis = np.linalg.qr(rows[:, pairs : pairs + count])[0]
        left = rows[:, :pairs] - basis @ (basis.T @ rows[:, :pairs])
        scores += weight * (left.T @ rows[:, pairs + count :])
        gram += weight * (left.T @ left)
    return scores, gram


def _flips(pairs: int, seed: int, redraws: int = REDRAWS) -> tuple[Floats, bool]:
    """Other ways the coins could have fallen, 1 or -1: all of them, or so many drawn ones."""
    if pairs <= MAX_ENUMERATED_PAIRS:
        return np.array(list(product((1.0, -1.0), repeat=pairs))), True
    return np.where(np.random.default_rng(seed).random((redraws, pairs)) < 0.5, 1.0, -1.0), False


def _contrast(scores: Floats, gram: Floats, arms: Floats, seed: int, n_days: int) -> Contrast:
    """Estimate, interval and p-value of the change d, from the test of every d at once.

    Under a change d the sum of flip c is c'(a - d/2 G s), with a the scores, G their gram and s the true arms; it is
    0 for c = s at the estimate. Flip c is as far out as the truth for d from the estimate to one end on either side;
    the interval holds what at least 5% of the flips allow.
    """
    shift = gram @ arms / 2
    slope = float(arms @ shift)
    estimate = float(arms @ scores) / slope
    flips, is_all = _flips(len(arms), seed)
    sums = flips @ scores
    exceed = int(np.sum(np.abs(sums) >= abs(float(arms @ scores)) * (1 - 1e-9)))
    at_estimate = flips @ (scores - estimate * shift)
    slopes = flips @ shift
    is_bounded = np.abs(slopes) < slope * (1 - 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([at_estimate / (slopes + slope), at_estimate / (slopes - slope)])
    upper = np.sort(np.where(is_bounded, ends.max(axis=0), np.inf))[::-1]
    lower = np.sort(np.where(is_bounded, ends.min(axis=0), -np.inf))
    flips_told = len(flips) if is_all else len(flips) + 1  # where they are drawn, the true one is added to them
    needed = math.floor(ALPHA * flips_told + 1e-9) + 1 - (0 if is_all else 1)
    p_value = exceed / len(flips) if is_all else (1 + exceed) / (len(flips) + 1)
    return Contrast(
        estimate=estimate,
        ci_low=estimate + float(lower[needed - 1]),
        ci_high=estimate + float(upper[needed - 1]),
        p_value=p_value,
        n_days=n_days,
        is_enumerated=is_all,
    )


def _change(found: Contrast, unit: str, metric: str) -> numbers.Change:
    return numbers.change(found.estimate, found.ci_low, found.ci_high, unit, metric)
