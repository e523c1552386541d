"""How many more massages the main numbers of one person take, as booked and booked or recorded otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recovery.answers.history import AtLooks
from recovery.answers.metric import Found, Task, seed_of
from recovery.answers.rows import LookRow, MoreMassages
from recovery.effects.boundaries import FAMILY, Family, boundary
from recovery.effects.design_information import information, likeliest_shape
from recovery.effects.gates import MIN_MASSAGES
from recovery.effects.how_many_more import More, Now, how_many_more
from recovery.effects.judgement import UNTOLD_SHARE
from recovery.effects.look_series import WEEKS
from recovery.effects.more_designs import other_ways
from recovery.effects.worth import Worth
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.designs import Design
from recovery.vocabulary.verdicts import Certainty
from recovery.words import how_many_more as words

MIN_WEEKS_SOONER = 4  # that are worth a sentence
MIN_SHARE_SOONER = 0.2  # of the weeks as booked


@dataclass(frozen=True)
class ToCome:
    """How many more massages one main number takes, by design; the first as booked."""

    metric: str
    window: str
    by_design: Mapping[Design, More]


def to_come(
    tasks: Sequence[Task],
    founds: Mapping[str, Found],
    worths: Mapping[str, Worth],
    looks: Sequence[LookRow],
    at_looks: Mapping[str, AtLooks],
    family: Family,
) -> dict[str, ToCome]:
    """Of each main number that has no answer yet, and no failed check that more massages would not mend.

    What a finding may spend of the error is that of a look now, of `at_looks`; `family` are the primaries in force.
    """
    last = {row.metric: row for row in looks}
    found = {}
    for task in tasks:
        metric = task.series.metric
        now = _now(task, founds[metric], worths[metric], last.get(metric))
        if now is None:
            continue
        now = replace(now, level=at_looks[metric].level)
        if now.to_exclude == now.worth:
            now = replace(now, exclusion_boundary=family.exclusion_boundary(metric))
        found[metric] = ToCome(metric, task.series.window, dict(_by_design(task, now)))
    return found


def _now(task: Task, found: Found, worth: Worth, look: LookRow | None) -> Now | None:
    """What is known at the last look, or where there is none yet, of all days; None where nothing can be promised."""
    estimate, better = found.findings.estimate, task.series.better
    size, error, critical, of_worth, massages, failed = (
        (look.estimate, look.standard_error, look.critical_value, look.worth, look.n_massages, look.failed)
        if look
        else (
            estimate.estimate if estimate else None,
            estimate.standard_error if estimate else None,
            estimate.critical_value if estimate else None,
            worth.size,
            found.findings.massages_that_count,
            "",
        )
    )
    if look and look.certainty == Certainty.CLEAR:
        return None
    if size is None or error is None or critical is None or not of_worth or massages < MIN_MASSAGES:
        return None
    if set(failed.split("; ")) - {"", WEEKS} or worth.out_of_reach or better == "none":
        return None
    first = int(np.argmax(task.is_massage > 0))
    weeks = max(1.0, (len(task.dates) - first) / 7)
    to_exclude: float | None = of_worth
    if look and (look.builds_up or look.may_build_up):
        to_exclude = None
    elif task.series.metric in PAIN:
        to_exclude = of_worth if look is None or look.may_exclude else None
    elif not found.findings.has_pain_diary:  # without a diary half of it must be ruled out
        to_exclude = UNTOLD_SHARE * of_worth
    return Now(
        size=size if better == "up" else -size,
        error=error,
        critical=critical,
        worth=of_worth,
        massages=massages,
        per_week=float(task.is_massage.sum()) / weeks,
        level=FAMILY,
        exclusion_boundary=boundary(FAMILY),
        to_exclude=to_exclude,
    )


def _by_design(task: Task, now: Now) -> Iterator[tuple[Design, More]]:
    """As booked, then the ways that tell clearly sooner."""
    is_observed, lags, seed = np.isfinite(task.series.values), task.series.window.lags, seed_of(task.series.metric)
    shape = likeliest_shape(task.series.values, task.is_massage, task.dates, lags)
    told = information(task.is_massage, is_observed, task.dates, shape, lags)
    now = replace(now, weeks_efficiency=told.weeks_efficiency)
    as_booked = how_many_more(now, seed=seed)
    yield Design.AS_BOOKED, as_booked
    for way in other_ways(task.is_massage, is_observed, task.dates, shape, seed=seed, lags=lags):
        changed = replace(now, per_week=way.per_week, growth=way.growth, weeks_efficiency=way.weeks_efficiency)
        more = how_many_more(changed, seed=seed)
        if is_clearly_sooner(more, as_booked):
            yield way.design, more


def is_clearly_sooner(more: More, as_booked: More) -> bool:
    """Whether another way has an answer at least four weeks and a fifth of the time sooner."""
    if more.weeks is None or as_booked.weeks is None:
        return more.weeks is not None
    return as_booked.weeks - more.weeks >= max(MIN_WEEKS_SOONER, MIN_SHARE_SOONER * as_booked.weeks)


def rows_of(subject: str, found: Mapping[str, ToCome]) -> Iterator[MoreMassages]:
    """A row for each design of each main number."""
    for one in found.values():
        as_booked = one.by_design[Design.AS_BOOKED]
        for design, more in one.by_design.items():
            yield MoreMassages(
                subject=subject,
                metric=one.metric,
                window=one.window,
                design=design,
                per_week=more.per_week,
                chance=more.chance,
                reason=_sentence(design, more, as_booked),
                low=more.low,
                high=more.high,
                weeks=more.weeks,
            )


def _sentence(design: Design, more: More, as_booked: More) -> str:
    if more.high is None or more.weeks is None or design is Design.AS_BOOKED:
        return words.at_this_pace(more.low, more.high, more.weeks)
    if as_booked.weeks is None:
        return words.within(design, more.high, more.weeks)
    return words.sooner(design, more.high, as_booked.weeks - more.weeks)
