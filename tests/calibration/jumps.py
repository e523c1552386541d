"""How often a jump of the level is claimed where there is none, and found where there is one. Run by hand:

    python tests/calibration/jumps.py /tmp/jumps.jsonl --series 200 [--family FAMILY ...] [--docs docs]

Does only the series that the file lacks, so it can be stopped and run again (a minute of one core for 300 series of a
year), and writes the table of docs/calibration.md, between `<!-- jumps -->` and `<!-- end -->`. The families are not
those that the rule was chosen by alone: `hold-out` names the ones that were looked at last.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np

from recovery.effects.design import weekdays
from recovery.effects.jumps import level_shift

Random = np.random.Generator
DAY_0 = np.datetime64("2024-01-01")  # a Monday
LENGTHS = (200, 365, 730)
HOLD_OUT = ("skewed", "two injuries", "holidays", "retirement")


def remembering(random: Random, days: int, memory: float) -> np.ndarray:
    out = random.standard_normal(days)
    for day in range(1, days):
        out[day] = memory * out[day - 1] + np.sqrt(1 - memory**2) * out[day]
    return out


def usual(random: Random, days: int) -> np.ndarray:
    """Noise of two speeds, weekdays, bouts of outliers; about one deviation."""
    slow = random.uniform(0.1, 0.35)
    values = np.sqrt(1 - slow) * remembering(random, days, random.uniform(0.0, 0.6))
    values += np.sqrt(slow) * remembering(random, days, random.uniform(0.9, 0.98))
    values += 0.35 * random.standard_normal(7)[np.arange(days) % 7]
    for day in np.flatnonzero(random.random(days) < 0.006):
        values[day : day + random.integers(1, 4)] += random.choice([-1, 1]) * random.uniform(1.5, 4)
    return values


def since(days: int, day: int) -> np.ndarray:
    return np.arange(days) - day


def some_day(random: Random, days: int) -> int:
    return int(random.uniform(0.25, 0.75) * days)


def floored(random: Random, days: int) -> np.ndarray:
    """Counts that are mostly 0 and rise for weeks: awakenings, floors, minutes of hard movement."""
    rate = np.exp(random.uniform(-1, 0.7) + 0.8 * remembering(random, days, random.uniform(0.9, 0.97)))
    return random.poisson(rate).astype(float)


def recovery(random: Random, days: int) -> np.ndarray:
    """Something heals from the first day on, in weeks to months."""
    size, weeks = random.uniform(1.5, 4), random.uniform(2, 20)
    return usual(random, days) + size * (1 - np.exp(-np.arange(days) / (7 * weeks)))


def injury(random: Random, days: int) -> np.ndarray:
    """Down at once, and back in weeks to months."""
    after = since(days, int(random.uniform(0.1, 0.7) * days))
    down = random.uniform(1.5, 4) * np.exp(-np.clip(after, 0, None) / (7 * random.uniform(2, 16)))
    return usual(random, days) - down * (after >= 0)


def new_job(random: Random, days: int) -> np.ndarray:
    """From one Monday on working days are others."""
    day = some_day(random, days) // 7 * 7
    is_work = (np.arange(days) % 7 < 5) & (since(days, day) >= 0)
    return usual(random, days) + random.choice([-1, 1]) * random.uniform(0.6, 2) * is_work


def season(random: Random, days: int) -> np.ndarray:
    wave = np.sin(2 * np.pi * (np.arange(days) / 365.25 + random.random()))
    return usual(random, days) + random.uniform(0.4, 1.2) * wave


def training(random: Random, days: int) -> np.ndarray:
    """A steady rise over months between two levels."""
    weeks = random.uniform(6, 30)
    ramp = np.clip(since(days, some_day(random, days)) / (7 * weeks), -0.5, 0.5)
    return usual(random, days) + random.uniform(1, 3) * ramp


def holidays(random: Random, days: int) -> np.ndarray:
    """Three to five weeks unlike the others, over afterwards."""
    first = some_day(random, days)
    is_away = (since(days, first) >= 0) & (since(days, first) < random.integers(14, 36))
    return usual(random, days) + random.choice([-1, 1]) * random.uniform(1, 3) * is_away


def skewed(random: Random, days: int) -> np.ndarray:
    """Steps-like: a logarithm is normal, with memory."""
    return np.exp(0.5 * (0.8 * remembering(random, days, 0.3) + 0.6 * remembering(random, days, 0.96)))


def two_injuries(random: Random, days: int) -> np.ndarray:
    return (injury(random, days) + injury(random, days)) / np.sqrt(2)


def retirement(random: Random, days: int) -> np.ndarray:
    """Weekdays become like weekends over two to eight weeks."""
    share = np.clip(since(days, some_day(random, days)) / random.uniform(14, 56), 0, 1)
    is_work = np.arange(days) % 7 < 5
    return usual(random, days) + random.choice([-1, 1]) * random.uniform(1, 2) * is_work * share


def with_jump(size: float, of: Callable[[Random, int], np.ndarray] = usual) -> Callable[[Random, int], np.ndarray]:
    def series(random: Random, days: int) -> np.ndarray:
        return of(random, days) + random.choice([-1, 1]) * size * (since(days, some_day(random, days)) >= 0)

    return series


NONE: dict[str, Callable[[Random, int], np.ndarray]] = {
    "usual": usual,
    "floored": floored,
    "memory 0.9": lambda random, days: remembering(random, days, 0.9),
    "memory 0.9, half of it": lambda random, days: (
        (remembering(random, days, 0.9) + random.standard_normal(days)) / 1.4
    ),
    "memory 0.97": lambda random, days: remembering(random, days, 0.97),
    "recovery": recovery,
    "injury": injury,
    "new job": new_job,
    "season": season,
    "training": training,
    "told device": usual,  # and a step that is told, see `columns_of`
    "skewed": skewed,
    "two injuries": two_injuries,
    "holidays": holidays,
    "retirement": retirement,
}
JUMPS = {
    "jump of 1": with_jump(1.0),
    "jump of 1.5": with_jump(1.5),
    "jump of 2": with_jump(2.0),
    "jump of 3": with_jump(3.0),
    "jump of 2, memory 0.9": with_jump(2.0, lambda random, days: remembering(random, days, 0.9)),
    "jump of 2, season": with_jump(2.0, season),
    "jump of 4, floored": with_jump(4.0, lambda random, days: 4 + floored(random, days)),
}
FAMILIES = NONE | JUMPS


def line(family: str, days: int, number: int) -> dict[str, object]:
    """One series: whether a jump was said."""
    random = np.random.default_rng([number, days, list(FAMILIES).index(family)])
    values = FAMILIES[family](random, days)
    columns = weekdays(DAY_0 + np.arange(days))
    if family == "told device":
        step = (since(days, some_day(random, days)) >= 0).astype(float)
        values, columns = values + random.uniform(0.5, 3) * step, np.column_stack([columns, step])
    values[random.random(days) < 0.05] = np.nan
    _, shift = level_shift(values, columns, DAY_0 + np.arange(days))
    return {"family": family, "days": days, "number": number, "said": shift is not None}


def table(lines: list[dict[str, object]]) -> str:
    """A row for each family, a column for each length, in percent."""
    said: dict[tuple[object, object], list[object]] = defaultdict(list)
    for one in lines:
        said[one["family"], one["days"]].append(one["said"])
    rows = [f"| series | {' | '.join(f'{days} days' for days in LENGTHS)} | all |", "| --- |" + " --- |" * 4]
    for family in FAMILIES:
        if not any((family, days) in said for days in LENGTHS):
            continue
        cells = [said[family, days] for days in LENGTHS]
        told = " | ".join(_share(cell) for cell in [*cells, [one for cell in cells for one in cell]])
        rows.append(f"| {family}{' (held out)' if family in HOLD_OUT else ''} | {told} |")
    return "\n".join(rows)


def _share(said: list[object]) -> str:
    if not said:
        return "-"
    share = 100 * float(np.mean(np.array(said, dtype=bool)))
    return f"{share:.1f} ±{max(share * (100 - share), 100 * 100 / len(said) / 4) ** 0.5 / len(said) ** 0.5:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--series", type=int, default=100, help="of each family and length")
    parser.add_argument("--family", nargs="*", default=list(FAMILIES))
    parser.add_argument("--length", nargs="*", type=int, default=list(LENGTHS))
    parser.add_argument("--docs", type=Path)
    arguments = parser.parse_args()
    lines = [json.loads(one) for one in arguments.file.read_text().splitlines()] if arguments.file.exists() else []
    done = {(one["family"], one["days"], one["number"]) for one in lines}
    with arguments.file.open("a") as out:
        for number in range(arguments.series):
            for family in arguments.family:
                for days in arguments.length:
                    if (family, days, number) not in done:
                        lines.append(line(family, days, number))
                        print(json.dumps(lines[-1]), file=out, flush=True)
    told = table(lines)
    print(told)
    if arguments.docs:
        page = arguments.docs / "calibration.md"
        pattern = re.compile(r"(<!-- jumps -->\n).*?(<!-- end -->)", re.S)
        page.write_text(pattern.sub(lambda mark: f"{mark[1]}\n{told}\n\n{mark[2]}", page.read_text()))


if __name__ == "__main__":
    main()
