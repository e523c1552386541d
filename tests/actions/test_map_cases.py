"""`recovery map` of the tables of ../shared/cases that no reader knows: what is proposed, and what never is."""

import pytest
from one_reader import entry, living_in
from places import SHARED

from recovery.actions.map import Proposal, propose
from recovery.errors import UnreadableExportError

CASES = SHARED / "cases" / "formats-2"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here"),
]


def proposed(file: str, *rows: str) -> Proposal:
    path = CASES / file
    return propose(entry(path.read_bytes(), path.name), living_in("Europe/Berlin"), rows)


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        (
            "gforms/Back pain (Responses) - Form Responses 1.csv",
            ['where = { "Did you have a massage today?" = "Yes" }'],
        ),
        (
            "daylio/daylio_export_2026_05_08.csv",
            ['time = ["full_date", "time"]', 'where = { "activities" = "massage" }'],
        ),
        ("garminweb/Sleep.csv", ['date = "Sleep Score 4 Weeks"', '"Resting Heart Rate" = "resting_heart_rate_bpm"']),
        ("ggir/part5_daysummary_MM_L40M100V400_T5A5.csv", ['"dur_spt_sleep_min" = "asleep_min"']),
        ("qs/Health Data.csv", ['date = "Start"', 'date_format = "%d-%b-%Y %H:%M"', '"Steps (count)" = "steps"']),
        (
            "sleepcycle/sleepdata.csv",
            [
                'sleep_start = "Start"',
                'sleep_end = "End"',
                '"Awake (seconds)" = "awake_min in s"',
                '"Time asleep (seconds)" = "asleep_min in s"',
                '"Time before sleep (seconds)" = "latency_min in s"',
                '"Dream (seconds)" = "rem_min in s"',
                '"Light (seconds)" = "light_min in s"',
                '"Deep (seconds)" = "deep_min in s"',
            ],
        ),
        ("stepcount/sample-DailySteps.csv", ['file = "sample-DailySteps.csv"', 'date = "time"', '"steps" = "steps"']),
        (
            "hae/HealthAutoExport-2026-05-01-2026-05-03.csv",
            [
                'file = "HealthAutoExport-????-??-??-????-??-??.csv"',
                'date = "Date/Time"',
                '"Active Energy (kJ)" = "active_energy_kcal in kJ"',
                '"Sleep Analysis [Total] (hr)" = "asleep_min in h"',
                '"Sleep Analysis [Core] (hr)" = "light_min in h"',
            ],
        ),
        ("../records/health_auto_export_days.csv", ['date = "Date/Time"']),
    ],
)
def test_a_table_of_another_program_is_proposed_as_what_it_is(file: str, lines: list[str]) -> None:
    found = proposed(file).lines

    assert [line for line in lines if line not in found] == []
    assert not any(line.startswith("covers_min") for line in found)


def test_hours_since_midnight_are_no_awakenings() -> None:
    found = proposed("ggir/part4_nightsummary_sleep_cleaned.csv").lines

    assert not any("awakenings" in line.partition("#")[0] for line in found)
    assert not any("latency_min" in line for line in found if "onset" in line)


def test_a_tracker_of_all_kinds_lists_its_rows_and_reads_those_that_are_named() -> None:
    found = proposed("flaredown/fd-export.csv", "Symptom/Lower back pain=pain", "Treatment/Massage=massages")

    assert "#   Symptom/Lower back pain (rows: 1)" in proposed("flaredown/fd-export.csv").lines
    assert found.record_count == 2


@pytest.mark.parametrize(
    "file", ["eight/sleep_nights.json", "loop/Habits.csv", "mdh/HealthConnectRecords_Sleep_20260504-20260505.csv"]
)
def test_what_holds_no_number_that_is_known_reads_nothing_and_says_what_it_needs(file: str) -> None:
    found = proposed(file)

    assert found.record_count == 0
    assert "needs" in found.problems[0]


def test_a_table_without_headings_says_what_to_do() -> None:
    with pytest.raises(UnreadableExportError, match="Write a first line"):
        proposed("loop/001 Massage/Checkmarks.csv")
