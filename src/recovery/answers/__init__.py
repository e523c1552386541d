"""The effects of massages, estimated after every build, only for people whose days changed.

`people` reads the days, `metric` examines one metric (in a pool of processes), `effects`, `promises` and `cohort` make
the rows, `rows` writes them. The numbers are those of `recovery.effects`; nothing here draws or estimates.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import repeat
from multiprocessing import active_children, get_context
from pathlib import Path

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from recovery import warehouse
from recovery.answers import rows, settings_seen
from recovery.answers.circumstances import circumstances_of
from recovery.answers.cohort import cohort_of, made_of_all
from recovery.answers.effects import effects_of, subgroups_of
from recovery.answers.history import told_before
from recovery.answers.how_many_more import rows_of as more_massages
from recovery.answers.how_many_more import to_come
from recovery.answers.kept import KeptFounds, digest_of, kept, kept_founds, to_keep
from recovery.answers.looks import Looked, StoredLooks, at_looks, look_rows, looked_at, said_of, since, stored_looks
from recovery.answers.metric import Found, Task, found_or_refused, task_of, with_earlier
from recovery.answers.people import Person, PersonAt, person_at, subjects
from recovery.answers.promises import promise_answers
from recovery.answers.relief import relief_shares
from recovery.answers.settings_seen import Seen
from recovery.answers.trials import fingerprint, trial_rows, waiting
from recovery.answers.unchanged import row_digests
from recovery.answers.worth import worth_of
from recovery.effects.gates import MIN_MASSAGES, MIN_VALID_DAYS
from recovery.errors import SettingsError
from recovery.home import clock, stop
from recovery.home.settings import Settings
from recovery.words.say import say

MIN_METRICS_OF_A_POOL = 6  # that are examined; a process costs half a second to start
OVER_A_WEEK = ("regularity_index",)  # of many nights, so that no single night's change shows in it
MIN_PEOPLE_OF_A_POOL = 2  # one person takes seconds, and a pool more memory than the rest of the night
MAX_PROCESSES = 4  # each holds about 120 MB
PUBLISHED = (
    "answer_counts", "around_massage_summary", "circumstances", "claims", "cohort_effects", "cohort_entries",
    "effect_checks", "effects", "looks", "more_massages", "relief_shares",
    "subgroup_effects",
)  # fmt: skip


def is_current(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the answers are those of the last build, by this program and these settings."""
    return warehouse.meta(connection, "answered") == _state(connection, settings)


def run(connection: duckdb.DuckDBPyConnection, settings: Settings, processes: int | None = None) -> int:
    """Brings `answers` and what `pub` tells of them up to date with the build; how many people were examined anew.

    Several people are examined by `processes`, else by one for each core.

    The same data, settings and program give the same answers to the bit, on one core or many. Killed half way, the
    next run goes on with the people that are left.
    """
    if is_current(connection, settings):
        return 0
    _check_primaries(connection, settings)
    known = dict(connection.execute("select subject, fingerprint from answers.examined").fetchall())
    changed: dict[str, tuple[str, PersonAt | None]] = {}
    to_examine = 0
    today = clock.today(settings.home_time_zone)
    digests = row_digests(connection)
    with_trials = {subject for (subject,) in connection.execute("select distinct subject from raw.trials").fetchall()}
    for subject in subjects(connection):
        drawn = fingerprint(connection, subject, today) if subject in with_trials else ""
        around = f"{drawn} {_program_and_choice(settings)}"
        rows_digest, _, former = known.pop(subject, "").partition(" ")
        if rows_digest == digests[subject] and former.endswith(around):
            continue
        people = _read(connection, subject, today)
        days = " ".join(f"{since} {now.fingerprint()}" for since, now in people)
        state = f"{days} {around}"
        if former == state:
            _note(connection, subject, f"{digests[subject]} {state}")
            continue
        # One person at a time is held in memory.
        changed[subject] = f"{digests[subject]} {state}", None if changed else people
        to_examine += _to_examine(people[-1][1])
    of_whom = {*changed, *known}
    is_shown = warehouse.meta(connection, "answers_shown") != "no"  # else a run was killed before `pub` told them
    if of_whom:
        warehouse.set_meta(connection, "answers_shown", "no")
    if changed:
        seen = settings_seen.seen(connection, settings, today)
        with _pool(len(changed), to_examine, processes or min(os.cpu_count() or 1, MAX_PROCESSES)) as pool:
            for subject, (state, read) in changed.items():
                people = read or _read(connection, subject, today)
                _replace(connection, subject, state, _answers(connection, people, settings, seen, today, pool))
        _forget_filters()
    for subject in known:  # of whom nothing is left
        _replace(connection, subject, None, [])
    made_of = f"{made_of_all(connection, settings.parts)} {warehouse.fingerprint()} {program()}"
    if warehouse.meta(connection, "answers_of_all") != made_of:
        with warehouse.transaction(connection):
            for kind in rows.OF_ALL:
                connection.execute(f"delete from answers.{kind.table}")
            rows.write(connection, list(cohort_of(connection, settings.parts)))
            warehouse.set_meta(connection, "answers_of_all", made_of)
    is_of_few = is_shown and 2 * len(of_whom) <= len(digests)
    warehouse.refresh(connection, PUBLISHED, of_whom if is_of_few else None)
    warehouse.set_meta(connection, "answers_shown", "yes")
    warehouse.set_meta(connection, "answered", _state(connection, settings))
    return len(changed)


