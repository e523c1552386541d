"""How often the effects find something on real days around massages that never were. Run by hand:

    recovery init --home /tmp/real && cp EXPORTS /tmp/real/inbox && recovery run --home /tmp/real
    python tests/calibration/real_series.py /tmp/calibration --home /tmp/real --full
    python tests/calibration/report.py /tmp/calibration

Takes pieces of a person's own daily values, as the product publishes them, and draws massage dates at random, about
weekly on one weekday, and after bad days (hazard as in the simulator, a deviation for a point of pain): every finding
is false. Appends to FOLDER/real.jsonl what each method found, nothing of the days themselves. With `--nights` the
series is short: it is drawn anew in blocks of seven nights that begin on the same weekday (Kuensch 1989, Annals of
Statistics 17:1217), so that it has the person's distribution and short memory, but no season.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import os
from functools import partial
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import duckdb
import numpy as np
from one_look import found, run
from simulator import Simulated, booked

DAYS = {"steps": "low", "still_min": "high", "resting_heart_rate_bpm": "high", "stress_mean": "high"}  # and bad days
NIGHTS = {"asleep_min": "low"}
BOOKINGS = {"random": "random", "weekday": "weekday", "bad days": "flare"}
SIZES = ("180/8", "180/25", "720/50")
MIN_SPARE_DAYS = 30  # for pieces that differ


def read_series(home: Path, metric: str) -> tuple[np.ndarray, np.ndarray]:
    """Dates, all of them, and the values of valid days."""
    with duckdb.connect(str(home / "recovery.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select local_date, value from daily_metrics where metric = ? and is_valid order by local_date", [metric]
        ).fetchnumpy()
    told = rows["local_date"].astype("datetime64[D]")
    dates = np.arange(told[0], told[-1] + 1)
    values = np.full(len(dates), np.nan)
    values[(told - told[0]).astype(int)] = np.ma.filled(rows["value"].astype(float), np.nan)
    return dates, values


def piece(dates: np.ndarray, values: np.ndarray, days: int, random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """So many days in a row from anywhere in the series."""
    start = random.integers(0, len(values) - days + 1)
    return dates[start : start + days], values[start : start + days]


def blocks(dates: np.ndarray, values: np.ndarray, days: int, random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """So many days of blocks of seven, each from a place that begins on the first day's weekday."""
    starts = np.arange(0, len(values) - 6, 7)
    starts = starts + random.integers(0, 7)
    starts = starts[starts <= len(values) - 7]
    drawn = random.choice(starts, size=-(-days // 7))
    return dates[starts[0]] + np.arange(days), values[drawn[:, None] + np.arange(7)].ravel()[:days]


def line(series: dict[str, tuple[np.ndarray, np.ndarray]], cell: str, number: int) -> dict[str, Any]:
    """What all methods find where massages never were."""
    metric, booking, size = cell.split(" / ")
    days, massages = (int(count) for count in size.split(" in ")[::-1])
    is_night = metric in NIGHTS
    seed = 2_000_000_000 + 100_000 * all_cells([*DAYS, *NIGHTS]).index(cell) + number
    random = np.random.default_rng(seed)
    dates, values = (blocks if is_night else piece)(*series[metric], days, random)
    bad = (values - np.nanmean(values)) / np.nanstd(values) * ((DAYS | NIGHTS)[metric] == "high" or -1)
    is_massage = booked(random, BOOKINGS[booking], days, massages, 3 + np.nan_to_num(bad))
    person = Simulated(dates, values, is_massage, np.full(days, np.nan))
    alike = pattern(dates[is_massage > 0], days / massages) if booking == "weekday" else -number
    return {"cell": cell, "number": number, "alike": alike, **found(person, (0,) if is_night else (1, 2, 3), seed)}


def pattern(massages: np.ndarray, days_between: float) -> int:
    """The weekday, and the week of two or three, on which most massages fall: draws that share it are much alike."""
    period = max(7, 7 * round(days_between / 7))
    return int(np.bincount(massages.astype(int) % period).argmax())


def all_cells(metrics: list[str]) -> list[str]:
    """`metric / booking / massages in days`; their place gives the seeds."""
    return [
        f"{metric} / {booking} / {' in '.join(size.split('/')[::-1])}"
        for metric in metrics
        for booking in BOOKINGS
        for size in SIZES
    ]


def is_long_enough(series: dict[str, tuple[np.ndarray, np.ndarray]], cell: str) -> bool:
    metric, _, size = cell.split(" / ")
    return metric in NIGHTS or len(series[metric][1]) >= int(size.split(" in ")[1]) + MIN_SPARE_DAYS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True, help="a home after `recovery run`")
    parser.add_argument("--nights", action="store_true", help="its nights, block-bootstrapped, instead of its days")
    parser.add_argument("--full", action="store_true", help="2,000 draws a cell")
    parser.add_argument("--draws", type=int, help="draws a cell")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    metrics = list(NIGHTS if arguments.nights else DAYS)
    series = {metric: read_series(arguments.home, metric) for metric in metrics}
    cells = [cell for cell in all_cells(metrics) if is_long_enough(series, cell)]
    draws = arguments.draws or (2000 if arguments.full else 100)
    for step in [step for step in (100, 400, 1000) if step < draws] + [draws]:
        run(
            partial(line, series),
            [(cell, step) for cell in cells],
            arguments.folder / "real.jsonl",
            jobs=arguments.jobs,
        )


if __name__ == "__main__":
    main()
