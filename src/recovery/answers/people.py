"""One person's days as arrays, read from the work database: what the effects are computed from."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

import duckdb
import numpy as np
from numpy.typing import NDArray

from recovery.answers.settings_seen import Excluded
from recovery.effects.booked_on_pain import Ratings
from recovery.effects.subgroups import minutes_level, pressure_level, words
from recovery.vocabulary.circumstances import CIRCUMSTANCES
from recovery.vocabulary.metrics import Better, CountedBy
from recovery.vocabulary.windows import DAYS_AFTER, Window, main_window

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Massage:
    """One attended massage and what the log tells of it."""

    massage_id: str
    day: int  # position of its date in the person's dates; may lie outside
    night: int  # position of the date on which the night after it ends
    start_hour: float | None  # on the wall clock
    massage_min: float | None
    technique: str | None
    pressure: float | None
    areas: str | None
    muscles: str | None
    cause: str | None
    pain_before: float | None
    pain_after: float | None


@dataclass(frozen=True)
class Series:
    """One metric: `values` are NaN on days that are not valid, or cannot be compared (`_dates`)."""

    metric: str
    name: str  # in a sentence
    family: str
    unit: str
    better: Better
    counted_by: CountedBy
    goal: float | None  # smallest change worth having, of [goals]; None = not set
    worthwhile: float | None  # the same for everybody, from studies; None = nobody knows
    worthwhile_source: str  # of that figure; '' where there is none
    values: Floats
    sources: tuple[str, ...]  # one per day; '' where not measured
    firmwares: tuple[str, ...]  # of that source on that day; '' where not recorded

    @property
    def window(self) -> Window:
        """The window by which the metric is judged."""
        return main_window(is_nightly=self.counted_by == "night")


@dataclass(frozen=True)
class Person:
    """The days on which the massages of one person are known, and the metrics on them."""

    subject: str
    dates: Dates  # consecutive
    massages: tuple[Massage, ...]
    pain: Floats  # of the morning; where nobody tells that, of the day before
    is_pain_of_morning: bool
    worn_min: Floats  # of the waking day; NaN where nobody can tell
    series: dict[str, Series]
    circumstances: dict[str, Floats] = field(default_factory=dict)  # of each day 1 yes, 0 no, NaN not told
    unclear: tuple[int, ...] = ()  # positions of the dates of which it is not known how long massages were
    excluded: tuple[date, ...] = ()  # dates that do not count

    def is_massage(self, counted_by: str) -> Floats:
        """1 on the dates of massages, or on those on which the nights after them end."""
        out = np.zeros(len(self.dates))
        out[[at for at, _ in self._places(counted_by)]] = 1.0
        return out

    def minutes(self, counted_by: str) -> Floats:
        """Minutes of massage of each date, 0 where there was none, NaN where that is not known."""
        out = np.zeros(len(self.dates))
        later = 1 if counted_by == "night" else 0
        out[[at + later for at in self.unclear if at + later < len(out)]] = np.nan
        for at, massage in self._places(counted_by):
            out[at] += np.nan if massage.massage_min is None else massage.massage_min
        return out

    def pain_before(self, counted_by: str) -> Floats | None:
        """Pain known before the massage of each date; of nights that of the morning before the day of the massage."""
        if not np.isfinite(self.pain).any():
            return None
        return self.pain if counted_by == "day" else np.concatenate([[np.nan], self.pain[:-1]])

    def circumstances_at(self, counted_by: str) -> dict[str, Floats]:
        """What else happened on each date; of nights that of the day before."""
        if counted_by == "day":
            return self.circumstances
        return {name: np.concatenate([[np.nan], days[:-1]]) for name, days in self.circumstances.items()}

    @property
    def ratings(self) -> Ratings:
        """All that is told of pain on each date; of several massages on one date the first one counts."""
        before, hour = np.full((2, len(self.dates)), np.nan)
        for at, massage in reversed(self._places("day")):
            before[at] = np.nan if massage.pain_before is None else massage.pain_before
            hour[at] = np.nan if massage.start_hour is None else massage.start_hour
        morning, afternoon, whole_day = (
            self.series[name].values if name in self.series else np.full(len(self.dates), np.nan)
            for name in ("pain_morning", "pain_afternoon", "pain")
        )
        return Ratings(morning, afternoon, whole_day, before, hour)

    @cached_property
    def kinds(self) -> dict[str, tuple[frozenset[str], ...]]:
        """Of what kinds each massage was, by attribute."""
        return {
            "area": tuple(words(massage.areas) for massage in self.massages),
            "cause": tuple(words(massage.cause) for massage in self.massages),
            "minutes": tuple(minutes_level(massage.massage_min) for massage in self.massages),
            "muscle": tuple(words(massage.muscles) for massage in self.massages),
            "pressure": tuple(pressure_level(massage.pressure) for massage in self.massages),
            "technique": tuple(words(massage.technique) for massage in self.massages),
        }

    @property
    def before_after(self) -> list[tuple[float, float]]:
        """Pain right before and right after each massage that tells both."""
        return [
            (massage.pain_before, massage.pain_after)
            for massage in self.massages
            if massage.pain_before is not None and massage.pain_after is not None
        ]

    def _places(self, counted_by: str) -> list[tuple[int, Massage]]:
        places = [(massage.night if counted_by == "night" else massage.day, massage) for massage in self.massages]
        return [(at, massage) for at, massage in places if 0 <= at < len(self.dates)]

    def fingerprint(self) -> str:
        """Changes whenever anything here changes."""
        digest = hashlib.sha256(repr((self.subject, self.massages, self.is_pain_of_morning, self.unclear)).encode())
        for array in (self.dates, self.pain, self.worn_min, *self.circumstances.values()):
            digest.update(array.tobytes())
        for name in sorted(self.series):
            series = self.series[name]
            definition = (
                name,
                series.name,
                series.family,
                series.unit,
                series.better,
                series.counted_by,
                series.goal,
                series.worthwhile,
                series.worthwhile_source,
            )
            digest.update(repr((definition, series.sources, series.firmwares)).encode() + series.values.tobytes())
        return digest.hexdigest()


PersonAt = list[tuple[date, Person]]  # one person's days as looks from each date on count them


def subjects(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Everyone with records."""
    return [subject for (subject,) in connection.execute("select subject from massage.spans order by all").fetchall()]


