"""Effects of some massages apart from the others, for the curious; no verdict."""

from collections.abc import Sequence
from typing import NamedTuple

from recovery.answers.rows import SubgroupEffect
from recovery.report.answers import Answers
from recovery.report.evidence.lasting import is_given_history
from recovery.vocabulary.article import PAIN
from recovery.words import evidence as words
from recovery.words import numbers
from recovery.words.effects import first_down

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
    compared: int
    refused: int
    reasons: list[str]
    without_history: str  # why they may differ from an answer that allows for what went before


def subgroups(answers: Answers) -> Subgroups:
    """All kinds of massages of one person."""
    compared = sorted(
        (row for row in answers.subgroups if row.estimate is not None),
        key=lambda row: (2.0 if row.q_value is None else row.q_value, row.metric, row.attribute, row.level),
    )
    refused = [row for row in answers.subgroups if row.estimate is None]
    return Subgroups(
        rows=[_row(answers, row) for row in compared[:MOST_ROWS]],
        compared=len(compared),
        refused=len(refused),
        reasons=_commonest([row.reason for row in refused]),
        without_history=words.without_history(sorted(_given_history(answers, compared))),
    )


def _given_history(answers: Answers, rows: Sequence[SubgroupEffect]) -> set[str]:
    """The names of the numbers whose answer allows for what went before; kinds of massage do so of pain alone."""
    mains = {row.metric: answers.main(row.metric) for row in rows if row.metric not in PAIN}
    return {first_down(answers.title(metric)) for metric, main in mains.items() if main and is_given_history(main)}


def _row(answers: Answers, row: SubgroupEffect) -> Row:
    unit = answers.metrics[row.metric].unit if row.metric in answers.metrics else ""
    own = _change(row.estimate, row.ci_low, row.ci_high, unit, row.metric)
    against = _change(row.difference, row.difference_ci_low, row.difference_ci_high, unit, row.metric)
    return Row(
        title=answers.title(row.metric),
        kind=f"{row.attribute}: {row.level}",
        n_massages=row.n_massages,
        change=own.size if own else "",
        interval=own.range if own else "",
        difference=f"{against.size} ({against.range})" if against else "",
        q="" if row.q_value is None else numbers.probability(row.q_value),
    )


def _change(
    estimate: float | None, low: float | None, high: float | None, unit: str, metric: str
) -> numbers.Change | None:
    if estimate is None or low is None or high is None:
        return None
    return numbers.change(estimate, low, high, unit, metric)


def _commonest(reasons: Sequence[str], count: int = 3) -> list[str]:
    return sorted(set(reasons), key=lambda reason: (-reasons.count(reason), reason))[:count]