def _check_primaries(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Raises SettingsError where a declared metric is none, or not of its family."""
    families: dict[str, str] = dict(connection.execute("select metric, family from daily.definitions").fetchall())
    for family, metric in settings.primaries.items():
        if families.get(metric) != family:
            others = sorted(name for name, of in families.items() if of == family)
            raise SettingsError(
                say(
                    "recovery.toml: [primary] {family} is {metric!r}, which is no metric of {family}.",
                    family=family,
                    metric=metric,
                ),
                say("Choose one of {names}.", names=", ".join(others)),
            )


def _read(connection: duckdb.DuckDBPyConnection, subject: str, today: date) -> PersonAt:
    return person_at(connection, subject, settings_seen.excluded_seen(connection, subject, today))


def _answers(
    connection: duckdb.DuckDBPyConnection,
    people: PersonAt,
    settings: Settings,
    seen: Seen,
    today: date,
    pool: ProcessPoolExecutor | None,
) -> list[rows.Row]:
    """All rows of one person; looks of the last answers at the same days are kept."""
    now = people[-1][1]
    subject = now.subject
    measured = {
        name: series
        for name, series in now.series.items()
        if np.isfinite(series.values).any() and name not in OVER_A_WEEK
    }
    main = set(settings.primaries.values())
    tasks = [
        task_of(now, series, is_primary=name in main, goals=seen.goals.get(name, ()))
        for name, series in measured.items()
    ]
    looked = _looked(
        [
            since(with_earlier(task, people), seen.primary_since(task.series.metric))
            for task in tasks
            if task.is_primary and task.series.better != "none"
        ],
        stored_looks(connection, subject),
        pool,
    )
    tasks = [task.until_last_look for task in tasks]  # what is said changes only where a look takes place
    digests = {task.series.metric: digest_of(task, program()) for task in tasks}
    founds = _founds(tasks, digests, kept_founds(connection, subject), pool)
    worths = {name: worth_of(now, series, founds[name].findings.deviation) for name, series in measured.items()}
    said = said_of(looked, seen)
    at = at_looks(looked, said, told_before(connection, subject), seen, today)
    looks = list(look_rows(subject, looked, said))
    more = to_come([task for task in tasks if task.series.metric in at], founds, worths, looks, at, seen.family)
    found: list[rows.Row] = [
        *effects_of(subject, measured, founds, worths, settings.primaries, at, more),
        *trial_rows(connection, now, today),
        *looks,
        *more_massages(subject, more),
        *to_keep(subject, founds, digests),
    ]
    found += circumstances_of(subject, measured, founds)
    kinds = list(subgroups_of(subject, founds))
    effects = [row for row in found if isinstance(row, rows.Effect)]
    names = {name: series.name for name, series in now.series.items()}
    return [*found, *kinds, *relief_shares(now), *promise_answers(subject, effects, names, kinds, now.before_after)]


def _founds(
    tasks: Sequence[Task], digests: Mapping[str, str], stored: KeptFounds, pool: ProcessPoolExecutor | None
) -> dict[str, Found]:
    """What was found of each metric, by metric; of the same days what was found before."""
    known = {metric: kept(stored, metric, digest) for metric, digest in digests.items()}
    new = [task for task in tasks if known[task.series.metric] is None]
    examined = dict(zip([task.series.metric for task in new], _examined(new, pool), strict=True))
    return {metric: found or examined[metric] for metric, found in known.items()}


def _examined(tasks: Sequence[Task], pool: ProcessPoolExecutor | None) -> list[Found]:
    """What was found of each metric; in this process where there is no pool."""
    if pool:
        return list(pool.map(found_or_refused, tasks))
    with threadpool_limits(limits=1):  # the products are small: more threads only wait for each other
        return [found_or_refused(task) for task in tasks]


def _looked(tasks: Sequence[Task], stored: StoredLooks, pool: ProcessPoolExecutor | None) -> list[Looked]:
    """The looks at each primary; in this process where there is no pool."""
    of_metric = [stored.get(task.series.metric, {}) for task in tasks]
    if pool:
        return list(pool.map(looked_at, tasks, of_metric, repeat(program())))
    with threadpool_limits(limits=1):
        return list(map(looked_at, tasks, of_metric, repeat(program())))


@contextmanager
def _pool(people: int, metrics: int, processes: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes to examine metrics in, where there is enough to do for more than one."""
    if processes == 1 or people < MIN_PEOPLE_OF_A_POOL or metrics < MIN_METRICS_OF_A_POOL:
        yield None
        return
    before = set(active_children())
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_as_worker) as pool:
        try:
            with stop.signals_blocked():
                pool.submit(int)  # all processes start with the first task
            yield pool
        except BaseException:  # else the pool would wait for what was begun
            for process in set(active_children()) - before:
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _to_examine(now: Person) -> int:
    """How many metrics are not refused at once."""
    if len(now.massages) < MIN_MASSAGES:
        return 0
    return sum(int(np.isfinite(series.values).sum()) >= MIN_VALID_DAYS for series in now.series.values())


