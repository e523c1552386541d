"""The rows of `cohort_effects`: what the people of a home have in common, from the rows of `effects`."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import duckdb

from recovery.answers.rows import CohortEffect, CohortPerson
from recovery.effects import cohort
from recovery.effects.regression import Estimate
from recovery.vocabulary.windows import MAIN, Window
from recovery.words import effects as words
from recovery.words import numbers


def cohort_of(connection: duckdb.DuckDBPyConnection) -> Iterator[CohortEffect | CohortPerson]:
    """A row for each metric and window of anybody, refused below five people, and the shrunken estimates."""
    estimates = connection.execute(
        'select metric, "window", unit, subject, estimate, standard_error, ci_low, ci_high, p_value, n_days'
        ' from answers.effects where "window" in (select unnest(?)) order by metric, "window", subject',
        [list(MAIN)],
    ).fetchall()
    for (metric, window, unit), rows in groupby(estimates, key=lambda row: row[:3]):
        yield from _of(metric, window, unit, [row[3:] for row in rows])


def _of(metric: str, window: str, unit: str, rows: Sequence[tuple[Any, ...]]) -> Iterator[CohortEffect | CohortPerson]:
    estimates = [_estimate(*row[1:]) for row in rows]
    people = sum(estimate is not None for estimate in estimates)
    enough = cohort.enough_people(estimates)
    if not enough.passed:
        yield CohortEffect(metric, window, unit, people, len(rows) - people, enough.sentence)
        return
    found = cohort.over_people(estimates)
    yield CohortEffect(
        metric,
        window,
        unit,
        people,
        len(rows) - people,
        words.over_people(
            Window(window).phrase,
            people,
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
    )
    for row, shrunken in zip(rows, found.shrunken, strict=True):
        if shrunken:
            yield CohortPerson(str(row[0]), metric, window, shrunken.estimate, shrunken.own_share)


def _estimate(
    estimate: float | None, error: float, low: float, high: float, p_value: float, days: int
) -> Estimate | None:
    """An estimate from its columns; None where it was refused."""
    if estimate is None:
        return None
    return Estimate(estimate, error, low, high, p_value, critical_value=float("nan"), n_days=days)
