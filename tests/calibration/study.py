"""How often the effects are right, on simulated people; run by hand: python tests/calibration/study.py --help.

Prints a Markdown table: one row per way to book, size and effect. Without --full 100 people a row, with it 2,000
(hours). The change worth having is 0.3 day-to-day deviations, the size of the transient effect. `contradicted` without
an effect is right, with the transient one it is false; `supported` without an effect is false.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # the products are small: more threads only wait for each other

import numpy as np
from scipy import stats
from simulator import BOOKINGS, Simulated, simulated, truth

from recovery.effects import design
from recovery.effects.examine import examine, verdict_on
from recovery.effects.verdict import Word

SIZES = ((60, 8), (180, 8), (180, 25), (720, 25), (720, 100))
WORTH = 0.3
SHORT = {
    Word.SUPPORTED: "supported",
    Word.CONTRADICTED: "contradicted",
    Word.CONSISTENT: "consistent",
    Word.CANNOT_TELL_YET: "not yet",
    Word.CANNOT_BE_TOLD: "refused",
}


def before_after(person: Simulated) -> float:
    """p of a paired t test, days -3 to -1 against +1 to +3 of each massage."""
    padded = np.concatenate([np.full(3, np.nan), person.values, np.full(3, np.nan)])
    at = np.flatnonzero(person.is_massage)[:, None] + 3
    pairs = [padded[at + np.array(days)] for days in ((-3, -2, -1), (1, 2, 3))]
    whole = np.all([np.isfinite(days).any(axis=1) for days in pairs], axis=0)
    before, after = (np.nanmean(days[whole], axis=1) for days in pairs)
    return float(stats.ttest_rel(after, before).pvalue)


def massage_against_other_days(person: Simulated) -> float:
    """p of Welch's t test, days +1 to +3 against all others, as apps do."""
    is_after = np.sum([design.lagged(person.is_massage, lag) for lag in (1, 2, 3)], axis=0) > 0
    is_told = np.isfinite(person.values)
    return float(
        stats.ttest_ind(person.values[is_told & is_after], person.values[is_told & ~is_after], equal_var=False).pvalue
    )


def weekday_regression(person: Simulated) -> float:
    """p of the window in a plain regression with weekdays."""
    is_told = np.isfinite(person.values)
    window = np.sum([design.lagged(person.is_massage, lag) for lag in (1, 2, 3)], axis=0)
    columns = np.column_stack([window, design.weekdays(person.dates), np.ones(len(window))])[is_told]
    values = person.values[is_told]
    inverse = np.linalg.pinv(columns.T @ columns)
    slopes = inverse @ columns.T @ values
    left = values - columns @ slopes
    freedom = len(values) - columns.shape[1]
    error = np.sqrt(inverse[0, 0] * (left @ left) / freedom)
    return float(2 * stats.t.sf(abs(slopes[0]) / error, freedom))


def one(booking: str, days: int, massages: int, effect: str, seed: int) -> dict[str, float | str]:
    """What each method finds on one person, as 0 or 1; NaN where it gives no answer."""
    person = simulated(booking, days, massages, effect, seed)
    seed += 1_000_000  # the methods must not draw what the person was drawn from
    findings = examine(person.values, person.is_massage, person.dates, person.pain, seed=seed, simulations=199)
    word = SHORT[verdict_on(findings, better="up", worthwhile=WORTH).word]
    out: dict[str, float | str] = {"word": word, "massages": float(person.is_massage.sum())}
    out["before/after"] = before_after(person) < 0.05
    out["other days"] = massage_against_other_days(person) < 0.05
    out["weekday OLS"] = weekday_regression(person) < 0.05
    for name, found in (("primary", findings.estimate), ("history", findings.adjusted)):
        if found is not None:
            off = found.estimate - truth(effect)
            out |= {name: found.p_value < 0.05, f"{name} bias": off}
            out[f"{name} coverage"] = found.ci_low <= truth(effect) <= found.ci_high
    if findings.permutation is not None:
        out["permutation"] = findings.permutation.p_value < 0.05
        out["lead fires"] = findings.lead_p < 0.10
    if findings.bookings is not None:
        out["re-drawn"] = findings.bookings.p_value < 0.05
    return out


FIGURES = (
    *("before/after", "other days", "weekday OLS", "primary", "permutation", "history", "re-drawn", "lead fires"),
    *("primary coverage", "history coverage", "primary bias", "history bias"),
)


def row(booking: str, days: int, massages: int, effect: str, people: list[dict[str, float | str]]) -> str:
    """One line of the table: shares in percent, bias in day-to-day deviations."""
    cells = [booking, f"{days}/{massages}", effect, f"{np.mean([person['massages'] for person in people]):.0f}"]
    for figure in FIGURES:
        told = [float(person[figure]) for person in people if figure in person]
        if not told:
            cells.append("-")
        elif figure.endswith("bias"):
            cells.append(f"{np.mean(told):+.3f}")
        else:
            cells.append(f"{100 * np.mean(told):.1f}")
    words = Counter(person["word"] for person in people)
    cells += [f"{100 * words[word] / len(people):.1f}" for word in SHORT.values()]
    return "| " + " | ".join(cells) + " |"


def table(arguments: argparse.Namespace) -> Iterator[str]:
    """The lines of the table, each as soon as it is known."""
    head = ["booking", "days/massages", "effect", "held", *FIGURES, *SHORT.values()]
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    people = arguments.people or (2000 if arguments.full else 100)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for booking in arguments.booking or BOOKINGS:
            for days, massages in SIZES:
                if arguments.size and f"{days}/{massages}" not in arguments.size:
                    continue
                for effect in arguments.effect or ("none", "transient", "persistent"):
                    job = partial(one, booking, days, massages, effect)
                    seeds = range(arguments.seed, arguments.seed + people)
                    found = pool.map(job, seeds, chunksize=10) if arguments.jobs > 1 else map(job, seeds)
                    yield row(booking, days, massages, effect, list(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="2,000 people a row")
    parser.add_argument("--people", type=int, help="people a row")
    parser.add_argument("--booking", action="append", choices=BOOKINGS)
    parser.add_argument("--size", action="append", help="days/massages, such as 180/25")
    parser.add_argument("--effect", action="append", choices=("none", "transient", "persistent"))
    parser.add_argument("--seed", type=int, default=10_000, help="of the first person")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    began = time.monotonic()
    for line in table(parser.parse_args()):
        print(line, flush=True)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