def person(connection: duckdb.DuckDBPyConnection, subject: str, excluded: tuple[date, ...]) -> Person:
    """One person's days but the excluded ones; without any massage log the dates are all of the record."""
    dates, is_known, unclear = _dates(connection, subject)
    series = _series(connection, subject, dates, is_known, excluded)
    pain, is_pain_of_morning = _pain(series, len(dates))
    massages, worn_min = _massages(connection, subject, dates), _worn_min(connection, subject, dates)
    told = _circumstances(connection, subject, dates)
    return Person(subject, dates, massages, pain, is_pain_of_morning, worn_min, series, told, unclear, excluded)


def person_at(connection: duckdb.DuckDBPyConnection, subject: str, excluded: Excluded) -> PersonAt:
    """One person's days as looks from each date on count them; the last are those that count now.

    Excluded days on which nothing was measured make no difference.
    """
    found: PersonAt = []
    for since, days in excluded:
        now = person(connection, subject, days)
        if found and found[-1][1].fingerprint() == now.fingerprint():
            since, _ = found.pop()
        found.append((since, now))
    return found


def _dates(connection: duckdb.DuckDBPyConnection, subject: str) -> tuple[Dates, NDArray[np.bool_], tuple[int, ...]]:
    """Consecutive dates from the first to the last of which a log speaks, whether each can be compared, and the
    positions of those whose minutes of massage are not known because of a row that could not be read.

    A date cannot be compared where nobody knows whether there was a massage, or whether there was one on the three days
    before, unless a known massage came before it.
    """
    days = connection.execute(
        "select local_date, is_massage_day is not null as is_known, coalesce(is_massage_day, false) as is_massage,"
        " massage_unknown_for is not null as is_unclear, local_date in (select unknown_days.local_date"
        " from massage.unknown_days where unknown_days.subject = days.subject and is_its_date) as is_its_date"
        " from massage.days where subject = ? order by local_date",
        [subject],
    ).fetchnumpy()
    dates = np.asarray(days["local_date"]).astype("datetime64[D]")
    known, is_massage, is_unclear, is_its_date = (
        np.asarray(days[name], dtype=bool) for name in ("is_known", "is_massage", "is_unclear", "is_its_date")
    )
    is_in_log = known | is_unclear
    if not is_in_log.any():
        return dates, np.ones(len(dates), dtype=bool), ()
    is_told = is_in_log | _within_days_after(is_in_log)  # the last entry of a log: these days follow it
    is_after_unclear = _within_days_after(is_unclear) & ~_within_days_after(is_massage)
    first, last = np.flatnonzero(is_told)[[0, -1]]
    span = slice(first, last + 1)
    unclear = tuple(np.flatnonzero((is_unclear | is_its_date)[span]).tolist())
    return dates[span], (is_told & ~is_unclear & ~is_after_unclear)[span], unclear


