"""How often a number is said to change when the number itself books massages: bad nights, low mood, few steps. By hand:

    python tests/calibration/own_bookings.py /tmp/own.jsonl --people 100

Does only the people that the file lacks (a minute of one core for 400), and prints the table of docs/calibration.md. A
year, about 40 massages; the number carries on from day to day and over weeks and has an error of its own; nobody keeps
a diary of pain. Coverage is that of the estimate that is told, `plain` that of the plain regression beside it.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np

from recovery.effects import gates
from recovery.effects.examine import examine

DAYS, MASSAGES = 365, 40
BOOKINGS = ("random", "after a bad day", "after bad days")
EFFECTS = {"none": 0.0, "0.4": 0.4}


def person(booking: str, effect: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, massages and dates of one person; massages at least four days apart."""
    random = np.random.default_rng(seed)
    fast, slow = random.uniform(0.3, 0.8), random.uniform(0.9, 0.97)
    carried = np.zeros((DAYS, 2))
    for day in range(1, DAYS):
        carried[day] = [fast, slow] * carried[day - 1] + np.sqrt([1 - fast**2, 1 - slow**2]) * random.standard_normal(2)
    own = 0.7 * carried[:, 0] + 0.5 * carried[:, 1] + 0.5 * random.standard_normal(DAYS)
    own += 0.3 * random.standard_normal(7)[np.arange(DAYS) % 7]
    strength, lags = {"random": (0.0, (1,)), "after a bad day": (1.5, (1,)), "after bad days": (2.0, (1, 2, 3))}[
        booking
    ]
    draws = random.random(DAYS)
    values, is_massage = own, np.zeros(DAYS)
    low, high = -9.0, 4.0
    for _ in range(14):  # the readiness that gives about so many massages
        ready, values, is_massage, rests_until = (low + high) / 2, own.copy(), np.zeros(DAYS), 4
        for day in range(4, DAYS - 4):
            felt = float(np.mean([values[day - lag] for lag in lags]))
            if day >= rests_until and draws[day] < 1 / (1 + np.exp(-(ready - strength * felt))):
                is_massage[day], rests_until = 1, day + 4
                values[day + 1 : day + 4] += effect
        low, high = (ready, high) if is_massage.sum() < MASSAGES else (low, ready)
    values[random.random(DAYS) < 0.07] = np.nan
    return values, is_massage, np.datetime64("2024-01-01") + random.integers(0, 365) + np.arange(DAYS)


def line(booking: str, effect: str, number: int) -> dict[str, Any]:
    """What one person is told."""
    found = examine(*person(booking, EFFECTS[effect], 9_000_000 + number), seed=number, simulations=99)
    told, plain = found.estimate, found.plain
    return {
        "booking": booking,
        "effect": effect,
        "number": number,
        "told": told and [told.estimate, told.ci_low, told.ci_high],
        "plain": plain and [plain.estimate, plain.ci_low, plain.ci_high],
        "fires": found.outcome_p is not None and found.outcome_p < gates.PAIN_P,
    }


def table(lines: list[dict[str, Any]]) -> str:
    """A row for each booking and effect, in percent with Monte Carlo errors."""
    rows = [
        "| booking | effect | people | gate fires | told below 0 | told above 0 | told holds it | plain holds it |",
        "| --- |" + " --- |" * 7,
    ]
    for booking in BOOKINGS:
        for effect, size in EFFECTS.items():
            of = [one for one in lines if one["booking"] == booking and one["effect"] == effect and one["told"]]
            if not of:
                continue
            shares = [
                [one["fires"] for one in of],
                [one["told"][2] < 0 for one in of],
                [one["told"][1] > 0 for one in of],
                [one["told"][1] <= size <= one["told"][2] for one in of],
                [one["plain"][1] <= size <= one["plain"][2] for one in of],
            ]
            rows.append(f"| {booking} | {effect} | {len(of)} | {' | '.join(map(_share, shares))} |")
    return "\n".join(rows)


def _share(hits: list[bool]) -> str:
    share = float(np.mean(hits))
    return f"{100 * share:.1f} ±{100 * (share * (1 - share) / len(hits)) ** 0.5:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=100, help="of each booking and effect")
    arguments = parser.parse_args()
    lines = [json.loads(one) for one in arguments.file.read_text().splitlines()] if arguments.file.exists() else []
    done = {(one["booking"], one["effect"], one["number"]) for one in lines}
    with arguments.file.open("a") as out:
        for number in range(arguments.people):
            for booking in BOOKINGS:
                for effect in EFFECTS:
                    if (booking, effect, number) not in done:
                        lines.append(line(booking, effect, number))
                        print(json.dumps(lines[-1]), file=out, flush=True)
    print(table(lines))


if __name__ == "__main__":
    main()
