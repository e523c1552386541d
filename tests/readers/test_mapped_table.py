"""Tables that recovery.toml maps, with values worked out by hand; what a change of the mapping changes."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import homes
import pytest
from one_reader import entry, living_in

from recovery.errors import SettingsError
from recovery.formats.entries import Entry
from recovery.formats.records import SAMPLE_METRICS, SCHEMAS, Batch, FileSummary, Skipped
from recovery.home.folder import Home
from recovery.home.settings import parse
from recovery.home.table_mapping import DAY_METRICS, NIGHT_METRICS, STAGE_METRICS, TIME_METRICS, matches, units
from recovery.readers import mapped_table
from recovery.warehouse import metric_definitions

TABLE = 'file = "t.csv"\nsource = "s"\n'
STEPS = f'{TABLE}time = "at"\ncovers_min = 5\ncolumns = {{ n = "steps" }}\n'
HOME = 'home_time_zone = "Europe/Berlin"\n'


def mapped(table: str, content: str | bytes) -> Entry:
    settings = parse(Home(Path()), tomllib.loads(f"[[tables]]\n{table}"))
    return replace(entry(content, "t.csv"), mapping=settings.mapping_of("t.csv"))


def read(table: str, content: str | bytes) -> tuple[list[dict[str, object]], list[str], str]:
    """The rows of all records, the reasons of what was skipped, and the message."""
    found = list(mapped_table.read([mapped(table, content)], living_in("Europe/Berlin")))
    rows = [row for item in found if isinstance(item, Batch) for row in item.table.to_pylist()]
    skipped = [item.reason for item in found if isinstance(item, Skipped)]
    return rows, skipped, "".join(item.message for item in found if isinstance(item, FileSummary))


# ---- what a cell means -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "written", "utc"),
    [
        ("", "2026-07-01T08:00:00", "2026-07-01T06:00:00"),
        ("", "2026-07-01 08:00", "2026-07-01T06:00:00"),
        ("", "2026-07-01T08:00:00-05:00", "2026-07-01T13:00:00"),
        ('zone = "Asia/Kolkata"', "2026-07-01T08:00:00", "2026-07-01T02:30:00"),
        ('zone = "Asia/Kolkata"', "2026-07-01T08:00:00Z", "2026-07-01T08:00:00"),
        ('date_format = "%m/%d/%Y %I:%M %p"', "07/01/2026 08:00 PM", "2026-07-01T18:00:00"),
        ('date_format = "unix s"', "1782892800", "2026-07-01T08:00:00"),
        ('date_format = "unix ms"', "1782892800500", "2026-07-01T08:00:00.500000"),
    ],
)
def test_a_time_is_read_as_the_mapping_says(mapping: str, written: str, utc: str) -> None:
    rows, skipped, _ = read(f"{STEPS}{mapping}", f"at;n\n{written};7\n")

    assert skipped == []
    assert (rows[0]["start_utc"], rows[0]["value"]) == (datetime.fromisoformat(utc), 7.0)


@pytest.mark.parametrize(
    ("mapping", "written", "value"),
    [
        ("", "1012", 1012.0),
        ("", "1.5", 1.5),
        ("", "1,5", None),
        ('decimal = ","', "1,5", 1.5),
        ('decimal = ","', "1.012", 1012.0),
        ('decimal = ","', "1.012,5", 1012.5),
        ('decimal = "."', "1,012.5", 1012.5),
        ("", "-3", None),
        ("", "1e9", None),
        ("", "inf", None),
        ("", "many", None),
    ],
)
def test_a_number_is_read_or_the_row_is_skipped(mapping: str, written: str, value: float | None) -> None:
    rows, skipped, _ = read(f"{STEPS}{mapping}", f"at;n\n2026-07-01;{written}\n2026-07-02;4\n")

    assert [row["value"] for row in rows] == [*([] if value is None else [value]), 4.0]
    assert len(skipped) == (value is None)


@pytest.mark.parametrize("written", ["", "-", "null", "NaN", "n/a"])
def test_what_is_not_told_is_not_zero(written: str) -> None:
    assert read(STEPS, f"at;n\n2026-07-01;{written}\n") == (
        [],
        [],
        "its times carry no zone and are read as local time",
    )


def test_a_heart_does_not_stand_still_but_a_minute_without_steps_is_one() -> None:
    table = f'{TABLE}time = "at"\ncovers_min = 1\ncolumns = {{ n = "steps", hr = "heart_rate_bpm" }}\n'

    rows, _, _ = read(table, "at,n,hr\n2026-07-01T08:00:00Z,0,0\n")

    assert [(row["metric"], row["value"]) for row in rows] == [("steps", 0.0)]


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("distance_m in km", "1.5", 1500.0),
        ("distance_m in mi", "1", 1609.344),
        ("active_energy_kcal in kJ", "4.184", 1.0),
        ("hrv_rmssd_ms in s", "0.042", 42.0),
        ("walking_speed_mps in km/h", "3.6", 1.0),
        ("spo2_share in %", "97", 0.97),
        ("active_s in min", "2", 120.0),
    ],
)
def test_units_are_brought_to_ours(column: str, written: str, value: float) -> None:
    table = f'{TABLE}time = "at"\ncovers_min = 1\ncolumns = {{ x = "{column}" }}\n'

    ((row,), skipped, _) = read(table, f"at,x\n2026-07-01T08:00:00Z,{written}\n")

    assert row["value"] == pytest.approx(value)
    assert skipped == []


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("active_energy_kcal", "4.184 kJ", 1.0),
        ("active_energy_kcal in kJ", "100 kcal", 100.0),
        ("active_energy_kcal in kJ", "418.4", 100.0),
        ("distance_m", "7.2 km", 7200.0),
        ("distance_m in km", "950m", 950.0),
        ("active_s", "58 min", 3480.0),
        ("steps", "8123 steps", 8123.0),
        ("heart_rate_bpm", "58 bpm", 58.0),
        ("spo2_share", "97 %", 0.97),
        ("walking_speed_mps", "3.6 km/h", 1.0),
    ],
)
def test_a_unit_may_stand_behind_the_number(column: str, written: str, value: float) -> None:
    table = f'{TABLE}time = "at"\ncovers_min = 1\ncolumns = {{ x = "{column}" }}\n'

    ((row,), skipped, _) = read(table, f"at,x\n2026-07-01T08:00:00Z,{written}\n")

    assert (row["value"], skipped) == (pytest.approx(value), [])


@pytest.mark.parametrize(
    ("column", "cells", "values", "reason"),
    [
        ("active_energy_kcal", ["7 kg"], [], "x '7 kg' tells 'kg', which is no unit of active_energy_kcal"),
        ("steps", ["7 km"], [], "x '7 km' tells 'km', which is no unit of steps that is known: no unit"),
        ("active_energy_kcal", ["100 kcal", "418.4 kJ", "80 kcal"], [100, 100, 80], ""),
        ("active_energy_kcal", ["100 kcal", "90"], [100, 90], ""),
        ("active_energy_kcal", ["418.4 kJ", "90"], [100], "x '90' tells no unit, and rows above it tell another"),
        ("active_energy_kcal", ["90", "418.4 kJ"], [90], "x '418.4 kJ' tells a unit, and rows above it tell none"),
        ("distance_m in {y}", ["7 km"], [], "x '7 km' tells another unit than the column 'y'"),
        ("distance_m in {y}", ["7 mi"], [7 * 1609.344], ""),
    ],
)
def test_units_behind_numbers_are_refused_where_nobody_knows(
    column: str, cells: list[str], values: list[float], reason: str
) -> None:
    table = f'{TABLE}date = "at"\ncolumns = {{ x = "{column}" }}\n'

    rows, skipped, _ = read(table, "at,x,y\n" + "".join(f"2026-07-{i + 1:02},{x},mi\n" for i, x in enumerate(cells)))

    assert [row["value"] for row in rows] == pytest.approx(values)
    assert [told[: len(reason)] for told in skipped] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("encoding", "date", "steps"),
    [
        ("cp932", "日付", "歩数"),
        ("big5", "日期", "步數"),
        ("cp949", "날짜", "걸음수"),
        ("cp1253", "Ημερομηνία", "Βήματα"),
        ("cp1254", "Tarih", "Adım"),
        ("cp1255", "תאריך", "צעדים"),
        ("cp1257", "Data", "Žingsniai"),
        ("cp874", "วันที่", "ก้าว"),
    ],
)
def test_the_encoding_is_the_one_in_which_the_headings_come_out(encoding: str, date: str, steps: str) -> None:
    table = f'{TABLE}date = "{date}"\ncolumns = {{ "{steps}" = "steps" }}\n'

    rows, skipped, _ = read(table, f"{date},{steps}\n2026-07-01,7\n".encode(encoding))

    assert ([row["value"] for row in rows], skipped) == ([7.0], [])


def test_of_an_encoding_that_is_not_known_it_says_what_to_do() -> None:
    table = f'{TABLE}date = "Дата"\ncolumns = {{ n = "steps" }}\n'

    ((reason,), told) = read(table, "Дата,n\n2026-07-01,7\n".encode("koi8-r"))[1:]

    assert reason.startswith(
        "recovery.toml maps 'Дата', which this file does not have; its letters are not in UTF-8 and"
    )
    assert reason.endswith(", n: if that is wrong, save it as CSV UTF-8")
    assert told == ""


def test_letters_that_stand_far_below_the_headings_are_read(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-01T{hour:02}:{minute:02},4,\n" for hour in range(24) for minute in range(60))
    content = f"at,n,note\n{rows}2026-01-02T08:00,5,Rücken\n".encode("cp1252")
    table = f'{TABLE}time = "at"\nlog = "diary"\ncolumns = {{ n = "pain", note = "note" }}\n'

    assert read(table, content)[0][-1]["note"] == "Rücken"


def test_stages_of_a_night_are_of_the_date_on_which_the_longest_sleep_ends() -> None:
    mapping = (
        f'{TABLE}sleep_start = "from"\nsleep_end = "to"\ncolumns = {{ d = "deep_min in s", a = "asleep_min in s" }}\n'
    )
    rows = ("2026-05-03 22:50,2026-05-04 06:40,7200,25200", "2026-05-04 13:00,2026-05-04 14:00,600,3000")
    content = "from,to,d,a\n" + "".join(f"{row}\n" for row in (*rows, "2026-05-04 16:00,2026-05-05 00:00,900,20000"))

    found = list(mapped_table.read([mapped(mapping, content)], living_in("Europe/Berlin")))

    rows_of = {item.record: item.table.to_pylist() for item in found if isinstance(item, Batch)}
    (summary,) = (item for item in found if isinstance(item, FileSummary))
    assert [row["asleep_min"] for row in rows_of["sleep_sessions"]] == pytest.approx([420, 50, 20000 / 60])
    assert [(row["local_date"], row["metric"], row["value"]) for row in rows_of["day_values"]] == [
        (date(2026, 5, 4), "deep_min", 15.0)
    ]
    assert [(row.metric, row.amount) for row in summary.removed] == [("deep_min", 130.0)]


def test_a_unit_may_stand_in_a_column_of_its_own_for_each_row() -> None:
    mapping = f'{TABLE}date = "at"\ncolumns = {{ value = "distance_m in {{Unit}}" }}\n'
    cells = ("1,km", "2, Miles", "300,m", "4,furlong", "5,", ",furlong", "6,KM.")

    rows, skipped, _ = read(mapping, "at,value,Unit\n" + "".join(f"2026-05-01,{each}\n" for each in cells))

    assert [row["value"] for row in rows] == pytest.approx([1000, 3218.688, 300, 6000])
    assert skipped == [
        "Unit is 'furlong', which is no unit of distance_m that is known: m, km, cm, mi, ft, yd",
        "Unit is '', which is no unit of distance_m that is known: m, km, cm, mi, ft, yd",
    ]


def test_a_file_without_the_column_of_units_is_refused() -> None:
    mapping = f'{TABLE}date = "at"\ncolumns = {{ value = "distance_m in {{Unit}}" }}\n'

    _, skipped, _ = read(mapping, "at,value\n2026-05-01,3\n")

    assert skipped == ["recovery.toml maps 'Unit', which this file does not have; it has at, value"]


def test_counts_fill_the_interval_of_their_row_and_what_is_measured_an_instant() -> None:
    table = f'{TABLE}time = "a"\nend = "b"\ncolumns = {{ n = "steps", hr = "heart_rate_bpm" }}\n'

    rows, _, _ = read(table, "a,b,n,hr\n2026-07-01T08:00:00Z,2026-07-01T08:10:00Z,90,88\n")

    start, end = datetime(2026, 7, 1, 8), datetime(2026, 7, 1, 8, 10)
    assert [(row["metric"], row["start_utc"], row["end_utc"]) for row in rows] == [
        ("steps", start, end), ("heart_rate_bpm", start, start)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "content", "reason"),
    [
        (STEPS, "when,n\n2026-07-01,4\n", "recovery.toml maps 'at', which this file does not have; it has when, n"),
        (STEPS, "when,n\n", "recovery.toml maps 'at'"),
        (STEPS, "at,n\nnever,4\n", "'never' is no time in ISO form; tell its date_format"),
        (STEPS, "at,n\n1999-07-01,4\n", "'1999-07-01' is no time"),
        (STEPS, "at,n\n2026-07-01,4,5\n", "this row has 3 cells, the headings 2"),
        (STEPS, b"\x89PNG\r\n\x1a\n\0\0", "this is a PNG picture, not the table that recovery.toml maps"),
        (f'{TABLE}date = "d"\ncolumns = {{ n = "steps" }}\n', "d,n\n31.5.2026,4\n", "'31.5.2026' is no date"),
        (f'{TABLE}sleep_start = "a"\nsleep_end = "b"\n', "a,b\n2026-07-01,2026-07-01\n", "has no length"),
        (f'{TABLE}sleep_start = "a"\nsleep_end = "b"\n', "a,b\n2026-07-01,2026-07-09\n", "more than two days"),
        (f'{TABLE}date = "d"\ncolumns = {{ n = "efficiency_share" }}\n', "d,n\n2026-07-01,96\n", "in %"),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(table: str, content: str | bytes, reason: str) -> None:
    rows, skipped, _ = read(table, content)

    assert rows == []
    assert len(skipped) == 1
    assert reason in skipped[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_headings_are_found_in_any_encoding_with_any_capitals(encoding: str) -> None:
    table = f'{TABLE}time = "zeit"\ncovers_min = 1\ncolumns = {{ "schritte gesamt (größe)" = "steps" }}\n'

    rows, skipped, _ = read(table, "Zeit;Schritte gesamt (Größe)\n2026-07-01T08:00:00Z;4\n".encode(encoding))

    assert ([row["value"] for row in rows], skipped) == ([4.0], [])


def test_a_file_nobody_maps_is_refused_when_read() -> None:
    (skipped,) = mapped_table.read([entry("at,n\n", "t.csv")], living_in("UTC"))

    assert skipped.reason == "recovery.toml does not map this file"


def test_a_long_table_comes_in_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_table, "ROWS_PER_BATCH", 10)
    content = "at,n\n" + "".join(f"2026-07-01T08:{minute:02}:00Z,{minute}\n" for minute in range(25))

    found = list(mapped_table.read([mapped(STEPS, content)], living_in("UTC")))

    assert [len(item.table) for item in found if isinstance(item, Batch)] == [10, 10, 5]


# ---- what recovery.toml may say --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "written"),
    [
        ('source = "s"\ntime = "at"', "file must be a text"),
        ('file = "t.csv"\ntime = "at"', "source must be a text"),
        (TABLE, "needs one of time, date and sleep_start"),
        (f'{TABLE}time = "a"\ndate = "b"', "needs one of time, date and sleep_start"),
        (f'{TABLE}time = "a"', "needs columns"),
        (f'{TABLE}time = "a"\ncolumns = {{ n = "steps" }}', "covers_min"),
        (f'{TABLE}time = "a"\ncolumns = {{ n = "paint" }}', "known here: steps"),
        (f'{TABLE}time = "a"\ncolumns = {{ n = "steps", m = "pain" }}', "does not go with the others"),
        (f'{TABLE}date = "a"\ncolumns = {{ n = "pain in 5-5" }}', "is no scale"),
        (f'{TABLE}date = "a"\ncolumns = {{ n = "pain in km" }}', "is no scale"),
        (f'{TABLE}date = "a"\nlog = "diary"\ncolumns = {{ n = "minutes" }}', "known here: pain, pain_morning"),
        (f'{TABLE}date = "a"\nlog = "book"', "log must be"),
        (f'{TABLE}date = "a"\nlog = "diary"', "needs columns"),
        (f'{TABLE}date = "a"\nwhere = "x"\ncolumns = {{ n = "pain" }}', "where must be written as"),
        (f'{TABLE}date = "a"\nwhere = {{ b = [] }}\ncolumns = {{ n = "pain" }}', "where must be written as"),
        (f'{TABLE}date = "a"\nrows = 5', "rows must be written as"),
        (f'{TABLE}date = "a"\n[[tables.rows]]\nif = 1', "rows has an unknown key 'if'"),
        (f'{TABLE}date = "a"\ncarry_down = 1\ncolumns = {{ n = "pain" }}', "carry_down must be true or false"),
        (f'{TABLE}date = "a"\nwords = {{ mild = "2" }}\ncolumns = {{ n = "pain" }}', "words must be written as"),
        (f'{TABLE}date = ["y", "m", "d"]\ndate_format = "%Y"\ncolumns = {{ n = "pain" }}', "in three columns"),
        (f'{TABLE}date = ["y", "m", "d", "h"]\ncolumns = {{ n = "pain" }}', "must be the heading of a column"),
        (f'{TABLE}sleep_start = "a"\nsleep_end = "b"\nlog = "massages"', "nights are no rows of a log"),
        (
            f'{TABLE}date = "a"\ncolumns = {{ n = "steps" }}\n[[tables.rows]]\ncolumns = {{ m = "pain" }}',
            "map them in two files",
        ),
        (f'{TABLE}date = "a"\ncolumns = {{ n = "heart_rate_bpm" }}', "known here: steps"),
        (f'{TABLE}date = "a"\ncolumns = {{ n = "distance_m in parsec" }}', "known: m, km"),
        (f'{TABLE}date = "a"\ncolumns = {{ n = "steps in km" }}', "known: no unit"),
        (f'{TABLE}date = "a"\ncolumns = {{ n = "steps", m = "steps" }}', "two columns are to be steps"),
        (f'{TABLE}date = "a"\ncovers_min = 1', "covers_min does not go with date"),
        (f'{TABLE}sleep_start = "a"\nsleep_end = "b"\nend = "c"', "end does not go with sleep_start"),
        (f'{TABLE}sleep_start = "a"', "sleep_end must be the heading"),
        (f'{STEPS}end = "c"', "keep one"),
        (f"{STEPS}time_zone = 1", "unknown key 'time_zone'"),
        (f'{STEPS}zone = "Mars/Olympus"', "must be a time zone"),
        (f'{STEPS}decimal = ";"', "decimal must be"),
        (f'{STEPS}date_format = "%q"', "date_format '%q' is none"),
        (f"{STEPS}header_row = 0", "header_row must be"),
        (STEPS.replace("= 5", "= 0"), "covers_min must be minutes"),
        (f"{TABLE}time = 5", "time must be the heading"),
        (f'{TABLE}time = "a"\ncolumns = ["n"]', "columns must be written as"),
    ],
)
def test_a_slip_in_recovery_toml_is_named(table: str, written: str) -> None:
    with pytest.raises(SettingsError, match=r"recovery\.toml: ") as error:
        parse(Home(Path()), tomllib.loads(f"[[tables]]\n{table}"))

    assert written in str(error.value)


def test_the_metrics_of_a_mapping_are_those_there_are() -> None:
    with_day_values = {definition["metric"] for definition in metric_definitions() if "day values" in definition}

    of_trackers = {"back_pain_severity", "mood_valence"}  # on scales that only their readers know
    assert set(TIME_METRICS) == set(SAMPLE_METRICS) - of_trackers
    assert set(DAY_METRICS) <= with_day_values
    assert set(NIGHT_METRICS) - set(STAGE_METRICS) < set(SCHEMAS["sleep_sessions"].names)
    assert set(STAGE_METRICS) < set(DAY_METRICS)
    assert units("steps") == {}


@pytest.mark.parametrize(
    ("pattern", "path", "is_meant"),
    [
        ("steps.csv", "steps.csv", True),
        ("steps.csv", "a/b/Steps.CSV", True),
        ("steps*.csv", "a/steps 2026.csv", True),
        ("steps.csv", "my steps.csv", False),
        ("a/*.csv", "a/b/steps.csv", True),
        ("a/*.csv", "b/a/steps.csv", False),
        ("old", "old/b/steps.csv", True),
        ("old/", "b/old/steps.csv", True),
        ("x.zip", "x.zip!/steps.csv", True),
        ("x.zip/steps.csv", "x.zip!/steps.csv", True),
        ("[", "[", True),
    ],
)
def test_a_pattern_names_files_folders_and_archives(pattern: str, path: str, is_meant: bool) -> None:
    assert matches(pattern, path) == is_meant


# ---- in a home -------------------------------------------------------------------------------------------------------

VALUES = "select source, metric, value from raw.samples order by all"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path / "home")
    yield made
    made.close()


@pytest.mark.slow
def test_a_table_is_read_once_it_is_mapped_and_again_when_its_mapping_changes(home: homes.HomeAtWork) -> None:
    home.drop("t.csv", "at,n\n2026-07-01T08:00:00Z,4\n")

    home.run()
    assert home.statuses() == {"t.csv": "unrecognised"}
    home.with_settings(f"{HOME}[[tables]]\n{STEPS}")
    home.run()
    assert home.rows(VALUES) == [("s", "steps", 4.0)]
    home.with_settings(f"{HOME}[[tables]]\n{STEPS.replace('steps', 'floors')}")
    home.run()
    assert home.rows(VALUES) == [("s", "floors", 4.0)]
    assert home.look().is_quiet


@pytest.mark.slow
def test_a_table_that_is_mapped_no_longer_is_withdrawn(home: homes.HomeAtWork) -> None:
    home.with_settings(f"{HOME}[[tables]]\n{STEPS}")
    home.drop("a.zip", homes.zipped({"t.csv": "at,n\n2026-07-01T08:00:00Z,4\n"}))
    home.run()
    assert home.rows(VALUES) == [("s", "steps", 4.0)]

    home.with_settings(HOME)
    home.run()

    assert home.statuses() == {"a.zip": "unrecognised", "a.zip!/t.csv": "unrecognised"}
    assert home.rows(VALUES) == []
    assert home.look().is_quiet


@pytest.mark.slow
def test_a_mapping_takes_a_file_from_its_reader_and_gives_it_back(home: homes.HomeAtWork) -> None:
    home.drop("t.csv", "date,pain,mood\n2026-07-01,4,3\n")
    mapping = f'[[tables]]\n{TABLE}date = "date"\ncolumns = {{ mood = "floors" }}\n'
    counts = "select (select count(*) from raw.diary), (select count(*) from raw.day_values)"

    home.run()
    assert home.rows(counts) == [(1, 0)]
    home.with_settings(f"{HOME}{mapping}")
    home.run()
    assert home.rows(counts) == [(0, 1)]
    assert home.rows("select local_date, metric, value from raw.day_values") == [(date(2026, 7, 1), "floors", 3.0)]
    home.with_settings(HOME)
    home.run()
    assert home.rows(counts) == [(1, 0)]
    assert home.look().is_quiet


def test_what_is_private_is_never_opened(home: homes.HomeAtWork) -> None:
    home.with_settings(f'{HOME}[private]\nignore = ["letters*", "old/*"]\n')
    for path in ("letters.txt", "b/Letters 2.csv", "old/massages.csv", "massages.csv"):
        home.drop(path, homes.MASSAGES)
    home.drop("a.zip", homes.zipped({"letters.csv": homes.MASSAGES, "diary.csv": homes.DIARY}))

    home.run()

    ignored = {"letters.txt", "b/Letters 2.csv", "old/massages.csv", "a.zip!/letters.csv"}
    assert {path for path, status in home.statuses().items() if status == "ignored"} == ignored
    assert home.rows("select distinct message, sha256 from raw.files where status = 'ignored'") == [
        ("excluded by you in recovery.toml", None)  # without a hash: its bytes were not read
    ]
    assert home.rows("select count(*) from raw.massages") == [(2,)]
    assert home.look().is_quiet


@pytest.mark.slow
def test_what_becomes_private_withdraws_a_log_and_is_read_when_it_is_no_longer(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()

    home.with_settings(f'{HOME}[private]\nignore = ["massages.csv"]\n')
    home.run()
    assert home.statuses() == {"massages.csv": "ignored"}
    assert home.rows("select count(*) from raw.massages") == [(0,)]
    assert home.look().is_quiet
    home.with_settings(HOME)
    home.run()
    assert home.statuses() == {"massages.csv": "loaded"}
    assert home.rows("select count(*) from raw.massages") == [(2,)]


@pytest.mark.parametrize("written", ['ignore = "a"', "ignore = [1]", 'ignore = [" / "]', 'files = ["a"]'])
def test_a_slip_in_private_is_named(written: str) -> None:
    with pytest.raises(SettingsError, match=r"\[private\]"):
        parse(Home(Path()), tomllib.loads(f"[private]\n{written}"))
