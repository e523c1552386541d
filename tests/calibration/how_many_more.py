"""How often "about N more massages" keeps its promise, on simulated people. Run by hand:

    python tests/calibration/how_many_more.py /tmp/more --people 30 --minutes 5
    python tests/calibration/how_many_more.py /tmp/more --tables

The first computes the looks at two years of each person, but those far from every boundary, and appends a line of JSON
a person to FOLDER/looks.jsonl; it does only what is not there yet. The second takes the looks from there, says at some
of them how many more massages it takes, and counts how often the answer came by then. Numbers like steps, like nights
and like pain (`simulator.py`, `pain_people.py`), dates that are irregular, on one weekday with some weeks left out, or
about every second week. The true effect of a person is drawn evenly from 0, a half, one, one and a half and twice the
change worth having.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np
import pain_people
from simulator import booked, simulated
from study.evidence import EXCLUSION, FINDING, Row, computed, evidence_of, row_of

from recovery.effects.booked_on_pain import Ratings
from recovery.effects.boundaries import OF_MAIN, Family, finding_boundary
from recovery.effects.design import lagged
from recovery.effects.design_information import information, likeliest_shape
from recovery.effects.how_many_more import More, Now, how_many_more
from recovery.effects.look_family import look_of
from recovery.effects.look_series import WEEKS, Booked, Diary, LookSeries
from recovery.effects.looks import Look
from recovery.effects.prepare import Measured
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.windows import DAYS_AFTER

DAYS = 728
AN_EXCLUSION = Family(tuple("abcd")).exclusion_boundary("a")
ASKED = (12, 15, 18, 22, 27, 33)  # massages at which the number is said: of everybody a look with so many is computed
KINDS = ("steps", "nights", "pain")
BOOKINGS = ("irregular", "one weekday", "fortnightly")
SIZES = (0.0, 0.5, 1.0, 1.5, 2.0)  # of a change worth having
WORTH = {"steps": 0.3, "nights": 0.3, "pain": 0.5}  # day-to-day deviations; points


class Outcome(NamedTuple):
    """A series, and what is asked of it."""

    series: LookSeries
    better: Direction
    worth: float
    values: np.ndarray
    is_massage: np.ndarray
    dates: np.ndarray
    lags: tuple[int, ...]


def dates_of(random: np.random.Generator, booking: str) -> np.ndarray:
    """1 on the days of massages of two years."""
    if booking == "irregular":
        return booked(random, "random", DAYS, 90, np.zeros(0))
    if booking == "fortnightly":
        return booked(random, "weekday", DAYS, 52, np.zeros(0))
    out = np.zeros(DAYS)
    weekly = np.arange(random.integers(7), DAYS, 7)
    out[weekly[random.random(len(weekly)) > 0.2]] = 1
    return out


def outcome(kind: str, booking: str, number: int) -> tuple[Outcome, float]:
    """One person's series and the true effect, towards better."""
    seed = 1_000_000 * (1 + KINDS.index(kind)) + 10_000 * BOOKINGS.index(booking) + number
    random = np.random.default_rng(seed)
    size = SIZES[number % len(SIZES)] * WORTH[kind]
    is_massage = dates_of(random, booking)
    lags = (0,) if kind == "nights" else DAYS_AFTER
    lift = size * sum(lagged(is_massage, lag) for lag in lags)
    if kind == "pain":
        diary = pain_people.person("random", "none", seed, days=DAYS)
        morning, afternoon, whole_day = (
            np.clip(slot - lift, 0, 10) for slot in (diary.morning, diary.afternoon, diary.whole_day)
        )
        nothing = np.full(DAYS, np.nan)
        ratings = Ratings(
            morning=morning, afternoon=afternoon, whole_day=whole_day, before=nothing,
            hour=np.where(is_massage > 0, 17.5, np.nan),
        )  # fmt: skip
        series = LookSeries(
            Measured(whole_day), Booked(is_massage, diary.dates), Diary(morning, ratings=ratings), seed=1
        )
        return Outcome(series, "down", WORTH[kind], whole_day, is_massage, diary.dates, lags), size
    person = simulated("random", DAYS, 90, "no night" if kind == "nights" else "none", seed)
    values = person.values + lift
    series = LookSeries(Measured(values), Booked(is_massage, person.dates), Diary(person.pain), seed=1, lags=lags)
    return Outcome(series, "up", WORTH[kind], values, is_massage, person.dates, lags), size


def rows_of(found: Outcome) -> list[Row]:
    """The looks at which what is said could change, as study/evidence.py stores them: what is said is spoken later."""
    looks = found.series.looks
    at = computed(looks, lambda look: found.series.at(look, found.better, lambda _: found.worth), found.better,
                  asked=(FINDING, EXCLUSION), level=OF_MAIN)  # fmt: skip
    return [row_of(looks[place], one) for place, one in sorted(at.items())]


