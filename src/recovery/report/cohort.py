"""The mean effect over several people; nothing of one of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.answers.rows import CohortEffect
from recovery.report.answers import Metric
from recovery.vocabulary.windows import Window
from recovery.words import numbers
from recovery.words import page as words


class Row(NamedTuple):
    """The mean over people of one metric and window."""

    title: str
    window: str
    mean: str
    interval: str
    next_person: str
    people: str
    reason: str
    alike: str  # the mean in which all count alike, with its interval
    without: str  # the mean without people whose dates followed something; '' where there is none
    warning: str


class Refused(NamedTuple):
    """Means that are refused for the same reason."""

    reason: str
    names: list[str]


class Cohort(NamedTuple):
    """The section over all people."""

    rows: list[Row]
    refused: list[Refused]


def cohort(found: Sequence[CohortEffect], metrics: Mapping[str, Metric]) -> Cohort:
    """The means, and those that are refused."""
    rows = [(row.estimate is not None, _row(row, metrics)) for row in found]
    return Cohort(
        rows=[row for has_mean, row in rows if has_mean],
        refused=_refused([row for has_mean, row in rows if not has_mean]),
    )


def _refused(rows: Sequence[Row]) -> list[Refused]:
    """By reason, the commonest first."""
    names: dict[str, dict[str, None]] = {}
    for row in rows:
        names.setdefault(row.reason, {})[row.title] = None
    return [Refused(reason, list(of)) for reason, of in sorted(names.items(), key=lambda item: -len(item[1]))]


def _row(found: CohortEffect, metrics: Mapping[str, Metric]) -> Row:
    unit, metric = found.unit, found.metric
    ends = (found.ci_low, found.ci_high, found.prediction_low, found.prediction_high)
    low, high, next_low, next_high = (0.0 if end is None else end for end in ends)
    mean = None if found.estimate is None else numbers.change(found.estimate, low, high, unit, metric)
    return Row(
        title=metrics[metric].title if metric in metrics else metric,
        window=Window(found.window).phrase,
        mean=mean.size if mean else "",
        interval=mean.range if mean else "",
        next_person=numbers.span(next_low, next_high, unit, metric) if mean and ends[2] is not None else "",
        people=words.people(found.n_subjects, found.n_refused),
        reason=found.reason,
        alike=_mean(found.unweighted_estimate, found.unweighted_ci_low, found.unweighted_ci_high, unit, metric),
        without=_mean(found.without_estimate, found.without_ci_low, found.without_ci_high, unit, metric),
        warning=found.warning or "",
    )


def _mean(estimate: float | None, low: float | None, high: float | None, unit: str, metric: str) -> str:
    """A mean with its interval; '' where there is none."""
    if estimate is None or low is None or high is None:
        return ""
    return words.mean_and_range(numbers.change(estimate, low, high, unit, metric))
