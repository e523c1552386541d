"""The rows of a person's randomised trials, pooled, in the place that `effects` has for them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import duckdb
import numpy as np

from recovery.answers.effects import checks_in_short, checks_of
from recovery.answers.history import Told, of_trial, told_before
from recovery.answers.people import Person
from recovery.answers.rows import Effect, EffectCheck
from recovery.answers.worth import worth_before
from recovery.effects import multiplicity
from recovery.effects.direction import without_better_side
from recovery.effects.judgement import ALPHA, Judgement
from recovery.effects.trial import MIN_KEPT_SHARE, Finding, TrialResult, verdict_on
from recovery.trials import draw as trial
from recovery.vocabulary.verdicts import Basis, Certainty, Verdict, Word
from recovery.vocabulary.worth import WorthFrom
from recovery.words import effects as words
from recovery.words.worth import OF_PLAN


def trial_rows(connection: duckdb.DuckDBPyConnection, person: Person, today: date) -> Iterator[Effect | EffectCheck]:
    """By intention to treat; Holm over the metrics that the plans declared. Nothing while no look is due."""
    pooled = trial.findings(connection, person.subject, today)
    if pooled is None:
        return
    primaries = {
        finding.metric: finding.contrast.p_value
        for finding in pooled.findings
        if finding.metric in pooled.primaries and finding.contrast
    }
    holm = dict(zip(primaries, map(float, multiplicity.holm(list(primaries.values()))), strict=True))
    told = told_before(connection, person.subject, of_trials=True)
    for finding in pooled.findings:
        row = _row(person, pooled, finding, holm.get(finding.metric))
        yield _since(row, told.get(finding.metric, ()), today)
        yield from checks_of(person.subject, finding.metric, finding.window, finding.result.gates)


def _since(row: Effect, told: Sequence[Told], today: date) -> Effect:
    """The row with since when the page tells it, or that it told another answer before."""
    if row.direction is None or row.certainty is None:
        return row
    since = of_trial(Word(row.direction), Certainty(row.certainty), told, today)
    reason = words.text(row.reason, since.sentence)
    return replace(row, first_said=since.first_said, withdrawn_on=since.withdrawn_on, reason=reason)


def fingerprint(connection: duckdb.DuckDBPyConnection, subject: str, today: date) -> str:
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
    weeks = connection.execute(
        "select bit_xor(hash(trial_weeks)) from raw.trial_weeks where subject = ?", [subject]
    ).fetchall()
    excluded = connection.execute(
        "select bit_xor(hash(local_date)) from raw.exclusions where subject = ? and local_date >= ?", [subject, first]
    ).fetchall()
    last = trial.recorded_until(connection, subject, today)
    return f"{schedules} {weeks} {days} {attended} {excluded} {last}"


def waiting(connection: duckdb.DuckDBPyConnection, today: date) -> str:
    """Changes with the date where somebody with a trial has records of a later one; else ''."""
    ahead = connection.execute(
        "select distinct trials.subject from raw.trials inner join massage.spans on trials.subject = spans.subject"
        " where spans.last_date > ?",
        [today],
    ).fetchall()
    return f" {today}" if ahead else ""


def _row(person: Person, pooled: trial.Pooled, finding: Finding, holm_p: float | None) -> Effect:
    contrast, result, series = finding.contrast, finding.result, person.series[finding.metric]
    worth = worth_before(person, series, finding.schedules[0].start, result.deviation)
    is_primary, goal = finding.metric in pooled.primaries, pooled.goal(finding.metric)
    if goal is not None and goal != worth.size:
        worth = replace(worth, size=goal, origin=WorthFrom.GOALS, source=OF_PLAN)
    if series.better == "none" and contrast:
        word = without_better_side(contrast.ci_low, contrast.ci_high, worth.size)
        certainty = Certainty.TOO_EARLY if word is Word.UNKNOWN else Certainty.LIKELY
        judged = Judgement(word, certainty, words.text(finding.reason, words.NO_BETTER))
    else:
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
    if judged.verdict is Verdict.SUPPORTED and not is_primary:
        reason = words.text(judged.reason, words.NOT_DECLARED_BY_PLAN)
        failed = ("declared before",)
        judged = Judgement(judged.direction, Certainty.LIKELY, reason, failed, judged.smallest_detectable)
    flagged = [gate.sentence for gate in result.gates if not gate.passed and contrast is not None]
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
        reason=words.text(judged.reason if series.better == "none" else finding.told(judged.reason), *flagged),
        direction=judged.direction,
        certainty=judged.certainty,
        basis=Basis.BECAUSE if is_because(result, holm_p) else Basis.AFTER,
        verdict=judged.verdict,
        shown_estimate=contrast.estimate if contrast else None,
        shown_low=contrast.ci_low if contrast else None,
        shown_high=contrast.ci_high if contrast else None,
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
        smallest_detectable=judged.smallest_detectable,
        massages_needed=judged.massages_needed,
    )


def is_because(result: TrialResult, holm_p: float | None) -> bool:
    """Whether a change may be put down to the massages: drawn by lot, kept to by half at least, its own test passed."""
    contrast = result.contrast
    if contrast is None or result.adherence.kept_share < MIN_KEPT_SHARE:
        return False
    return (contrast.p_value if holm_p is None else holm_p) < ALPHA
