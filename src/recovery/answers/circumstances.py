"""The rows of `circumstances`: what else happened on massage days, and what is found without those days."""

from collections.abc import Iterator, Mapping

from recovery.answers.metric import Beside, Found
from recovery.answers.people import Series
from recovery.answers.rows import CircumstanceRow
from recovery.effects.judgement import refuse
from recovery.words import circumstances as words
from recovery.words.effects import text


def circumstances_of(
    subject: str, series: Mapping[str, Series], founds: Mapping[str, Found]
) -> Iterator[CircumstanceRow]:
    """A row for each main metric with an estimate and each circumstance that the diary tells of massage days."""
    for metric, found in founds.items():
        for beside in found.beside:
            yield _row(subject, series[metric], found, beside)


def _row(subject: str, series: Series, found: Found, beside: Beside) -> CircumstanceRow:
    one, estimate = beside.coincidence, found.findings.estimate
    without = beside.without.estimate if beside.without else None
    refusal = refuse(beside.without.gates) if beside.without else None
    if refusal:
        after = words.too_few_without(refusal.reason)
    else:
        after = words.without(beside.n_massages_left) if beside.without else ""
    return CircumstanceRow(
        subject=subject,
        metric=series.metric,
        window=series.window,
        circumstance=one.name,
        n_massages=one.n_massage_days,
        n_massages_told=one.n_massage_days_told,
        n_massages_yes=one.n_massage_days_yes,
        n_other_days_told=one.n_other_days_told,
        n_other_days_yes=one.n_other_days_yes,
        is_alike=one.gate.passed,
        reason=text(one.gate.sentence, after) if after else one.gate.sentence,
        other_share=one.other_share,
        estimate=estimate.estimate if estimate else None,
        ci_low=estimate.ci_low if estimate else None,
        ci_high=estimate.ci_high if estimate else None,
        without_estimate=without.estimate if without else None,
        without_ci_low=without.ci_low if without else None,
        without_ci_high=without.ci_high if without else None,
    )