def _within_days_after(is_day: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The dates that lie one to three days after one of these."""
    found = np.zeros(len(is_day), dtype=bool)
    for after in DAYS_AFTER:
        found[after:] |= is_day[:-after]
    return found


def _massages(connection: duckdb.DuckDBPyConnection, subject: str, dates: Dates) -> tuple[Massage, ...]:
    if not len(dates):
        return ()
    first = dates[0].astype(object)
    rows = connection.execute(
        "select massages.massage_id, massages.local_date, nights.anchor_date,"
        " extract('epoch' from massages.start_local - massages.local_date::timestamp) / 3600, massages.massage_min,"
        " massages.technique, massages.pressure, massages.areas, massages.muscles, massages.cause,"
        " massages.pain_before, massages.pain_after"
        " from stg.massages inner join massage.anchors as nights"
        " on massages.subject = nights.subject and massages.massage_id = nights.massage_id"
        " and nights.counted_by = 'night'"
        " where massages.subject = ? and massages.status = 'attended'"
        " order by massages.local_date, massages.start_local nulls last, massages.massage_id",
        [subject],
    ).fetchall()
    return tuple(
        Massage(name, (day - first).days, (night - first).days, *described) for name, day, night, *described in rows
    )


def _worn_min(connection: duckdb.DuckDBPyConnection, subject: str, dates: Dates) -> Floats:
    out = np.full(len(dates), np.nan)
    for day, worn in connection.execute(
        "select local_date, worn_waking_min from stg.days where subject = ? and worn_waking_min is not null", [subject]
    ).fetchall():
        at = (day - dates[0].astype(object)).days if len(dates) else -1
        if 0 <= at < len(dates):
            out[at] = worn
    return out


def _circumstances(connection: duckdb.DuckDBPyConnection, subject: str, dates: Dates) -> dict[str, Floats]:
    """Of each circumstance that the diary ever tells."""
    rows = connection.execute(
        f"select local_date, {', '.join(CIRCUMSTANCES)} from stg.diary where subject = ? order by local_date", [subject]
    ).fetchall()
    out = np.full((len(CIRCUMSTANCES), len(dates)), np.nan)
    for day, *told in rows:
        at = (day - dates[0].astype(object)).days if len(dates) else -1
        if 0 <= at < len(dates):
            out[:, at] = [np.nan if one is None else one for one in told]
    return {name: days for name, days in zip(CIRCUMSTANCES, out, strict=True) if np.isfinite(days).any()}


def _series(
    connection: duckdb.DuckDBPyConnection,
    subject: str,
    dates: Dates,
    is_known: NDArray[np.bool_],
    excluded: Sequence[date],
) -> dict[str, Series]:
    definitions = connection.execute(
        "select definitions.metric, definitions.name, definitions.family, definitions.unit, definitions.better,"
        " definitions.counted_by,"
        " goals.smallest_worthwhile_change, definitions.smallest_worthwhile_change,"
        " coalesce(definitions.worthwhile_source, '')"
        " from daily.definitions left join raw.goals on definitions.metric = goals.metric order by definitions.metric"
    ).fetchall()
    rows: dict[str, list[tuple[date, float, str]]] = {}
    for metric, day, value, source in connection.execute(
        "select metric, local_date, value, source from massage.measures"
        " where subject = ? and is_valid_unless_excluded and not list_contains(?, local_date) and value is not null"
        " order by metric, local_date",
        [subject, list(excluded)],
    ).fetchall():
        rows.setdefault(metric, []).append((day, value, source))
    first = dates[0].astype(object) if len(dates) else None
    firmware_of = _firmwares(connection, subject)
    found: dict[str, Series] = {}
    for metric, name, family, unit, better, counted_by, goal, general, general_source in definitions:
        values = np.full(len(dates), np.nan)
        sources = [""] * len(dates)
        for day, value, source in rows.get(metric, []):
            at = (day - cast(Any, first)).days
            if 0 <= at < len(dates) and is_known[at]:
                values[at], sources[at] = value, source or ""
        firmwares = tuple(
            firmware_of(source, day) if source else "" for source, day in zip(sources, dates.tolist(), strict=True)
        )
        found[metric] = Series(
            metric, name, family, unit, better, counted_by, goal, general, general_source,
            values, tuple(sources), firmwares,
        )  # fmt: skip
    return found


def _firmwares(connection: duckdb.DuckDBPyConnection, subject: str) -> Callable[[str, date], str]:
    """What firmware a source had on a date, as last recorded by then; '' before the first record."""
    days: dict[str, list[date]] = {}
    versions: dict[str, list[str]] = {}
    for source, day, firmware in connection.execute(
        "select source, time_utc::date, max_by(firmware, (time_utc, firmware)) from raw.devices"
        " where subject = ? and firmware is not null group by all order by all",
        [subject],
    ).fetchall():
        days.setdefault(source, []).append(day)
        versions.setdefault(source, []).append(firmware)

    def firmware_of(source: str, day: date) -> str:
        at = bisect_right(days.get(source, []), day)
        return versions[source][at - 1] if at else ""

    return firmware_of


def _pain(series: dict[str, Series], days: int) -> tuple[Floats, bool]:
    """Pain of the morning where the diary tells it, else that of the day before, which is known by then too."""
    nothing = np.full(days, np.nan)
    morning, whole_day = (series[name].values if name in series else nothing for name in ("pain_morning", "pain"))
    if np.isfinite(morning).sum() * 2 >= np.isfinite(whole_day).sum() and np.isfinite(morning).any():
        return morning, True
    return np.concatenate([[np.nan], whole_day[:-1]])[:days], False
