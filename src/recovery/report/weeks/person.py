"""What all pages of a person's weeks share, read once: the days of the calendar, what metrics mean, what is usual."""

from collections.abc import Mapping, Set
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.report.answers import Answers, Metric, answers_of, has, metrics_of
from recovery.report.weeks.months import Month, months_of
from recovery.report.weeks.reading import relations_of

PAIN = ("pain", "pain_afternoon", "pain_morning")  # the first that a day has stands in the calendar
DAYS_FOR_USUAL = 7  # before that no day is usual


class Day(NamedTuple):
    """What the calendar shows of a day; None is not told or not measured."""

    steps: float | None = None
    asleep_min: float | None = None
    is_steps_valid: bool = True  # measured well enough to count in a mean, as on the Sheet
    is_asleep_valid: bool = True
    pain: float | None = None
    pain_from: str = "pain"  # the column of the diary
    massages: int = 0
    is_unknown: bool = False  # whether there was a massage nobody knows
    is_known: bool = False  # whether anything is known of it at all


class Person(NamedTuple):
    """One person's days."""

    subject: str
    months: list[Month]
    days: Mapping[date, Day]
    metrics: Mapping[str, Metric]
    answers: Answers
    usual_steps: float | None  # in whole hundreds, as it is told: it differs a little after each night
    has_pain: bool  # ever told
    has_nights: bool
    has_massages: bool
    has_unknown: bool
    relations: Mapping[str, set[str]]  # that are published, with their columns


def person_of(connection: duckdb.DuckDBPyConnection, subject: str) -> Person:
    """Reads what is the same on all pages of one person."""
    metrics = metrics_of(connection)
    answers = answers_of(connection, subject, metrics)
    days = _days(connection, subject)
    steps = answers.main("steps")
    usual_steps = steps.usual if steps and steps.usual is not None else _usual_steps(connection, subject)
    return Person(
        subject=subject,
        months=months_of(connection, subject),
        days=days,
        metrics=metrics,
        answers=answers,
        usual_steps=None if usual_steps is None else round(usual_steps, -2),
        has_pain=any(day.pain is not None for day in days.values()),
        has_nights=any(day.asleep_min is not None for day in days.values()),
        has_massages=any(day.massages for day in days.values()),
        has_unknown=any(day.is_unknown for day in days.values()),
        relations=relations_of(connection),
    )


def _days(connection: duckdb.DuckDBPyConnection, subject: str) -> dict[date, Day]:
    """Every date with a row of `daily`, a massage or a line of the diary."""
    values: dict[date, dict[str, float]] = {}
    invalid: dict[date, set[str]] = {}
    for local_date, metric, value, is_valid in connection.execute(
        "select local_date, metric, value, is_valid from daily_metrics where subject = $1"
        " and metric in ('steps', 'asleep_min', 'pain', 'pain_afternoon', 'pain_morning')",
        [subject],
    ).fetchall():
        values.setdefault(local_date, {})[metric] = value
        if not is_valid:
            invalid.setdefault(local_date, set()).add(metric)
    known = {day for day, _ in _dates(connection, subject, "daily_metrics")}
    known |= {day for day, _ in _dates(connection, subject, "diary")}
    massages = dict(_dates(connection, subject, "massages", "count(*) filter (status = 'attended')"))
    unknown = {day for day, _ in _dates(connection, subject, "unknown_days")}
    listed = {day for day, _ in _dates(connection, subject, "daily")}
    return {
        local_date: _day(
            values.get(local_date, {}),
            invalid.get(local_date, set()),
            massages.get(local_date, 0),
            is_unknown=local_date in unknown,
            is_known=local_date in known or local_date in massages or local_date in unknown,
        )
        for local_date in sorted(listed | known | {*massages} | unknown)
    }


def _day(values: Mapping[str, float], invalid: Set[str], massages: int, *, is_unknown: bool, is_known: bool) -> Day:
    pain_from = next((column for column in PAIN if column in values), "pain")
    return Day(
        steps=values.get("steps"),
        asleep_min=values.get("asleep_min"),
        is_steps_valid="steps" not in invalid,
        is_asleep_valid="asleep_min" not in invalid,
        pain=values.get(pain_from),
        pain_from=pain_from,
        massages=massages,
        is_unknown=is_unknown and not massages,
        is_known=is_known,
    )


def _dates(
    connection: duckdb.DuckDBPyConnection, subject: str, relation: str, count: str = "count(*)"
) -> list[tuple[date, int]]:
    """The dates of a person in a relation, and a count of each; none where an earlier version published none."""
    if not has(connection, relation):
        return []
    sql = f"select local_date, {count} from {relation} where subject = $1 and local_date is not null group by all"
    return connection.execute(sql, [subject]).fetchall()


def _usual_steps(connection: duckdb.DuckDBPyConnection, subject: str) -> float | None:
    """The middle of all days that are fit to be compared; None where these are few."""
    ((usual, count),) = connection.execute(
        "select median(value), count(*) from daily_metrics where subject = $1 and metric = 'steps' and is_valid",
        [subject],
    ).fetchall()
    return usual if count >= DAYS_FOR_USUAL else None
