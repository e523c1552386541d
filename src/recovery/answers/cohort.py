"""The rows of `cohort_effects` and `cohort_entries`: what the people of a home have in common, and who is in it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

import duckdb

from recovery.answers.rows import CohortEffect, CohortEntry, CohortPerson
from recovery.effects import cohort
from recovery.effects.cohort import NORMAL_95
from recovery.effects.gates import LEAD, OUTCOME, PAIN
from recovery.effects.regression import Estimate
from recovery.home.participants import NOT_TOLD, Part
from recovery.vocabulary.windows import MAIN, Window
from recovery.words import cohort as words
from recovery.words import numbers
from recovery.words.effects import over_people

BOOKED_BY = (LEAD, OUTCOME, PAIN)  # checks of whether the dates of massages followed something


class Asked(NamedTuple):
    """One person's effect as the mean over people takes it."""

    subject: str
    estimate: Estimate | None
    is_gated: bool
    is_adjusted: bool
    n_massages: int
    reason: str


def made_of_all(connection: duckdb.DuckDBPyConnection, parts: Mapping[str, Part]) -> str:
    """A hash of what `cohort_of` makes its rows of: as long as it is the same, so are they.

    In most nights it is: answers move with looks, and SciPy alone, which the means need, takes 0.7 s to import.
    """
    gated, rows = _read(connection)
    return hashlib.sha256(repr((sorted(gated), rows, sorted(parts.items()))).encode()).hexdigest()


def cohort_of(
    connection: duckdb.DuckDBPyConnection, parts: Mapping[str, Part]
) -> Iterator[CohortEffect | CohortEntry | CohortPerson]:
    """A row for each metric and window of anybody, refused below five people; who is in it; the shrunken estimates.

    Beside it a row for each arm and each group that `parts` tells of these people, refused alike.
    """
    gated, rows = _read(connection)
    for (metric, window, unit), of_metric in groupby(rows, key=lambda row: row[:3]):
        people = [_asked(*row[3:], is_gated=(row[3], metric, window) in gated) for row in of_metric]
        yield from (_entry(metric, window, one) for one in people)
        yield from _of(metric, window, unit, people)
        yield from _of_parts(metric, window, unit, people, parts)


