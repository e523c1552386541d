"""The published relations keep the contract and say what the layers below found."""

import pytest
from layers import add, build, day, night
from sql_cases import given, rows

from recovery import warehouse

pytestmark = pytest.mark.slow

CONTRACT = {
    "daily": """subject local_date is_massage_day massage_min massage_min_7d days_since_massage days_to_massage
        worn_min
        is_valid_day is_valid_rest is_valid_night night_status night_confidence rest_from_hour rest_to_hour
        excluded_for incomplete_sources is_night_complete""",
    "daily_metrics": """subject local_date metric family value unit source resolution coverage_share is_complete
        is_valid""",
    "metrics": "metric family unit description better smallest_worthwhile_change",
    "nights": """subject night_date ordinal onset_utc wake_utc in_bed_min asleep_min awake_min light_min deep_min
        rem_min efficiency_share source""",
    "timeline": "subject minute_utc local_time local_date state steps heart_rate_bpm source tz_assumed",
    "massages": """subject massage_id local_date start_utc massage_min technique pressure areas muscles therapist status
        pain_before pain_after cause note origin""",
    "diary": """subject local_date pain pain_morning pain_afternoon medication medication_doses bed_rest_hours
        doctor_visits mood could_do_daily_activities other_treatment day_off illness travel note""",
    "around_massage": """subject massage_id metric day_offset local_date value baseline change is_valid
        overlaps_another""",
    "around_massage_summary": "subject metric day_offset mean n ci_low ci_high",
    "files": "path sha256 format subject status rows first_utc last_utc message",
    "rejected": "path place reason value",
    "checks": "relation expectation severity success observed run_id checked_utc",
    "runs": "started_utc seconds status files_new rows_new version",
    "device_changes": """subject local_date what source_before source_after firmware_before firmware_after
        metrics""",
    "effects": """subject metric window estimate ci_low ci_high p_value n_massages n_days checks verdict reason
        massages_needed family is_primary unit direction certainty doubts basis shown_estimate shown_low shown_high
        said_on first_said withdrawn_on is_building_up""",
    "answer_counts": """subject metric window massages_logged massages_same_day massages_outside massages_unmeasured
        massages_counted days_in_span days_without days_excluded days_not_valid days_not_compared days_counted""",
    "effect_checks": "subject metric window ordinal name passed sentence",
    "looks": "subject metric window look local_date n_massages estimate low high worth word certainty basis event",
    "claims": """subject claim_id claim metric claimed observed ci_low ci_high verdict reason published_evidence
        direction certainty basis is_size_excluded""",
    "subgroup_effects": "subject metric attribute level n_massages estimate ci_low ci_high q_value difference reason",
    "more_massages": "subject metric window design low high weeks per_week chance reason",
    "relief_shares": "subject metric drop_share n_massages n_followed n_days massages_share days_share reason",
    "circumstances": """subject metric window circumstance n_massages n_massages_told n_massages_yes n_other_days_told
        n_other_days_yes other_share is_alike estimate ci_low ci_high without_estimate without_ci_low without_ci_high
        reason""",
    "cohort_entries": """subject metric window is_entered is_gated is_adjusted n_massages estimate ci_low ci_high
        reason""",
    "cohort_effects": """metric window n_subjects n_refused estimate ci_low ci_high prediction_low prediction_high
        between_sd i_squared_share reason""",
    "participants": """subject arm subgroup time_zone first_date last_date first_device_date last_device_date
        first_diary_date last_diary_date first_massage_date last_massage_date n_massages excluded_days excluded_for
        missing""",
    "adherence": """subject week_date n_days valid_days valid_nights excluded_days diary_days massages
        massage_unknown_days planned_massages""",
    "reconciliation": """subject local_date metric source vendor_value value difference difference_share unit
        counted_source is_comparable""",
    "ledger": """subject local_date source metric reported counted counted_by_other same cut rejected outside
        reason unaccounted""",
    "metric_sources": "subject metric first_date last_date sources valid_days",
    "snapshot": "run_id started_utc published_utc version",
    "unknown_days": "subject local_date path place reason",
    "log_spans": "subject path first_entry last_entry first_date last_date",
    "trials": """subject start_date end_date pairs weeks_per_block weekday start_time time_zone massage_min primaries
        seed schedule_sha256 committed_utc massages_scheduled massages_attended massages_in_control_weeks""",
    "trial_weeks": """subject start_date week pair local_date last_date is_massage_week massages_attended
        is_attended_on_date""",
}
METRICS = {relation.name for relation in warehouse.relations() if relation.layer == "daily"}


