"""Shares of the waking day as minutes of it, as people say them; 2 points of 960 waking minutes are 20 minutes."""

from dataclasses import fields, replace
from typing import TypeVar

from recovery.answers.rows import Effect, SubgroupEffect
from recovery.report.answers import Answers

METRIC, UNIT = "rest_share", "min"
SIZES = frozenset({  # fields of both kinds of rows that are in the metric's unit
    "shown_estimate", "shown_low", "shown_high", "estimate", "standard_error", "ci_low", "ci_high", "adjusted_estimate",
    "adjusted_ci_low", "adjusted_ci_high", "lowest_without_one", "highest_without_one", "usual", "usual_without",
    "worth", "smallest_detectable", "difference", "difference_ci_low", "difference_ci_high",
})  # fmt: skip

AnyRow = TypeVar("AnyRow", Effect, SubgroupEffect)


def in_minutes(answers: Answers, waking_min: float | None) -> Answers:
    """The answers with the share of rest as minutes of a day of `waking_min`; as they are where nobody knows that.

    Reasons are sentences of the run, and stay in percentage points.
    """
    known = answers.metrics.get(METRIC)
    if not waking_min or known is None or known.unit != "share":
        return answers
    return replace(
        answers,
        effects={
            key: replace(_scaled(row, waking_min), unit=UNIT) if row.metric == METRIC and row.unit == "share" else row
            for key, row in answers.effects.items()
        },
        subgroups=[_scaled(row, waking_min) if row.metric == METRIC else row for row in answers.subgroups],
        metrics={**answers.metrics, METRIC: known._replace(unit=UNIT)},
    )


def _scaled(row: AnyRow, factor: float) -> AnyRow:
    told = {field.name: getattr(row, field.name) for field in fields(row) if field.name in SIZES}
    return replace(row, **{name: factor * value for name, value in told.items() if value is not None})
