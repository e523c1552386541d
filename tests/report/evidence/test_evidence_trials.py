"""Randomised weeks on the page."""

from pathlib import Path

import pytest
from answers_by_hand import effect, publish
from by_hand import published_home
from parsed_page import parsed
from shown_pages import shown

from recovery import warehouse
from recovery.home.settings import Settings

TABLES = """
create table trials (subject varchar, start_date date, end_date date, pairs integer, weeks_per_block integer,
    weekday varchar, start_time time, time_zone varchar, massage_min integer, primaries varchar, seed bigint,
    schedule_sha256 varchar, committed_utc timestamp, massages_scheduled integer, massages_attended integer,
    massages_in_control_weeks integer);
create table trial_weeks (subject varchar, start_date date, week integer, pair integer, local_date date,
    last_date date, is_massage_week boolean, massages_attended integer, is_attended_on_date boolean);
insert into trials values ('me', '2026-02-03', '2026-03-02', 2, 1, 'tue', '18:00', 'Europe/Berlin', 60, 'steps', 1,
    'abc123', '2026-01-30 10:00', 2, 1, 1);
insert into trial_weeks select 'me', '2026-02-03', range + 1, range // 2 + 1, date '2026-02-03' + (range * 7)::integer,
    date '2026-02-09' + (range * 7)::integer, range in (1, 2), (range = 1)::integer, range = 1 from range(4);
"""


def with_trial(folder: Path, *told: object) -> Settings:
    settings = publish(published_home(folder), [effect(), *told])  # type: ignore[list-item]
    connection = warehouse.connect(settings.home.published)
    connection.execute(TABLES)
    connection.close()
    return settings


@pytest.mark.slow
def test_a_trial_shows_its_weeks_and_its_commitment_and_what_it_says_comes_first(tmp_path: Path) -> None:
    of_trial = effect(window="trial_days_1_3", verdict="contradicted", reason="The coin says so.")

    text = shown(with_trial(tmp_path / "home", of_trial))

    said = parsed(text).text
    assert "3 February 2026 to 2 March 2026: over 2 pairs of weeks, massages on Tuesday at 18:00; 1 of 2 took" in said
    assert "and 1 in weeks drawn to go without" in said
    assert "1 2 ◆ ✓ 3 ◆ 4" in said
    assert "Committed 2026-01-30 10:00 UTC, before the first week, as SHA-256: abc123" in said
    assert text.count('class="with"') == 2
    assert said.index("The coin says so.") < said.index("Because of steps.")
    assert "No better, clear so far" in said
    assert "What weeks drawn by lot would settle" not in said
