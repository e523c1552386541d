"""How often the effects are right, on simulated people. Run by hand:

    python tests/calibration/one_look.py /tmp/calibration --full
    python tests/calibration/report.py /tmp/calibration

The first appends one line of JSON for each person to FOLDER/people.jsonl and FOLDER/households.jsonl and does only what
is not there yet, so it can be stopped at any time and run again; the second writes the tables and drawings of
docs/calibration-one-look.md from what is there. Without --full 100 people a cell, with it 2,000 (some ten hours of one
core).

A cell is a way to book, a size (days/massages) and an effect. A line has what each method found, not what was made of
it: verdicts are spoken by report.py, so a change of their rules needs no new run.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # the products are small: more threads only wait for each other

import numpy as np
from simple_methods import Answer, before_after, massage_against_other_days, oracle, weekday_regression
from simulator import BOOKINGS, EFFECTS, NIGHTS, Simulated, simulated, simulated_metrics

from recovery.effects.examine import Findings, examine
from recovery.effects.regression import Estimate

SIZES = ("60/8", "180/8", "180/25", "720/25", "720/100")
HOUSEHOLD_SIZES = ("180/25", "720/25", "720/100")
NO_DIARY = ", no diary"  # of pain, which moves both the bookings and the values
METRICS = 4  # primaries of one person, one for each family
SIMULATIONS = 199  # of the primary's interval; the product draws 399
CHUNK = 10  # people a task


def cells() -> list[str]:
    """All cells, `booking size effect`; their place gives the seeds, so append only."""
    told = [f"{booking} {size} {effect}" for effect in EFFECTS for booking in BOOKINGS for size in SIZES]
    untold = [
        f"{booking} {size} {effect}{NO_DIARY}"
        for effect in ("none", "transient")
        for booking in BOOKINGS[3:]
        for size in SIZES[2:]
    ]
    return told + untold


def households() -> list[str]:
    """Cells of whole people without any effect, `booking size`."""
    return [f"{booking} {size}" for booking in BOOKINGS for size in HOUSEHOLD_SIZES]


def lags_of(effect: str) -> tuple[int, ...]:
    """The days, or the night, after a massage that are looked at."""
    return (0,) if effect in NIGHTS else (1, 2, 3)


def person_line(cell: str, number: int) -> dict[str, Any]:
    """What all methods find on one person of the cell."""
    booking, size, effect = cell.split(" ", 2)
    days, massages = (int(count) for count in size.split("/"))
    seed = 100_000 * (1 + cells().index(cell)) + number
    person = simulated(booking, days, massages, effect.removesuffix(NO_DIARY), seed)
    if effect.endswith(NO_DIARY):
        person = replace(person, pain=np.full(days, np.nan))
    return {"cell": cell, "number": number, **found(person, lags_of(effect), seed, with_oracle=booking == "random")}


def household_line(cell: str, number: int) -> dict[str, Any]:
    """What is found on the four primaries of one person without any effect; the third is a night."""
    booking, size = cell.split(" ")
    days, massages = (int(count) for count in size.split("/"))
    seed = 50_000_000 + 100_000 * households().index(cell) + number
    metrics = simulated_metrics(booking, days, massages, METRICS, seed)
    lines = [found(one, (0,) if place == 2 else (1, 2, 3), seed + 10_000 * place) for place, one in enumerate(metrics)]
    return {"cell": cell, "number": number, "metrics": lines}


def found(person: Simulated, lags: tuple[int, ...], seed: int, *, with_oracle: bool = False) -> dict[str, Any]:
    """Findings and the answers of the simple methods, as JSON has them."""
    seed += 1_000_000_000  # the methods must not draw what the person was drawn from
    pain = person.pain if np.isfinite(person.pain).any() else None
    findings = examine(
        person.values, person.is_massage, person.dates, pain, seed=seed, lags=lags, simulations=SIMULATIONS
    )
    return {
        **told(findings),
        "before/after": _rounded(before_after(person, lags)),
        "other days": _rounded(massage_against_other_days(person, lags)),
        "weekday OLS": _rounded(weekday_regression(person, lags)),
        "oracle": _rounded(oracle(person, lags)) if with_oracle else None,
    }


def told(findings: Findings) -> dict[str, Any]:
    """What verdicts are made of."""
    return {
        "massages": findings.n_massages,
        "failed": [gate.name for gate in findings.gates if not gate.passed],
        "deviation": _short(findings.deviation),
        "diary": findings.has_pain_diary,
        "primary": _estimate(findings.plain),
        "history": _estimate(findings.adjusted),
        "pain": findings.pain_p,
        "lead": findings.lead_p,
        "permutation": findings.permutation and findings.permutation.p_value,
        "redrawn": findings.bookings and findings.bookings.p_value,
    }


def _estimate(told: Estimate | None) -> list[float] | None:
    """Estimate, interval, p, standard error, critical value, days."""
    if told is None:
        return None
    sizes = (told.estimate, told.ci_low, told.ci_high, told.p_value, told.standard_error, told.critical_value)
    return [*map(_short, sizes), told.n_days]


def _rounded(answer: Answer | None) -> list[float] | None:
    return answer and [*map(_short, (answer.estimate, answer.ci_low, answer.ci_high, answer.p_value))]


def _short(number: float) -> float:
    return float(f"{number:.6g}")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file; none where it is not there, one that was cut off is left out."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.endswith("}"):
                yield json.loads(line)


def run(job: Callable[[str, int], dict[str, Any]], wanted: Iterable[tuple[str, int]], path: Path, *, jobs: int) -> None:
    """Append to the file what each of the wanted (cell, people) lacks, in this order."""
    done: dict[str, set[int]] = defaultdict(set)
    for line in read_lines(path):
        done[line["cell"]].add(line["number"])
    tasks = []
    for cell, people in wanted:
        todo = [(cell, number) for number in range(people) if number not in done[cell]]
        done[cell].update(range(people))
        tasks += [todo[start : start + CHUNK] for start in range(0, len(todo), CHUNK)]
    is_cut_off = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" if is_cut_off else "")
        for lines in _mapped(_Chunk(job), tasks, jobs):
            file.writelines(json.dumps(line) + "\n" for line in lines)
            file.flush()


def _mapped(chunk: "_Chunk", tasks: list[list[tuple[str, int]]], jobs: int) -> Iterator[list[dict[str, Any]]]:
    if jobs == 1:
        yield from map(chunk, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(chunk, tasks)


class _Chunk:
    """A job on some people; a class, for processes are told it by name."""

    def __init__(self, job: Callable[[str, int], dict[str, Any]]) -> None:
        self.job = job

    def __call__(self, people: list[tuple[str, int]]) -> list[dict[str, Any]]:
        return [self.job(cell, number) for cell, number in people]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--full", action="store_true", help="2,000 people a cell")
    parser.add_argument("--people", type=int, help="people a cell")
    parser.add_argument("--only", default="", help="cells that hold these words, such as 'flare 720/25 none'")
    parser.add_argument("--what", choices=("people", "households"), help="one of the two alone")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    people = arguments.people or (2000 if arguments.full else 100)
    steps = [step for step in (100, 400, 1000) if step < people] + [people]  # every cell a little, then more of each
    words = arguments.only.split()
    for step in steps:
        for job, all_cells, name in ((person_line, cells(), "people"), (household_line, households(), "households")):
            if arguments.what not in (None, name):
                continue
            wanted = [(cell, step) for cell in all_cells if all(word in cell.split(" ") for word in words)]
            run(job, wanted, arguments.folder / f"{name}.jsonl", jobs=arguments.jobs)


if __name__ == "__main__":
    main()
