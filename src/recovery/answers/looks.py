"""The looks at the main metrics of one person: found anew only where their days changed, and what is said at each."""

import hashlib
import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import cast

import duckdb
import numpy as np

from recovery.answers.history import AtLooks, Digests, Told, history
from recovery.answers.metric import TOLD_BEFORE, Task, seed_of
from recovery.answers.rows import LookRow
from recovery.answers.settings_seen import Seen, goal_at
from recovery.answers.worth import worth_beside
from recovery.effects import worth
from recovery.effects.boundaries import FIRST_LOOK, finding_boundary
from recovery.effects.gates import COMPUTED
from recovery.effects.hull import hull
from recovery.effects.judgement import REACH
from recovery.effects.look_family import Found, Primary, SaidAt, ever_found, level_of, said_of_family
from recovery.effects.look_series import Booked, Diary, Evidence, LookDay, LookSeries
from recovery.effects.looks import Look, Said
from recovery.effects.regression import Estimate
from recovery.vocabulary.metrics import Direction
from recovery.words.effects import text
from recovery.words.looks import EXCLUDED_LATER

StoredLooks = Mapping[str, Mapping[int, tuple[str, Evidence]]]  # by metric and number of the look, with its digest


@dataclass(frozen=True)
class LookedAt:
    """One look and what was found, with the digest of all that it rests on."""

    look: LookDay
    local_date: date
    digest: str
    evidence: Evidence
    data_sha256: str = ""
    settings_sha256: str = ""


@dataclass(frozen=True)
class Looked:
    """All looks at one metric."""

    metric: str
    window: str
    better: Direction
    looks: tuple[LookedAt, ...]
    excludes_later: bool = False  # whether other days up to the last look are excluded now than were then

    @property
    def as_primary(self) -> Primary:
        """The same without what is stored beside."""
        found = [Found(at.local_date, at.look.number, at.look.massages, at.evidence) for at in self.looks]
        return Primary(self.metric, self.better, found)


def stored_looks(connection: duckdb.DuckDBPyConnection, subject: str) -> StoredLooks:
    """The looks of the last answers."""
    found: dict[str, dict[int, tuple[str, Evidence]]] = {}
    for metric, look, digest, told, of_worth, failed, *told_beside in connection.execute(
        "select metric, look, digest, parts, worth, failed, may_exclude, builds_up, has_built_up, may_build_up"
        " from answers.looks where subject = ? order by all",
        [subject],
    ).fetchall():
        estimate = hull([_estimate(*part) for part in json.loads(told)]) if told else None
        evidence = Evidence(estimate, of_worth, tuple(failed.split("; ")) if failed else (), *told_beside)
        found.setdefault(metric, {})[look] = digest, evidence
    return found


def looked_at(
    task: Task, stored: Mapping[int, tuple[str, Evidence]], program: str, only: Collection[int] | None = None
) -> Looked:
    """The looks at one metric; a stored one of the same days, goal and program is not found anew.

    `only` are the numbers of the looks that are asked about; None of all. A look that cannot be computed has no
    estimate, and the others and the night go on.
    """
    series, better = task.series, task.series.better
    if better == "none":
        raise ValueError(f"{series.metric} has no better side")
    found = []
    for counted, looks, look in _looks(task):
        if only is not None and look.number not in only:
            continue
        day = _date(counted, look.day)
        goal = goal_at(task.goals, day) if task.goals else series.goal
        data, settings = _data_sha256(counted, look.day + 1), _settings_sha256(counted, goal, day)
        digest = hashlib.sha256(f"{program} {goal!r} {data}".encode()).hexdigest()
        known, evidence = stored.get(look.number, ("", Evidence(None)))
        if known != digest:
            evidence = _evidence(looks, look, better, _Worth(counted, look.day + 1, goal))
        found.append(LookedAt(look, day, digest, evidence, data, settings))
    last = found[-1] if found else None
    excludes_later = last is not None and last.data_sha256 != _data_sha256(task, last.look.day + 1)
    return Looked(series.metric, series.window, better, tuple(found), excludes_later)


def _looks(task: Task) -> list[tuple[Task, LookSeries, LookDay]]:
    """Each look with the days as they counted at its date, numbered from 1."""
    found, since = [], date.min
    for until, counted in (*task.earlier, (date.max, task)):
        looks = LookSeries(
            counted.measured,
            Booked(counted.is_massage, counted.dates, counted.circumstances),
            Diary(counted.pain, counted.is_pain_of_morning, counted.ratings, counted.series.metric in TOLD_BEFORE),
            seed=seed_of(counted.series.metric),
            lags=counted.series.window.lags,
        )
        found += [(counted, looks, look) for look in looks.looks if since <= _date(counted, look.day) < until]
        since = until
    return [(counted, looks, replace(look, number=number)) for number, (counted, looks, look) in enumerate(found, 1)]


def since(task: Task, day: date) -> Task:
    """The days from a date on: those that count for a number that became a primary then."""
    first = int(np.searchsorted(task.dates, np.datetime64(max(day, date(1970, 1, 1)))))
    return task.between(first, len(task.dates) - 1) if first else task


def _evidence(looks: LookSeries, look: LookDay, better: Direction, worth_of: "_Worth") -> Evidence:
    try:
        found = looks.at(look, better, worth_of)
        if worth_of.is_reachable:
            return found
        return replace(found, failed=(*found.failed, REACH), may_exclude=False)  # neither shown nor ruled out
    except (ArithmeticError, ValueError, np.linalg.LinAlgError):
        logging.getLogger("recovery").exception("look %d could not be computed", look.number)
        return Evidence(None, failed=(COMPUTED,))


