"""A line more in the logs of a home."""

import stat
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import pytest

from recovery.actions import log as logbook
from recovery.errors import RecoveryError, UnreadableExportError
from recovery.formats import log_columns
from recovery.formats.entries import Entry
from recovery.home.folder import Home
from recovery.home.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Home(tmp_path), home_time_zone="Europe/Berlin", people=("client1",))


def test_the_first_line_makes_the_log_with_its_headings(settings: Settings) -> None:
    written = logbook.append_massage(settings, date="2026-05-31", start="18:30", minutes=60, note='said "good", left')

    assert written.path == settings.home.inbox / "massages.csv"
    assert written.path.read_text() == (
        "date,start,minutes,technique,pressure,areas,muscles,therapist,status,pain_before,pain_after,cause,note\n"
        '2026-05-31,18:30,60,,,,,,,,,,"said ""good"", left"\n'
    )
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    assert written.is_new
    assert written.record["start_local"] == datetime(2026, 5, 31, 18, 30)
    assert [path.name for path in settings.home.inbox.iterdir()] == ["massages.csv"]


def test_a_further_line_leaves_the_others_as_they_were(settings: Settings) -> None:
    logbook.append_massage(settings, date="2026-05-31", minutes=60)
    before = (settings.home.inbox / "massages.csv").read_bytes()

    written = logbook.append_massage(settings, date=date(2026, 6, 1), start=time(9, 5), pressure=4.0, note=None)

    assert written.path.read_bytes() == before + b"2026-06-01,09:05,,,4,,,,,,,,\n"
    assert not written.is_new