def _as_worker() -> None:
    stop.end_with_the_parent()
    threadpool_limits(limits=1)


def _forget_filters() -> None:
    """Frees what the methods keep of the last days they saw, some 250 MB of four years: nobody asks for it again."""
    for name, module in list(sys.modules.items()):
        for function in vars(module).values() if name.startswith("recovery.effects.") else ():
            if hasattr(function, "cache_clear"):
                function.cache_clear()


def _replace(
    connection: duckdb.DuckDBPyConnection, subject: str, state: str | None, answers: Sequence[rows.Row]
) -> None:
    """Puts the rows of one person in the place of the old ones, with the fingerprint of what they came from."""
    with warehouse.transaction(connection):
        for kind in rows.OF_A_PERSON:
            connection.execute(f"delete from answers.{kind.table} where subject = ?", [subject])
        rows.write(connection, answers)
        _note(connection, subject, state)


def _note(connection: duckdb.DuckDBPyConnection, subject: str, state: str | None) -> None:
    """Remembers what a person's answers came from."""
    connection.execute("delete from answers.examined where subject = ?", [subject])
    if state:
        connection.execute("insert into answers.examined values (?, ?)", [subject, state])


def _state(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """Changes whenever the answers may."""
    ahead = waiting(connection, clock.today(settings.home_time_zone))
    return f"{warehouse.meta(connection, 'builds')} {_program_and_choice(settings)}{ahead}"


def _program_and_choice(settings: Settings) -> str:
    """What the answers depend on beside a person's days."""
    return f"{program()} {sorted(settings.primaries.items())} {settings.main}"


@cache
def program() -> str:
    """A hash of the code that the answers depend on, and of the version of NumPy."""
    digest = hashlib.sha256(np.__version__.encode())
    package = Path(__file__).parents[1]
    for room in ("answers", "effects", "trials", "words", "vocabulary"):
        for path in sorted((package / room).glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
