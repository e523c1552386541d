"""A file that is still being written is named as waiting, counts as before, and is read when it is whole."""

from collections.abc import Iterator
from pathlib import Path

import homes
import pytest

from recovery.inbox import look
from recovery.loading import load, settle, stage

pytestmark = pytest.mark.slow

RECEIPTS = (
    "select path, case when waiting_message is null then status else 'waiting' end, rows from raw.files order by path"
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path) as made:
        yield made


def looked_at_while_written(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch, *, is_last_look: bool = True
) -> None:
    """A run in whose look each file changes within the second."""
    monkeypatch.setattr(look, "_still_arriving", lambda changed, settle_s: {file.path for file in changed})
    found = home.look()
    settle.settle(home.connection, home.settings, found, is_last_look=is_last_look)
    monkeypatch.undo()


def test_a_known_log_waits_and_counts_as_before_and_is_read_when_it_is_whole(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()
    home.drop("massages.csv", homes.MASSAGES + "2024-01-16,10:00,45,third\n")

    looked_at_while_written(home, monkeypatch)

    assert home.rows(RECEIPTS) == [("massages.csv", "waiting", 2)]
    assert home.rows("select count(*) from raw.massages") == [(2,)]

    home.run()

    assert home.rows(RECEIPTS) == [("massages.csv", "loaded", 3)]


def test_a_log_that_becomes_what_it_was_waits_no_longer(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()
    home.drop("massages.csv", homes.MASSAGES + "\n")
    looked_at_while_written(home, monkeypatch)
    home.drop("massages.csv", homes.MASSAGES)

    home.run()

    assert home.rows(RECEIPTS) == [("massages.csv", "loaded", 2)]


def test_only_the_last_look_of_a_run_marks(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()
    home.drop("massages.csv", homes.MASSAGES + "\n")

    looked_at_while_written(home, monkeypatch, is_last_look=False)

    assert home.rows(RECEIPTS) == [("massages.csv", "loaded", 2)]


def test_a_file_that_changes_while_it_is_read_is_told_by_the_load_and_gets_a_receipt(home: homes.HomeAtWork) -> None:
    file = home.drop("one.txt", "TINY\n2024-01-02T10:00:00 5\n")
    found = home.look()
    file.write_text("TINY\n2024-01-02T10:00:00 5\n2024-01-03T10:00:00 5\n")
    (pack,) = stage.packs(home.settings, found)

    count = load.load(home.connection, home.settings, pack, stage.stage(home.settings, found, pack))
    settle.settle(home.connection, home.settings, found, count.waiting)

    assert count.waiting == ("one.txt",)
    assert home.rows(RECEIPTS) == [("one.txt", "waiting", None)]
