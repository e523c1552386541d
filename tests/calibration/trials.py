"""How often drawn schedules and means over people are right, as landed before and as they are now. Run by hand:

    python tests/calibration/trials.py docs/calibration/trials.json [--jobs 2] [--docs docs]

Does only the cells that the file lacks, so it can be stopped and run again (some 15 minutes of one core in all), and
writes the tables of docs/calibration.md, between `<!-- figures: NAME -->` and `<!-- end -->`, from the file. "Before"
is what commit da7dcf5 did, written out here: days 0 and +4 to +6 taken as days without a massage, one look by the test
of a single trial, all estimates in the mean over people.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # the products are small: more threads only wait for each other

import numpy as np
from simulator import simulated

from recovery.effects import regression, trial
from recovery.effects.design import trend, weekdays, winsorised
from recovery.effects.examine import examine
from recovery.effects.noise import shape_grid
from recovery.effects.regression import Estimate
from recovery.effects.trial_contrast import after_slots, independent, pair_contrasts, usable_pairs, whitened_scores
from recovery.effects.trial_looks import Spent, Sums, coin_flips, contrast_of
from recovery.effects.trial_schedule import Schedule, coins

START = date(2027, 1, 5)
LAGS = (1, 2, 3)
TRIALS = 200  # a cell
PEOPLE = 150  # of either kind, of whom cohorts are drawn
COHORTS = 1000
SIZE = 15  # people of a cohort
MEAN, SPREAD = 0.3, 0.15  # of people's true effects, in day-to-day deviations

# name: pairs of each trial, weeks of a block, size of the effect, its last day, who is missed
CELLS: dict[str, tuple[tuple[int, ...], int, float, int, str]] = {
    "no effect, 6 pairs": ((6,), 1, 0.0, 3, ""),
    "no effect, 12 pairs": ((12,), 1, 0.0, 3, ""),
    "no effect, 20 pairs, looks at 10, 15, 20": ((20,), 1, 0.0, 3, ""),
    "no effect, 8 and 8 pairs pooled": ((8, 8), 1, 0.0, 3, ""),
    "no effect, 6 pairs of 3 weeks": ((6,), 3, 0.0, 3, ""),
    "no effect, 12 pairs, half of the bad days after massages unmeasured": ((12,), 1, 0.0, 3, "bad days"),
    "days 1-3, 12 pairs": ((12,), 1, 0.6, 3, ""),
    "days 1-3, 20 pairs, looks at 10, 15, 20": ((20,), 1, 0.6, 3, ""),
    "days 1-6, 12 pairs": ((12,), 1, 0.6, 6, ""),
    "days 1-10, 12 pairs": ((12,), 1, 0.6, 10, ""),
    "days 1-10, 20 pairs, looks at 10, 15, 20": ((20,), 1, 0.6, 10, ""),
    "days 1-10, 6 pairs of 3 weeks": ((6,), 3, 0.6, 10, ""),
    "days 1-10, 10 pairs of 3 weeks": ((10,), 3, 0.6, 10, ""),
}


def schedules_of(cell: str, seed: int) -> list[Schedule]:
    """The trials of a cell, one after the other with a week between."""
    pairs, weeks_per_block, *_ = CELLS[cell]
    drawn: list[Schedule] = []
    for number, count in enumerate(pairs):
        start = drawn[-1].last_date + timedelta(days=8) if drawn else START
        drawn.append(Schedule(start, weeks_per_block, coins(10 * seed + number, count)))
    return drawn


def lived(cell: str, seed: int) -> tuple[np.ndarray, np.ndarray, list[Schedule]]:
    """Days of a person with memory from day to day and over weeks, weekdays, drift, 5% of days missing."""
    *_, size, last, missed = CELLS[cell]
    drawn = schedules_of(cell, seed)
    random = np.random.default_rng([seed, list(CELLS).index(cell)])
    days = (drawn[-1].last_date - START).days + 1
    values = 0.8 * _remembering(random, days, random.uniform(0.1, 0.6))
    values += 0.4 * _remembering(random, days, random.uniform(0.9, 0.98)) + 0.45 * random.standard_normal(days)
    values += (
        0.35 * random.standard_normal(7)[np.arange(days) % 7] + 0.3 * random.standard_normal() * np.arange(days) / 365
    )
    is_changed, is_after = np.zeros(days, dtype=bool), np.zeros(days, dtype=bool)
    for schedule in drawn:
        for slot, is_massage in zip(schedule.slots, schedule.is_massage_week, strict=True):
            first = (slot - START).days
            is_changed[first + 1 : first + last + 1] |= is_massage
            is_after[first + 1 : first + 4] |= is_massage
    is_lost = random.random(days) < 0.05
    if missed:
        is_lost |= is_after & (values < np.median(values)) & (random.random(days) < 0.5)
    return np.where(is_lost, np.nan, values + size * is_changed), np.datetime64(START) + np.arange(days), drawn


def _remembering(random: np.random.Generator, days: int, memory: float) -> np.ndarray:
    out = random.standard_normal(days)
    for day in range(1, days):
        out[day] = memory * out[day - 1] + np.sqrt(1 - memory**2) * out[day]
    return out


def trial_line(task: tuple[str, int]) -> dict[str, Any]:
    """What one person's trials say, before and now: estimate, interval, p, whether it was found at an early look."""
    cell, seed = task
    values, dates, drawn = lived(cell, seed)
    looks = trial.looks_of(drawn, date.max)
    attended = [
        day for one in drawn for day, is_one in zip(one.slots, one.is_massage_week, strict=True) if is_one
    ]  # all of them
    told = [
        trial.analyse_looks(values, dates, drawn, looks[:number], attended, seed=seed)
        for number in range(1, len(looks) + 1)
    ]
    last = told[-1]
    judged = trial.verdict_on(last, better="up", worthwhile=CELLS[cell][2] or 0.6)
    found = last.contrast
    return {
        "now": found and [found.estimate, found.ci_low, found.ci_high, found.p_value],
        "ever": any(one.contrast and one.contrast.p_value < 0.05 for one in told),
        "early": any(one.contrast and one.contrast.ci_low > 0 for one in told[:-1]),
        "word": judged.verdict.value,
        "before": before(values, dates, drawn),
    }