def published(layers, name: str, columns: str) -> list[tuple]:
    """Rows of a published relation in their own order, with all of `massage` and `pub` built anew."""
    build(layers, *(relation.full_name for relation in warehouse.relations() if relation.layer in warehouse.WHOLE))
    return layers.execute(f"select {columns} from pub.{name}").fetchall()


@pytest.mark.parametrize(("name", "columns"), CONTRACT.items())
def test_a_relation_has_the_columns_of_the_contract(layers, name, columns):
    found = {column for column, *_ in layers.execute(f"describe pub.{name}").fetchall()}

    assert set(columns.split()) <= found


def test_only_what_the_contract_names_is_published():
    assert {relation.name for relation in warehouse.relations() if relation.layer == "pub"} == set(CONTRACT)


def test_daily_has_a_column_for_every_metric_recorded_or_not(layers):
    kinds = {column: kind for column, kind, *_ in layers.execute("describe pub.daily").fetchall()}

    assert set(kinds) >= METRICS
    assert {kinds[metric] for metric in METRICS} == {"DOUBLE"}
    assert {kind for column, kind in kinds.items() if column.endswith("_date")} == {"DATE"}


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_times_are_in_utc_and_dates_are_dates(layers, name):
    for column, kind, *_ in layers.execute(f"describe pub.{name}").fetchall():
        if column.endswith("_utc"):
            assert kind == "TIMESTAMP", column
        if column in ("local_date", "night_date"):
            assert kind == "DATE", column


def test_without_any_record_all_is_published_and_empty(layers):
    assert len(published(layers, "metrics", "metric")) == len(METRICS)
    assert [name for name in sorted(CONTRACT) if rows(layers, f"pub.{name}")] == ["metrics"]


def test_daily_has_every_date_between_and_nulls_where_nothing_was_measured(layers):
    add(
        layers,
        "daily.steps",
        [{"local_date": "2024-02-28", "value": 0}, {"local_date": "2024-03-01", "value": 7}],
        metric="steps",
        source="watch",
    )

    found = published(layers, "daily", "local_date::text, steps, pain, is_valid_day, worn_min")

    assert found == [
        ("2024-02-28", 0, None, False, None),
        ("2024-02-29", None, None, False, None),
        ("2024-03-01", 7, None, False, None),
    ]


def test_the_smallest_change_of_the_settings_goes_before_the_headers(layers):
    given(layers, "raw.goals", [{"metric": "steps", "smallest_worthwhile_change": 1500}])

    found = dict(published(layers, "metrics", "metric, smallest_worthwhile_change"))

    assert (found["steps"], found["pain"], found["asleep_min"], found["moving_min"]) == (1500, 2, 15, None)


def test_a_night_is_published_by_the_date_it_ends_on(layers):
    night(layers, "2024-05-02", "2024-05-02 14:00", "2024-05-02 14:30", ordinal=2)
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")

    found = published(layers, "nights", "night_date::text, ordinal, asleep_min")

    assert found == [("2024-05-02", 1, 480), ("2024-05-02", 2, 30)]


