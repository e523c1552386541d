"""The types of HealthKit records about movement, rest and sleep, and their units in ours."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from recovery.vocabulary.heart_rates import MAX_BPM, MIN_BPM
from recovery.words.say import say

KCAL_PER_KJ = 1 / 4.184
METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144, "cm": 0.01}
# HealthKit's Cal is the kilocalorie; its cal is a thousandth of it
KCAL = {"kcal": 1.0, "Cal": 1.0, "kJ": KCAL_PER_KJ, "J": KCAL_PER_KJ / 1000, "cal": 0.001}
METRES_PER_S = {
    "m/s": 1.0, "km/hr": 1 / 3.6, "km/h": 1 / 3.6, "mi/hr": 1609.344 / 3600, "mi/h": 1609.344 / 3600,
    "ft/s": 0.3048, "cm/s": 0.01,
}  # fmt: skip
# A missing unit ('') is taken for the only one a type usually has.
COUNT = {"count": 1.0, "": 1.0}
PER_MINUTE = {"count/min": 1.0, "": 1.0, "count/s": 60.0}
SHARE = {"%": 1.0, "": 1.0}
SECONDS = {"min": 60.0, "s": 1.0, "hr": 3600.0}
MS = {"ms": 1.0, "s": 1000.0}


class Kind(NamedTuple):
    """How a type of record is read; outside `low` to `high` nobody's body is (no heart beats 250 times a minute)."""

    metric: str
    units: Mapping[str, float]  # what one of each is in ours
    is_amount: bool = False  # of its interval; else measured, at the middle of it
    is_zero_measured: bool = True  # else zero is no measurement
    low: float = 0.0
    high: float = math.inf


QUANTITY = "HKQuantityTypeIdentifier"
KINDS: Mapping[str, Kind] = {
    QUANTITY + "StepCount": Kind("steps", COUNT, is_amount=True),
    QUANTITY + "DistanceWalkingRunning": Kind("distance_m", METRES, is_amount=True),
    QUANTITY + "ActiveEnergyBurned": Kind("active_energy_kcal", KCAL, is_amount=True),
    QUANTITY + "FlightsClimbed": Kind("floors", COUNT, is_amount=True),
    QUANTITY + "AppleExerciseTime": Kind("moderate_s", SECONDS, is_amount=True),
    QUANTITY + "HeartRate": Kind("heart_rate_bpm", PER_MINUTE, is_zero_measured=False, low=MIN_BPM, high=MAX_BPM),
    QUANTITY + "RestingHeartRate": Kind(
        "resting_heart_rate_bpm", PER_MINUTE, is_zero_measured=False, low=MIN_BPM, high=MAX_BPM
    ),
    QUANTITY + "HeartRateVariabilitySDNN": Kind("hrv_sdnn_ms", MS, is_zero_measured=False),
    QUANTITY + "RespiratoryRate": Kind("respiration_rate", PER_MINUTE, is_zero_measured=False),
    QUANTITY + "OxygenSaturation": Kind("spo2_share", SHARE, is_zero_measured=False),
    QUANTITY + "WalkingSpeed": Kind("walking_speed_mps", METRES_PER_S, is_zero_measured=False),
    QUANTITY + "WalkingAsymmetryPercentage": Kind("walking_asymmetry_share", SHARE),
    QUANTITY + "WalkingDoubleSupportPercentage": Kind("double_support_share", SHARE, is_zero_measured=False),
}
TYPES = tuple(KINDS)
SLEEP = len(TYPES)  # the number of sleep among the kinds
SLEEP_TYPE = "HKCategoryTypeIdentifierSleepAnalysis"
STAGE = "HKCategoryValueSleepAnalysis"
BACK_PAIN = SLEEP + 1  # the number of the symptom
BACK_PAIN_TYPE = "HKCategoryTypeIdentifierLowerBackPain"  # HealthKit has no other symptom of the back
SEVERITY = "HKCategoryValueSeverity"
# Unspecified says that there was pain, not how severe: no number.
SEVERITIES: Mapping[str, float | None] = {
    "NotPresent": 0.0, "Mild": 1.0, "Moderate": 2.0, "Severe": 3.0, "Unspecified": None,
}  # fmt: skip
# Left out, and named in the receipt; other types may be nobody's business, they are only counted.
NAMED_OTHERS = {
    QUANTITY + "BasalEnergyBurned": say("energy at rest"),
    QUANTITY + "AppleStandTime": "standing",
    "HKCategoryTypeIdentifierAppleStandHour": say("hours with standing"),
    QUANTITY + "DistanceCycling": "cycling",
    QUANTITY + "WalkingStepLength": say("step length"),
}
# A workout's distance, by the first of these it gives.
DISTANCES = tuple(
    QUANTITY + "Distance" + sport
    for sport in ("WalkingRunning", "Cycling", "Swimming", "Wheelchair", "DownhillSnowSports")
)
KIND_OF_TYPE = {name.encode(): number for number, name in enumerate((*TYPES, SLEEP_TYPE, BACK_PAIN_TYPE))}
