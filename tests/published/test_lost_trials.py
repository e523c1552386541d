"""A trial whose commitment was left behind, as in a folder copied without `.recovery`, is told, not passed over."""

import os
import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from recovery.home import clock
from recovery.home.folder import Home
from recovery.home.plans import PlanFile, plan_files
from recovery.home.settings import Settings, load_settings
from recovery.job.once import run_once
from recovery.published.lost_trials import lost_trials
from recovery.published.status import status
from recovery.trials import draw as trial
from recovery.vocabulary.weekdays import weekday_of

PUBLISHED_UTC = datetime(2026, 11, 22, 3)
START = date(2026, 12, 1)


def published(*known: tuple[str, date]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "create table trials (subject varchar, start_date date); create table snapshot (run_id varchar,"
        f" published_utc timestamp); insert into snapshot values ('a', '{PUBLISHED_UTC}')"
    )
    for row in known:
        connection.execute("insert into trials values (?, ?)", row)
    return connection


def with_plans(*plans: PlanFile) -> Settings:
    return Settings(Home(Path()), people=("anna",), plans=plans)


BEFORE = PUBLISHED_UTC - timedelta(hours=1)


def test_only_plans_that_nobody_knows_are_told_and_each_to_its_person() -> None:
    settings = with_plans(
        PlanFile("anna", START, BEFORE), PlanFile("me", START, BEFORE), PlanFile("gone", START, BEFORE)
    )

    found = lost_trials(published(("me", START), ("anna", START + timedelta(weeks=12))), settings)

    assert [question.subject for question in found] == ["anna"]
    assert found[0].sentence.startswith(
        "The trial from 2026-12-01 has no answer: its plan lies in trials/anna/2026-12-01, but the private database"
    )


def test_a_plan_drawn_since_the_publication_is_not_lost_before_the_next_run() -> None:
    assert lost_trials(published(), with_plans(PlanFile("me", START, PUBLISHED_UTC + timedelta(minutes=5)))) == []


def test_a_database_of_an_earlier_version_says_nothing() -> None:
    assert lost_trials(duckdb.connect(), with_plans(PlanFile("me", START, BEFORE))) == []
    connection = published()
    connection.execute("delete from snapshot")
    assert lost_trials(connection, with_plans(PlanFile("me", START, BEFORE))) == []


def test_plans_are_found_by_their_folders_and_nothing_else(tmp_path: Path) -> None:
    for name in ("me/2026-12-01", "me/my notes", "anna/2026-12-08"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "schedule.json").write_text("{}")
        os.utime(folder / "schedule.json", (0, 0))
    (tmp_path / "me" / "2027-01-05").mkdir()

    epoch = datetime(1970, 1, 1)
    assert plan_files(tmp_path) == (PlanFile("anna", date(2026, 12, 8), epoch), PlanFile("me", START, epoch))
    assert plan_files(tmp_path / "none") == ()


@pytest.mark.slow
def test_a_home_copied_without_its_private_folder_says_so_on_the_page_and_in_the_terminal(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "inbox").mkdir(parents=True)
    (home / "recovery.toml").write_text('home_time_zone = "Europe/Berlin"\n')
    settings = load_settings(home)
    start = clock.today(settings.home_time_zone) + timedelta(weeks=2)
    plan = trial.draw(
        settings, "me", start=start, pairs=6, weekday=weekday_of(start), start_time=time(18), massage_min=60,
        weeks_per_block=1, now_utc=clock.now_utc(), seed=17,
    )  # fmt: skip
    trial.commit(settings, plan, [], clock.now_utc())
    run_once(load_settings(home))
    copy = tmp_path / "copy"
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns(".recovery"))

    run_once(load_settings(copy))

    today = clock.today(settings.home_time_zone)
    assert status(load_settings(home), today).lost_trials == []
    (lost,) = status(load_settings(copy), today).lost_trials
    assert f"trials/me/{start}" in lost.sentence
    assert lost.sentence in (copy / "report.html").read_text(encoding="utf-8")
    assert lost.sentence not in (home / "report.html").read_text(encoding="utf-8")