def _read(connection: duckdb.DuckDBPyConnection) -> tuple[set[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Whose dates may have followed something, by metric and window; everybody's effects.

    How many days there are of who was refused, which is another number every night, enters nowhere.
    """
    gated = {
        tuple(row)
        for row in connection.execute(
            'select distinct subject, metric, "window" from answers.effect_checks'
            " where not passed and name in (select unnest(?))",
            [list(BOOKED_BY)],
        ).fetchall()
    }
    rows = connection.execute(
        'select metric, "window", unit, subject, estimate, ci_low, ci_high, adjusted_estimate, adjusted_ci_low,'
        " adjusted_ci_high, p_value, if(estimate is null, 0, n_days), n_massages, reason"
        ' from answers.effects where "window" in (select unnest(?)) order by metric, "window", subject',
        [list(MAIN)],
    ).fetchall()
    return gated, rows


def _of_parts(
    metric: str, window: str, unit: str, people: Sequence[Asked], parts: Mapping[str, Part]
) -> Iterator[CohortEffect]:
    """The mean over the people of each arm, then of each group; nobody's shrunken estimate is made of these."""
    for attribute in Part._fields:
        levels: dict[str, list[Asked]] = {}
        for one in people:
            level = getattr(parts.get(one.subject, NOT_TOLD), attribute)
            if level is not None:
                levels.setdefault(level, []).append(one)
        for level, of_level in sorted(levels.items()):
            for row in _of(metric, window, unit, of_level, is_pulling=False):
                if isinstance(row, CohortEffect):
                    yield replace(row, attribute=attribute, level=level)


def _asked(
    subject: str, estimate: float | None, low: float, high: float, adjusted: float | None, adjusted_low: float,
    adjusted_high: float, p_value: float, days: int, massages: int, reason: str, *, is_gated: bool,
) -> Asked:  # fmt: skip
    """Of who is gated the adjusted estimate, where there is one; None where the data were refused."""
    is_adjusted = is_gated and estimate is not None and adjusted is not None
    size, ends = (adjusted, (adjusted_low, adjusted_high)) if is_adjusted else (estimate, (low, high))
    if size is None:
        return Asked(subject, None, is_gated, is_adjusted, massages, reason)
    error = (ends[1] - ends[0]) / (2 * NORMAL_95)
    told = Estimate(size, error, *ends, p_value, critical_value=NORMAL_95, n_days=days)
    return Asked(subject, told, is_gated, is_adjusted, massages, words.entered(is_gated, is_adjusted))


def _entry(metric: str, window: str, one: Asked) -> CohortEntry:
    found = one.estimate
    return CohortEntry(
        one.subject,
        metric,
        window,
        is_entered=found is not None,
        is_gated=one.is_gated,
        is_adjusted=one.is_adjusted,
        n_massages=one.n_massages,
        reason=one.reason,
        estimate=found.estimate if found else None,
        ci_low=found.ci_low if found else None,
        ci_high=found.ci_high if found else None,
    )


def _of(
    metric: str, window: str, unit: str, people: Sequence[Asked], *, is_pulling: bool = True
) -> Iterator[CohortEffect | CohortPerson]:
    estimates = [one.estimate for one in people]
    count = sum(estimate is not None for estimate in estimates)
    enough = cohort.enough_people(estimates)
    if not enough.passed:
        yield CohortEffect(metric, window, unit, count, len(people) - count, enough.sentence)
        return
    found, alike = cohort.over_people(estimates, is_pulling=is_pulling), cohort.unweighted(estimates)
    others = [None if one.is_gated else one.estimate for one in people]
    gated = sum(one.is_gated and one.estimate is not None for one in people)
    is_without = gated and cohort.enough_people(others).passed
    without = cohort.over_people(others, is_pulling=False) if is_without else None
    yield CohortEffect(
        metric,
        window,
        unit,
        count,
        len(people) - count,
        over_people(
            Window(window).phrase,
            count,
            numbers.change(found.estimate, found.ci_low, found.ci_high, unit, metric),
            numbers.span(found.prediction_low, found.prediction_high, unit, metric),
            numbers.size(found.between_sd, unit, metric),
        ),
        estimate=found.estimate,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        p_value=found.p_value,
        prediction_low=found.prediction_low,
        prediction_high=found.prediction_high,
        between_sd=found.between_sd,
        i_squared_share=found.i_squared_share,
        unweighted_estimate=alike.estimate,
        unweighted_ci_low=alike.ci_low,
        unweighted_ci_high=alike.ci_high,
        n_gated=gated,
        without_estimate=without.estimate if without else None,
        without_ci_low=without.ci_low if without else None,
        without_ci_high=without.ci_high if without else None,
        warning=_warning(people),
    )
    for one, shrunken in zip(people, found.shrunken, strict=is_pulling):
        if shrunken:
            yield CohortPerson(
                one.subject,
                metric,
                window,
                shrunken.estimate,
                shrunken.own_share,
                shrunken_ci_low=shrunken.ci_low,
                shrunken_ci_high=shrunken.ci_high,
            )


def _warning(people: Sequence[Asked]) -> str | None:
    """What is seen of entry or length that goes with the effect; None where nothing is."""
    known = [one for one in people if one.estimate]
    effects = [one.estimate.estimate for one in known if one.estimate]
    told = [
        words.LENGTH_GOES_WITH_EFFECT if cohort.goes_with(effects, [float(one.n_massages) for one in known]) else "",
        words.ERROR_GOES_WITH_EFFECT
        if cohort.goes_with(effects, [one.estimate.standard_error for one in known if one.estimate])
        else "",
        words.many_not_in(len(people) - len(known), len(people))
        if len(people) - len(known) > cohort.MAX_REFUSED_SHARE * len(people)
        else "",
    ]
    return " ".join(filter(None, told)) or None