def test_a_line_follows_the_logs_own_columns_delimiter_encoding_and_line_ends(settings: Settings) -> None:
    settings.home.inbox.mkdir()
    path = settings.home.inbox / "massages.csv"
    path.write_bytes("Notiz;Preis;Datum;Dauer\r\nRücken;80;31.05.2026;60".encode("cp1252"))

    logbook.append_massage(settings, date="2026-06-01", minutes=45, note="Hüfte; links")

    assert path.read_bytes().decode("cp1252") == (
        'Notiz;Preis;Datum;Dauer\r\nRücken;80;31.05.2026;60\r\n"Hüfte; links";;2026-06-01;45\r\n'
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_line_reads_back_in_every_encoding(settings: Settings, encoding: str) -> None:
    settings.home.inbox.mkdir()
    path = settings.home.inbox / "diary.csv"
    path.write_bytes("date,pain,note\n2026-05-31,3,\n".encode(encoding))

    logbook.append_day(settings, date="2026-06-01", pain=0, note="Rücken")

    assert path.read_bytes().decode(encoding) == "date,pain,note\n2026-05-31,3,\n2026-06-01,0,Rücken\n"


def test_a_person_has_logs_of_their_own(settings: Settings) -> None:
    written = logbook.append_day(settings, "client1", date="2026-05-31", pain=3, could_do_daily_activities=True)

    assert written.path == settings.home.inbox / "client1" / "diary.csv"
    assert written.line == "2026-05-31,3,,,,,,,,1,,,,,"
    with pytest.raises(RecoveryError, match="is nobody in"):
        logbook.append_day(settings, "client2", date="2026-05-31", pain=3)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"minutes": 60}, "The line has no date"),
        ({"date": "31.05.2026", "minutes": 60}, "can be misread. Write it as 2026-05-31"),
        ({"date": "2026-02-30", "minutes": 60}, "is not a day of the calendar"),
        ({"date": "2026-05-31", "minutes": 900}, "minutes '900' is not between 1 and 480"),
        ({"date": "2026-05-31", "status": "perhaps"}, "status 'perhaps' is unknown"),
        ({"date": "2026-05-31", "colour": "red"}, "massages.csv knows no colour. Known: date, start"),
    ],
)
def test_a_line_that_could_not_be_read_back_is_not_written(
    settings: Settings, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(logbook.LogLineError) as caught:
        logbook.append_massage(settings, **fields)

    assert said in str(caught.value)
    assert not settings.home.inbox.exists()


def test_a_column_that_the_log_lacks_is_not_made(settings: Settings) -> None:
    settings.home.inbox.mkdir()
    path = settings.home.inbox / "massages.csv"
    path.write_text("date,minutes\n")

    with pytest.raises(logbook.LogLineError, match="has no column pressure"):
        logbook.append_massage(settings, date="2026-05-31", pressure=3)

    assert path.read_text() == "date,minutes\n"


def test_a_letter_that_the_logs_encoding_lacks_is_refused(settings: Settings) -> None:
    settings.home.inbox.mkdir()
    path = settings.home.inbox / "massages.csv"
    path.write_bytes("date,note,minutes\n2026-05-30,Rücken,\n".encode("cp1252"))

    with pytest.raises(logbook.LogLineError, match="written in cp1252, which has no '背'"):
        logbook.append_massage(settings, date="2026-05-31", note="背")


def test_a_day_has_one_line_and_says_something(settings: Settings) -> None:
    logbook.append_day(settings, date="2026-05-31", pain=3)

    with pytest.raises(logbook.LogLineError, match=r"has a line for 2026-05-31 already \(row 2\). Change it there"):
        logbook.append_day(settings, date="2026-05-31", pain=4)
    with pytest.raises(logbook.LogLineError, match="tells nothing but its date"):
        logbook.append_day(settings, date="2026-06-01")


def test_a_row_somebody_spoiled_does_not_stop_a_new_one(settings: Settings) -> None:
    settings.home.inbox.mkdir()
    path = settings.home.inbox / "diary.csv"
    path.write_text("date,pain\nsoon,3\n")

    assert logbook.append_day(settings, date="2026-05-31", pain=3).line == "2026-05-31,3"


def test_a_log_that_is_none_is_left_alone(settings: Settings) -> None:
    settings.home.inbox.mkdir()
    path = settings.home.inbox / "diary.csv"
    path.write_text("one,two\n1,2\n")
    with pytest.raises(logbook.LogLineError, match="names the columns of a log"):
        logbook.append_day(settings, date="2026-05-31", pain=3)
    path.write_bytes(b"\0\0\0\0\0")
    with pytest.raises(UnreadableExportError, match="is binary data"):
        logbook.append_day(settings, date="2026-05-31", pain=3)
    path.unlink()
    path.mkdir()
    with pytest.raises(logbook.LogLineError, match="cannot be read"):
        logbook.append_day(settings, date="2026-05-31", pain=3)


def test_an_inbox_that_cannot_be_written_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(logbook.LogLineError, match=r"cannot be (read|written)"):
        logbook.append_day(replace(settings, home=Home(tmp_path / "file")), date="2026-05-31", pain=3)


def test_a_line_goes_through_a_link_and_leaves_the_link(settings: Settings, tmp_path: Path) -> None:
    synced = tmp_path / "synced"
    synced.mkdir()
    settings.home.inbox.symlink_to(synced)
    (synced / "list.csv").write_text("date,minutes\n2026-05-30,45\n")
    (synced / "massages.csv").symlink_to("list.csv")

    logbook.append_massage(settings, date="2026-05-31", minutes=60)
    logbook.append_day(settings, date="2026-05-31", pain=3)

    assert (synced / "massages.csv").is_symlink()
    assert (synced / "list.csv").read_text() == "date,minutes\n2026-05-30,45\n2026-05-31,60\n"
    assert sorted(path.name for path in synced.iterdir()) == ["diary.csv", "list.csv", "massages.csv"]


@pytest.mark.parametrize("target", ["../../synced/massages.csv", "client1/massages.csv", "massages.csv", "/dev/full"])
def test_a_link_that_no_run_reads_as_this_persons_log_is_refused_and_left(
    settings: Settings, tmp_path: Path, target: str
) -> None:
    log = settings.home.inbox / "massages.csv"
    log.parent.mkdir()
    log.symlink_to(target)

    with pytest.raises(RecoveryError, match=r"massages.csv (is a link|cannot be read)"):
        logbook.append_massage(settings, date="2026-05-31", minutes=60)

    assert log.readlink() == Path(target)
    assert [path.name for path in log.parent.iterdir()] == ["massages.csv"]


def test_the_templates_are_empty_logs_of_their_kind(tmp_path: Path) -> None:
    for kind, template in (("massages", logbook.MASSAGE_TEMPLATE), ("diary", logbook.DIARY_TEMPLATE)):
        path = tmp_path / "template.csv"
        path.write_text(template)
        entry = Entry(path.name, len(template), partial(open, path, "rb"))

        assert log_columns.log_kind(entry) == kind
        log = log_columns.read_log(entry, kind)
        assert [list(sheet.rows) for sheet in log.sheets] == [[]]
        assert log.message == ""
