"""When the job runs, as a rule of recurrence; which nights Prefect makes of it is in test_nightly.py."""

from datetime import UTC, datetime

import pytest

from recovery.errors import SettingsError
from recovery.pipelines import schedule


def test_zones_without_changes_have_a_plain_rule() -> None:
    assert schedule.rule("04:30", "Asia/Tokyo", datetime(2026, 11, 22, tzinfo=UTC)) == (
        "DTSTART:20261121T043000\nRRULE:FREQ=DAILY"
    )


@pytest.mark.parametrize("at", ["25:00", "4.30", "half past four", "04:60", ""])
def test_what_is_no_time_of_day_is_refused_with_an_example(at: str) -> None:
    with pytest.raises(SettingsError, match="04:30"):
        schedule.time_of_day(at)
