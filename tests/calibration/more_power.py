"""What would find more, and at what price: four ways that were tried beside the estimate of one number. Run by hand:

    python tests/calibration/more_power.py --fitabase FOLDER

FOLDER holds `hourlySteps_merged.csv`, `dailyActivity_merged.csv` and `sleepDay_merged.csv` of the published Fitbit data
of some thirty people over a month; without it what needs them is left out. Prints a table for each way: a person's
effect pulled towards the mean of the people of a home, the evening in place of the days after, several numbers as
one, and fewer lost days. Takes about two minutes of one core.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
from simulator import booked

from recovery.effects.boundaries import NEAREST_AT, OF_MAIN, finding_boundary
from recovery.effects.cohort import over_people
from recovery.effects.design_information import information
from recovery.effects.noise import shape_grid
from recovery.effects.regression import Estimate

DAYS = 364
DATES = np.datetime64("2024-01-01") + np.arange(DAYS)  # a Monday
SHAPE = shape_grid().of_shape(14)  # day-to-day correlation 0.3, slow share 0.15, no further noise
FOUND = finding_boundary(OF_MAIN, NEAREST_AT)


def dates_of(random: np.random.Generator, booking: str) -> np.ndarray:
    """1 on the days of massages of a year: irregular or one weekday with one week in five left out."""
    if booking == "irregular":
        return booked(random, "random", DAYS, 45, np.zeros(0))
    out = np.zeros(DAYS)
    out[np.arange(1, DAYS, 7)[random.random(52) > 0.2]] = 1
    return out


def power(size: float, error: float) -> float:
    """How often one look finds an effect at the boundary of many looks."""
    from scipy.special import ndtr

    return float(ndtr(size / error - FOUND))


def prior_of_the_home(cohorts: int = 400) -> Iterator[str]:
    """Empirical Bayes over the people of one home: the width, what it holds, and how often it leaves out 0."""
    random = np.random.default_rng(1)
    yield "| people | mean, differ by | width beside the own | holds the truth | 0 left out: no effect, own | pulled |"
    yield "  | 0 left out of 0.4, own | pulled |"
    for people in (6, 15):
        for mean, between in ((0.0, 0.15), (0.3, 0.15), (0.3, 0.3)):
            held, width, null, found = [], [], [], []
            for _ in range(cohorts):
                true = mean + between * random.standard_normal(people)
                true[:2] = 0.0, 0.4  # two are looked at whose effect is known
                errors = random.uniform(0.12, 0.3, people)
                own = true + errors * random.standard_normal(people)
                told = [
                    Estimate(size, error, size - 1.96 * error, size + 1.96 * error, 1.0, 1.96, 300)
                    for size, error in zip(own.tolist(), errors.tolist(), strict=True)
                ]
                pulled = [one for one in over_people(told).shrunken if one]
                held += [one.ci_low <= size <= one.ci_high for size, one in zip(true, pulled, strict=True)]
                width += [
                    (one.ci_high - one.ci_low) / (3.92 * error) for one, error in zip(pulled, errors, strict=True)
                ]
                null.append((abs(own[0]) > 1.96 * errors[0], not pulled[0].ci_low <= 0 <= pulled[0].ci_high))
                found.append((own[1] > 1.96 * errors[1], pulled[1].ci_low > 0))
            shares = [100 * np.mean(column) for column in (*zip(*null, strict=True), *zip(*found, strict=True))]
            yield (
                f"| {people} | {mean}, {between} | {np.mean(width):.2f} | {100 * np.mean(held):.1f}"
                f" | {shares[0]:.0f} | {shares[1]:.0f} | {shares[2]:.0f} | {shares[3]:.0f} |"
            )


def window_of_the_evening(folder: Path | None) -> Iterator[str]:
    """How large an effect of one evening must be to be found as well as one of three days."""
    random = np.random.default_rng(2)
    ratio = _evening_to_day(folder) if folder else (float("nan"),) * 2
    yield f"of steps from 18 to 24 o'clock, as a share of the day's: deviation {ratio[0]:.2f}, mean {ratio[1]:.2f}"
    yield "| dates | error of three days' mean, in SD of a day | of day 0 | of the evening | found alike where |"
    for booking in ("irregular", "one weekday"):
        errors = np.array([
            [information(massages, np.ones(DAYS, dtype=bool), DATES, SHAPE, lags).of_estimate ** -0.5
             for lags in ((1, 2, 3), (0,))]
            for massages in (dates_of(random, booking) for _ in range(20))
        ]).mean(axis=0)  # fmt: skip
        yield (
            f"| {booking} | {errors[0]:.3f} | {errors[1]:.3f} | {ratio[0] * errors[1]:.3f} |"
            f" the evening changes by {ratio[0] * errors[1] / errors[0]:.2f} of each day's change |"
        )


def _evening_to_day(folder: Path) -> tuple[float, float]:
    """Of people with three weeks or more: the deviation of evening steps beside that of the day's, and of the means."""
    told: dict[tuple[str, str], list[float]] = {}
    for row in csv.DictReader((folder / "hourlySteps_merged.csv").open(encoding="utf-8")):
        hour = datetime.strptime(row["ActivityHour"], "%m/%d/%Y %H:%M")  # noqa: DTZ007  the wall clock
        day = told.setdefault((row["Id"], hour.date().isoformat()), [0.0, 0.0])
        day[0] += float(row["StepTotal"])
        day[1] += float(row["StepTotal"]) * (hour.hour >= 18)
    people: dict[str, list[list[float]]] = {}
    for (person, _), (day, evening) in told.items():
        if day >= 1000:
            people.setdefault(person, []).append([day, evening])
    known = [np.array(days) for days in people.values() if len(days) >= 21]
    shares = [(days[:, 1].std() / days[:, 0].std(), days[:, 1].mean() / days[:, 0].mean()) for days in known]
    return float(np.median([one for one, _ in shares])), float(np.median([other for _, other in shares]))


