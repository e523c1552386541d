"""Since when settings that answers depend on are in force: what is set after having looked counts from its date.

A date that lies after today and after all that was recorded was told by a clock that was ahead. It becomes the day
after the newest record, or today, whichever is later: so what was set then counts from now on and not from some year to
come, and nothing changes of a look that anybody had. A clock that is put back lies before records, and moves nothing
before them.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from recovery import warehouse
from recovery.effects.boundaries import Family
from recovery.home.settings import Settings
from recovery.vocabulary.families import Family as MetricFamily

Goals = Sequence[tuple[date, float | None]]  # a goal and the date from which it counts, in their order
Excluded = Sequence[tuple[date, tuple[date, ...]]]  # all excluded days, and from when on; the last are in force


@dataclass(frozen=True)
class Seen:
    """The settings in force at each date."""

    families: Sequence[tuple[date, Family]]  # the last one is in force; each from its date on
    goals: Mapping[str, Goals] = field(default_factory=dict)  # by metric

    @property
    def family(self) -> Family:
        """The primaries now."""
        return self.families[-1][1]

    def primary_since(self, metric: str) -> date:
        """Since when a metric has been a primary without a break; date.min for ever."""
        since = date.min
        for day, family in self.families:
            since = since if metric in family.metrics else date.max
            if metric in family.metrics and since == date.max:
                since = day
        return since


def goal_at(goals: Goals, day: date) -> float | None:
    """The goal in force at a date."""
    at = bisect_right([since for since, _ in goals], day)
    return goals[at - 1][1] if at else None


def excluded_seen(connection: duckdb.DuckDBPyConnection, subject: str, today: date) -> Excluded:
    """The excluded days of a person at each date, after noting those that are new; the first ones count for ever."""
    known = _exclusions_noted(connection, subject)
    if known and known[-1][0] > today:
        _date_exclusions(connection, subject, known[-1][0], _latest(connection, today, subject))
        known = _exclusions_noted(connection, subject)
    now = _excluded_now(connection, subject)
    if not known:
        connection.execute("insert into raw.exclusions_seen values (?, ?, null)", [subject, now])
        return [(date.min, now)]
    if known[-1][1] == now:
        return known
    since = max(today, known[-1][0])  # a clock that is put back changes nothing of what was before
    with warehouse.transaction(connection):
        connection.execute("delete from raw.exclusions_seen where subject = ? and first_date = ?", [subject, since])
        connection.execute("insert into raw.exclusions_seen values (?, ?, ?)", [subject, now, since])
    return [*(one for one in known if one[0] < since), (since, now)]


def _exclusions_noted(connection: duckdb.DuckDBPyConnection, subject: str) -> list[tuple[date, tuple[date, ...]]]:
    noted = connection.execute(
        "select coalesce(first_date, ?), days from raw.exclusions_seen where subject = ? order by all",
        [date.min, subject],
    ).fetchall()
    return [(since, tuple(days)) for since, days in noted]


def _date_exclusions(connection: duckdb.DuckDBPyConnection, subject: str, last: date, latest: date) -> None:
    """Of the days that were noted by a clock that was ahead the last ones count, from `latest` on."""
    if last <= latest:
        return
    of_then = "subject = ? and first_date between ? and ?"
    with warehouse.transaction(connection):
        connection.execute(
            f"delete from raw.exclusions_seen where {of_then} and first_date < ?", [subject, latest, last, last]
        )
        connection.execute(
            f"update raw.exclusions_seen set first_date = ? where {of_then}", [latest, subject, latest, last]
        )


def _latest(connection: duckdb.DuckDBPyConnection, today: date, subject: str | None = None) -> date:
    """The latest date at which a clock that is right can have noted anything; of one person, or of all."""
    ((newest,),) = connection.execute(
        "select max(last_date) from massage.spans where subject = ? or ? is null", [subject, subject]
    ).fetchall()
    return today if newest is None else max(today, newest + timedelta(days=1))


def _excluded_now(connection: duckdb.DuckDBPyConnection, subject: str) -> tuple[date, ...]:
    found = connection.execute(
        "select local_date from raw.exclusions where subject = ? order by all", [subject]
    ).fetchall()
    return tuple(day for (day,) in found)


def seen(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> Seen:
    """The settings in force at each date, after noting those that are new; what is there at first counts for ever."""
    ((last,),) = connection.execute("select max(first_date) from raw.settings_seen").fetchall()
    if last is not None and last > today:
        latest = _latest(connection, today)
        connection.execute("update raw.settings_seen set first_date = ? where first_date > ?", [latest, latest])
    _note(connection, settings, today)
    rows = connection.execute(
        "select kind, name, value, coalesce(first_date, ?) from raw.settings_seen order by 4, rowid",
        [date.min],
    ).fetchall()
    goals: dict[str, list[tuple[date, float | None]]] = {}
    for kind, name, value, since in rows:
        if kind == "goal":
            goals.setdefault(name, []).append((since, None if value is None else float(value)))
    families: list[tuple[date, Family]] = []
    main: str | None = None
    primaries: dict[str, str] = {}
    for day in sorted({since for kind, _, _, since in rows if kind != "goal"}):
        for kind, name, value, since in rows:
            if since == day and kind == "main":
                main = value
            if since == day and kind == "primary":
                primaries[name] = value
        families.append((day, _family(primaries, main)))
    return Seen(families or [(date.min, _family(settings.primaries, settings.main))], goals)


def _family(primaries: Mapping[str, str], main: str | None) -> Family:
    metrics = tuple(dict.fromkeys(primaries[name] for name in (*MetricFamily, *primaries) if name in primaries))
    return Family(metrics, main if main in metrics else None)


def _note(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> None:
    """Adds a row for each setting that is not as it was, never dated before the last one of the same setting.

    So a clock that is put back changes nothing of what was before, and a change is noted once.
    """
    now: dict[tuple[str, str], str | None] = {("main", ""): settings.main}
    now |= {("primary", family): metric for family, metric in settings.primaries.items()}
    now |= {("goal", metric): repr(float(goal)) for metric, goal in settings.goals.items()}
    known: dict[tuple[str, str], tuple[str | None, date | None]] = {
        (kind, name): (value, since)
        for kind, name, value, since in connection.execute(
            "select kind, name, last(value order by first_date nulls first, rowid), max(first_date)"
            " from raw.settings_seen group by all"
        ).fetchall()
    }
    changed = [key for key in {**now, **known} if key not in known or known[key][0] != now.get(key)]
    rows = [
        (*key, now.get(key), max(today, known.get(key, (None, None))[1] or date.min) if known else None)
        for key in changed
    ]
    if rows:
        connection.executemany("insert into raw.settings_seen values (?, ?, ?, ?)", rows)
