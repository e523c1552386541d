"""Layer b: what the program itself makes of a person's days, with all that lies between the days and the words.

The days of a person become what `answers` reads from the work database; its own functions then take the devices apart,
ask every check with the program's seeds, look, and weigh a change worth having. Only some looks are taken, for time; at
those the code of layer `a` looks at some of the people too, so that both can be compared person by person.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recovery.answers.looks import looked_at
from recovery.answers.metric import Task, found_or_refused, task_of
from recovery.answers.people import Massage, Series
from recovery.answers.people import Person as Known
from recovery.effects.jumps import LEVEL_SHIFT
from recovery.effects.look_series import LookDay, look_days
from recovery.effects.prepare import with_levels

from .cells import Cell
from .evidence import row_of, rows_at
from .people import Outcome, Person, person
from .results import Line

LOOKS = (12, 16, 24, 36, 52, 76, 104)  # massages
ALONE = 7  # of so many people one is looked at by layer a's code too; shares nothing with the turns of `people`
FAMILIES = {
    "steps": "movement",
    "rest_share": "rest",
    "bed_rest_min": "rest",
    "is_bed_day": "rest",
    "asleep_min": "sleep",
}


def line(cell: Cell, number: int) -> Line:
    """The evidence of some looks at one person's main metrics, by the program; of pain without an effect the dose."""
    made = person(cell.booking, cell.effect, cell.name, number, days=cell.days)
    known = known_of(made, number)
    metrics = []
    for outcome in made.outcomes:
        task = task_of(known, known.series[outcome.metric], is_primary=True)
        wanted = wanted_looks(outcome)
        looked = looked_at(task, {}, "study", only={look.number for look in wanted})
        rows = [row_of(one.look, one.evidence) for one in looked.looks]
        told = {"metric": outcome.metric, "better": outcome.better, "truth": outcome.truth, "rows": rows}
        if number % ALONE == 0:
            told["alone"] = rows_at(made, outcome, wanted)
        is_dosed = outcome.metric == "pain" and cell.effect == "none"  # of the others nothing is asked
        dose = found_or_refused(replace(task, is_primary=False)).dose if is_dosed else None  # without kinds of massages
        interval = dose and [dose.estimate, dose.ci_low, dose.ci_high]
        metrics.append({**told, "dose": interval, "jump": _jumps(task), "deviation": outcome.deviation})
    return {"number": number, "life": made.life, "noise": made.noise, "diary": made.diary, "metrics": metrics}


def wanted_looks(outcome: Outcome) -> Sequence[LookDay]:
    """Those with as many massages as `LOOKS` has, and the last one."""
    looks = look_days(np.isfinite(outcome.values), outcome.is_massage, outcome.lags)
    return [look for look in looks if look.massages in LOOKS or look is looks[-1]]


def _jumps(task: Task) -> list[bool]:
    """Whether the last look claims a jump of level; empty where none is looked for."""
    series = task.series
    devices = with_levels(
        task.measured, task.is_massage, task.dates, lags=series.window.lags, unit=series.unit, metric=series.metric
    )
    return [not gate.passed for gate in devices.gates if gate.name == LEVEL_SHIFT]


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
