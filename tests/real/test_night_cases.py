"""Small inputs of nights that went wrong once (../shared/cases/nights), each with the right answer."""

import runpy
import shutil
from datetime import date

import homes
import pytest
from places import SHARED

CASES = SHARED / "cases" / "nights"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here"),
]


def test_a_waking_of_70_minutes_leaves_one_night(tmp_path):
    home = homes.make(tmp_path / "home", 'home_time_zone = "UTC"\n')
    folder = home.home.inbox / "Takeout" / "Fitbit" / "Global Export Data"
    folder.mkdir(parents=True)
    shutil.copy(CASES / "fitbit_awake_70min_two_logs.json", folder / "sleep-2026-05-04.json")
    home.run_to_minutes()

    assert home.rows("select local_date, ordinal, asleep_min, awake_min from stg.nights") == [
        (date(2026, 5, 4), 1, 410.0, 70.0)
    ]


def test_days_that_are_alike_are_alike_whether_the_watch_counted_at_night_or_not(tmp_path, monkeypatch):
    home = homes.make(tmp_path / "home", 'home_time_zone = "UTC"\n')
    monkeypatch.chdir(home.home.inbox)
    runpy.run_path(str(CASES / "make_nights_without_sleep.py"))
    home.run_to_minutes()

    # 23:00 to 7:00; the first night of the file began on the day before it
    assert home.rows(
        "select onset_local_min, wake_local_min, has_heart, count(*) from stg.rest_windows"
        " where local_date > '2026-03-01' group by all"
    ) == [(-60.0, 420.0, True, 29)]
    assert home.rows("select from_hour, to_hour from timeline.waking_hours") == [(7, 23)]
    # 50 of 60 minutes of each hour, on even days and on odd ones; the night after the last is not over
    values = "select distinct value from daily.still_min where local_date < '2026-03-30'"
    assert home.rows(values) == [(16 * 50.0,)]
