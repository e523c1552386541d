"""The second page of the Sheet: the last massages, the last months, and where the numbers come from."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.published import query
from recovery.report.answers import Metric
from recovery.words import numbers
from recovery.words import sheet as words
from recovery.words.effects import first_up
from recovery.words.looks import day

MASSAGES, MONTHS = 12, 12
SOURCES, SPANS = 4, 3  # lines on the sheet; the pages Evidence and Today have all
LONGEST = 28  # letters of what somebody wrote: a line of the table stays a line
TITLES = 4  # numbers named of one source


class Massage(NamedTuple):
    """One line of the list of massages."""

    day: str
    minutes: str
    kind: str
    area: str
    pain: str


class Month(NamedTuple):
    """One month; the cells of what was not measured are a dash."""

    name: str
    massages: int
    pain: str
    pain_width: float  # of its bar, in percent of 10 points
    steps: str
    asleep: str
    device_days: str
    diary_days: str


def massages(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Massage]:
    """The last attended massages, the newest first; no name of a therapist and no note."""
    rows = connection.execute(
        "select local_date, massage_min, technique, areas, pain_before, pain_after from massages"
        " where subject = ? and status = 'attended' order by local_date desc, start_local desc nulls last limit ?",
        [subject, MASSAGES],
    ).fetchall()
    return [
        Massage(
            day(local_date),
            words.NONE if minutes is None else f"{minutes:g}",
            _short(technique),
            _short(areas),
            words.NONE if before is None and after is None else f"{_points(before)} → {_points(after)}",
        )
        for local_date, minutes, technique, areas, before, after in rows
    ]


def months(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Month]:
    """The last calendar months up to the newest with a day or a massage, the oldest first."""
    rows = connection.execute(
        """
        with days as (
            select date_trunc('month', local_date)::date as month,
                avg(pain) as pain,
                avg(steps) filter (where is_valid_day) as steps,
                avg(asleep_min) filter (where is_valid_night) as asleep
            from daily where subject = $subject group by all
        ), measured as (
            select date_trunc('month', local_date)::date as month,
                count(distinct local_date) filter (where source <> 'diary') as device_days,
                count(distinct local_date) filter (where source = 'diary') as diary_days
            from daily_metrics where subject = $subject group by all
        ), had as (
            select date_trunc('month', local_date)::date as month, count(*) as massages
            from massages where subject = $subject and status = 'attended' group by all
        )
        select month, coalesce(massages, 0), pain, steps, asleep, coalesce(device_days, 0), coalesce(diary_days, 0)
        from days full join measured using (month) full join had using (month)
        order by month
        """,
        {"subject": subject},
    ).fetchall()
    found = {first: told for first, *told in rows}
    return [_month(first, found.get(first, [0, None, None, None, 0, 0])) for first in _last(found)]


def origins(
    connection: duckdb.DuckDBPyConnection, subject: str, metrics: Mapping[str, Metric], settings: Settings
) -> list[str]:
    """Each source with its days, days that were left out, and rows that could not be read."""
    found = list(_sources(connection, subject, metrics, settings))
    told = found[:SOURCES]
    if len(found) > SOURCES:
        told.append(words.more_sources(len(found) - SOURCES))
    if not told:
        told.append(words.NO_ORIGIN)
    if spans := _left_out(connection, subject):
        days = sum((last - first).days + 1 for first, last, _ in spans)
        with_data = _left_out_with_data(connection, subject)
        told.append(words.left_out(days, with_data, spans[-SPANS:], max(0, len(spans) - SPANS)))
    if count := _not_read(connection, subject, settings):
        told.append(words.not_read(count))
    return told


def _month(first: date, told: list[float | None]) -> Month:
    massages, pain, steps, asleep, device_days, diary_days = told
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return Month(
        words.month(first),
        int(massages or 0),
        words.NONE if pain is None else f"{pain:.1f}",
        0.0 if pain is None else round(10 * pain, 1),
        words.NONE if steps is None else numbers.level(steps, "steps", "steps").split(" ")[0],
        words.NONE if asleep is None else numbers.level(asleep, "min", "asleep_min"),
        words.of_days(int(device_days or 0), length),
        words.of_days(int(diary_days or 0), length),
    )


def _last(known: Mapping[date, object]) -> list[date]:
    """The last months in a row up to the newest one, none before the oldest."""
    months: list[date] = []
    if known:
        first, oldest = max(known), min(known)
        while len(months) < MONTHS and first >= oldest:
            months.append(first)
            first = (first - timedelta(days=1)).replace(day=1)
    return months[::-1]


def _sources(
    connection: duckdb.DuckDBPyConnection, subject: str, metrics: Mapping[str, Metric], settings: Settings
) -> list[str]:
    """A sentence a make of device, those with the most days first; no serial number stands on the sheet."""
    main = [name for name in settings.primaries.values() if name in metrics]
    rows = connection.execute(
        "with given as (select unnest(string_split(source, ', ')) as source, local_date, metric from daily_metrics"
        " where subject = ?)"
        " select split_part(source, ':', 1) as make, count(distinct source), count(distinct local_date),"
        " min(local_date), max(local_date), list(distinct metric order by metric)"
        " from given group by make order by count(distinct local_date) desc, make",
        [subject],
    ).fetchall()
    return [
        words.origin(
            _short(first_up(make.replace("_", " "))),
            devices,
            days,
            first,
            last,
            [_lower(metrics[name].title) for name in main if name in given][:TITLES],
            len([name for name in given if name not in main]),
        )
        for make, devices, days, first, last, given in rows
    ]


def _left_out(connection: duckdb.DuckDBPyConnection, subject: str) -> list[tuple[date, date, str]]:
    """Days in a row that were excluded for the same reason, the oldest first."""
    spans: list[tuple[date, date, str]] = []
    for local_date, why in connection.execute(
        "select local_date, excluded_for from daily where subject = ? and excluded_for is not null order by local_date",
        [subject],
    ).fetchall():
        why = _short(why)
        if spans and spans[-1][2] == why and spans[-1][1] == local_date - timedelta(days=1):
            spans[-1] = (spans[-1][0], local_date, why)
        else:
            spans.append((local_date, local_date, why))
    return spans


def _left_out_with_data(connection: duckdb.DuckDBPyConnection, subject: str) -> int:
    """How many of these days are among those with data, as `days.days_with_data` counts them."""
    ((count,),) = connection.execute(
        "select count(distinct local_date) from daily join daily_metrics using (subject, local_date)"
        " where subject = ? and excluded_for is not null and metric is not null",
        [subject],
    ).fetchall()
    return int(count)


def _not_read(connection: duckdb.DuckDBPyConnection, subject: str, settings: Settings) -> int:
    if query.has_column(connection, "rejected", "subject"):
        rows = connection.execute("select path, subject from rejected").fetchall()
        return sum(subject == (of if of is not None else settings.subject_of(path)) for path, of in rows)
    paths = connection.execute("select path from rejected").fetchall()
    return sum(settings.subject_of(path) == subject for (path,) in paths)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _points(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _short(told: object) -> str:
    """What somebody wrote, cut where it would break the line."""
    text = " ".join(str(told).split()) if told is not None else ""
    if not text:
        return words.NONE
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
