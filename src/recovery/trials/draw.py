"""The plan of a randomised trial: drawn, written as files, committed before it begins; and read again when it is over.

The coins come of a seed of the system's randomness. The schedule as one line of JSON has a SHA-256 that is stored with
the time of the drawing and printed, so that nobody, the person included, can draw again until it pleases. The files
lie in `trials/` of the home and not in the inbox: a planned massage is no massage.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recovery import warehouse
from recovery.effects.gates import Gate
from recovery.effects.trial import Finding, Outcome, looks_of, results
from recovery.effects.trial_power import power
from recovery.effects.trial_schedule import Schedule, coins
from recovery.errors import RecoveryError
from recovery.home import clock, lock
from recovery.home.disk import full_disk_is_plain, open_private, private_folder, sync
from recovery.home.settings import LAST_YEAR, Settings
from recovery.trials import commitment
from recovery.trials.plan import Measure, Plan, files
from recovery.vocabulary.weekdays import WEEKDAYS, weekday_of
from recovery.vocabulary.windows import MAIN, trial_window
from recovery.vocabulary.worth import WorthFrom
from recovery.words.say import say

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

NOISE_DAYS = 180  # the last days that a person's noise is judged by; older ones may be of another life
SEED_BITS = 63  # as many as DuckDB's bigint holds without a sign


class TrialError(RecoveryError):
    """The trial cannot be planned; nothing was drawn."""


class Written(NamedTuple):
    """The folder of a committed trial and the files in it."""

    folder: Path
    files: tuple[Path, ...]
    committed_utc: datetime


def draw(
    settings: Settings,
    subject: str,
    *,
    start: date,
    pairs: int,
    weekday: str,
    start_time: time,
    massage_min: int,
    weeks_per_block: int,
    now_utc: datetime,
    seed: int,
    goals: Mapping[str, float | None] | None = None,
) -> Plan:
    """A plan whose coins fell as the seed says; nothing is written. `goals` are those of `goals_of`.

    Raises TrialError where the person is unknown, the first hour has passed, or `start` is not on the weekday.
    """
    if subject not in settings.subjects:
        known = ", ".join(settings.subjects)
        raise TrialError(
            say("{subject} is nobody in recovery.toml.", subject=subject),
            say("Known: {known}; add [people.{subject}].", known=known, subject=subject),
        )
    if weekday_of(start) != weekday:
        ahead = (list(WEEKDAYS).index(weekday) - start.weekday()) % 7
        raise TrialError(
            say(
                "{start} is a {weekdays}, and weeks begin on the day of the massage.",
                start=start,
                weekdays=WEEKDAYS[weekday_of(start)],
            ),
            say(
                "Choose --start {ahead}, or --weekday {weekday_of}.",
                ahead=start + timedelta(days=ahead),
                weekday_of=weekday_of(start),
            ),
        )
    if start.year + (14 * pairs * weeks_per_block) // 365 + 1 > LAST_YEAR:
        raise TrialError(
            say("The trial would not end before the year {last_year}.", last_year=LAST_YEAR),
            say("Choose an earlier --start."),
        )
    schedule, primaries = Schedule(start, weeks_per_block, coins(seed, pairs)), tuple(settings.primaries.values())
    plan = Plan(
        subject=subject,
        schedule=schedule,
        weekday=weekday,
        start_time=start_time,
        time_zone=settings.home_time_zone,
        massage_min=massage_min,
        primaries=primaries,
        seed=seed,
        declared=commitment.declared(primaries, settings.goals if goals is None else goals),
        excluded=commitment.excluded(settings, subject, schedule),
    )
    _refuse_begun(plan, now_utc)
    return plan


def commit(settings: Settings, plan: Plan, measures: Sequence[Measure], now_utc: datetime) -> Written:
    """Stores the plan in the private database and writes its files, both or neither; the next run publishes it.

    Raises TrialError where it overlaps another trial of the person or its folder is there, LockedError where a run is
    at work.
    """
    home = settings.home
    committed_utc = now_utc.replace(microsecond=0)
    with lock.held(settings, "recovery plan-trial"), full_disk_is_plain(home.folder):
        _refuse_begun(plan, now_utc)
        connection = warehouse.open_work(settings.home.work)
        try:
            _refuse_overlap(connection, plan)
            folder = home.trials / plan.subject / plan.schedule.start.isoformat()
            if folder.exists():
                raise TrialError(
                    say("{folder} is there, but no trial of it is known.", folder=folder),
                    say("Move it away: nothing is overwritten."),
                )
            made = _write(folder, files(plan, measures, committed_utc))
            try:
                _store(connection, plan, committed_utc)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        finally:
            connection.close()
    return Written(folder, made, committed_utc)


def measures(published: duckdb.DuckDBPyConnection, plan: Plan) -> list[Measure]:
    """The power of the plan for each primary metric, from the last valid days that are published."""
    measures = []
    for metric in plan.primaries:
        rows = published.execute(
            "select family, unit, counted_by, smallest_worthwhile_change from metrics where metric = ?", [metric]
        ).fetchall()
        if not rows:
            continue
        ((family, unit, counted_by, general),) = rows
        worthwhile, origin, source = _worth(published, plan.subject, metric, general)
        days = published.execute(
            "select local_date, value from daily_metrics where subject = ? and metric = ? and is_valid"
            " and value is not null order by local_date",
            [plan.subject, metric],
        ).fetchall()
        values, dates = _by_day(days[-NOISE_DAYS:])
        try:
            with threadpool_limits(limits=1):  # the products are small: more threads only wait for each other
                found = power(
                    values[-NOISE_DAYS:],
                    dates[-NOISE_DAYS:],
                    pairs=plan.schedule.pairs,
                    weeks_per_block=plan.schedule.weeks_per_block,
                    worthwhile=worthwhile,
                    lags=trial_window(is_nightly=counted_by == "night").lags,
                )
        except ValueError as error:
            measures.append(Measure(metric, family, unit, None, str(error)))
        else:
            measures.append(Measure(metric, family, unit, found, worth_from=origin, worth_source=source))
    return measures


def goals_of(published: duckdb.DuckDBPyConnection, subject: str, primaries: Sequence[str]) -> dict[str, float | None]:
    """The change worth having of each metric, as the plan of a trial declares it; None where the days decide."""
    general: dict[str, float | None] = dict(
        published.execute("select metric, smallest_worthwhile_change from metrics").fetchall()
    )
    return {metric: _worth(published, subject, metric, general.get(metric))[0] for metric in primaries}


def _worth(
    published: duckdb.DuckDBPyConnection, subject: str, metric: str, general: float | None
) -> tuple[float | None, WorthFrom, str]:
    """The change worth having of the person, where it comes from, and that in words; `general` is everybody's.

    None where it has to be taken from how the days vary, which the power is asked of more days than an answer.
    """
    rows = []
    if published.execute(  # an earlier version published none
        "from duckdb_columns() where table_name = 'effects' and column_name = 'worth' and not internal"
    ).fetchall():
        rows = published.execute(
            "select worth, worth_from, worth_source from effects"
            ' where subject = ? and metric = ? and "window" in (?, ?)',
            [subject, metric, *MAIN],
        ).fetchall()
    if rows and rows[0][0] is not None:
        worth, origin, source = rows[0]
        origin = WorthFrom(origin)
        return (None if origin.is_assumed else worth), origin, source
    return general, WorthFrom.VARIATION if general is None else WorthFrom.METRIC, ""


class Pooled(NamedTuple):
    """What the trials of a person say at the last look that is due, and how they were committed."""

    plans: tuple[Plan, ...]  # those that count, by their first date
    gates: tuple[Gate, ...]  # of the plans: whether they are analysed as committed
    findings: list[Finding]  # one a metric

    @property
    def primaries(self) -> set[str]:
        """The metrics that all of the plans declared."""
        return set.intersection(*(set(plan.primaries) for plan in self.plans))

    def goal(self, metric: str) -> float | None:
        """The change worth having, as the first plan declared it; None where it follows from the days before."""
        goals = (one.goal for plan in self.plans for one in plan.declared or () if one.metric == metric)
        return next((goal for goal in goals if goal is not None), None)


def findings(connection: duckdb.DuckDBPyConnection, subject: str, today: date) -> Pooled | None:
    """What the trials of a person say of every metric, from the work database after a build; None before any look.

    Every valid day counts, also where no log vouches for it: a week counts as it was drawn, so what is known of
    massages must not decide which days are looked at. A date after `today` is no record: it ends no trial.
    """
    committed = commitment.committed(connection, subject)
    until = recorded_until(connection, subject, today)
    if until is None or not (due := looks_of([one.plan.schedule for one in committed], until)):
        return None
    committed = committed[: due[-1].trial + 1]
    schedules = [one.plan.schedule for one in committed]
    excluded = [
        day
        for (day,) in connection.execute(
            "select local_date from raw.exclusions where subject = ? order by all", [subject]
        ).fetchall()
    ]
    gates = tuple(
        gate
        for one in committed
        for gate in commitment.gates(
            one, [day for day in excluded if one.plan.schedule.start <= day <= one.plan.schedule.last_date]
        )
    )
    attended = [
        day
        for (day,) in connection.execute(
            "select local_date from stg.massages where subject = ? and status = 'attended' order by all", [subject]
        ).fetchall()
    ]
    found = results(schedules, _outcomes(connection, subject, schedules[0].start), attended, until, gates=gates)
    return Pooled(tuple(one.plan for one in committed), gates, list(found))


def recorded_until(connection: duckdb.DuckDBPyConnection, subject: str, today: date) -> date | None:
    """The last date that a device or the diary recorded, today at most; None where there is none."""
    rows = connection.execute("select last_date from massage.spans where subject = ?", [subject]).fetchall()
    return min(rows[0][0], today) if rows else None


def _outcomes(connection: duckdb.DuckDBPyConnection, subject: str, first: date) -> list[Outcome]:
    """Every metric of a person with a valid value since the first trial began."""
    by_metric: dict[str, list[tuple[date, float]]] = {}
    for metric, day, value in connection.execute(
        "select metric, local_date, value from massage.measures where subject = ? and is_valid and value is not null"
        " and local_date >= ? order by metric, local_date",
        [subject, first],
    ).fetchall():
        by_metric.setdefault(metric, []).append((day, value))
    return [
        Outcome(metric, *_by_day(by_metric[metric]), is_nightly=counted_by == "night", unit=unit)
        for metric, unit, counted_by in connection.execute(
            "select metric, unit, counted_by from daily.definitions order by metric"
        ).fetchall()
        if metric in by_metric
    ]


def _by_day(days: Sequence[tuple[date, float]]) -> tuple[Floats, Dates]:
    """Values by consecutive dates, NaN where there is none."""
    if not days:
        return np.empty(0), np.empty(0, dtype="datetime64[D]")
    first, last = days[0][0], days[-1][0]
    values = np.full((last - first).days + 1, np.nan)
    for day, value in days:
        values[(day - first).days] = value
    return values, np.datetime64(first) + np.arange(len(values))


def _refuse_begun(plan: Plan, now_utc: datetime) -> None:
    start = plan.schedule.start
    if clock.to_utc(datetime.combine(start, plan.start_time), plan.time_zone) <= now_utc:
        here = clock.to_local(now_utc, plan.time_zone)
        raise TrialError(
            say(
                "{start} {start_time:%H:%M} has passed ({time_zone}, now {here:%Y-%m-%d %H:%M}).",
                start=start,
                start_time=plan.start_time,
                time_zone=plan.time_zone,
                here=here,
            ),
            say("A trial is drawn before it begins: choose a later --start."),
        )


def _refuse_overlap(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    first, last = plan.schedule.start, plan.schedule.last_date
    for start, pairs, weeks in connection.execute(
        "select start_date, pairs, weeks_per_block from raw.trials where subject = ? order by start_date",
        [plan.subject],
    ).fetchall():
        end = start + timedelta(weeks=2 * pairs * weeks, days=-1)
        if start <= last and first <= end:
            raise TrialError(
                say(
                    "A trial of {subject} runs from {start} to {end} already.",
                    subject=plan.subject,
                    start=start,
                    end=end,
                ),
                say("Two at once cannot be told apart: start after it has ended."),
            )


def _store(connection: duckdb.DuckDBPyConnection, plan: Plan, committed_utc: datetime) -> None:
    drawn = plan.schedule
    with warehouse.transaction(connection):
        connection.execute(
            "insert into raw.trials by name select ? as subject, ?::date as start_date, ?::integer as pairs,"
            " ?::integer as weeks_per_block, ? as weekday, ?::time as start_time, ? as time_zone,"
            " ?::integer as massage_min, ? as primaries, ?::bigint as seed, ? as schedule_sha256,"
            " ?::timestamp as committed_utc, ? as goals, ? as excluded",
            [
                plan.subject, drawn.start, drawn.pairs, drawn.weeks_per_block, plan.weekday, plan.start_time,
                plan.time_zone, plan.massage_min, ", ".join(plan.primaries), plan.seed, plan.sha256, committed_utc,
                json.dumps({one.metric: one.goal for one in plan.declared or ()}),
                json.dumps([day.isoformat() for day in plan.excluded]),
            ],
        )  # fmt: skip
        warehouse.insert_rows(
            connection,
            "raw.trial_weeks (subject, start_date, week, pair, local_date, is_massage_week)",
            [(plan.subject, drawn.start, *week) for week in commitment.weeks_of(plan)],
        )
        warehouse.set_meta(connection, "built", "no")  # so that the next run publishes it, also without new data


def _write(folder: Path, files: Sequence[tuple[str, bytes]]) -> tuple[Path, ...]:
    """Writes the files into a new folder, which appears when all of them are whole; for the owner's eyes only."""
    private_folder(folder.parent)
    partial = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(partial, ignore_errors=True)  # what a killed command left
    partial.mkdir(mode=0o700)
    for name, content in files:
        with open_private(partial / name, is_new=True) as stream:
            stream.write(content)
        sync(partial / name)
    partial.rename(folder)
    sync(folder.parent)
    return tuple(folder / name for name, _ in files)
