"""What fitbit.com's "Export your account data" writes of an invented person: whole days and nights, a file a month."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

import numpy as np

from recovery.actions.demo import files as written
from recovery.actions.demo.life import ZONE, Life
from recovery.home import clock

MINUTES_DAY = 1440
STRIDE_KM = 0.00072
LIGHT, FAIR, VERY = 1, 80, 110  # steps a minute from which it is such a minute
AWAKE = 1  # level of sleep


def months(lived: Life) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files; a day without a step was not worn and has no row."""
    days = [index for index, _ in enumerate(lived.days) if _steps(lived, index).any()]
    for (year, month), of_month in groupby(days, key=lambda index: (lived.days[index].year, lived.days[index].month)):
        rows = [_day(lived, index) for index in of_month]
        nights = [_night(lived, day) for day in sorted(lived.nights) if (day.year, day.month) == (year, month)]
        content = b"Activities\n" + written.table(list(rows[0]), rows)
        if nights:
            content += b"\nSleep\n" + written.table(list(nights[0]), nights)
        yield f"fitbit_export_{year}{month:02}01.csv", content


def _steps(lived: Life, index: int) -> np.ndarray:
    return lived.steps[lived.midnights[index] : lived.midnights[index + 1]]


def _day(lived: Life, index: int) -> Mapping[str, object]:
    steps = _steps(lived, index)
    total = int(steps.sum())
    light, fair, very = (int((steps >= least).sum()) for least in (LIGHT, FAIR, VERY))
    return {
        "Date": lived.days[index].isoformat(),
        "Calories Burned": 1500 + total // 25,
        "Steps": total,
        "Distance": f"{total * STRIDE_KM:.2f}",
        "Floors": total // 1500,
        "Minutes Sedentary": MINUTES_DAY - light,
        "Minutes Lightly Active": light - fair,
        "Minutes Fairly Active": fair - very,
        "Minutes Very Active": very,
        "Activity Calories": total // 25,
    }


def _night(lived: Life, day: date) -> Mapping[str, object]:
    night = lived.nights[day]
    levels, lengths = np.array(night.levels), np.diff([*night.minutes, night.end])
    awake, light, deep, rem = (int(lengths[levels == level].sum()) for level in (AWAKE, 2, 3, 4))

    def wall(minute: int) -> str:
        return f"{clock.to_local(lived.instant(minute), ZONE):%Y-%m-%d %I:%M%p}"

    return {
        "Start Time": wall(night.minutes[0]),
        "End Time": wall(night.end),
        "Minutes Asleep": light + deep + rem,
        "Minutes Awake": awake,
        "Number of Awakenings": int((levels == AWAKE).sum()),
        "Time in Bed": awake + light + deep + rem,
        "Minutes REM Sleep": rem,
        "Minutes Light Sleep": light,
        "Minutes Deep Sleep": deep,
    }
