"""What a person says of rows that could not be read: kept beside the files, read by the next run, lapsing again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import homes
import pytest

from recovery.actions.log_words import LogWordError
from recovery.actions.mends import MendError, answers, erase_mends, mend_row, take_mend_back, unread_rows
from recovery.errors import RecoveryError
from recovery.home.mends import FIELDS, LEAVE_OUT, WHOLE_ROW
from recovery.home.settings import with_mends

pytestmark = pytest.mark.slow

LOG = "Datum;Beginn;Dauer;Notiz\n02.01.2026;10:00;60;eins\n30.02.2026;11:00;60;zwei\n09.03.2026;10:00;soon;drei\n"
NAME = "studio.csv"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[homes.HomeAtWork]:
    homes.in_this_process(monkeypatch)
    with homes.knowing_tiny(tmp_path) as made:
        made.drop(NAME, LOG)
        made.run()
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    """The same home for tests that change nothing of it."""
    with pytest.MonkeyPatch.context() as patch:
        homes.in_this_process(patch)
        made = homes.make(tmp_path_factory.mktemp("shared") / "home")
        made.drop(NAME, LOG)
        made.run()
    yield made
    made.close()


def again(home: homes.HomeAtWork) -> None:
    """A run of its own, which reads the settings anew."""
    home.settings = with_mends(home.settings)
    home.run()


def files(home: homes.HomeAtWork) -> dict[str, str]:
    return dict(home.rows("select path, sha256 from raw.files where format in ('massage_log', 'diary_log')"))


def dates(home: homes.HomeAtWork) -> list[str]:
    return [str(day) for (day,) in home.rows("select local_date from raw.massages order by 1")]


def say(home: homes.HomeAtWork, place: str, value: str, column: str = "") -> None:
    (row,) = [one for one in unread_rows(home.settings, "me", files(home)) if one.place == place]
    mend_row(home.settings, "me", files(home), row.path, row.row.key, column or row.row.column, value)


def test_a_row_that_cannot_be_read_is_asked_about_with_what_stands_there(shared: homes.HomeAtWork) -> None:
    asked = unread_rows(shared.settings, "me", files(shared))

    assert [(row.place, row.row.column, row.row.old, row.is_kept) for row in asked] == [
        ("row 3", "date", "30.02.2026", False),
        ("row 4", "minutes", "soon", True),
    ]
    assert asked[0].row.cells == (
        ("Datum", "30.02.2026"), ("Beginn", "11:00"), ("Dauer", "60"), ("Notiz", "zwei"),
    )  # fmt: skip
    assert (str(asked[0].first), str(asked[0].last), asked[0].is_unknown) == ("2026-01-02", "2026-03-09", True)
    assert asked[0].heading == "Datum"


def test_a_mend_is_read_by_the_next_run_and_the_file_stays_as_it_is(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "28.2.2026")
    assert [row.place for row in unread_rows(home.settings, "me", files(home))] == ["row 4"]

    again(home)

    assert dates(home) == ["2026-01-02", "2026-02-28", "2026-03-09"]
    assert (home.home.inbox / NAME).read_text() == LOG
    assert "Read as you said: row 3 (date 2026-02-28, on " in home.message(NAME)
    assert home.statuses()["mends.csv"] == "ignored"
    assert home.message("mends.csv") == "Holds one thing that you said of a row that could not be read."
    assert home.look().is_quiet
    assert (home.home.inbox / "mends.csv").stat().st_mode & 0o777 == 0o600


def test_a_value_of_a_row_that_counts_is_mended_too(home: homes.HomeAtWork) -> None:
    say(home, "row 4", "45")

    again(home)

    assert home.rows("select massage_min from raw.massages order by local_date") == [(60.0,), (45.0,)]
    assert [row.place for row in unread_rows(home.settings, "me", files(home))] == ["row 3"]


def test_a_row_that_tells_of_nothing_is_left_out_and_its_days_are_known(home: homes.HomeAtWork) -> None:
    assert home.rows("select count(*) from raw.unclear_rows") == [(1,)]
    say(home, "row 3", LEAVE_OUT, WHOLE_ROW)

    again(home)

    assert home.rows("select count(*) from raw.unclear_rows") == [(0,)]
    assert dates(home) == ["2026-01-02", "2026-03-09"]
    assert "row 3 (left out, on " in home.message(NAME)


def test_a_column_that_the_file_lacks_can_be_said(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "cancelled", "status")  # the date is asked about, and this is said beside it
    say(home, "row 3", "2026-02-28")

    again(home)

    assert home.rows("select local_date::text, status from raw.massages order by all")[1:2] == [
        ("2026-02-28", "cancelled")
    ]


def test_where_the_row_changes_the_mend_lapses_and_is_asked_again(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "2026-02-28")
    again(home)

    home.drop(NAME, LOG.replace("zwei", "two"))
    home.run()

    assert dates(home) == ["2026-01-02", "2026-03-09"]
    assert "One thing that you said of a row no longer holds" in home.message(NAME)
    assert [row.place for row in unread_rows(home.settings, "me", files(home))] == ["row 3", "row 4"]
    assert [answer.holds for answer in answers(home.settings, "me", files(home))] == [False]


def test_a_row_that_only_moves_keeps_its_mend(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "2026-02-28")
    home.drop(NAME, LOG.replace("02.01.2026;10:00", "01.01.2026;10:00;;\n02.01.2026;10:00"))

    again(home)

    assert "row 4 (date 2026-02-28" in home.message(NAME)
    assert "2026-02-28" in dates(home)


def test_a_renamed_file_is_asked_about_again_with_what_was_said(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "2026-02-28")
    again(home)
    (home.home.inbox / NAME).rename(home.home.inbox / "practice.csv")

    again(home)

    asked = unread_rows(home.settings, "me", files(home))
    assert [(row.path, row.place, row.suggested) for row in asked] == [
        ("practice.csv", "row 3", "2026-02-28"), ("practice.csv", "row 4", ""),
    ]  # fmt: skip
    assert "nothing is done with it: studio.csv" in home.message("mends.csv")
    assert dates(home) == ["2026-01-02", "2026-03-09"]


def test_it_is_taken_back_and_the_file_is_read_as_before(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "2026-02-28")
    again(home)
    (answer,) = answers(home.settings, "me", files(home))

    take_mend_back(home.settings, "me", answer.mend.path, answer.mend.row, answer.mend.column)
    again(home)

    assert dates(home) == ["2026-01-02", "2026-03-09"]
    with pytest.raises(MendError, match="Nothing was said of this row"):
        take_mend_back(home.settings, "me", answer.mend.path, answer.mend.row, answer.mend.column)


def test_only_the_file_of_the_mend_is_read_again(home: homes.HomeAtWork) -> None:
    home.drop("other.csv", "Datum;Dauer\n05.01.2026;60\n30.02.2026;60\n")
    home.drop("one.txt", "TINY\n2026-01-01T10:00:00 5\n")
    home.run()
    say_of = next(row for row in unread_rows(home.settings, "me", files(home)) if row.path == NAME)
    mend_row(home.settings, "me", files(home), NAME, say_of.row.key, "date", "2026-02-28")
    home.settings = with_mends(home.settings)

    found = home.look()

    assert [item.entry.path for item in found.reads] == [NAME]
    found.close()


@pytest.mark.parametrize(
    ("value", "column"),
    [
        ("=1+1", "date"), ("@SUM(A1)", "note"), ("+1", "date"), ("-1", "minutes"), ("", "date"), ("x" * 201, "note"),
        ("2026-02-30", "date"), ("soon", "date"), ("\x1b[2J", "note"), ("2026-02-28", "colour"), ("a\u202eb", "note"),
        (LEAVE_OUT, "date"), ("2026-02-28", WHOLE_ROW),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    shared: homes.HomeAtWork, value: str, column: str
) -> None:
    with pytest.raises(RecoveryError):
        say(shared, "row 3", value, column)

    assert not (shared.home.inbox / "mends.csv").exists()


def test_a_date_that_can_be_misread_is_asked_about(shared: homes.HomeAtWork) -> None:
    with pytest.raises(LogWordError, match="Is 3/4/2026 the"):
        say(shared, "row 3", "3/4/2026")


@pytest.mark.parametrize("path", ["../studio.csv", "/etc/passwd", "a/../studio.csv", "other.csv", "", "studio.csv/"])
def test_no_other_file_can_be_named(shared: homes.HomeAtWork, path: str) -> None:
    (row, _) = unread_rows(shared.settings, "me", files(shared))
    known = {**files(shared), path: files(shared)[NAME]}

    with pytest.raises(MendError):
        mend_row(shared.settings, "me", known, path, row.row.key, "date", "2026-02-28")
    assert not (shared.home.inbox / "mends.csv").exists()


def test_a_row_that_is_not_asked_about_is_not_written_over(home: homes.HomeAtWork) -> None:
    (row, _) = unread_rows(home.settings, "me", files(home))

    for key, subject in (("0" * 32, "me"), (row.row.key, "anna")):
        with pytest.raises(MendError, match="no longer asked about"):
            mend_row(home.settings, subject, files(home), NAME, key, "date", "2026-02-28")
    home.drop(NAME, LOG.replace("eins", "other"))  # no run has read this
    with pytest.raises(MendError, match="no longer asked about"):
        mend_row(home.settings, "me", files(home), NAME, row.row.key, "date", "2026-02-28")


def test_a_link_in_the_place_of_a_file_is_not_followed(home: homes.HomeAtWork, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    (home.home.inbox / NAME).rename(outside)
    (home.home.inbox / NAME).symlink_to(outside)

    assert unread_rows(home.settings, "me", files(home)) == []


def test_a_line_that_cannot_be_read_is_told_and_kept(home: homes.HomeAtWork) -> None:
    home.drop("mends.csv", f"{','.join(FIELDS)}\none,=two\n")

    again(home)
    say(home, "row 3", "2026-02-28")

    assert home.statuses()["mends.csv"] == "rejected"
    assert "Line 2 of mends.csv: " in home.message("mends.csv")
    assert (home.home.inbox / "mends.csv").read_text().splitlines()[1] == "one,=two"
    again(home)
    assert "2026-02-28" in dates(home)


def test_another_file_of_this_name_is_never_written_over(home: homes.HomeAtWork) -> None:
    content = "date,pain\n2026-01-01,3\n"
    home.drop("mends.csv", content)

    again(home)
    with pytest.raises(MendError, match=r"mends\.csv"):
        say(home, "row 3", "2026-02-28")

    assert (home.home.inbox / "mends.csv").read_text() == content


def test_a_name_that_a_spreadsheet_would_run_is_written_as_a_path(home: homes.HomeAtWork) -> None:
    (home.home.inbox / NAME).rename(home.home.inbox / "=cmd.csv")
    home.run()

    say(home, "row 3", "2026-02-28")
    again(home)

    assert "\n./=cmd.csv," in (home.home.inbox / "mends.csv").read_text()
    assert "2026-02-28" in dates(home)


def test_mends_that_recovery_toml_keeps_closed_do_nothing(home: homes.HomeAtWork) -> None:
    say(home, "row 3", "2026-02-28")
    home.settings = replace(home.settings, private_ignore=("mends.csv",))

    again(home)

    assert dates(home) == ["2026-01-02", "2026-03-09"]


def test_a_row_of_a_packed_list_is_mended(home: homes.HomeAtWork) -> None:
    (home.home.inbox / NAME).unlink()
    home.drop("all.zip", homes.zipped({"in/studio.csv": LOG}))
    home.run()

    say(home, "row 3", "2026-02-28")
    again(home)

    assert "2026-02-28" in dates(home)
    assert home.look().is_quiet


def test_what_was_said_of_a_person_or_a_file_is_forgotten(home: homes.HomeAtWork) -> None:
    home.with_settings('home_time_zone = "Europe/Berlin"\n[people.anna]\n')
    home.drop("both.csv", "date,minutes,client\n2026-01-02,60,me\n2026-02-30,60,anna\n2026-02-31,60,me\n")
    home.drop("anna/list.csv", LOG)
    home.run()
    for subject, count in (("me", 3), ("anna", 3)):
        rows = unread_rows(home.settings, subject, files(home))
        assert len(rows) == count
        for row in rows:
            mend_row(home.settings, subject, files(home), row.path, row.row.key, WHOLE_ROW, LEAVE_OUT)
    said = home.home.inbox / "mends.csv"

    erase_mends(home.settings, [NAME])
    assert NAME not in said.read_text()
    assert said.read_text().count("\n") == 5
    erase_mends(home.settings, [], "anna")
    assert "anna" not in said.read_text()
    assert said.read_text().count("\n") == 2
    erase_mends(home.settings, [], "me")
    assert not said.exists()