def look_at(row: Row, kind: str, better: Direction) -> Look | None:
    """What one of them weighs, of the main number of four."""
    return look_of(evidence_of(row), kind, better, finding_boundary(OF_MAIN, row[0]), AN_EXCLUSION)


def is_said(look: Look | None) -> bool:
    """Whether it finds or excludes something."""
    return look is not None and (look.crosses or look.rules_out)


def collect(folder: Path, people: int, minutes: float, cells: list[tuple[str, str]]) -> None:
    """Appends the people that are missing, until the minutes of CPU are over."""
    path, begun = folder / "looks.jsonl", time.process_time()
    done = {(line["kind"], line["booking"], line["number"]) for line in stored(path)}
    for number in range(people):
        for kind, booking in cells:
            if (kind, booking, number) in done:
                continue
            if time.process_time() - begun > 60 * minutes:
                return
            found, size = outcome(kind, booking, number)
            line = {"kind": kind, "booking": booking, "number": number, "size": size, "rows": rows_of(found)}
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def stored(path: Path) -> list[dict[str, Any]]:
    """The people that are there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


class Promise(NamedTuple):
    """What was said at one look, and what came."""

    kind: str
    booking: str
    person: int
    more: More
    left: int  # massages of the record after the look
    came: int | None  # massages until something was said; None: not in the record


def promises(line: dict[str, Any]) -> Iterator[Promise]:
    """What is said at some looks of one person where nothing but the check of whole weeks stands in the way."""
    kind, rows = line["kind"], line["rows"]
    found, _ = outcome(kind, line["booking"], line["number"])
    looks = [look_at(row, kind, found.better) for row in rows]
    first = next((row[0] for row, look in zip(rows, looks, strict=True) if is_said(look)), None)
    for row, look in zip(rows, looks, strict=True):
        massages, day, failed = row[0], row[1], row[4]
        is_open = first is None or massages < first
        if massages not in ASKED or look is None or not is_open or set(failed) - {WEEKS}:
            continue
        days = day + 1
        values, is_massage, dates, lags = (
            found.values[:days],
            found.is_massage[:days],
            found.dates[:days],
            found.lags,
        )
        shape = likeliest_shape(values, is_massage, dates, lags)
        told = information(is_massage, np.isfinite(values), dates, shape, lags)
        is_allowed = look.may_exclude or kind != "pain"
        may_be_ruled_out = is_allowed and not (look.builds_up or look.may_build_up)
        now = Now(
            size=look.size,
            error=look.estimate.standard_error,
            critical=look.estimate.critical_value,
            worth=found.worth,
            massages=massages,
            per_week=massages / (days / 7),
            level=OF_MAIN,
            exclusion_boundary=AN_EXCLUSION,
            to_exclude=found.worth if may_be_ruled_out else None,
            weeks_efficiency=told.weeks_efficiency,
        )
        came = None if first is None else first - massages
        yield Promise(kind, line["booking"], line["number"], how_many_more(now), rows[-1][0] - massages, came)


def table(found: list[Promise]) -> str:
    """For each kind and booking how many promises were made, and how many came true; only those the record can hold."""
    lines = [
        "| numbers | dates | looks | said N | came within N | within the first number | median N |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in (*KINDS, "all"):
        for booking in (*BOOKINGS, "all"):
            cell = [one for one in found if kind in (one.kind, "all") and booking in (one.booking, "all")]
            high = [(one, one.more.high) for one in cell if one.more.high is not None and one.more.high <= one.left]
            low = [(one, one.more.low) for one in cell if one.more.low is not None and one.more.low <= one.left]
            median = f"{np.median([count for _, count in high]):.0f}" if high else "-"
            lines.append(f"| {kind} | {booking} | {len(cell)} | {len(high)} | {kept(high)} | {kept(low)} | {median} |")
    return "\n".join(lines)


def kept(said_numbers: list[tuple[Promise, int]]) -> str:
    """The share that came true, with its error; the promises of one person count as one."""
    if not said_numbers:
        return "-"
    came = np.array([one.came is not None and one.came <= count for one, count in said_numbers], dtype=float)
    people = [(one.kind, one.booking, one.person) for one, _ in said_numbers]
    sums = [
        float(np.sum([came[at] - came.mean() for at, who in enumerate(people) if who == person]))
        for person in set(people)
    ]
    return f"{100 * came.mean():.0f} ±{100 * np.sqrt(np.sum(np.square(sums))) / len(came):.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=30, help="of each kind and booking")
    parser.add_argument("--minutes", type=float, default=5.0, help="of CPU, after which no further person is begun")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--tables", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.tables:
        print(table([one for line in stored(arguments.folder / "looks.jsonl") for one in promises(line)]))
        return
    cells = [(kind, booking) for kind in arguments.kinds.split(",") for booking in BOOKINGS]
    collect(arguments.folder, arguments.people, arguments.minutes, cells)


if __name__ == "__main__":
    main()
