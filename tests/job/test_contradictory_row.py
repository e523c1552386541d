"""One row in which a vendor contradicts itself costs that number alone: all else is published, and it is told."""

from pathlib import Path

import duckdb
import pytest
from nights import TOML, run_plainly
from parsed_page import parsed
from shown_pages import shown

from recovery.home.settings import Settings, load_settings
from recovery.report.site import Page

pytestmark = pytest.mark.slow

SITE = """Activities
Date,Calories Burned,Steps,Distance,Floors,Minutes Sedentary,Minutes Lightly Active,Minutes Fairly Active,Minutes Very Active,Activity Calories
"2026-05-04","2,310","11,204","8.1","9","650","220","18","40","1,050"
"2026-05-05","2,110","6,003","4.4","3","700","180","5","10","650"
"2026-05-06","2,110","7,003","4.4","3","700","180","5","10","650"

Sleep
Start Time,End Time,Minutes Asleep,Minutes Awake,Number of Awakenings,Time in Bed,Minutes REM Sleep,Minutes Light Sleep,Minutes Deep Sleep
"2026-05-03 11:00PM","2026-05-04 7:00AM","430","50","18","480","N/A","N/A","N/A"
"2026-05-04 11:00PM","2026-05-05 7:00AM","530","50","18","480","N/A","N/A","N/A"
"2026-05-05 11:00PM","2026-05-06 7:00AM","440","40","18","480","N/A","N/A","N/A"
"""  # noqa: E501 - as Fitbit writes it
MASSAGES = "date,start,minutes\n2026-05-04,10:00,60\n"
SET_ASIDE = "1 with more minutes asleep, or awake around it, than the sleep is long"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home after its first run, of two files; the second night of one has 530 minutes asleep in 480 in bed."""
    folder: Path = tmp_path_factory.mktemp("contradiction")
    (folder / "inbox").mkdir()
    (folder / "recovery.toml").write_text(TOML, encoding="utf-8")
    (folder / "inbox" / "fitbit_export_20260507.csv").write_text(SITE, encoding="utf-8")
    (folder / "inbox" / "massages.csv").write_text(MASSAGES, encoding="utf-8")
    summary, _ = run_plainly(load_settings(folder))
    assert summary.status == "published"
    return load_settings(folder)


def asked(home: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(home.home.published), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_all_but_the_number_is_published(home: Settings) -> None:
    assert asked(home, "select night_date::varchar, asleep_min, in_bed_min from nights order by all") == [
        ("2026-05-04", 430.0, 480.0),
        ("2026-05-06", 440.0, 480.0),
    ]
    assert asked(home, "select sum(steps) from daily") == [(11_204 + 6_003 + 7_003,)]
    assert asked(home, "select count(*) from massages") == [(1,)]


def test_it_is_counted_with_its_reason_in_the_receipt_the_ledger_and_on_the_page(home: Settings) -> None:
    (receipt,) = asked(home, "select status, message from files where format = 'fitbit_site_csv'")
    assert receipt[0] == "partial"
    assert asked(home, "select place, reason, value from rejected") == [("sleep_sessions", SET_ASIDE, "530.0")]
    assert asked(home, "select rejected, reason from ledger where rejected = 530") == [
        (530.0, "with more minutes asleep, or awake around it, than the sleep is long")
    ]
    assert asked(home, "select count(*) from ledger where unaccounted <> 0") == [(0,)]
    assert SET_ASIDE in parsed(shown(home, Page.EVIDENCE)).text