def test_a_night_nobody_recorded_is_inferred_in_the_timeline(layers):
    day(
        layers,
        "2024-05-01",
        ("00:00", "06:00", {"state": "rest_unknown", "source": "watch"}),
        ("06:00", "24:00", {"state": "still"}),
    )

    found = published(layers, "timeline", "distinct state, source")

    assert sorted(found) == [("rest_unknown", "inferred"), ("still", "watch")]


def test_nobody_is_still_on_a_date_of_which_no_source_tells_movement_by_the_minute(layers):
    heart = {"state": "worn", "source": None, "heart_rate_bpm": 60.0}
    day(layers, "2024-05-01", ("08:00", "22:00", heart))
    day(layers, "2024-05-02", ("08:00", "22:00", {"state": "still", "source": "watch"}))

    found = published(layers, "timeline", "distinct local_date::text, state")

    assert {row for row in found if row[1] != "not_worn"} == {("2024-05-01", "unknown"), ("2024-05-02", "still")}


def test_the_summary_is_the_mean_of_the_days_that_count(layers):
    # of a day each: two that count, one not valid, one of another massage's days, one without a baseline
    add(
        layers,
        "massage.around",
        [
            {"massage_id": "a", "value": 10, "baseline": 8, "change": 2, "is_valid": True, "overlaps_another": False},
            {"massage_id": "b", "value": 20, "baseline": 19, "change": 1, "is_valid": True, "overlaps_another": False},
            {
                "massage_id": "c",
                "value": 90,
                "baseline": 19,
                "change": 71,
                "is_valid": False,
                "overlaps_another": False,
            },
            {"massage_id": "d", "value": 90, "baseline": 19, "change": 71, "is_valid": True, "overlaps_another": True},
            {"massage_id": "e", "value": 31, "is_valid": True, "overlaps_another": False},
        ],
        metric="steps",
        day_offset=1,
    )
    add(
        layers,
        "massage.around",
        [{"massage_id": "a", "value": 5, "is_valid": False, "overlaps_another": False}],
        metric="steps",
        day_offset=2,
    )

    build(layers, "pub.around_massage_summary")

    assert rows(
        layers, "pub.around_massage_summary", "day_offset, mean, n, mean_change, n_change, ci_low, ci_high"
    ) == [
        (1, round(61 / 3, 6), 3, 1.5, 2, None, None),
        (2, None, 0, None, 0, None, None),
    ]


def test_what_another_report_supersedes_is_among_the_rejected(layers):
    given(layers, "raw.rejected", [{"path": "log.csv", "place": "row 9", "reason": "no date", "value": "soon"}])
    add(
        layers,
        "stg.massages_superseded",
        [{"local_date": "2024-05-01", "path": "b.csv", "place": "row 2", "reason": "twice"}],
    )
    add(
        layers,
        "stg.diary_superseded",
        [{"local_date": "2024-05-02", "path": "a.csv", "place": "row 3", "reason": "twice"}],
    )

    assert published(layers, "rejected", "path, place, reason, value") == [
        ("a.csv", "row 3", "twice", "2024-05-02"),
        ("b.csv", "row 2", "twice", "2024-05-01"),
        ("log.csv", "row 9", "no date", "soon"),
    ]


@pytest.mark.slow
def test_a_no_show_is_published_and_is_no_massage(layers):
    add(
        layers,
        "stg.massages",
        [
            {"massage_id": "a", "local_date": "2024-05-01", "ordinal": 1, "status": "attended", "massage_min": 60},
            {"massage_id": "b", "local_date": "2024-05-02", "ordinal": 1, "status": "no-show", "massage_min": 60},
        ],
    )
    add(layers, "daily.steps", [{"local_date": f"2024-05-0{n}", "value": n} for n in (1, 2)], metric="steps")

    assert published(layers, "massages", "massage_id, status") == [("a", "attended"), ("b", "no-show")]
    assert published(layers, "daily", "is_massage_day, massage_min") == [(True, 60), (None, None)]
    assert {massage for (massage,) in published(layers, "around_massage", "massage_id")} == {"a"}
