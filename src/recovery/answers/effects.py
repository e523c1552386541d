"""From what was found of a person's metrics to the rows of `effects`, with a verdict each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recovery.answers.how_many_more import ToCome
from recovery.answers.metric import Found
from recovery.answers.people import Series
from recovery.answers.rows import AroundInterval, Effect, EffectCheck, SubgroupEffect
from recovery.effects import judgement, multiplicity
from recovery.effects.examine import verdict_on
from recovery.effects.gates import Gate
from recovery.effects.how_many_more import More
from recovery.effects.judgement import PERMUTATION_P, Evidence, Judgement
from recovery.effects.regression import Estimate
from recovery.effects.subgroups import with_q_values
from recovery.effects.worth import Worth
from recovery.vocabulary.designs import Design
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import WEEK_AFTER, Window
from recovery.words import effects as words

Rows = Iterator[Effect | EffectCheck | AroundInterval]


@dataclass(frozen=True)
class Looked:
    """One metric of one person, with what the other metrics make of its p-value."""

    subject: str
    series: Series
    found: Found
    worth: Worth
    is_primary: bool
    holm_p: float | None
    q_value: float | None
    more: More | None = None


def effects_of(
    subject: str,
    series: Mapping[str, Series],
    founds: Mapping[str, Found],
    worths: Mapping[str, Worth],
    primaries: Mapping[str, str],
    more: Mapping[str, ToCome],
) -> Rows:
    """All rows of one person.

    `worths` has the change worth having, `primaries` the main metric of each family, `more` how many massages those
    without an answer take.
    """
    main = [metric for metric in dict.fromkeys(primaries.values()) if metric in founds]
    others = [metric for metric in founds if metric not in main and series[metric].better != "none"]
    holm = _adjusted(main, founds, multiplicity.holm)
    q_values = _adjusted(others, founds, multiplicity.benjamini_hochberg)
    for metric, found in founds.items():
        looked = Looked(
            subject,
            series[metric],
            found,
            worths[metric],
            metric in main,
            holm.get(metric),
            q_values.get(metric),
            more[metric].by_design[Design.AS_BOOKED] if metric in more else None,
        )
        yield from _of_window(looked)
        for day, estimate in enumerate(found.by_day):
            if estimate is None:  # told before the massage
                continue
            yield _effect(looked, Window.of_day(day), estimate, (), None, words.ONE_DAY)
        if found.dose_gate:
            yield from _of_dose(looked, found.dose_gate)
        if found.events_gate:
            yield from _of_week(looked, found.events_gate)
        for offset, half_width in found.half_widths.items():
            yield AroundInterval(subject, metric, offset, half_width)


def subgroups_of(subject: str, founds: Mapping[str, Found]) -> Iterator[SubgroupEffect]:
    """The kinds of massages, their q-values among all of the person's."""
    found = [(metric, subgroup) for metric, of_metric in founds.items() for subgroup in of_metric.subgroups]
    for (metric, _), subgroup in zip(found, with_q_values([subgroup for _, subgroup in found]), strict=True):
        estimate, difference = subgroup.estimate, subgroup.difference
        yield SubgroupEffect(
            subject,
            metric,
            subgroup.attribute,
            subgroup.level,
            subgroup.n_massages,
            subgroup.reason,
            estimate=estimate.estimate if estimate else None,
            ci_low=estimate.ci_low if estimate else None,
            ci_high=estimate.ci_high if estimate else None,
            p_value=estimate.p_value if estimate else None,
            q_value=subgroup.q_value,
            difference=difference.estimate if difference else None,
            difference_ci_low=difference.ci_low if difference else None,
            difference_ci_high=difference.ci_high if difference else None,
            difference_q_value=subgroup.difference_q_value,
        )


def _adjusted(
    metrics: Sequence[str], founds: Mapping[str, Found], adjust: Callable[[Sequence[float]], Any]
) -> dict[str, float]:
    """The adjusted p-values of those metrics that have one."""
    p_values = {metric: estimate.p_value for metric in metrics if (estimate := founds[metric].findings.estimate)}
    return dict(zip(p_values, map(float, adjust(list(p_values.values()))), strict=True))


def _of_window(looked: Looked) -> Rows:
    """The days or the night after massages: the row that decides, and its checks."""
    findings, window = looked.found.findings, looked.series.window
    left_out = looked.found.left_out
    # That one massage carries a finding is said and does not stand in its way: it would take a third of true ones too.
    one_massage = [Gate("one massage", not left_out.carried_by, left_out.sentence)] if left_out else []
    gates = (*findings.gates, *_permutation_gate(looked.found), *looked.found.concerns, *one_massage)
    if looked.series.better == "none":
        judged = judgement.refuse(findings.gates)
    else:
        judged = verdict_on(
            findings,
            better=looked.series.better,
            worthwhile=looked.worth.size,
            worth_from=looked.worth.origin,
            out_of_reach=looked.worth.out_of_reach,
            holm_p=looked.holm_p,
            is_exploratory=not looked.is_primary,
            concerns=looked.found.concerns,
            unit=looked.series.unit,
            metric=looked.series.metric,
            when=window.phrase,
            more=looked.more,
        )
    adjusted, redrawn = findings.adjusted, findings.bookings
    yield _effect(
        looked,
        window,
        findings.estimate,
        gates,
        judged,
        words.NO_BETTER,
        holm_p=looked.holm_p,
        q_value=looked.q_value,
        lead_p=findings.lead_p,
        permutation_p=findings.permutation.p_value if findings.permutation else None,
        redrawn_p=redrawn.p_value if redrawn else None,
        adjusted_estimate=adjusted.estimate if adjusted else None,
        adjusted_ci_low=adjusted.ci_low if adjusted else None,
        adjusted_ci_high=adjusted.ci_high if adjusted else None,
        lowest_without_one=left_out.low if left_out else None,
        highest_without_one=left_out.high if left_out else None,
    )
    yield from checks_of(looked.subject, looked.series.metric, window, gates)


