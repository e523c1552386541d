"""What was committed before a trial began, held against what is analysed now: rebuilt and compared at every run.

The hash of a plan covers its seed and weeks, the main numbers with their goals, directions and windows, the looks and
the days excluded by then. What the private database holds is put together again with the directions and windows of
today's program; where the hash is another, there is no answer. Plans made before plans held all this (`recovery trial
1`) are compared in what they hold: person, weeks, hour, main numbers, seed.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import duckdb

from recovery.effects.gates import Gate
from recovery.effects.trial import AS_COMMITTED, COMMITTED_BEFORE, LEFT_OUT_BEFORE
from recovery.effects.trial_schedule import Schedule, coins
from recovery.home import clock
from recovery.home.settings import Settings, days_between
from recovery.trials.plan import Declared, Plan
from recovery.vocabulary.windows import trial_window
from recovery.warehouse.metrics import metric_definitions
from recovery.words import checks as words


class Committed(NamedTuple):
    """A plan as the private database holds it, with what was committed."""

    plan: Plan
    sha256: str
    committed_utc: datetime
    are_weeks_kept: bool  # whether the weeks that are stored are those of the coins


def declared(metrics: Sequence[str], goals: Mapping[str, float | None]) -> tuple[Declared, ...]:
    """What today's program would declare of these metrics; a metric that it does not know is left out."""
    headers = {header["metric"]: header for header in metric_definitions()}
    return tuple(
        Declared(
            metric,
            headers[metric].get("better", "none"),
            trial_window(is_nightly=headers[metric].get("counted by", "day") == "night").lags,
            goals.get(metric),
        )
        for metric in metrics
        if metric in headers
    )


def excluded(settings: Settings, subject: str, schedule: Schedule) -> tuple[date, ...]:
    """The dates of a trial that recovery.toml excludes."""
    days = {
        day
        for row in settings.exclusions
        if row.subject in (None, subject)
        for day in days_between(max(row.first, schedule.start), min(row.last, schedule.last_date))
    }
    return tuple(sorted(days))


def committed(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Committed]:
    """The plans of a person, by their first date, put together anew from what is stored."""
    weeks: dict[date, list[tuple[int, int, date, bool]]] = {}
    for start, *week in connection.execute(
        "select start_date, week, pair, local_date, is_massage_week from raw.trial_weeks where subject = ?"
        " order by start_date, week",
        [subject],
    ).fetchall():
        weeks.setdefault(start, []).append(tuple(week))
    found = []
    for (
        start, pairs, weeks_per_block, weekday, start_time, time_zone, massage_min, primaries, seed, sha256, at_utc,
        goals, left_out,
    ) in connection.execute(
        "select start_date, pairs, weeks_per_block, weekday, start_time, time_zone, massage_min, primaries, seed,"
        " schedule_sha256, committed_utc, goals, excluded from raw.trials where subject = ? order by start_date",
        [subject],
    ).fetchall():  # fmt: skip
        names = tuple(name.strip() for name in primaries.split(","))
        plan = Plan(
            subject=subject,
            schedule=Schedule(start, weeks_per_block, coins(seed, pairs), has_looks=goals is not None),
            weekday=weekday,
            start_time=start_time,
            time_zone=time_zone,
            massage_min=massage_min,
            primaries=names,
            seed=seed,
            declared=None if goals is None else declared(names, json.loads(goals)),
            excluded=tuple(date.fromisoformat(day) for day in json.loads(left_out or "[]")),
        )
        found.append(Committed(plan, sha256, at_utc, weeks.get(start, []) == weeks_of(plan)))
    return found


def weeks_of(plan: Plan) -> list[tuple[int, int, date, bool]]:
    """Number, pair, first date of each week, and whether the massage was drawn for it."""
    drawn = plan.schedule
    return [
        (week, 1 + (week - 1) // (2 * drawn.weeks_per_block), slot, is_massage)
        for week, (slot, is_massage) in enumerate(zip(drawn.slots, drawn.is_massage_week, strict=True), 1)
    ]


def gates(one: Committed, excluded_now: Sequence[date]) -> tuple[Gate, ...]:
    """Whether a trial is analysed as it was committed; the first two refuse an answer where they fail."""
    plan, start = one.plan, one.plan.schedule.start
    if plan.sha256 != one.sha256 or not one.are_weeks_kept:
        as_committed = Gate(AS_COMMITTED, False, words.not_as_committed(start, one.sha256, plan.sha256))
    elif plan.declared is None:
        as_committed = Gate(AS_COMMITTED, True, words.as_committed_of_old(start, one.committed_utc))
    else:
        as_committed = Gate(AS_COMMITTED, True, words.as_committed(start, one.committed_utc))
    first_hour = clock.to_utc(datetime.combine(start, plan.start_time), plan.time_zone)
    is_before = one.committed_utc < first_hour
    before = Gate(COMMITTED_BEFORE, is_before, words.committed_when(start, one.committed_utc, is_before=is_before))
    if plan.declared is None:
        return as_committed, before
    later = sorted(set(excluded_now) - set(plan.excluded))
    sentence = words.left_out_later(later) if later else words.NOT_LEFT_OUT_LATER
    return as_committed, before, Gate(LEFT_OUT_BEFORE, not later, sentence)
