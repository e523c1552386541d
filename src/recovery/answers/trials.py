"""The rows of a person's last finished randomised trial, in the place that `effects` has for it."""

from collections.abc import Iterator

import duckdb
import numpy as np

from recovery.answers.effects import checks_in_short, checks_of
from recovery.answers.people import Person
from recovery.answers.rows import Effect, EffectCheck
from recovery.answers.worth import worth_before
from recovery.effects import multiplicity
from recovery.effects.judgement import Judgement
from recovery.effects.trial import Finding, verdict_on
from recovery.trials import draw as trial
from recovery.vocabulary.verdicts import Verdict
from recovery.words import effects as words


def trial_rows(connection: duckdb.DuckDBPyConnection, person: Person) -> Iterator[Effect | EffectCheck]:
    """By intention to treat; Holm over the metrics that the plan declared. Nothing while no trial is over."""
    subject = person.subject
    last: dict[str, Finding] = {finding.metric: finding for finding in trial.findings(connection, subject)}
    if not last:
        return
    declared = _declared(connection, subject)
    primaries = {
        metric: finding.contrast.p_value
        for metric, finding in last.items()
        if metric in declared.get(finding.schedule.start, ()) and finding.contrast
    }
    holm = dict(zip(primaries, map(float, multiplicity.holm(list(primaries.values()))), strict=True))
    for metric, finding in last.items():
        yield _row(person, finding, metric in primaries, holm.get(metric))
        yield from checks_of(subject, metric, finding.window, finding.result.gates)


def fingerprint(connection: duckdb.DuckDBPyConnection, subject: str) -> str:
    """Changes whenever anything changes that the trials of a person are read from; '' where there is none."""
    trials = connection.execute(
        "select min(start_date), bit_xor(hash(trials)) from raw.trials where subject = ?", [subject]
    ).fetchall()
    ((first, schedules),) = trials
    if first is None:
        return ""
    days = connection.execute(
        "select bit_xor(hash(metric, local_date, value)) from massage.measures"
        " where subject = ? and is_valid and local_date >= ?",
        [subject, first],
    ).fetchall()
    attended = connection.execute(
        "select bit_xor(hash(massage_id, local_date)) from stg.massages where subject = ? and status = 'attended'",
        [subject],
    ).fetchall()
    last = connection.execute("select last_date from massage.spans where subject = ?", [subject]).fetchall()
    return f"{schedules} {days} {attended} {last}"


def _declared(connection: duckdb.DuckDBPyConnection, subject: str) -> dict[object, tuple[str, ...]]:
    """The metrics that each trial declared before it began, by its first date."""
    return {
        start: tuple(name.strip() for name in primaries.split(","))
        for start, primaries in connection.execute(
            "select start_date, primaries from raw.trials where subject = ?", [subject]
        ).fetchall()
    }


def _row(person: Person, finding: Finding, is_primary: bool, holm_p: float | None) -> Effect:
    contrast, result, series = finding.contrast, finding.result, person.series[finding.metric]
    worth = worth_before(person, series, finding.schedule.start, result.deviation)
    judged = None
    if contrast is None or series.better != "none":
        judged = verdict_on(
            result,
            better="down" if series.better == "down" else "up",
            worthwhile=worth.size,
            worth_from=worth.origin,
            out_of_reach=worth.out_of_reach,
            holm_p=holm_p,
            unit=series.unit,
            metric=series.metric,
        )
    if judged and judged.verdict is Verdict.SUPPORTED and not is_primary:
        reason = words.text(judged.reason, words.NOT_DECLARED_BY_PLAN)
        judged = Judgement(Verdict.CONSISTENT, reason, ("declared before",), judged.smallest_detectable)
    return Effect(
        subject=person.subject,
        metric=series.metric,
        window=finding.window,
        family=series.family,
        is_primary=is_primary,
        unit=series.unit,
        better=series.better,
        n_massages=result.adherence.scheduled,
        n_days=contrast.n_days if contrast else 0,
        checks=checks_in_short(result.gates),
        reason=words.of_trial(finding.schedule.start, judged.reason)
        if judged
        else words.text(finding.reason, words.NO_BETTER),
        verdict=judged.verdict.value if judged else None,
        estimate=contrast.estimate if contrast else None,
        ci_low=contrast.ci_low if contrast else None,
        ci_high=contrast.ci_high if contrast else None,
        p_value=contrast.p_value if contrast else None,
        holm_p=holm_p,
        usual=float(np.nanmean(series.values)) if np.isfinite(series.values).any() else None,
        usual_without=worth.usual,
        worth=worth.size,
        worth_from=worth.origin.value,
        worth_source=worth.source,
        is_worth_reachable=not worth.out_of_reach,
        smallest_detectable=judged.smallest_detectable if judged else None,
        massages_needed=judged.massages_needed if judged else None,
    )
