"""The units of metrics: what they are called, and what a change up and down is called.

How many digits a number gets, and the sentence it stands in, is the business of `recovery.words`.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Unit(NamedTuple):
    """How a unit is said; a value of the tables times `factor` is the number that is said with the noun."""

    noun: str
    singular: str
    up: str
    down: str
    factor: float = 1.0


UNITS: Mapping[str, Unit] = {
    "steps": Unit("steps", "step", "more", "fewer"),
    "count": Unit("", "", "more", "fewer"),
    "floors": Unit("floors", "floor", "more", "fewer"),
    "doses": Unit("doses", "dose", "more", "fewer"),
    "visits": Unit("visits", "visit", "more", "fewer"),
    "days": Unit("days", "day", "more", "fewer"),
    "min": Unit("minutes", "minute", "more", "less"),
    "h": Unit("hours", "hour", "more", "less"),
    "kcal": Unit("kcal", "kcal", "more", "less"),
    "m": Unit("metres", "metre", "more", "less"),
    "share": Unit("percentage points", "percentage point", "higher", "lower", 100.0),
    "yes/no": Unit("of 100 days", "of 100 days", "more", "fewer", 100.0),
    "bpm": Unit("beats a minute", "beat a minute", "higher", "lower"),
    "breaths/min": Unit("breaths a minute", "breath a minute", "higher", "lower"),
    "ms": Unit("ms", "ms", "higher", "lower"),
    "m/s": Unit("m/s", "m/s", "higher", "lower"),
    "points": Unit("points", "point", "higher", "lower"),
    "score": Unit("points", "point", "higher", "lower"),
    "index": Unit("points", "point", "higher", "lower"),
    "ratio": Unit("", "", "higher", "lower"),
}
TIME_OF_DAY = Unit("minutes", "minute", "later", "earlier")  # of minutes after midnight: `onset_local`, ...
BY_METRIC: Mapping[str, Unit] = {  # where the metric says more than its unit
    "awakenings": Unit("awakenings", "awakening", "more", "fewer"),
    "bed_rest_hours": Unit("minutes", "minute", "more", "less", 60.0),
    **dict.fromkeys(
        ("asleep_min", "in_bed_min", "latency_min", "longest_still_min", "longest_walk_min", "nap_min"),
        Unit("minutes", "minute", "longer", "shorter"),
    ),
}


def unit_of(unit: str, metric: str = "") -> Unit:
    """How the unit of a metric is said; one that is not known is said as it stands."""
    if metric.endswith("_local"):
        return TIME_OF_DAY
    return BY_METRIC.get(metric) or UNITS.get(unit, Unit(unit, unit, "higher", "lower"))