def several_as_one(folder: Path) -> Iterator[str]:
    """What the mean of several standardised numbers gains where each changes by as much in its own deviations."""
    daily = _columns(
        folder / "dailyActivity_merged.csv", "ActivityDate",
        ("TotalSteps", "VeryActiveMinutes", "LightlyActiveMinutes", "SedentaryMinutes"), min_steps=1000,
    )  # fmt: skip
    sleep = _columns(folder / "sleepDay_merged.csv", "SleepDay", ("TotalMinutesAsleep", "TotalTimeInBed"))
    families = {
        "movement: steps, very and lightly active minutes": (daily, (1, 1, 1, 0)),
        "movement and rest: the same and minutes still (fewer)": (daily, (1, 1, 1, -1)),
        "sleep: minutes asleep and in bed": (sleep, (1, 1)),
    }
    yield "| numbers | people | mean correlation | deviation of the mean | gain if all change alike | if one alone |"
    for name, (people, signs) in families.items():
        kept = np.array(signs) != 0
        found = []
        for days in people:
            left = (days - days.mean(axis=0)) / days.std(axis=0)
            told = (left * np.array(signs))[:, kept]
            together = np.corrcoef(told.T)
            count = len(together)
            found.append(((together.sum() - count) / count / (count - 1), told.mean(axis=1).std(), count))
        mean, deviation, count = (float(np.median(column)) for column in zip(*found, strict=True))
        yield (
            f"| {name} | {len(people)} | {mean:.2f} | {deviation:.2f} | {1 / deviation:.2f} |"
            f" {1 / count / deviation:.2f} |"
        )


def _columns(path: Path, date: str, columns: tuple[str, ...], min_steps: float = 0.0) -> list[np.ndarray]:
    people: dict[str, dict[str, list[float]]] = {}
    for row in csv.DictReader(path.open(encoding="utf-8")):
        if float(row.get("TotalSteps", min_steps)) >= min_steps:
            people.setdefault(row["Id"], {})[row[date]] = [float(row[column]) for column in columns]
    found = [np.array(list(days.values())) for days in people.values() if len(days) >= 21]
    return [days for days in found if (days.std(axis=0) > 0).all()]


def fewer_lost_days() -> Iterator[str]:
    """The error with days missing at random, and how often +0.4 SD is found after a year."""
    random = np.random.default_rng(3)
    yield "| dates | days missing, % | error | found, % |"
    for booking in ("irregular", "one weekday"):
        designs = [dates_of(random, booking) for _ in range(20)]
        for missing in (0.0, 0.1, 0.2, 0.35):
            errors = [
                information(one, random.random(DAYS) >= missing, DATES, SHAPE).of_estimate ** -0.5 for one in designs
            ]
            found = np.mean([power(0.4, error) for error in errors])
            yield f"| {booking} | {100 * missing:.0f} | {np.mean(errors):.3f} | {100 * found:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fitabase", type=Path)
    folder = parser.parse_args().fitabase
    ways = [prior_of_the_home(), window_of_the_evening(folder), fewer_lost_days()]
    if folder:
        ways.append(several_as_one(folder))
    for way in ways:
        print("\n".join(way), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
