"""From what was found of a person's metrics to the rows of `effects`, with a verdict each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from recovery.answers.history import AtLooks
from recovery.answers.how_many_more import ToCome
from recovery.answers.metric import Found
from recovery.answers.people import Series
from recovery.answers.rows import AroundInterval, Effect, EffectCheck, SubgroupEffect
from recovery.effects import judgement, multiplicity
from recovery.effects.build_up import is_build_up
from recovery.effects.examine import evidence_of
from recovery.effects.gates import Gate
from recovery.effects.how_many_more import More
from recovery.effects.judgement import BUILDS_UP, PERMUTATION_P, Evidence, Judgement
from recovery.effects.look_judgement import judge_at_looks, shown
from recovery.effects.regression import Estimate
from recovery.effects.subgroups import with_q_values
from recovery.effects.worth import Worth
from recovery.vocabulary.designs import Design
from recovery.vocabulary.sureness import joined
from recovery.vocabulary.verdicts import Basis
from recovery.vocabulary.windows import WEEK_AFTER, Window
from recovery.words import effects as words

MAIN_WINDOW = "main"  # the days or the night after massages, whichever the metric has

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
    q_values: Mapping[str, float]  # by window, of what is exploratory
    at_looks: AtLooks | None = None  # of a primary with a better side
    more: More | None = None

    @property
    def builds_up(self) -> bool:
        """Whether the number gets better over the massages."""
        better = self.series.better
        return better != "none" and is_build_up(self.found.trend, better, self.worth.size)


def effects_of(
    subject: str,
    series: Mapping[str, Series],
    founds: Mapping[str, Found],
    worths: Mapping[str, Worth],
    primaries: Mapping[str, str],
    at_looks: Mapping[str, AtLooks],
    more: Mapping[str, ToCome],
) -> Rows:
    """All rows of one person.

    `worths` has the change worth having, `primaries` the main metric of each family, `at_looks` what the looks at those
    with a better side say, `more` how many massages those without an answer take.
    """
    main = [metric for metric in dict.fromkeys(primaries.values()) if metric in founds]
    holm = _adjusted({metric: founds[metric].findings.estimate for metric in main}, multiplicity.holm)
    q_values = _adjusted(_exploratory(founds, at_looks), multiplicity.benjamini_hochberg)
    for metric, found in founds.items():
        own = {window: q_value for (of, window), q_value in q_values.items() if of == metric}
        looked = Looked(
            subject,
            series[metric],
            found,
            worths[metric],
            metric in main,
            holm.get(metric),
            own,
            at_looks.get(metric),
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


def _exploratory(
    founds: Mapping[str, Found], at_looks: Mapping[str, AtLooks]
) -> dict[tuple[str, str], Estimate | None]:
    """All that is looked at beside the main metrics, by metric and kind of window: the days after, dose and week."""
    found: dict[tuple[str, str], Estimate | None] = {}
    for metric, of in founds.items():
        if metric not in at_looks:
            found[metric, MAIN_WINDOW] = of.findings.estimate
        found[metric, Window.DOSE] = of.dose
        found[metric, Window.WEEK] = of.week_after.change if of.week_after else None
    return found


Key = TypeVar("Key")


def _adjusted(estimates: Mapping[Key, Estimate | None], adjust: Callable[[Sequence[float]], Any]) -> dict[Key, float]:
    """The adjusted p-values of those that have one."""
    p_values = {key: estimate.p_value for key, estimate in estimates.items() if estimate}
    return dict(zip(p_values, map(float, adjust(list(p_values.values()))), strict=True))


def _of_window(looked: Looked) -> Rows:
    """The days or the night after massages: the row that decides, and its checks."""
    findings, window = looked.found.findings, looked.series.window
    left_out = looked.found.left_out
    # That one massage carries a finding is said and does not stand in its way: it would take a third of true ones too.
    one_massage = [Gate("one massage", not left_out.carried_by, left_out.sentence)] if left_out else []
    gates = (
        *findings.gates,
        *_permutation_gate(looked.found),
        *_build_up_gate(looked),
        *looked.found.concerns,
        *one_massage,
    )
    judged = _judged(looked, gates)
    adjusted, redrawn = findings.adjusted, findings.bookings
    row = _effect(
        looked,
        window,
        findings.estimate,
        gates,
        judged,
        words.NO_BETTER,
        holm_p=looked.holm_p,
        q_value=looked.q_values.get(MAIN_WINDOW),
        lead_p=findings.lead_p,
        permutation_p=findings.permutation.p_value if findings.permutation else None,
        redrawn_p=redrawn.p_value if redrawn else None,
        adjusted_estimate=adjusted.estimate if adjusted else None,
        adjusted_ci_low=adjusted.ci_low if adjusted else None,
        adjusted_ci_high=adjusted.ci_high if adjusted else None,
        lowest_without_one=left_out.low if left_out else None,
        highest_without_one=left_out.high if left_out else None,
    )
    yield _at_looks(row, looked)
    yield from checks_of(looked.subject, looked.series.metric, window, gates)


def _judged(looked: Looked, gates: Sequence[Gate]) -> Judgement:
    """What is said of the days or the night after massages: of a main metric by all looks at it."""
    findings, series, worth = looked.found.findings, looked.series, looked.worth
    if refusal := judgement.refuse(findings.gates):
        return refusal
    q_value = looked.q_values.get(MAIN_WINDOW)
    if series.better == "none":
        return _without_better_side(looked, findings.estimate, q_value)
    evidence = evidence_of(
        findings,
        better=series.better,
        worthwhile=worth.size,
        worth_from=worth.origin,
        out_of_reach=worth.out_of_reach,
        holm_p=looked.holm_p,
        concerns=looked.found.concerns,
        builds_up=looked.builds_up,
        more=looked.more,
        unit=series.unit,
        metric=series.metric,
        when=series.window.phrase,
    )
    if looked.at_looks is None:
        return judgement.judge_exploratory(evidence, q_value)
    failed = {gate.name: gate.sentence for gate in gates if not gate.passed}
    told = looked.at_looks
    return judge_at_looks(evidence, told.boundary, told.said, failed, told.history.sentence)


def _without_better_side(looked: Looked, estimate: Estimate | None, q_value: float | None) -> Judgement:
    if estimate is None:
        raise ValueError("what was not refused has an estimate")
    return judgement.judge_without_better_side(
        estimate, looked.worth.size, looked.found.findings.n_massages, q_value, words.NO_BETTER
    )


def _at_looks(row: Effect, looked: Looked) -> Effect:
    """The row of a main metric with what its looks show, and since when."""
    told, estimate = looked.at_looks, looked.found.findings.estimate
    if told is None or estimate is None:
        return row
    found = shown(estimate, told.boundary, told.said)
    return replace(
        row,
        shown_estimate=found.estimate,
        shown_low=found.low,
        shown_high=found.high,
        said_on=told.said[-1].found.local_date if told.said else None,
        first_said=told.history.first_said,
        withdrawn_on=told.history.withdrawn_on,
    )


def _of_dose(looked: Looked, gate: Gate) -> Rows:
    """The change per hour of massage in the week before; who books more when it hurts is not allowed for."""
    found = looked.found
    judged = _refused(gate) if found.dose is None else _judge(looked, found.dose, Window.DOSE)
    yield _effect(looked, Window.DOSE, found.dose, (gate,), judged, words.NO_BETTER)
    yield from checks_of(looked.subject, looked.series.metric, Window.DOSE, (gate,))


def _of_week(looked: Looked, gate: Gate) -> Rows:
    """The total of the week after a massage."""
    week = looked.found.week_after
    judged = _judge(looked, week.change, Window.WEEK, days=len(WEEK_AFTER)) if week else _refused(gate)
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
    return judgement.refused(reason, [gate.name])


def _judge(looked: Looked, estimate: Estimate, window: Window, days: int = 1) -> Judgement | None:
    """What is said of a second window of a metric, which is never the one declared before; `days` are summed up."""
    findings, worthwhile = looked.found.findings, looked.worth.size
    if looked.series.better == "none":
        return _without_better_side(looked, estimate, looked.q_values.get(window))
    if worthwhile is None or findings.lead_p is None:
        return None
    return judgement.judge_exploratory(
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
            builds_up=looked.builds_up,
            unit=looked.series.unit,
            metric=looked.series.metric,
            when=window.phrase,
        ),
        looked.q_values.get(window),
    )


def _permutation_gate(found: Found) -> Iterator[Gate]:
    """What the weeks gate says, as a check beside the others; it stands in the way of a finding alone."""
    if (permutation := found.findings.permutation) is None:
        return
    passed = permutation.p_value < PERMUTATION_P
    yield Gate("permutation", passed, words.weeks(passed=passed, is_asked=permutation.can_be_asked))


def _build_up_gate(looked: Looked) -> Iterator[Gate]:
    """Whether the number gets better over the massages, as a check beside the others; it only stops a denial."""
    if looked.found.trend is not None and looked.series.better != "none":
        yield Gate(BUILDS_UP, not looked.builds_up, words.build_up(is_so=looked.builds_up))


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
    **further: Any,
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
        n_massages_measured=findings.n_massages_measured,
        n_days=looked.found.n_days,
        n_days_after=looked.found.n_days_after if window == series.window else None,
        checks=checks_in_short(gates),
        direction=judged.direction if judged else None,
        certainty=judged.certainty if judged else None,
        doubts=joined(judged.doubts) if judged else None,
        basis=Basis.AFTER if judged else None,
        verdict=judged.verdict if judged else None,
        shown_estimate=estimate.estimate if estimate else None,
        shown_low=estimate.ci_low if estimate else None,
        shown_high=estimate.ci_high if estimate else None,
        is_building_up=looked.builds_up if findings.estimate else None,
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
