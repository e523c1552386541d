"""The lines of a log: listed, changed one at a time, removed."""

import stat
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from recovery.actions import log as logbook
from recovery.actions import log_entries
from recovery.actions.log import LogLineError
from recovery.home.folder import Home
from recovery.home.settings import Settings

LOG = "date,start,minutes,note\n2026-05-04,17:30,60,\n2026-05-11,soon,45,x\n2026-05-18,,,\n2026-05-18,9:00,30,\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = Home(tmp_path)
    (home.inbox / "client1").mkdir(parents=True)
    return Settings(home, home_time_zone="Europe/Berlin", people=("client1",))


@pytest.fixture
def put(settings: Settings) -> Callable[[str | bytes], Path]:
    def put(content: str | bytes, name: str = "massages.csv") -> Path:
        path = settings.home.inbox / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def edited(settings: Settings, number: int, kind: str = "massages", **fields: object) -> log_entries.Change:
    return log_entries.edit(settings, number, fields, log_entries.entries(settings, kind=kind).digest, kind=kind)


def test_the_lines_of_a_log_are_listed_with_what_the_next_run_reads(
    settings: Settings, put: Callable[[str], Path]
) -> None:
    put(LOG)

    book = log_entries.entries(settings)

    assert [(entry.number, entry.place, entry.cells) for entry in book.entries][:2] == [
        (1, "row 2", {"date": "2026-05-04", "start": "17:30", "minutes": "60"}),
        (2, "row 3", {"date": "2026-05-11", "start": "soon", "minutes": "45", "note": "x"}),
    ]
    assert book.entries[0].record
    assert book.entries[0].record["start_local"] == datetime(2026, 5, 4, 17, 30)
    assert book.entries[1].problem.startswith("start 'soon' is not a time of day")
    assert log_entries.entries(settings, "client1").entries == ()


def test_a_line_is_named_by_its_number_or_its_date_and_start(settings: Settings, put: Callable[[str], Path]) -> None:
    put(LOG)
    book = log_entries.entries(settings)

    for words, number in ((["2"], 2), (["#4"], 4), (["2026-05-04"], 1), (["4", "May", "2026"], 1),
                          (["2026-05-18", "9am"], 4)):  # fmt: skip
        assert log_entries.entry_named(book, words, settings).number == number
    for words, said in ((["5"], "no line 5"), (["0"], "no line 0"), (["2026-05-18"], "several lines of that day: 3, 4"),
                        (["2026-05-05"], "no line of 2026-05-05"), (["soon"], "no line of soon")):  # fmt: skip
        with pytest.raises(LogLineError, match=said):
            log_entries.entry_named(book, words, settings)


