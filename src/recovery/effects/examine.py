"""All that is found out about one metric of one person around massages, and the verdict on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recovery.effects import gates, history, judgement, randomisation, regression
from recovery.effects.booked_on_pain import Ratings, ToldPain, pain_before, told_pain
from recovery.effects.gates import Gate
from recovery.effects.how_many_more import More
from recovery.effects.prepare import plain
from recovery.effects.randomisation import Randomisation
from recovery.effects.regression import Background, Estimate
from recovery.effects.weeks import Weeks, between_weeks
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.windows import DAYS_AFTER
from recovery.vocabulary.worth import WorthFrom
from recovery.words import checks as words
from recovery.words import effects as effects_words

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
MIN_DIARY_SHARE = 0.7  # of mornings with recorded pain, for the diary to count as one; ours, no source


@dataclass(frozen=True)
class Findings:
    """The gates, and where none of them refuses an answer, the estimates and tests.

    `estimate` is the one that counts: `plain`, or `adjusted` by what went before massages where their dates follow a
    diary of pain or the number itself. Of pain it is always the adjusted one (booked_on_pain.py).
    """

    gates: tuple[Gate, ...]
    n_massages: int
    deviation: float  # day to day, after weekday and trend, in the metric's unit
    has_pain_diary: bool
    estimate: Estimate | None = None
    lead_p: float | None = None
    permutation: Weeks | None = None
    plain: Estimate | None = None
    adjusted: Estimate | None = None
    pain_p: float | None = None  # that dates do not follow pain
    outcome_p: float | None = None  # that they do not follow the number itself
    by_day: tuple[Estimate | None, ...] = ()  # of pain: days 0 to +7, whose mean the estimate is; None before a massage
    first_stage_f: float | None = None  # of pain: how well earlier ratings tell the one before a massage
    reservations: tuple[Gate, ...] = ()  # failed checks that stand in the way of a contradiction alone
    bookings: Randomisation | None = None
    kept: Floats | None = field(default=None, compare=False, repr=False)  # outliers pulled in, devices made level
    background: Background | None = field(default=None, compare=False, repr=False)  # of `kept`, with its noise
    n_massages_measured: int | None = None  # with measured days after them, as looks count them; None if not counted

    @property
    def massages_that_count(self) -> int:
        """Those with measured days after them; all where these were not counted."""
        return self.n_massages if self.n_massages_measured is None else self.n_massages_measured

    @property
    def is_adjusted(self) -> bool:
        """Whether the estimate that counts is the adjusted one."""
        return self.estimate is not None and self.estimate == self.adjusted

    @property
    def allows_for(self) -> Literal["pain", "days before"] | None:
        """What was before the massages that the estimate allows for; None where it is the plain one."""
        if not self.is_adjusted:
            return None
        is_by_outcome = self.outcome_p is not None and self.outcome_p < gates.PAIN_P
        is_by_pain = self.pain_p is not None and self.pain_p < gates.PAIN_P
        return "days before" if is_by_outcome and not is_by_pain else "pain"


def examine(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    pain: Floats | None = None,
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
    levels: Floats | None = None,
    asked: Sequence[Gate] = (),
    is_pain_of_morning: bool = True,
    ratings: Ratings | None = None,
    is_before: bool = False,
    left_out: Bools | None = None,
    simulations: int = regression.SIMULATIONS,
) -> Findings:
    """The mean change on the days `lags` after massages, checked from all sides; lags (0,) for the night after.

    `values` has NaN on days that do not count; outliers are pulled in here (methods.md, section 2). `pain` is that of
    the morning, before any massage of the day (or, where `is_pain_of_morning` is false, of the day before, which does
    not tell who books on waking up in pain). `dates` are consecutive days within which every massage is known.
    `levels` (days, count) gives days of other devices their own level; `asked` are gates that were asked before.
    `ratings` tell that the values are pain, and what else is told of it; `is_before` that they are told before any
    massage of their day; `left_out` are days that were taken out on purpose. The same input and seed give the same
    findings to the bit.
    """
    is_diary_kept = pain is not None and bool(np.isfinite(pain).sum() >= MIN_DIARY_SHARE * max(len(pain), 1))
    has_pain_diary = is_diary_kept and is_pain_of_morning
    n_massages = int(is_massage.sum())
    known = pain_before(ratings, is_massage, dates) if ratings else None
    rated = known.rating if known else None
    refusing = [*asked, *gates.refusals(values, is_massage, dates, lags, left_out, rated)]
    if judgement.refuse(refusing):
        return Findings(tuple(refusing), n_massages, float("nan"), has_pain_diary)

    try:
        found = plain(values, is_massage, dates, levels, seed=seed, lags=lags, simulations=simulations)
    except ValueError:  # weekly massages in few weeks: the days -3 to +3 are all there are
        refusing.append(gates.nothing_to_compare())
        return Findings(tuple(refusing), n_massages, float("nan"), has_pain_diary)
    kept, background = found.kept, found.background
    enough, adjusted, bookings = _given_history(kept, is_massage, dates, pain, background, seed=seed, lags=lags)
    outcome_p, told = None, ToldPain(adjusted=adjusted, is_diary=has_pain_diary)
    if ratings is not None:
        told = told_pain(
            kept, is_massage, dates, ratings, known, told, background,
            seed=seed, lags=lags, is_before=is_before, is_enough=enough.passed,
        )  # fmt: skip
    else:
        outcome_p = randomisation.follows_outcome(is_massage, dates, kept, seed=seed)
        if pain is not None and is_diary_kept:
            told = replace(told, pain_p=randomisation.follows_pain(is_massage, dates, pain, seed=seed))
    asked_before = [enough, gates.lead(found.before), *told.gates]
    for p_value, gate in ((told.pain_p, gates.free_of_pain), (outcome_p, gates.free_of_outcome)):
        if p_value is not None:
            asked_before.append(gate(p_value, is_allowed_for=told.adjusted is not None))
    if judgement.refuse(asked_before):
        return Findings((*refusing, *asked_before), n_massages, float("nan"), told.is_diary)
    follows = any(p_value is not None and p_value < gates.PAIN_P for p_value in (told.pain_p, outcome_p))
    estimate, led = found.estimate, told.led
    if told.adjusted and (follows or ratings):
        estimate = told.adjusted
        led = led or (history.went_before(kept, is_massage, dates, pain),)
    weeks = between_weeks(kept, is_massage, dates, lags=lags, towards=estimate.estimate, allowing_for=led)
    return Findings(
        gates=(*refusing, *asked_before),
        n_massages=n_massages,
        deviation=found.deviation,
        has_pain_diary=told.is_diary,
        estimate=estimate,
        lead_p=found.before.p_value,
        permutation=weeks,
        plain=found.estimate,
        adjusted=told.adjusted,
        pain_p=told.pain_p,
        outcome_p=outcome_p,
        by_day=told.by_day,
        first_stage_f=told.first_stage_f,
        reservations=tuple(gate for gate in told.gates if not gate.passed),
        bookings=bookings,
        kept=kept,
        background=background,
    )


def _given_history(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    pain: Floats | None,
    background: Background,
    *,
    seed: int,
    lags: Sequence[int],
) -> tuple[Gate, Estimate | None, Randomisation | None]:
    """Whether the days allow for what went before massages; if so the adjusted estimate and the re-drawn bookings."""
    enough = gates.enough_history(np.isfinite(values))
    adjusted = bookings = None
    if enough.passed:
        try:
            adjusted = history.adjusted(values, is_massage, dates, pain, seed=seed, lags=lags, background=background)
            bookings = randomisation.redrawn_bookings(values, is_massage, dates, pain, seed=seed, lags=lags)
        except ValueError as reason:
            enough = Gate(gates.ENOUGH_HISTORY, False, words.history_not_computed(reason))
    return enough, adjusted, bookings


def evidence_of(
    findings: Findings,
    *,
    better: Direction,
    worthwhile: float | None,
    holm_p: float | None = None,
    is_exploratory: bool = False,
    concerns: tuple[Gate, ...] = (),
    builds_up: bool = False,
    unit: str = "",
    metric: str = "",
    when: str = "after a massage",
    worth_from: WorthFrom | None = None,
    out_of_reach: str = "",
    more: More | None = None,
) -> judgement.Evidence:
    """What a verdict weighs of findings without a refusal; `holm_p` where it is one of several primaries.

    `worthwhile` is the smallest change worth having in the metric's unit, None where nobody knows; `worth_from` tells
    its origin, and `out_of_reach` why the person cannot change by so much, '' where they can. An exploratory
    metric, which nobody declared before, is never supported; nor is one about which a further check of `concerns`
    failed. `builds_up` says whether the number gets better over the massages, so that nothing is excluded; `more` tells
    how many more massages it takes, for the reason.
    """
    if findings.estimate is None or findings.permutation is None or findings.lead_p is None:
        raise ValueError("findings without a refusal hold an estimate, the weeks gate and the p-value of the lead")
    p_values = [findings.lead_p]
    if findings.adjusted is None and findings.pain_p is not None:  # nothing but the dates themselves can clear them
        p_values.append(findings.pain_p)
    return judgement.Evidence(
        estimate=findings.estimate,
        better=better,
        worthwhile=judgement.assumed_worthwhile(findings.deviation) if worthwhile is None else worthwhile,
        worth_from=worth_from or (WorthFrom.VARIATION if worthwhile is None else WorthFrom.GOALS),
        out_of_reach=out_of_reach,
        n_massages=findings.massages_that_count,
        holm_p=findings.estimate.p_value if holm_p is None else holm_p,
        lead_p=min(p_values),
        permutation_p=findings.permutation.p_value,
        adjusted=findings.adjusted,
        plain=findings.plain if findings.is_adjusted else None,
        has_pain_diary=findings.has_pain_diary,
        is_exploratory=is_exploratory,
        unit=unit,
        metric=metric,
        when=effects_words.allowing_for(when, findings.allows_for),
        concerns=concerns,
        reservations=findings.reservations,
        builds_up=builds_up,
        more=more,
    )


def verdict_on(findings: Findings, **told: Any) -> judgement.Judgement:
    """What one look says of the claim that the metric gets better; arguments as of `evidence_of`."""
    return judgement.refuse(findings.gates) or judgement.judge(evidence_of(findings, **told))
