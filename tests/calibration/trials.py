"""How often drawn schedules and means over people are right, as landed before and as they are now. Run by hand:

    python tests/calibration/trials.py /tmp/trials.json [--jobs 2] [--docs docs]

Does only the cells that the file lacks, so it can be stopped and run again (some 15 minutes of one core in all), writes
their figures to docs/calibration/trials.json and of these the tables of docs/calibration.md, between
`<!-- trials: NAME -->` and `<!-- end -->`. "Before" is what commit da7dcf5 did, written out here: days 0 and +4 to +6
taken as days without a massage, one look by the test of a single trial, all estimates in the mean over people.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # the products are small: more threads only wait for each other

import numpy as np
from simulator import simulated

from recovery.effects import regression, trial
from recovery.effects.cohort import NORMAL_95, over_people
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


def figures(lines: dict[str, Any]) -> dict[str, Any]:
    """Of each cell of trials and each mean over people the shares of the tables, in percent."""
    found: dict[str, Any] = {}
    for cell, (_, _, size, _, _) in CELLS.items():
        told = lines[cell]
        found[cell] = {
            "persons": len(told),
            **{name: _figures([line[name] for line in told if line[name]], size) for name in ("before", "now")},
            "found at any look": _share(line["ever"] for line in told),
            "contradicted": _share(line["word"] == "contradicted" for line in told),
            "refused": _share(line["now"] is None for line in told),
        }
    found["cohorts"] = cohorts(lines)
    return found


def _figures(told: Sequence[Sequence[float]], size: float) -> dict[str, float]:
    return {
        "estimate": round(float(np.mean([one[0] for one in told])), 2),
        "covers": _share(one[1] <= size <= one[2] for one in told),
        "p below 5%": _share(one[3] < 0.05 for one in told),
        "size excluded": _share(one[2] < size for one in told),
    }


def _share(hits: Iterable[bool]) -> float:
    return round(100 * float(np.mean(list(hits))), 1)


def cohorts(lines: dict[str, Any]) -> dict[str, Any]:
    """How often the mean over people covers the true one: 40% book on pain, or only those went on whom it helped."""
    random = np.random.default_rng(0)
    rules: dict[str, Callable[[dict[str, Any]], Any]] = {
        "before: unadjusted": lambda line: line["plain"] or line["told"],
        "now: with people whose gates fired": lambda line: line["adjusted"] if _is_gated(line) else line["told"],
        "now: without them": lambda line: None if _is_gated(line) else line["told"],
    }
    drawn = [
        [lines["random"][number] for number in random.choice(PEOPLE, SIZE - 6)]
        + [lines["flare_sameday"][number] for number in random.choice(PEOPLE, 6)]
        for _ in range(COHORTS)
    ]
    told = {}
    for name, rule in rules.items():
        means = [
            over_people([_estimate_of(rule(line)) for line in people])
            for people in drawn
            if sum(rule(line) is not None for line in people) >= 5
        ]
        told[name] = {
            "cohorts": len(means),
            "covers": _share(one.ci_low <= MEAN <= one.ci_high for one in means),
            "width": round(float(np.mean([one.ci_high - one.ci_low for one in means])), 3),
        }
    return told


def _is_gated(line: dict[str, Any]) -> bool:
    return line["adjusted"] is not None and bool(
        {"lead", "dates free of pain", "dates free of the number"} & {*line["failed"]}
    )


def _estimate_of(told: Sequence[float] | None) -> Estimate | None:
    if told is None:
        return None
    estimate, low, high = told
    return Estimate(estimate, (high - low) / (2 * NORMAL_95), low, high, 0.5, NORMAL_95, 300)


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The tables by the names of their marks."""
    schedules = [
        (
            "| what happens | persons | estimate, before → now (true) | interval holds the truth | p < .05"
            " | true size excluded | found at any look | refused |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for cell, (_, _, size, _, _) in CELLS.items():
        row = found[cell]
        old, new = row["before"], row["now"]
        people = row["persons"]
        schedules.append(
            f"| {cell} | {people} | {old['estimate']:.2f} → {new['estimate']:.2f} ({size:g}) |"
            f" {_with_error(old['covers'], people)} → {_with_error(new['covers'], people)} |"
            f" {_with_error(old['p below 5%'], people)} → {_with_error(new['p below 5%'], people)} |"
            f" {old['size excluded']:.1f} → {new['size excluded']:.1f} |"
            f" {_with_error(row['found at any look'], people)} | {row['refused']:.1f} |"
        )
    means = ["| mean over 15 people | cohorts | interval holds the mean | width |", "| --- | --- | --- | --- |"]
    for name, row in found["cohorts"].items():
        means.append(f"| {name} | {row['cohorts']} | {row['covers']:.1f} | {row['width']:.2f} |")
    return {"schedules": "\n".join(schedules), "cohorts": "\n".join(means)}


def _with_error(share: float, people: int) -> str:
    return f"{share:.1f} ±{(share * (100 - share) / people) ** 0.5:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[2] / "docs")
    arguments = parser.parse_args()
    found = figures(run(arguments.file, arguments.jobs))
    (arguments.docs / "calibration" / "trials.json").write_text(json.dumps(found, indent=1) + "\n")
    page, parts = arguments.docs / "calibration.md", tables(found)
    pattern = re.compile(r"(<!-- trials: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
    page.write_text(pattern.sub(lambda mark: f"{mark[1]}\n{parts[mark[2]]}\n\n{mark[3]}", page.read_text()))


if __name__ == "__main__":
    main()
