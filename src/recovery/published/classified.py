"""What becomes of each column of the published tables when a study is given away: a whitelist.

A column that stands in no list here stops the export, so that nothing new leaves a home because nobody thought of it.
Of `daily` the columns of metrics are left out, for `daily_metrics` has them.
"""

from collections.abc import Mapping
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a column."""

    KEEP = "kept"
    PERSON = "replaced by a random id"
    SHIFT = "moved by the person's whole weeks"  # a date, or a time of the wall clock
    PART = "kept where enough people share it, else merged"  # arm and group
    MAKE = "only the make, where enough people have it"  # names of devices and apps
    WORD = "kept where enough people use the word, else other"
    COUNT = "a count of people; left out where it is small"
    DROP = "left out"


# By relation: what is given away of it. All else of it is in DROPPED.
GIVEN: Mapping[str, Mapping[Fate, str]] = {
    "participants": {
        Fate.PERSON: "subject",
        Fate.PART: "arm subgroup",
        Fate.SHIFT: """first_date last_date first_device_date last_device_date first_diary_date last_diary_date
            first_massage_date last_massage_date""",
        Fate.MAKE: "sources",
        Fate.KEEP: "device_days diary_days n_massages valid_days valid_nights excluded_days missing",
    },
    "adherence": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "week_date",
        Fate.KEEP: """n_days valid_days valid_nights excluded_days diary_days massages massage_unknown_days
            planned_massages""",
    },
    "daily": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "local_date",
        Fate.WORD: "excluded_for",
        Fate.KEEP: """is_massage_day massage_min massage_min_7d days_since_massage days_to_massage worn_min
            worn_waking_min is_valid_day is_valid_rest is_valid_night night_status night_confidence rest_from_hour
            rest_to_hour is_night_complete""",
    },
    "daily_metrics": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "local_date",
        Fate.MAKE: "source",
        Fate.KEEP: "metric family value unit resolution coverage_share is_complete is_valid",
    },
    "nights": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "night_date",
        Fate.MAKE: "source",
        Fate.KEEP: """ordinal is_main onset_local wake_local in_bed_min asleep_min awake_min light_min deep_min
            rem_min latency_min waso_min awakenings efficiency_share is_in_bed_recorded""",
    },
    "massages": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "local_date start_local",
        Fate.WORD: "technique areas muscles cause",
        Fate.KEEP: "ordinal massage_min pressure status pain_before pain_after",
    },
    "diary": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "local_date",
        Fate.WORD: "medication",
        Fate.KEEP: """pain pain_morning pain_afternoon medication_doses bed_rest_hours doctor_visits mood
            could_do_daily_activities other_treatment day_off illness travel""",
    },
    "effects": {
        Fate.PERSON: "subject",
        Fate.KEEP: """metric window family is_primary unit better estimate standard_error ci_low ci_high
            shown_estimate shown_low shown_high p_value holm_p q_value lead_p permutation_p redrawn_p
            adjusted_estimate adjusted_ci_low adjusted_ci_high lowest_without_one highest_without_one usual
            usual_without worth worth_from is_worth_reachable smallest_detectable is_building_up n_massages
            n_massages_measured n_days n_days_after direction certainty doubts basis verdict massages_needed
            shrunken_estimate shrunken_ci_low shrunken_ci_high""",
    },
    "cohort_effects": {
        Fate.COUNT: "n_subjects n_refused n_gated",
        Fate.PART: "level",
        Fate.KEEP: """metric window unit attribute estimate ci_low ci_high p_value prediction_low prediction_high
            between_sd i_squared_share unweighted_estimate unweighted_ci_low unweighted_ci_high""",
    },
    "cohort_entries": {
        Fate.PERSON: "subject",
        Fate.KEEP: "metric window is_entered is_gated is_adjusted n_massages estimate ci_low ci_high",
    },
    "trials": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "start_date end_date",
        Fate.KEEP: """pairs weeks_per_block weekday massage_min primaries massages_scheduled massages_attended
            massages_in_control_weeks""",
    },
    "trial_weeks": {
        Fate.PERSON: "subject",
        Fate.SHIFT: "start_date local_date last_date",
        Fate.KEEP: "week pair is_massage_week massages_attended is_attended_on_date",
    },
    "metrics": {
        Fate.KEEP: "metric family unit title description better counted_by smallest_worthwhile_change",
    },
    "timeline": {  # only with --with-minutes
        Fate.PERSON: "subject",
        Fate.SHIFT: "local_time local_date",
        Fate.MAKE: "source heart_source sleep_source",
        Fate.KEEP: "state steps distance_m active_energy_kcal intensity heart_rate_bpm stress is_worn",
    },
}
MINUTES = "timeline"

# UTC beside the wall clock would tell when the clocks change, and with it the true dates. Paths, notes, names,
# sentences with dates and counts, the zone; the seed and the hash of a schedule, which can be tried for a person and a
# date; and when an answer was first said, which for many people is the day of one run.
DROPPED: Mapping[str, str] = {
    "participants": "time_zone excluded_for n_trials",
    "daily": "massage_unknown_for incomplete_sources",
    "nights": "onset_utc wake_utc in_bed_start_utc in_bed_end_utc tz_assumed",
    "massages": "massage_id start_utc end_utc therapist note origin",
    "diary": "note",
    "effects": "worth_source checks reason said_on first_said withdrawn_on",
    "cohort_effects": "reason warning without_estimate without_ci_low without_ci_high",
    "cohort_entries": "reason arm subgroup",
    "trials": "start_time time_zone seed schedule_sha256 committed_utc",
    "metrics": "worthwhile_source",
    "timeline": "minute_utc tz_assumed",
}

# Relations of which nothing is given away: they name files, hold sentences, or follow from those that are given.
KEPT_AT_HOME = (
    "answer_counts", "around_massage", "around_massage_summary", "checks", "circumstances", "claims", "device_changes",
    "effect_checks", "files", "ledger", "log_spans", "looks", "metric_sources", "more_massages", "reconciliation",
    "rejected", "relief_shares", "runs", "snapshot", "subgroup_effects", "unknown_days",
)  # fmt: skip


def fates(relation: str, columns: list[str], metrics: frozenset[str]) -> dict[str, Fate]:
    """What becomes of each column of a relation that is given away, in their order.

    Raises LookupError for a relation or a column that nobody classified.
    """
    if relation not in GIVEN:
        raise LookupError(f"{relation} is in no list of what is given away")
    known = {column: fate for fate, names in GIVEN[relation].items() for column in names.split()}
    known |= dict.fromkeys(DROPPED.get(relation, "").split(), Fate.DROP)
    if relation == "daily":
        known |= dict.fromkeys(metrics, Fate.DROP)
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise LookupError(f"nobody classified {', '.join(unknown)} of {relation}")
    return {column: known[column] for column in columns}
