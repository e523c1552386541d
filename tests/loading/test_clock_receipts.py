"""What a wrong clock refused, or let pass, is read again once the clock is right."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import homes
import pytest

from recovery.home.clock import now_utc
from recovery.inbox.receipts import Look
from recovery.loading import clock_receipts, plausible, read_files

pytestmark = pytest.mark.slow

LOST = datetime(1971, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path) as made:
        yield made


def run_at(home: homes.HomeAtWork, at_utc: datetime, monkeypatch: pytest.MonkeyPatch) -> Look:
    """A run of a computer whose clock shows this."""
    with monkeypatch.context() as patch:
        patch.setattr(plausible, "now_utc", lambda: at_utc)
        clock_receipts.mark(home.connection, at_utc)
        return home.run()


def dated(*times: datetime) -> str:
    return "TINY\n" + "".join(f"{time.isoformat(timespec='seconds')} 5\n" for time in times)


def test_what_a_clock_of_1971_refused_is_loaded_when_it_is_right(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = now_utc() + 400 * DAY  # so that what is dated now lies after this program was written
    home.drop("new.txt", dated(later - DAY))
    home.drop("part.txt", dated(later - 2 * DAY, datetime(2024, 1, 2)))
    home.drop("member.zip", homes.zipped({"one.txt": dated(later - 3 * DAY)}))
    home.drop("old.txt", dated(datetime(2024, 1, 3)))
    run_at(home, LOST, monkeypatch)
    assert home.statuses() == {
        "member.zip": "rejected", "member.zip!/one.txt": "rejected", "new.txt": "rejected", "old.txt": "loaded",
        "part.txt": "partial",
    }  # fmt: skip
    assert run_at(home, LOST + DAY, monkeypatch).is_quiet

    look = run_at(home, later, monkeypatch)

    assert [item.entry.path for item in look.reads] == ["member.zip!/one.txt", "new.txt", "part.txt"]
    assert set(home.statuses().values()) == {"loaded"}
    assert home.rows("select count(*) from raw.samples") == [(5,)]
    assert home.rows("from raw.rejected") == []
    assert run_at(home, later + DAY, monkeypatch).is_quiet


def test_what_a_clock_a_year_ahead_let_pass_is_refused_when_it_is_right(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = now_utc()
    home.drop("never_set.txt", dated(now + 200 * DAY, datetime(2024, 1, 2)))
    home.drop("fine.txt", dated(now - DAY))
    run_at(home, now + 365 * DAY, monkeypatch)
    assert set(home.statuses().values()) == {"loaded"}

    look = run_at(home, now, monkeypatch)

    assert [item.entry.path for item in look.reads] == ["never_set.txt"]
    assert home.statuses() == {"fine.txt": "loaded", "never_set.txt": "partial"}
    assert home.rows("select max(start_utc) <= ?::timestamp from raw.samples".replace("?", f"'{now}'")) == [(True,)]
    assert run_at(home, now, monkeypatch).is_quiet


def test_a_clock_that_is_wrong_for_a_night_takes_nothing_away(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = now_utc() + 400 * DAY
    file = home.drop("new.txt", dated(later - DAY))
    home.drop("massages.csv", "date,start,minutes\n2024-01-02,10:00,60\n")
    run_at(home, later, monkeypatch)

    for wrong in (LOST, later - DAY, later + 365 * DAY):
        assert run_at(home, wrong, monkeypatch).is_quiet

    os.utime(file, (later.timestamp(), later.timestamp()))  # a clock that went back a month: the file itself is younger
    home.run()
    assert run_at(home, later - 30 * DAY, monkeypatch).is_quiet


def test_what_really_lies_ahead_is_not_read_each_night(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_utc()
    home.drop("padded.txt", dated(now, datetime(2089, 1, 1)))
    home.drop("calendar.csv", f"date,start,minutes\n{(now + 20 * DAY).date()},10:00,60\n2024-01-02,10:00,60\n")
    run_at(home, now, monkeypatch)

    assert run_at(home, now + DAY, monkeypatch).is_quiet
    assert home.statuses() == {"calendar.csv": "partial", "padded.txt": "partial"}


def test_a_file_of_too_many_bad_rows_to_list_is_marked_too(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_files, "MAX_SKIPPED_PER_FILE", 5)
    ahead = now_utc().replace(microsecond=0) + 9 * DAY
    home.drop("a.txt", dated(ahead, ahead + DAY) + "gap\n" * 20)
    home.run()

    assert home.rows("select again_utc from raw.files") == [(ahead,)]
