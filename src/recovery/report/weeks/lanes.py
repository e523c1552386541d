"""The minutes of a day as lanes: one for each state, drawn as runs and not as 1,440 pieces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

BRISK = "brisk"  # minutes of `moving` that are at least moderate
LANES = ("moving", BRISK, "still", "asleep", "awake_in_bed", "massage", "rest_unknown", "unknown", "not_worn")
DAY_MIN = 1440
EPOCH = date(1970, 1, 1)
JOINED_MIN = 3  # pauses up to this are not seen in a picture of a day
MOST_RUNS, LEAST_RUNS = 30, 8  # of one lane; pauses are joined further until no more are left
MOST_LETTERS = 25_000  # of the paths of a month: where they would be more, the lanes have fewer runs
LEAST_DRAWN_MIN = 3  # a single minute is drawn this wide, so that it is seen
TICKS = (0, 6, 12, 18, 24)  # hours of the clock below the lanes

OTHER = LANES.index("unknown")  # what a state is that is not known here
MINUTES = f"""
    select
        minute_utc,
        local_time,
        local_date,
        (coalesce(list_position({[*LANES]}, state) - 1, {OTHER}) {{brisk}})::utinyint as state
    from timeline
    where subject = $1 and local_date between $2 and $3
"""
AND_BRISK = "+ if(state = 'moving' and intensity in ('moderate', 'vigorous'), 1, 0)"  # `brisk` follows `moving`


class Run(NamedTuple):
    """Minutes in a row with one state and one offset of the clock."""

    state: str  # `brisk` for those of `moving` that are at least moderate
    start: int  # minutes since 1970, UTC
    end: int
    local_start: int  # the same on the person's clock

    @property
    def minutes(self) -> int:
        return self.end - self.start


class Lane(NamedTuple):
    """One state of a day: its total, and its runs as an SVG path in minutes from the start, ten down for each lane."""

    state: str
    minutes: int
    path: str


class Tick(NamedTuple):
    """An hour of the clock, and where it lies in percent of the day."""

    place: float
    hour: int


class Lanes(NamedTuple):
    """A day's minutes."""

    length: int  # minutes from its start to its end: 1,380 and 1,500 where the clocks change
    lanes: list[Lane]
    ticks: list[Tick]


def runs_of(
    connection: duckdb.DuckDBPyConnection, subject: str, first: date, last: date, *, has_intensity: bool = True
) -> dict[date, list[Run]]:
    """The runs of each date with minutes, in the order of time.

    They are found in arrays: the same by window functions takes three times as long, and a page is made for each month.
    """
    sql = MINUTES.format(brisk=AND_BRISK if has_intensity else "")
    found_columns = connection.execute(sql, [subject, first, last]).fetchnumpy()
    columns = {name: np.asarray(values) for name, values in found_columns.items()}
    minutes, local = (_whole_minutes(columns[name]) for name in ("minute_utc", "local_time"))
    if not len(minutes):
        return {}
    order = np.argsort(minutes, kind="stable")
    minutes, local, states = minutes[order], local[order], columns["state"][order]
    days = columns["local_date"][order].astype("datetime64[D]")
    begins = (np.diff(minutes) != 1) | (np.diff(local) != 1) | (np.diff(states.astype(np.int16)) != 0)
    starts = np.flatnonzero(np.concatenate([[True], begins | (days[1:] != days[:-1])]))
    ends = np.concatenate([starts[1:], [len(minutes)]]) - 1
    found: dict[date, list[Run]] = {}
    for day, state, start, end, local_start in zip(
        days[starts].tolist(),
        states[starts].tolist(),
        minutes[starts].tolist(),
        minutes[ends].tolist(),
        local[starts].tolist(),
        strict=True,
    ):
        found.setdefault(day, []).append(Run(LANES[state], start, end + 1, local_start))
    return found


def _whole_minutes(times: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return np.asarray(times.astype("datetime64[m]").astype(np.int64))


def lanes_by_date(runs: Mapping[date, Sequence[Run]]) -> dict[date, Lanes]:
    """The lanes of many dates, which together are not too much for a page."""
    found = {day: lanes_of(day, of_day) for day, of_day in runs.items()}
    letters = sum(len(lane.path) for lanes in found.values() for lane in lanes.lanes)
    if letters <= MOST_LETTERS:
        return found
    most_runs = max(MOST_RUNS * MOST_LETTERS // letters, LEAST_RUNS)
    return {day: lanes_of(day, of_day, most_runs) for day, of_day in runs.items()}


def lanes_of(local_date: date, runs: Sequence[Run], most_runs: int = MOST_RUNS) -> Lanes:
    """The lanes of one date; the day begins at midnight of the person's clock, also where records begin later."""
    midnight = _minutes_of(local_date)
    first, last = runs[0], runs[-1]
    start = first.start - max(first.local_start - midnight, 0)
    local_end = last.local_start + last.minutes
    length = max(last.end + max(midnight + DAY_MIN - local_end, 0) - start, 1)
    by_state: dict[str, list[Run]] = {}
    for run in runs:
        for state in ("moving", BRISK) if run.state == BRISK else (run.state,):
            by_state.setdefault(state, []).append(run)
    states = [state for state in (*LANES, *sorted(set(by_state) - {*LANES})) if state in by_state]
    return Lanes(
        length,
        [
            Lane(
                state,
                sum(run.minutes for run in by_state[state]),
                _path(by_state[state], start, 10 * row + 5, most_runs),
            )
            for row, state in enumerate(states)
        ],
        [Tick(round(100 * _place(midnight + 60 * hour, runs, start, midnight) / length, 1), hour) for hour in TICKS],
    )


def _minutes_of(day: date) -> int:
    return (day - EPOCH).days * DAY_MIN


def _place(local_minute: int, runs: Iterable[Run], start: int, midnight: int) -> int:
    """Where a time of the clock lies, in minutes from the start; of a time that comes twice the second one."""
    at = local_minute - midnight
    for run in runs:
        if run.local_start <= local_minute:
            at = run.start - start + local_minute - run.local_start
    return at


def _path(runs: Sequence[Run], start: int, y: int, most_runs: int) -> str:
    """A line along each run, in steps from the end of the one before it."""
    parts: list[str] = []
    end = 0
    for first, last in _joined([(run.start - start, run.end - start) for run in runs], most_runs):
        length = max(last - first, LEAST_DRAWN_MIN)
        parts.append(f"M{first} {y}h{length}" if not parts else f"m{first - end} 0h{length}")
        end = first + length
    return "".join(parts)


def _joined(spans: Sequence[tuple[int, int]], most_runs: int) -> Sequence[tuple[int, int]]:
    """Spans of which those with a short pause between them are one, and at most so many are left."""
    pause = JOINED_MIN
    found = list(_with_pauses(spans, pause))
    while len(found) > most_runs:
        pause *= 2
        found = list(_with_pauses(found, pause))
    return found


def _with_pauses(spans: Iterable[tuple[int, int]], pause: int) -> Iterator[tuple[int, int]]:
    waiting: tuple[int, int] | None = None
    for first, last in spans:
        if waiting is None:
            waiting = (first, last)
        elif first - waiting[1] <= pause:
            waiting = (waiting[0], max(last, waiting[1]))
        else:
            yield waiting
            waiting = (first, last)
    if waiting is not None:
        yield waiting