def before(values: np.ndarray, dates: np.ndarray, drawn: Sequence[Schedule]) -> list[float] | None:
    """The test of the last trial alone, with all days of its weeks."""
    schedule = drawn[-1]
    inside = dates >= np.datetime64(schedule.start)
    values, dates = values[inside], dates[inside]
    after = after_slots(dates, schedule, LAGS, with_first_weeks=True)
    usable, left_out = usable_pairs(after, np.isfinite(values))
    if len(usable) < 6:
        return None
    of_left_out = [2 * (pair - 1) + half for pair in left_out for half in (0, 1)]
    values = np.where(after[:, of_left_out].any(axis=1), np.nan, values)
    is_observed = np.isfinite(values)
    contrasts = pair_contrasts(after, usable)
    usual = np.column_stack([weekdays(dates), trend(len(dates))])
    columns = independent(np.column_stack([usual, contrasts]), is_observed)
    kept = winsorised(values, columns)
    weights = regression.shape_weights(kept, columns)
    scores, gram = whitened_scores(
        kept[:, None], contrasts, independent(usual, is_observed), is_observed, shape_grid(), weights
    )
    arms = np.array([1.0 if schedule.massage_first[pair] else -1.0 for pair in usable])
    flips, is_all = coin_flips(len(usable), 0)
    shift = gram @ arms / 2
    sums = Sums(flips @ scores[:, 0], flips @ shift, float(arms @ scores[:, 0]), float(arms @ shift))
    found = contrast_of([sums], [Spent(0, 0.0, 1.0)], 1, is_enumerated=is_all)
    return [found.estimate, found.ci_low, found.ci_high, found.p_value]


def person_line(task: tuple[str, int]) -> dict[str, Any]:
    """One person with an effect of their own, booking at random or when it hurts, and what their log says."""
    booking, number = task
    random = np.random.default_rng([number, len(booking)])
    own = float(MEAN + SPREAD * random.standard_normal())
    person = simulated(booking, 360, 40, "none", 7_000_000 + 1000 * len(booking) + number)
    values = person.values + own * np.clip(
        sum(np.concatenate([np.zeros(lag), person.is_massage[:-lag]]) for lag in LAGS), 0, 1
    )
    found = examine(values, person.is_massage, person.dates, person.pain, seed=number, lags=LAGS, simulations=199)
    failed = [gate.name for gate in found.gates if not gate.passed]
    return {
        "own": own,
        "told": _numbers(found.estimate),
        "plain": _numbers(found.plain),
        "adjusted": _numbers(found.adjusted),
        "failed": failed,
    }


def _numbers(one: Estimate | None) -> list[float] | None:
    return one and [one.estimate, one.ci_low, one.ci_high]


def run(path: Path, jobs: int) -> dict[str, Any]:
    """The lines of all cells, those that are there already and the new ones."""
    lines: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    work: list[tuple[str, Callable[[tuple[str, int]], dict[str, Any]], int]] = [
        *((cell, trial_line, TRIALS) for cell in CELLS),
        *((booking, person_line, PEOPLE) for booking in ("random", "flare_sameday")),
    ]
    for name, job, count in work:
        if name in lines:
            continue
        tasks = [(name, number) for number in range(count)]
        with ProcessPoolExecutor(jobs) as pool:
            lines[name] = _rounded(list(pool.map(job, tasks, chunksize=10)))
        path.write_text(json.dumps(lines, separators=(",", ":")) + "\n")
        print(name)
    return lines


def _rounded(told: Any) -> Any:
    if isinstance(told, float):
        return float(f"{told:.4g}")
    if isinstance(told, dict):
        return {name: _rounded(value) for name, value in told.items()}
    return [_rounded(value) for value in told] if isinstance(told, list) else told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    arguments = parser.parse_args()
    run(arguments.file, arguments.jobs)


if __name__ == "__main__":
    main()
