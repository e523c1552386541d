"""Layer b: what the program itself makes of a person's days, with all that lies between the days and the words.

The days of a person become what `answers` reads from the work database; its own functions then take the devices apart,
ask every check with the program's seeds, look, and weigh a change worth having. Only some looks are taken, for time.
"""

from dataclasses import replace

import numpy as np

from recovery.answers.looks import looked_at
from recovery.answers.metric import found_or_refused, task_of
from recovery.answers.people import Massage, Series
from recovery.answers.people import Person as Known
from recovery.effects.look_series import look_days

from .cells import Cell
from .evidence import row_of
from .people import Person, person
from .results import Line

LOOKS = (12, 16, 24, 36, 52, 76, 104)  # massages
FAMILIES = {
    "steps": "movement",
    "rest_share": "rest",
    "bed_rest_min": "rest",
    "is_bed_day": "rest",
    "asleep_min": "sleep",
}


def line(cell: Cell, number: int) -> Line:
    """The evidence of some looks at one person's main metrics, by the program; of pain the dose as well."""
    made = person(cell.booking, cell.effect, cell.name, number, days=cell.days)
    known = known_of(made, number)
    metrics = []
    for outcome in made.outcomes:
        task = task_of(known, known.series[outcome.metric], is_primary=True)
        wanted = look_days(np.isfinite(outcome.values), outcome.is_massage, outcome.lags)
        wanted = [look for look in wanted if look.massages in LOOKS or look is wanted[-1]]
        numbers = {look.number for look in wanted}
        looked = looked_at(task, {}, "study", only=numbers)
        rows = [row_of(one.look, one.evidence) for one in looked.looks]
        found = found_or_refused(replace(task, is_primary=False))  # kinds of massages are not asked about
        jumps = [gate for gate in found.findings.gates if gate.name == "level shift"]
        told = {"metric": outcome.metric, "better": outcome.better, "truth": outcome.truth, "rows": rows}
        dose = found.dose and [found.dose.estimate, found.dose.ci_low, found.dose.ci_high]
        whole = {"dose": dose, "jump": [not gate.passed for gate in jumps], "deviation": outcome.deviation}
        metrics.append({**told, **whole})
    return {"number": number, "life": made.life, "noise": made.noise, "diary": made.diary, "metrics": metrics}


def known_of(made: Person, number: int) -> Known:
    """The person as the program reads one from its database."""
    days = np.flatnonzero(made.is_massage)
    random = np.random.default_rng([77, number])
    massages = tuple(
        Massage(
            str(place), int(day), int(day) + 1, float(made.ratings.hour[day]), float(random.choice([30, 60, 60, 90])),
            None, None, None, None, None, _or_none(made.ratings.before[day]), None,
        )
        for place, day in enumerate(days)
    )  # fmt: skip
    series = {one.metric: _series(one.metric, one.unit, one.better, one.lags, one.general, one.values, one.sources)
              for one in made.outcomes}  # fmt: skip
    unchanged = np.zeros(len(made.dates), dtype=np.int64)
    for name, values in (("pain_morning", made.ratings.morning), ("pain_afternoon", made.ratings.afternoon),
                         ("pain", made.ratings.whole_day)):  # fmt: skip
        series.setdefault(name, _series(name, "points", "down", (1, 2, 3), 2.0, values, unchanged))
    nothing = np.full(len(made.dates), np.nan)
    return Known("me", made.dates, massages, made.pain, True, nothing, series)


def _series(
    metric: str, unit: str, better: str, lags: tuple[int, ...], general: float | None, values: np.ndarray,
    sources: np.ndarray,
) -> Series:  # fmt: skip
    names = tuple(
        f"device {source}" if np.isfinite(value) else "" for source, value in zip(sources, values, strict=True)
    )
    return Series(
        metric, metric, FAMILIES.get(metric, "diary"), unit, better, "night" if lags == (0,) else "day", None, general,
        "", values, names, ("",) * len(values),
    )  # fmt: skip


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
