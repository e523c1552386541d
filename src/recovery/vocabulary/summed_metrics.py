"""Metrics of which the ledger adds up the values; of all others it counts the records.

`raw.summed_metrics` and `raw.stage_metrics` have them for SQL.
"""

from collections.abc import Mapping
from typing import NamedTuple


class SummedMetric(NamedTuple):
    """A metric as records and values of days name it, and what the ledger makes of it."""

    metric: str
    ledger_metric: str
    unit_size: float = 1  # how much of the metric is one of the ledger's
    is_spread: bool = False  # intervals of it are spread over their minutes (stg.placed_movement)


DURATIONS = (
    "moving_min", "moderate_min", "vigorous_min", "still_min", "activity_min", "daytime_lying_min", "asleep_min",
    "nap_min", "light_min", "deep_min", "rem_min", "awake_min", "lying_min", "unknown_min", "in_bed_min",
    "latency_min", "waso_min",
)  # fmt: skip
UNUSED_DURATIONS = (  # no metric is made of these
    "lightly_active_min", "moderately_active_min", "sedentary_min", "non_wear_min", "recovery_high_min",
    "stress_high_min", "after_wake_min",
)  # fmt: skip
UNUSED = "no metric is made of it"  # the reason that massage.ledger gives for these
OF_ACTIVITIES = ("activity_steps", "activity_distance_m", "activity_energy_kcal")  # nor of these: stg.source_amounts
SUMMED_METRICS = (
    SummedMetric("steps", "steps", is_spread=True),
    SummedMetric("distance_m", "distance_m", is_spread=True),
    SummedMetric("active_energy_kcal", "active_energy_kcal", is_spread=True),
    SummedMetric("active_s", "moving_min", 60, is_spread=True),
    SummedMetric("moderate_s", "moderate_min", 60, is_spread=True),
    SummedMetric("vigorous_s", "vigorous_min", 60, is_spread=True),
    SummedMetric("floors", "floors"),
    *(SummedMetric(name, name) for name in (*DURATIONS, *UNUSED_DURATIONS, *OF_ACTIVITIES)),
)
# Time in movement as devices report it, in seconds; the metric of this name counts whole minutes with movement.
TIMED_BY_DEVICES = frozenset(each.ledger_metric for each in SUMMED_METRICS if each.metric != each.ledger_metric)
OF_LEDGER = frozenset(each.ledger_metric for each in SUMMED_METRICS)
STAGE_METRICS: Mapping[str, tuple[str, ...]] = {  # stage of sleep: the lines of the ledger that have its minutes
    "light": ("asleep_min", "light_min"),
    "deep": ("asleep_min", "deep_min"),
    "rem": ("asleep_min", "rem_min"),
    "asleep": ("asleep_min",),
    "awake": ("awake_min",),
    "in_bed": ("lying_min",),
    "unknown": ("unknown_min",),
}
