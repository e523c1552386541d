"""Effects of some massages apart from the others, for the curious; no verdict."""

from collections.abc import Sequence
from typing import NamedTuple

from recovery.answers.rows import SubgroupEffect
from recovery.report import amounts
from recovery.report.answers import Answers

MOST_ROWS = 60  # the database has all


class Row(NamedTuple):
    """One kind of massage and one metric."""

    title: str
    kind: str
    n_massages: int
    change: str
    interval: str
    difference: str
    q: str


class Subgroups(NamedTuple):
    """Those with an estimate, the smallest q first, and how many had too few massages."""

    rows: list[Row]
    told: int
    refused: int
    reasons: list[str]


def subgroups(answers: Answers) -> Subgroups:
    """All kinds of massages of one person."""
    told = sorted(
        (row for row in answers.subgroups if row.estimate is not None),
        key=lambda row: (2.0 if row.q_value is None else row.q_value, row.metric, row.attribute, row.level),
    )
    refused = [row for row in answers.subgroups if row.estimate is None]
    return Subgroups(
        rows=[_row(answers, row) for row in told[:MOST_ROWS]],
        told=len(told),
        refused=len(refused),
        reasons=_commonest([row.reason for row in refused]),
    )


def _row(answers: Answers, row: SubgroupEffect) -> Row:
    unit = answers.metrics[row.metric].unit if row.metric in answers.metrics else ""
    return Row(
        title=answers.title(row.metric),
        kind=f"{row.attribute}: {row.level}",
        n_massages=row.n_massages,
        change="" if row.estimate is None else amounts.change(row.estimate, unit, row.metric),
        interval=_span(row.ci_low, row.ci_high, unit, row.metric),
        difference=""
        if row.difference is None
        else f"{amounts.change(row.difference, unit, row.metric)}"
        f" ({_span(row.difference_ci_low, row.difference_ci_high, unit, row.metric)})",
        q="" if row.q_value is None else amounts.probability(row.q_value),
    )


def _span(low: float | None, high: float | None, unit: str, metric: str) -> str:
    return "" if low is None or high is None else amounts.brief_span(low, high, unit, metric)


def _commonest(reasons: Sequence[str], count: int = 3) -> list[str]:
    return sorted(set(reasons), key=lambda reason: (-reasons.count(reason), reason))[:count]
