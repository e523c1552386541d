"""Small inputs that went wrong once (../shared/cases), each with the right answer here or in the test named here."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import homes
import pytest
from places import SHARED, TESTS

from recovery import warehouse

CASES = SHARED / "cases"
FOLDERS = ("records", "nights", "clocks", "files", "formats-2")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here"),
]
Days = dict[str, float | None]

# Of each case the numbers of one date; a metric that is None has no row.
NUMBERS: dict[str, tuple[str, Days]] = {
    "records/apple_overlap_1s": ("2026-05-04", {"steps": 10_800, "moving_min": 180}),
    "records/health_connect_half_hours.db": ("2026-05-04", {"steps": 1800, "moving_min": None, "still_min": None}),
    "records/health_auto_export_days.csv": ("2026-05-05", {"steps": 9123, "distance_m": 6900, "moving_min": None}),
    "records/withings_distance_only": ("2026-05-03", {"distance_m": 28_800, "moving_min": 360, "rest_share": 0.48}),
    "files/activity_stale_first_records.fit": ("2026-05-13", {"moving_min": 45}),
    "files/google_fit_german": ("2026-05-04", {"steps": 1300, "distance_m": 1000}),
    "files/whoop_saved_again_by_spreadsheet.csv": ("2026-03-16", {"asleep_min": 420, "nap_min": 0}),
    "formats-2/garmindb": ("2026-05-04", {"steps": 8459, "asleep_min": 420, "resting_heart_rate_bpm": 49}),
    "formats-2/ghd": ("2026-05-04", {"asleep_min": 420, "resting_heart_rate_bpm": 49}),
    "formats-2/hae": ("2026-05-01", {"steps": 8120, "active_energy_kcal": 346.606, "asleep_min": 426}),
    "formats-2/healthmd": ("2026-05-04", {"steps": 8432, "asleep_min": 420, "active_energy_kcal": 420}),
    "formats-2/hsync": ("2026-05-04", {"steps": 6705}),
    "formats-2/ouraapi": ("2026-05-04", {"asleep_min": 450, "resting_heart_rate_bpm": 47}),
    "formats-2/plees": ("2026-05-04", {"asleep_min": 440}),
    "formats-2/shec": ("2026-05-04", {"steps": 412, "moving_min": 5}),
    "formats-2/sleepmeter": ("2026-05-04", {"asleep_min": 445}),
    "formats-2/whoopapi": ("2026-05-04", {"asleep_min": 420}),
}
RECEIPTS = {  # status and a part of what the receipt says
    "files/open_brackets.txt": ("unrecognised", "plain text"),
    "files/times_ending_zz.tcx": ("rejected", "none of its times can be read"),
}
# Which other test holds a case; `recovery map` is asked about tables that no reader knows.
ELSEWHERE = {
    "clocks/garmin_factory_clock": "warehouse/test_clock_cases.py",
    "clocks/garmin_resting_heart_rate_midnight": "warehouse/test_clock_cases.py",
    "clocks/two_devices_on_a_journey": "warehouse/test_clock_cases.py",
    "nights/fitbit_awake_70min_two_logs.json": "real/test_night_cases.py",
    "nights/make_nights_without_sleep.py": "real/test_night_cases.py",
    "formats-2/bearable": "readers/test_bearable_csv.py",
    "formats-2/daylio": "actions/test_map_cases.py",
    "formats-2/eight": "actions/test_map_cases.py",
    "formats-2/flaredown": "actions/test_map_cases.py",
    "formats-2/garminweb": "actions/test_map_cases.py",
    "formats-2/gforms": "actions/test_map_cases.py",
    "formats-2/ggir": "actions/test_map_cases.py",
    "formats-2/loop": "actions/test_map_cases.py",
    "formats-2/mdh": "actions/test_map_cases.py",
    "formats-2/qs": "actions/test_map_cases.py",
    "formats-2/sleepcycle": "actions/test_map_cases.py",
    "formats-2/stepcount": "actions/test_map_cases.py",
}


def person(case: str) -> str:
    return Path(case).stem.lower().replace("-", "_")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    """One person for each case, so that all of them cost one run."""
    people = {person(case): CASES / case for case in (*NUMBERS, *RECEIPTS)}
    toml = 'home_time_zone = "Europe/Berlin"\n' + "".join(f"[people.{name}]\n" for name in people)
    made = homes.make(tmp_path_factory.mktemp("cases") / "home", toml)
    warehouse.load_settings_tables(made.connection, made.settings)
    for name, path in people.items():
        into = made.home.inbox / name
        if path.is_dir():
            shutil.copytree(path, into)
        else:
            into.mkdir(parents=True)
            shutil.copy(path, into)
    made.run()
    warehouse.build_all(made.connection)
    yield made
    made.close()


@pytest.mark.parametrize("case", NUMBERS)
def test_a_case_gives_the_right_numbers(home: homes.HomeAtWork, case: str) -> None:
    day, right = NUMBERS[case]

    rows: list[tuple[Any, ...]] = home.rows(
        f"select metric, value from pub.daily_metrics where subject = '{person(case)}' and local_date = '{day}'"
    )

    found = dict(rows)
    assert {metric: found.get(metric) for metric in right} == pytest.approx(right, abs=0.01)


@pytest.mark.parametrize("case", RECEIPTS)
def test_a_case_that_cannot_be_read_says_why(home: homes.HomeAtWork, case: str) -> None:
    status, said = RECEIPTS[case]

    ((found, message),) = home.rows(f"select status, message from raw.files where subject = '{person(case)}'")

    assert (found, said in message) == (status, True)


def test_minutes_of_records_too_long_for_them_are_not_told(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select distinct resolution from pub.daily_metrics where subject = 'health_connect_half_hours'"
    ) == [("interval",)]
    assert home.rows("select distinct resolution from pub.daily_metrics where subject = 'health_auto_export_days'") == [
        ("day",)
    ]


def test_every_case_has_a_test() -> None:
    cases = {f"{folder}/{path.name}" for folder in FOLDERS for path in (CASES / folder).iterdir()}

    assert cases - {*NUMBERS, *RECEIPTS, *ELSEWHERE} == set()
    assert [test for test in ELSEWHERE.values() if not (TESTS / test).is_file()] == []
