"""Receipts of files: what became of each, and how many of its days were new."""

from pathlib import Path

import duckdb
import pytest
from by_hand import TABLES

from recovery.actions.init import init
from recovery.home.settings import Settings, load_settings
from recovery.published.file_receipts import file_receipts

FILES = (  # path, format, status, first and last in UTC; a summer day in Berlin begins at 22:00
    ("spring.zip!/a.fit", "fit_files", "loaded", "2026-04-01 22:00", "2026-04-03 22:00"),  # 2 and 3 April
    ("spring.zip!/b.fit", "fit_files", "partial", "2026-04-02 22:00", "2026-04-04 22:00"),  # 3 and 4 April
    ("summer.zip!/c.fit", "fit_files", "loaded", "2026-04-03 22:00", "2026-04-07 22:00"),  # 4 to 7 April
    ("again.json", "oura_export", "loaded", "2026-04-01 22:00", "2026-04-04 22:00"),
    ("inside.fit", "fit_files", "loaded", "2026-04-02 08:00", "2026-04-02 09:00"),
    ("diary.csv", "diary_log", "loaded", "2026-04-01 22:00", "2026-04-20 22:00"),
    ("mine.csv", "massage_log", "partial", "2026-04-01 22:00", "2026-04-20 22:00"),
    ("empty.csv", "oura_export", "ignored", None, None),
    ("massages.csv", "massage_log", "ignored", None, None),
    ("mood.csv", "diary_log", "ignored", None, None),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("receipts") / "home"
    init(folder, "Europe/Berlin", [])
    return load_settings(folder)


def told(settings: Settings, days: range) -> dict[str, str]:
    """The receipts where these days of April have data."""
    connection = duckdb.connect()
    connection.execute(TABLES)
    connection.executemany("insert into files values (?, 'ab', ?, 'me', ?, 7, ?, ?, '')", FILES)
    connection.executemany(
        "insert into daily_metrics (subject, local_date, metric) values ('me', ?, 'steps')",
        [[f"2026-04-{day:02}"] for day in days],
    )
    found = file_receipts(connection, settings, "me")
    connection.close()
    return {Path(one.path).name: one.sentence for one in found}


def test_a_receipt_tells_how_many_days_were_new(settings: Settings) -> None:
    found = told(settings, range(1, 31))

    assert found["inside.fit"] == "inside.fit: read. 1 day, all new."  # it ends before the archives do
    assert found["spring.zip"] == (
        "spring.zip: read, with 2 files in it. 3 days, 2 of them new; the rest we had already."
    )
    assert found["summer.zip"] == (
        "summer.zip: read, with 1 file in it. 4 days, 3 of them new; the rest we had already."
    )
    assert found["again.json"] == "again.json: read. 3 days, all new."  # of another make


def test_logs_and_files_that_tell_nothing_of_days_have_no_days(settings: Settings) -> None:
    found = told(settings, range(1, 31))

    assert found["diary.csv"] == "diary.csv: read. 7 rows."
    assert found["mine.csv"] == "mine.csv: read, but not all of it. 7 rows read. "
    assert found["empty.csv"].startswith("empty.csv: not needed.")
    assert found["massages.csv"] == "massages.csv: empty so far. It waits for your first massage."
    assert found["mood.csv"] == "mood.csv: empty so far. It waits for the first day that you write down."


def test_days_without_data_do_not_count(settings: Settings) -> None:
    found = told(settings, range(2, 4))

    assert found["summer.zip"] == "summer.zip: read, with 1 file in it."
    assert found["spring.zip"].endswith("2 days, 1 of them new; the rest we had already.")