def test_a_change_shows_before_and_after_and_keeps_the_former_file(
    settings: Settings, put: Callable[[str], Path]
) -> None:
    path = put(LOG)

    change = edited(settings, 1, minutes=45.0, note='said "good", left')

    assert path.read_text() == LOG.replace("17:30,60,", '17:30,45,"said ""good"", left"')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert change.before.cells == {"date": "2026-05-04", "start": "17:30", "minutes": "60"}
    assert change.after
    assert change.after.cells["minutes"] == "45"
    assert change.after.record
    assert change.after.record["massage_min"] == 45
    assert change.kept.read_text() == LOG
    assert change.kept.parent == settings.home.private / "log-versions" / "me"
    assert stat.S_IMODE(change.kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(change.kept.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_else_stays_to_the_byte(settings: Settings, put: Callable[[bytes], Path], encoding: str, end: str) -> None:
    lines = [
        "Meine Massagen;;;", "Datum;Preis;Dauer;Notiz", "# Rücken: links;;;", '"31.05.2026" ;80;"60";"Rücken; links"',
        '13.06.2026;;45;"zwei\nZeilen"', "", "14.06.2026", "Summe;;105;",
    ]  # fmt: skip
    path = put(end.join(lines).encode(encoding))

    edited(settings, 2, minutes=50.0)
    edited(settings, 3, note="Hüfte")
    edited(settings, 1, date=date(2026, 5, 30))

    changed = [line.replace("45;", "50;").replace('"31.05.2026" ', "2026-05-30") for line in lines]
    changed[6] = "14.06.2026;;;Hüfte"
    assert path.read_bytes() == end.join(changed).encode(encoding)


def test_a_removed_line_goes_whole(settings: Settings, put: Callable[[str], Path]) -> None:
    path = put('date,note\r\n2026-05-04,"two\r\nlines"\r\n# mine\r\n2026-05-11,x')

    first = log_entries.remove(settings, 1, log_entries.entries(settings).digest)
    assert path.read_bytes() == b"date,note\r\n# mine\r\n2026-05-11,x"
    assert (first.before.cells["date"], first.after) == ("2026-05-04", None)
    log_entries.remove(settings, 1, log_entries.entries(settings).digest)
    assert path.read_bytes() == b"date,note\r\n# mine\r\n"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"minutes": 900.0}, "minutes '900' is not between 1 and 480"),
        ({"colour": "red"}, "massages.csv knows no colour"),
        ({"pressure": 3}, "has no column pressure"),
        ({"date": None}, "needs its date"),
        ({"date": "05/04/2026"}, "which number is the day"),
        ({"start": "soon"}, "start 'soon' is not a time of day"),
    ],
)
def test_what_could_not_be_read_back_changes_nothing(
    settings: Settings, put: Callable[[str], Path], fields: dict[str, object], said: str
) -> None:
    path = put(LOG)

    with pytest.raises(LogLineError, match=said):
        edited(settings, 1, **fields)

    assert path.read_text() == LOG
    assert not settings.home.log_versions.exists()


def test_a_log_that_changed_since_it_was_looked_at_is_left_alone(
    settings: Settings, put: Callable[[str], Path]
) -> None:
    put(LOG)
    seen = log_entries.entries(settings).digest
    path = put(LOG + "2026-05-25,,,\n")

    for act in (
        lambda: log_entries.edit(settings, 1, {"minutes": 45}, seen),
        lambda: log_entries.remove(settings, 1, seen),
    ):
        with pytest.raises(LogLineError, match="was changed since it was looked at"):
            act()
    assert path.read_text() == LOG + "2026-05-25,,,\n"
    with pytest.raises(LogLineError, match="has no line 9"):
        log_entries.remove(settings, 9, log_entries.entries(settings).digest)


def test_a_day_of_the_diary_has_one_line_and_its_own_scale(settings: Settings, put: Callable[..., Path]) -> None:
    path = put("date,pain (0-100),mood\n2026-05-04,35,4\n2026-05-05,40,\n", "diary.csv")

    change = edited(settings, 1, "diary", pain=6.5)
    logbook.append_day(settings, date="2026-05-06", pain=2)
    assert path.read_text() == "date,pain (0-100),mood\n2026-05-04,65,4\n2026-05-05,40,\n2026-05-06,20,\n"
    assert change.after
    assert change.after.record
    assert change.after.record["pain"] == 6.5
    with pytest.raises(LogLineError, match="has a line for 2026-05-05 already"):
        edited(settings, 1, "diary", date="2026-05-05")
    with pytest.raises(LogLineError, match="tells nothing but its date"):
        edited(settings, 2, "diary", pain=None)


def test_a_rating_in_words_or_with_a_comma_is_written_as_it_is_read(
    settings: Settings, put: Callable[..., Path]
) -> None:
    path = put("date,pain (0-100),pain_morning\n2026-05-04,35,4\n", "diary.csv")

    edited(settings, 1, "diary", pain="6,5", pain_morning="5,5")
    logbook.append_day(settings, date="2026-05-06", pain="seven", pain_morning="3/10")

    lines = path.read_text().splitlines()[1:]
    assert lines == ['2026-05-04,65,"5,5"', "2026-05-06,70,3/10"]