def _of_dose(looked: Looked, gate: Gate) -> Rows:
    """The change per hour of massage in the week before; who books more when it hurts is not allowed for."""
    found = looked.found
    judged = None
    if found.dose is None:
        judged = _refused(gate)
    elif looked.series.better != "none":
        judged = _judge(looked, found.dose, Window.DOSE)
    yield _effect(looked, Window.DOSE, found.dose, (gate,), judged, words.NO_BETTER)
    yield from checks_of(looked.subject, looked.series.metric, Window.DOSE, (gate,))


def _of_week(looked: Looked, gate: Gate) -> Rows:
    """The total of the week after a massage."""
    week = looked.found.week_after
    judged = _refused(gate) if week is None else None
    if week and looked.series.better != "none":
        judged = _judge(looked, week.change, Window.WEEK, days=len(WEEK_AFTER))
    row = _effect(looked, Window.WEEK, week.change if week else None, (gate,), judged, words.NO_BETTER)
    yield replace(
        row,
        usual=_of_week_in_all(row.usual),
        usual_without=_of_week_in_all(row.usual_without),
        worth=_of_week_in_all(row.worth),
    )
    yield from checks_of(looked.subject, looked.series.metric, Window.WEEK, (gate,))


def _of_week_in_all(of_a_day: float | None) -> float | None:
    return None if of_a_day is None else len(WEEK_AFTER) * of_a_day


def _refused(gate: Gate) -> Judgement:
    """Why there is no estimate: the gate that failed, or days that cannot be told apart though it passed."""
    reason = words.TOO_REGULAR if gate.passed else gate.sentence
    return Judgement(Verdict.CANNOT_BE_TOLD, reason, (gate.name,))


def _judge(looked: Looked, estimate: Estimate, window: Window, days: int = 1) -> Judgement | None:
    """The verdict on a second window of a metric, which is never the one declared before; `days` are summed up."""
    findings, worthwhile = looked.found.findings, looked.worth.size
    if worthwhile is None or findings.lead_p is None or looked.series.better == "none":
        return None
    return judgement.judge(
        Evidence(
            estimate=estimate,
            better=looked.series.better,
            worthwhile=days * worthwhile,
            worth_from=looked.worth.origin,
            out_of_reach=looked.worth.out_of_reach,
            n_massages=findings.n_massages,
            holm_p=estimate.p_value,
            lead_p=findings.lead_p,
            permutation_p=None,
            has_pain_diary=findings.has_pain_diary,
            concerns=looked.found.concerns,
            reservations=findings.reservations,
            is_exploratory=True,
            unit=looked.series.unit,
            metric=looked.series.metric,
            when=window.phrase,
        )
    )


def _permutation_gate(found: Found) -> Iterator[Gate]:
    """What the weeks gate says, as a check beside the others; it stands in the way of a finding alone."""
    if (permutation := found.findings.permutation) is None:
        return
    passed = permutation.p_value < PERMUTATION_P
    yield Gate("permutation", passed, words.weeks(passed=passed, is_asked=permutation.can_be_asked))


def checks_of(subject: str, metric: str, window: Window, gates: Sequence[Gate]) -> Iterator[EffectCheck]:
    """A row for each gate, in their order."""
    for ordinal, gate in enumerate(gates, 1):
        yield EffectCheck(subject, metric, window, ordinal, gate.name, gate.passed, gate.sentence)


def checks_in_short(gates: Sequence[Gate]) -> str:
    """As 'enough days: passed; lead: failed'."""
    return "; ".join(f"{gate.name}: {'passed' if gate.passed else 'failed'}" for gate in gates)


def _effect(
    looked: Looked,
    window: Window,
    estimate: Estimate | None,
    gates: Sequence[Gate],
    judged: Judgement | None,
    reason: str,
    **further: float | None,
) -> Effect:
    """One row; `reason` where there is no verdict."""
    series, findings = looked.series, looked.found.findings
    return Effect(
        subject=looked.subject,
        metric=series.metric,
        window=window,
        family=series.family,
        is_primary=looked.is_primary and window == series.window,
        unit=series.unit,
        better=series.better,
        n_massages=findings.n_massages,
        n_days=looked.found.n_days,
        checks=checks_in_short(gates),
        verdict=judged.verdict.value if judged else None,
        reason=judged.reason if judged else reason,
        estimate=estimate.estimate if estimate else None,
        standard_error=estimate.standard_error if estimate else None,
        ci_low=estimate.ci_low if estimate else None,
        ci_high=estimate.ci_high if estimate else None,
        p_value=estimate.p_value if estimate else None,
        usual=looked.found.usual,
        usual_without=looked.worth.usual,
        worth=looked.worth.size,
        worth_from=looked.worth.origin.value,
        worth_source=looked.worth.source,
        is_worth_reachable=not looked.worth.out_of_reach,
        smallest_detectable=judged.smallest_detectable if judged else None,
        massages_needed=judged.massages_needed if judged else None,
        **further,
    )
