"""Simple Health Export CSV: HealthKit's records with the sources of Apple's own export; worked out by hand."""

from datetime import datetime

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES


@pytest.fixture(scope="module")
def export() -> Reading:
    return Reading("simple_health_csv", folder(SAMPLES / "simple_health_csv"))


def test_amounts_keep_their_interval_and_devices_the_names_of_apples_own_export(export: Reading) -> None:
    assert export.rows("samples", "source", "start_utc", "end_utc", "value", metric="steps") == [
        ("apple:watch7-1", datetime(2026, 5, 4, 6, 0), datetime(2026, 5, 4, 6, 5), 412.0),
        ("apple:iphone13-2", datetime(2026, 5, 4, 6, 0), datetime(2026, 5, 4, 6, 10), 500.0),
        ("apple:watch7-1", datetime(2026, 5, 4, 7, 0), datetime(2026, 5, 4, 7, 5), 10.0),
    ]


def test_units_and_shares_are_ours_and_measurements_stand_in_their_middle(export: Reading) -> None:
    assert export.rows("samples", "value", metric="active_energy_kcal") == [(pytest.approx(1.0),)]
    assert export.rows("samples", "value", metric="spo2_share") == [(0.97,), (0.96,)]
    assert export.rows("samples", "start_utc", "value", metric="resting_heart_rate_bpm") == [
        (datetime(2026, 5, 4, 12, 0), 52.0)
    ]


def test_a_night_that_the_export_may_cut_is_of_a_source_of_its_own(export: Reading) -> None:
    assert export.rows("sleep_sessions", "source", "start_utc", "end_utc") == [
        ("apple:watch7-1:part", datetime(2026, 5, 1, 22, 40), datetime(2026, 5, 2, 4, 30)),
        ("apple:watch7-1", datetime(2026, 5, 3, 21, 10), datetime(2026, 5, 4, 4, 30)),
    ]
    assert export.rows("clock_offsets", "time_utc", "offset_s") == [(datetime(2026, 5, 3, 21, 10), 7200)]


def test_pain_and_workouts(export: Reading) -> None:
    assert export.rows("samples", "value", metric="back_pain_severity") == [(2.0,), (0.0,), (3.0,)]
    assert export.rows("activities", "sport", "distance_m", "active_energy_kcal") == [("running", 9688.1, 659.283)]


def test_the_time_of_the_export_is_that_of_its_name_and_what_is_not_needed_is_not_read(export: Reading) -> None:
    stamps = {item.exported_utc for item in export.found if hasattr(item, "exported_utc")}

    assert stamps == {datetime(2026, 5, 6, 7, 2, 48), datetime(2026, 5, 4, 17, 20, 7)}  # the last of day 126
    left = [path.rpartition("/")[2] for path, reason in export.claims.items() if reason]
    assert left == ["HKQuantityTypeIdentifierBodyMass_2026-05-06_09-02-48_SimpleHealthExportCSV.csv"]


def test_what_cannot_be_read_costs_its_row(export: Reading) -> None:
    assert sorted(export.skipped) == ["row 4", "row 6", "row 7", "row 7"]


@pytest.mark.parametrize("headings", ["type,sourceName,startDate,value", "type,name,start,end,value", "sep=,"])
def test_other_tables_are_not_claimed(headings: str) -> None:
    assert Reading("simple_health_csv", [entry(f"{headings}\n1,2,3,4,5\n", "a.csv")]).claims == {}
