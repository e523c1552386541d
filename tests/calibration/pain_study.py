"""How often pain is said to get worse by massages, or a relief to be none, when pain is what books them. Run by hand:

    python tests/calibration/pain_study.py /tmp/pain --people 100
    python tests/calibration/pain_study.py /tmp/pain --real DIARIES --people 12
    python tests/calibration/pain_study.py /tmp/pain --tables

The first two append a line of JSON a person to FOLDER/pain.jsonl and do only what is not there yet; 100 people a cell
and 12 draws a real series take some twenty minutes of one core. The last prints the tables of docs/calibration.md.
`landed` is what was told before `booked_on_pain`: the plain regression, and the one that allows for history where the
check of the dates fires.
"""

# ruff: noqa: E402  the number of threads is settled when NumPy is loaded
import argparse
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np
from pain_people import BOOKINGS, COURSES, REAL_BOOKINGS, Diary, person, real_person, real_series, truth

from recovery.effects import history, randomisation, regression
from recovery.effects.booked_on_pain import Rated, Ratings, on_pain, pain_before
from recovery.effects.design import trend, weekdays, window
from recovery.effects.gates import PAIN_P, days_before
from recovery.effects.regression import Estimate
from recovery.vocabulary.windows import DAYS_AFTER, WEEK_AFTER

GOAL = 1.0  # points
SIMULATIONS = 399
COURSES_ASKED = ("none", "short", "fading")
REAL_EFFECTS = {"none": 0.0, "short": -1.0}
TOLD: dict[str, tuple[str, ...]] = {  # what a person of a row rates
    Rated.AFTERNOON: ("morning", "afternoon"),
    Rated.MORNING_AND_BEFORE: ("morning", "before"),
    Rated.DAY_AND_BEFORE: ("before",),
    Rated.MORNING: ("morning",),
    Rated.ONE_A_DAY: (),
}


def ratings_of(diary: Diary, told: Iterable[str]) -> Ratings:
    """The day's number and what else is told."""
    nothing = np.full(len(diary.dates), np.nan)
    slots = {slot: getattr(diary, slot) if slot in told else nothing for slot in ("morning", "afternoon", "before")}
    return Ratings(whole_day=diary.whole_day, hour=diary.hour, **slots)


def landed(diary: Diary, pain: np.ndarray, seed: int) -> dict[str, Any]:
    """The estimate told before, whether the goal counted as excluded, whether the check of the dates fired."""
    values, booked, dates = diary.whole_day, diary.is_massage, diary.dates
    usual = [weekdays(dates), trend(len(dates))]
    columns = np.column_stack([window(booked, DAYS_AFTER, (0,)), *usual])
    plain = regression.fit_beside(values, columns, days_before(booked), seed=seed, simulations=199)[0]
    adjusted = history.adjusted(values, booked, dates, pain, seed=seed)
    p_value = randomisation.follows_pain(booked, dates, pain, seed=seed)
    fires = p_value is not None and p_value < PAIN_P
    told = adjusted if fires else plain
    excluded = all(-one.ci_low < GOAL for one in (plain, adjusted))
    return {"told": _numbers(told), "excluded": excluded, "fires": fires}


def staged(diary: Diary, told: Iterable[str], fires: bool, seed: int, *, dose: bool = False) -> dict[str, Any] | None:
    """The hull, and whether it may say worse or exclude the goal; None where there is no answer."""
    known = pain_before(ratings_of(diary, told), diary.is_massage, diary.dates)
    if known is None:
        return None
    asked = (WEEK_AFTER,) if dose else (DAYS_AFTER,)
    try:
        found = on_pain(
            diary.whole_day, diary.is_massage, diary.dates, known, seed=seed, asked=asked, simulations=SIMULATIONS
        )
    except ValueError:
        return None
    is_capped = known.rated.is_only_morning or known.rated is Rated.DAY_AND_BEFORE
    may = not (known.rated.is_one_a_day or (is_capped and fires))
    return {"told": _numbers(found.estimates[0]), "may": may, "f": found.first_stage_f, "rated": str(known.rated)}


def line(cell: str, number: int, series: dict[str, np.ndarray]) -> dict[str, Any]:
    """All that is found on one person of the cell, `booking/course` or `series/booking/course`."""
    *of, booking, course = cell.split("/")
    seed = 7_000_000 + 1000 * number
    if of:
        diary = real_person(series[of[0]], booking, REAL_EFFECTS[course], seed)
        kinds: tuple[str, ...] = (Rated.DAY_AND_BEFORE, Rated.MORNING_AND_BEFORE, Rated.MORNING, Rated.ONE_A_DAY)
    else:
        diary, kinds = person(booking, course, seed + number), tuple(TOLD)
    out: dict[str, Any] = {"cell": cell, "number": number, "real": bool(of)}
    yesterday = np.append(np.nan, diary.whole_day[:-1])
    try:
        out["landed morning"] = landed(diary, diary.morning, seed)
        out["landed day"] = landed(diary, yesterday, seed)
    except ValueError:
        return out
    for kind in kinds:
        fires = out["landed morning" if "morning" in TOLD[kind] else "landed day"]["fires"]
        if of and kind in (Rated.DAY_AND_BEFORE, Rated.ONE_A_DAY):
            told = replace(diary, morning=np.full(len(diary.dates), np.nan))
        else:
            told = diary
        out[kind] = staged(told, TOLD[kind], fires, seed)
    if not of:
        out["dose"] = staged(diary, TOLD[Rated.MORNING_AND_BEFORE], False, seed, dose=True)
    return out


