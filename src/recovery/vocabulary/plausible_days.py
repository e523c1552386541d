"""What a day of a metric may be, and what the middle of many days usually is: where it is not, a unit is wrong.

1,450 kJ read as kcal break no rule of a single day; that the middle day has 1,450 kcal of activity is what nobody has.
"""

from collections.abc import Mapping
from typing import NamedTuple


class DayRange(NamedTuple):
    """Both in the metric's own unit: what one day may have, and between what the middle of a person's days lies."""

    low: float
    high: float
    usual_low: float
    usual_high: float


# Of a day: records of ultramarathons (some 320 km or 300,000 steps in 24 h) stand beyond, and are rarer than a wrong
# unit. Of the middle day: people in a bed by day up to professional athletes.
PLAUSIBLE_DAYS: Mapping[str, DayRange] = {
    "steps": DayRange(0, 100_000, 20, 40_000),
    "distance_m": DayRange(0, 150_000, 20, 40_000),
    "floors": DayRange(0, 500, 0, 120),
    "active_energy_kcal": DayRange(0, 8_000, 5, 1_300),
    "moving_min": DayRange(0, 1_440, 1, 900),
    "moderate_min": DayRange(0, 1_440, 0, 400),
    "vigorous_min": DayRange(0, 900, 0, 240),
    "asleep_min": DayRange(10, 1_440, 150, 780),
    "in_bed_min": DayRange(10, 1_440, 180, 960),
    "deep_min": DayRange(0, 480, 5, 240),
    "rem_min": DayRange(0, 480, 5, 240),
    "light_min": DayRange(0, 900, 30, 600),
    "latency_min": DayRange(0, 480, 0, 90),
    "waso_min": DayRange(0, 720, 0, 240),
    "awakenings": DayRange(0, 150, 0, 60),
    "efficiency_share": DayRange(0.05, 1, 0.5, 1),
    "resting_heart_rate_bpm": DayRange(25, 130, 35, 105),
    "heart_rate_bpm": DayRange(25, 230, 40, 150),
    "hrv_rmssd_ms": DayRange(1, 400, 4, 200),
    "hrv_sdnn_ms": DayRange(1, 500, 8, 250),
    "respiration_rate": DayRange(4, 60, 7, 28),
    "spo2_mean_share": DayRange(0.6, 1, 0.85, 1),
    "walking_speed_mps": DayRange(0.1, 4, 0.4, 2.2),
    "walking_asymmetry_share": DayRange(0, 1, 0, 0.5),
    "double_support_share": DayRange(0.05, 0.7, 0.15, 0.5),
}
SAME_AS: Mapping[str, str] = {"spo2_share": "spo2_mean_share", "awake_min": "waso_min"}  # names of records
LEAST_DAYS = 5  # before the middle of them says something


def day_range(metric: str) -> DayRange | None:
    """The range of a metric, or of the record it is made of; None where any number may be."""
    return PLAUSIBLE_DAYS.get(SAME_AS.get(metric, metric))