def test_a_change_that_meets_another_massage_says_so(settings: Settings, put: Callable[[str], Path]) -> None:
    put(LOG)

    change = edited(settings, 4, date="2026-05-04", start="17:45")

    assert [entry.number for entry in change.alike] == [1]


@pytest.mark.parametrize(
    ("start", "minutes", "warning"),
    [
        ("17:30", 60, "row 2 has a massage on 2026-05-04 at 17:30 too: the run counts them as one."),
        ("17:40", 60, "row 2 has a massage on 2026-05-04 at 17:30 too: the run counts them as one."),
        ("18:00", 60, "row 2 has a massage on 2026-05-04 at 17:30, which overlaps: both count."),
        ("17:00", 60, "row 2 has a massage on 2026-05-04 at 17:30, which overlaps: both count."),
        (None, 60, "row 2 has a massage on 2026-05-04 too: is it the same?"),
        ("18:30", 60, ""),
        ("12:00", None, ""),
    ],
)
def test_a_second_massage_at_the_same_time_is_warned_of(
    settings: Settings, put: Callable[[str], Path], start: str | None, minutes: int | None, warning: str
) -> None:
    put("date,start,minutes\n2026-05-04,17:30,60\n2026-05-11,17:30,60\n")

    written = logbook.append_massage(settings, date="2026-05-04", start=start, minutes=minutes)

    assert list(written.warnings) == [warning] * bool(warning)


def test_a_log_with_split_dates_is_not_added_to(settings: Settings, put: Callable[[str], Path]) -> None:
    path = put("year,month,day,minutes\n2026,5,4,60\n")

    with pytest.raises(LogLineError, match="in columns of their own"):
        logbook.append_massage(settings, date="2026-05-31", minutes=60)
    edited(settings, 1, minutes=45)
    assert path.read_text() == "year,month,day,minutes\n2026,5,4,45\n"


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("year,month,day,minutes\n2026,5,4,60\n,,5,45\n", 1),  # the second takes year and month from the first
        ("date,minutes\n04/05/2026,60\n13/05/2026,45\n", 2),  # only the second shows that the day stands first
        ("date,minutes\n2026-05-04,60\n31.05.,45\n", 1),
    ],
)
def test_a_line_on_which_the_dates_of_others_hang_stays(
    settings: Settings, put: Callable[[str], Path], content: str, number: int
) -> None:
    path = put(content)

    with pytest.raises(LogLineError, match="dates of others hang on it"):
        log_entries.remove(settings, number, log_entries.entries(settings).digest)
    assert path.read_text() == content
    edited(settings, number, minutes=30)


def test_only_one_command_writes_a_log_at_a_time(
    settings: Settings, put: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(LOG)
    monkeypatch.setattr(logbook, "LOCK_S", 0.01)
    settings.home.private.mkdir()

    with FileLock(settings.home.log_lock), pytest.raises(LogLineError, match="written by another command"):
        edited(settings, 1, minutes=45)


def test_old_versions_do_not_grow_without_end(
    settings: Settings, put: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(LOG)
    monkeypatch.setattr(log_entries, "KEPT_VERSIONS", 2)

    for minutes in (10, 20, 30, 40):
        edited(settings, 1, minutes=minutes)

    kept = sorted(settings.home.log_versions.rglob("*.csv"))
    assert [",20," in path.read_text() for path in kept] == [True, False]


def test_the_order_of_numeric_dates_is_that_of_the_persons_logs(settings: Settings, put: Callable[..., Path]) -> None:
    assert logbook.date_order(settings) is None
    put("date,pain\n5/31/2026,3\n", "diary.csv")
    assert logbook.date_order(settings) is False
    put("date,minutes\n31/5/2026,60\n")
    assert logbook.date_order(settings) is True
    assert logbook.date_order(settings, "client1") is None