def _numbers(found: Estimate) -> tuple[float, float, float]:
    return found.estimate, found.ci_low, found.ci_high


def tables(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Falsely worse, coverage, and a true goal excluded: in percent with Monte Carlo errors."""
    for is_real, bookings in ((False, BOOKINGS), (True, REAL_BOOKINGS)):
        of = [one for one in lines if one["real"] == is_real]
        if not of:
            continue
        yield f"\n{'Real diaries' if is_real else 'Simulated people'}\n"
        for title, course, figure in FIGURES:
            yield f"\n{title}\n\n| told | {' | '.join(bookings)} |\n|{' --- |' * (1 + len(bookings))}"
            for kind in ("landed day", "landed morning", *TOLD, "dose"):
                cells = [
                    [one[kind] for one in of if one["cell"].endswith(f"{booking}/{course}") and one.get(kind)]
                    for booking in bookings
                ]
                if any(cells):
                    yield f"| {kind} | {' | '.join(figure(cell, course, kind) for cell in cells)} |"


def _share(hits: list[bool]) -> str:
    if not hits:
        return "-"
    share = float(np.mean(hits))
    return f"{100 * share:.0f} ±{100 * (share * (1 - share) / len(hits)) ** 0.5:.1f}"


def _worse(cell: list[dict[str, Any]], course: str, kind: str) -> str:
    return _share([one["told"][1] > 0 and one.get("may", True) for one in cell])


def _worse_range(cell: list[dict[str, Any]], course: str, kind: str) -> str:
    return _share([one["told"][1] > 0 for one in cell])


def _better(cell: list[dict[str, Any]], course: str, kind: str) -> str:
    return _share([one["told"][2] < 0 for one in cell])


def _covers(cell: list[dict[str, Any]], course: str, kind: str) -> str:
    true = _week(course) if kind == "dose" else truth(course)
    return _share([one["told"][1] <= true <= one["told"][2] for one in cell])


def _week(course: str) -> float:
    return -float(np.sum(COURSES[course][1:8])) / len(WEEK_AFTER)


def _excludes(cell: list[dict[str, Any]], course: str, kind: str) -> str:
    return _share([one.get("excluded", -one["told"][1] < GOAL) and one.get("may", True) for one in cell])


def _mean(cell: list[dict[str, Any]], course: str, kind: str) -> str:
    sizes = [one["told"][0] for one in cell]
    return f"{np.mean(sizes):+.2f} ±{np.std(sizes) / len(sizes) ** 0.5:.2f}" if sizes else "-"


FIGURES = (
    ("Said to get worse, no effect", "none", _worse),
    ("The range lies above 0, no effect", "none", _worse_range),
    ("The range lies below 0, no effect", "none", _better),
    ("Coverage, no effect", "none", _covers),
    ("A true relief of 1 point excluded", "short", _excludes),
    ("Coverage of a relief of 1 point", "short", _covers),
    ("The range lies below 0, a relief of 1 point", "short", _better),
    ("Coverage of a relief that fades over six days", "fading", _covers),
    ("Mean estimate, a relief of 1 point", "short", _mean),
    ("Mean estimate, a relief of 1 point in the mean that fades over six days", "fading", _mean),
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--people", type=int, default=0)
    asked.add_argument("--real", type=Path, help="the folder of the published diaries")
    asked.add_argument("--tables", action="store_true")
    asked.add_argument("--processes", type=int, default=2)
    told = asked.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    path = told.folder / "pain.jsonl"
    lines = [json.loads(one) for one in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    if told.tables:
        print("\n".join(tables(lines)))
        return
    series = real_series(told.real) if told.real else {}
    if series:
        cells = [
            f"{name}/{booking}/{course}" for name in series for booking in REAL_BOOKINGS for course in REAL_EFFECTS
        ]
    else:
        cells = [f"{booking}/{course}" for booking in BOOKINGS for course in COURSES_ASKED]
    done = {(one["cell"], one["number"]) for one in lines}
    to_do = [(cell, number) for number in range(told.people) for cell in cells if (cell, number) not in done]
    with ProcessPoolExecutor(told.processes) as pool, path.open("a", encoding="utf-8") as out:
        for found in pool.map(partial(_line, series=series), to_do, chunksize=5):
            out.write(json.dumps(found) + "\n")
            out.flush()


def _line(of: tuple[str, int], series: dict[str, np.ndarray]) -> dict[str, Any]:
    return line(*of, series=series)


if __name__ == "__main__":
    main()