def said_of(looked: Sequence[Looked], seen: Seen) -> dict[str, list[SaidAt]]:
    """What is said at each look, by metric, under the families of primaries that were in force."""
    starts, families = zip(*seen.families, strict=True)
    earlier = list(zip(starts[1:], families[:-1], strict=True))
    found: dict[str, list[SaidAt]] = {one.metric: [] for one in looked}
    for said in said_of_family([one.as_primary for one in looked], seen.family, earlier):
        found[said.metric].append(said)
    return found


def at_looks(
    looked: Sequence[Looked], said: Mapping[str, Sequence[SaidAt]], told: Mapping[str, Sequence[Told]], seen: Seen,
    today: date,
) -> dict[str, AtLooks]:  # fmt: skip
    """What the looks at each primary say in the end, and since when."""
    ever = ever_found(one for of in said.values() for one in of)
    families = [family for _, family in seen.families]
    found = {}
    for one in looked:
        digests = {at.local_date: Digests(at.data_sha256, at.settings_sha256) for at in one.looks}
        since = history(said[one.metric], told.get(one.metric, ()), digests, today)
        if one.excludes_later:
            since = replace(since, sentence=text(since.sentence, EXCLUDED_LATER))
        level = level_of(one.metric, families, ever)
        massages = one.looks[-1].look.massages if one.looks else FIRST_LOOK
        found[one.metric] = AtLooks(said[one.metric], finding_boundary(level, massages), since, level)
    return found


def look_rows(subject: str, looked: Sequence[Looked], said: Mapping[str, Sequence[SaidAt]]) -> Iterator[LookRow]:
    """The rows of `looks`, by metric."""
    for one in looked:
        for at, told in zip(one.looks, said[one.metric], strict=True):
            yield _row(subject, one, at, told.look, told.said)


def _row(subject: str, one: Looked, at: LookedAt, look: Look | None, said: Said) -> LookRow:
    evidence = at.evidence
    estimate = evidence.estimate
    low, high = look.interval if look else (None, None)
    return LookRow(
        subject=subject,
        metric=one.metric,
        window=one.window,
        look=at.look.number,
        local_date=at.local_date,
        n_massages=at.look.massages,
        word=said.word,
        certainty=said.certainty,
        event=said.event,
        failed="; ".join(evidence.failed),
        may_exclude=evidence.may_exclude,
        builds_up=evidence.builds_up,
        has_built_up=evidence.has_built_up,
        may_build_up=evidence.may_build_up,
        digest=at.digest,
        data_sha256=at.data_sha256,
        settings_sha256=at.settings_sha256,
        estimate=estimate.estimate if estimate else None,
        standard_error=estimate.standard_error if estimate else None,
        critical_value=estimate.critical_value if estimate else None,
        low=low,
        high=high,
        worth=evidence.worth,
        parts=_parts(estimate),
    )


def _parts(estimate: Estimate | None) -> str | None:
    """The estimates that were told as one, or the one: each with its error and critical value."""
    if estimate is None:
        return None
    told = [[one.estimate, one.standard_error, one.critical_value] for one in estimate.parts or (estimate,)]
    return json.dumps(told)


class _Worth:
    """The change worth having as it stood at a look, of the deviation of the days so far."""

    def __init__(self, task: Task, days: int, goal: float | None) -> None:
        self._task, self._days, self._goal = task, days, goal
        self.is_reachable = True  # until it was asked for

    def __call__(self, deviation: float) -> float | None:
        task, series = self._task, self._task.series
        usual = worth.usual(
            series.values[: self._days], task.is_massage[: self._days], task.dates[: self._days], series.window.lags
        )
        found = worth_beside(replace(series, goal=self._goal), usual, deviation)
        self.is_reachable = not found.out_of_reach
        return found.size if found.size and found.size > 0 else None


def _data_sha256(task: Task, days: int) -> str:
    """Of the days up to a look and what they were measured by."""
    series = task.series
    told = (
        series.metric,
        series.unit,
        series.better,
        series.worthwhile,
        task.is_pain_of_morning,
        series.sources[:days],
        series.firmwares[:days],
    )
    digest = hashlib.sha256(repr(told).encode())
    ratings = [] if task.ratings is None else [getattr(task.ratings, one.name) for one in fields(task.ratings)]
    beside = [array for array in (task.pain, task.worn_min) if array is not None]
    for array in (series.values, task.is_massage, task.dates, *beside, *ratings, *task.circumstances.values()):
        digest.update(np.ascontiguousarray(array[:days]).tobytes())
    return digest.hexdigest()


def _settings_sha256(task: Task, goal: float | None, day: date) -> str:
    """Of the settings that the look of a day depends on."""
    return hashlib.sha256(repr((goal, [one for one in task.excluded if one <= day])).encode()).hexdigest()


def _estimate(size: float, error: float, critical: float) -> Estimate:
    """An estimate as it was stored; its p-value and number of days are not asked of a look."""
    return Estimate(size, error, size - critical * error, size + critical * error, 1.0, critical, 0)


def _date(task: Task, day: int) -> date:
    return cast(date, task.dates[day].astype("datetime64[D]").astype(object))
