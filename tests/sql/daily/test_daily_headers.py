"""The header of a metric is its definition: complete, and the same as what the file does."""

import re

import pytest

from recovery import warehouse
from recovery.vocabulary.article import PAIN
from recovery.warehouse.metric_select import MEASURED

FAMILIES = {"movement", "rest", "sleep", "physiology", "gait", "diary"}
OF_THE_CONTRACT = {
    "steps", "distance_m", "moving_min", "moderate_min", "vigorous_min", "active_energy_kcal", "floors",
    "longest_walk_min", "active_hours", "still_min", "longest_still_min", "daytime_lying_min", "bed_rest_min",
    "rest_share", "movement_rest_ratio", "is_bed_day", "asleep_min", "in_bed_min", "efficiency_share",
    "latency_min", "waso_min", "awakenings", "deep_min", "rem_min", "light_min", "onset_local", "wake_local",
    "midpoint_local", "nap_min", "regularity_index", "resting_heart_rate_bpm", "hrv_rmssd_ms", "hrv_sdnn_ms",
    "stress_mean", "respiration_rate", "spo2_mean_share", "walking_speed_mps", "walking_asymmetry_share",
    "double_support_share", "pain", "pain_morning", "pain_afternoon", "medication_doses", "bed_rest_hours",
    "doctor_visits", "mood", "could_do_daily_activities",
}  # fmt: skip
METRICS = {relation.name: relation for relation in warehouse.relations() if relation.layer == "daily"}


def test_every_metric_of_the_contract_has_its_file():
    assert set(METRICS) >= OF_THE_CONTRACT


@pytest.mark.parametrize("name", METRICS)
def test_a_header_is_complete(name):
    header = METRICS[name].header

    assert header["title"]
    assert header["description"].endswith(".")
    assert header["family"] in FAMILIES
    assert header["better"] in {"up", "down", "none"}
    assert header["counted by"] in {"day", "night"}
    assert re.match(r"none$|[\d.]+ \(.+\)$", header["smallest worthwhile change"])
    assert all(header[key] for key in ("unit", "grain", "missing", "source"))


def test_every_scale_of_pain_has_a_change_worth_having_of_the_persons_own():
    of_ten = {name for name, metric in METRICS.items() if "points of 10" in metric.header["smallest worthwhile change"]}

    assert of_ten == set(PAIN)  # another one belongs there too, else 2 points are asked of everybody


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_the_name_of_its_file_and_the_unit_of_its_header(name):
    select = METRICS[name].select

    assert set(re.findall(r"'([^']+)' as metric,", select)) == {name}
    assert set(re.findall(r"'([^']+)' as unit,", select)) == {METRICS[name].header["unit"]}
    assert set(re.findall(r"reported_days.metric = '([^']+)'", select)) <= {name}


@pytest.mark.parametrize("name", METRICS)
def test_a_file_runs_alone_and_gives_what_was_measured(layers, name):
    found = layers.execute(f"describe {METRICS[name].text}").fetchall()

    assert [column for column, *_ in found] == list(MEASURED)


@pytest.mark.parametrize("name", METRICS)
def test_day_values_are_taken_where_the_header_says_so(name):
    assert METRICS[name].header.get("day values", "yes") in ("yes", "first")
    assert ("stg.reported_days" in METRICS[name].reads) == ("day values" in METRICS[name].header)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_the_columns_of_all(layers, name):
    found = layers.execute(f"describe daily.{name}").fetchall()

    assert [column for column, *_ in found] == list(warehouse.CONTRACT_OF_DAILY)
    assert {column: kind for column, kind, *_ in found if column in ("local_date", "value", "coverage_share")} == {
        "local_date": "DATE",
        "value": "DOUBLE",
        "coverage_share": "DOUBLE",
    }


def test_what_is_counted_by_night_is_sleep_and_what_is_measured_in_it():
    by_night = {name for name, metric in METRICS.items() if metric.header["counted by"] == "night"}

    assert by_night == {name for name, metric in METRICS.items() if metric.header["family"] == "sleep"} | {
        "hrv_rmssd_ms",
        "hrv_sdnn_ms",
        "respiration_rate",
        "spo2_mean_share",
        "sleeping_heart_rate_bpm",
    }
