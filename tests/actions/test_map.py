"""`recovery map`: what is proposed for a table, that it can be pasted as it stands, and how a table is split."""

import tomllib
from datetime import datetime
from pathlib import Path

import homes
import openpyxl
import pytest
from click.testing import CliRunner
from one_reader import entry, living_in

from recovery.actions import map as table_proposal
from recovery.actions.map_files import pattern_of
from recovery.cli import cli
from recovery.errors import HomeError, UnreadableExportError
from recovery.home.folder import Home
from recovery.home.settings import parse
from recovery.home.table_mapping import TableMapping, matches

pytestmark = pytest.mark.slow

BERLIN = living_in("Europe/Berlin")


def proposed(text: str | bytes, name: str = "t.csv") -> table_proposal.Proposal:
    return table_proposal.propose(entry(text, name), BERLIN)


def mapping(text: str, name: str = "t.csv") -> TableMapping:
    """The mapping that the pasted proposal is."""
    (table,) = parse(Home(Path()), tomllib.loads("\n".join(proposed(text, name).lines))).tables
    return table


def metrics(text: str) -> dict[str, tuple[str, float]]:
    return {column.heading: (column.metric, column.factor) for column in mapping(text).columns}


def test_a_proposal_can_be_pasted_and_says_what_it_would_read() -> None:
    found = proposed("When,Step count,Note\n2026-05-01T08:00:00,5,a\n2026-05-01T08:01:00,7,b\n", "My tracker 2.csv")

    assert found.lines == (
        "# When: time, 2026-05-01T08:00:00 to 2026-05-01T08:01:00",
        "# Step count: number, 5 to 7, in 100% of rows",
        "# Note: text, as 'a'",
        "[[tables]]",
        'file = "My tracker *.csv"',
        'source = "my_tracker"',
        'time = "When"',
        '# zone = "Europe/Berlin"  # if its times are of another zone than yours',
        "covers_min = 1",
        "[tables.columns]",
        '"Step count" = "steps"',
    )
    assert (found.record_count, found.problems, found.known_as) == (2, (), "")


@pytest.mark.parametrize(
    ("cells", "start", "date_format"),
    [
        (("2026-05-01T08:00:00+02:00", "2026-05-13T08:00:00+02:00"), "time", None),
        (("01.05.2026 08:00", "13.05.2026 08:00"), "time", "%d.%m.%Y %H:%M"),
        (("5/1/2026 8:00:00 AM", "5/13/2026 8:00:00 PM"), "time", "%m/%d/%Y %I:%M:%S %p"),
        (("1777615200", "1777615260"), "time", "unix s"),
        (("1777615200000", "1777615260000"), "time", "unix ms"),
        (("2026-05-01", "2026-05-13"), "date", None),
        (("May 1, 2026", "May 13, 2026"), "date", "%b %d, %Y"),
    ],
)
def test_how_a_date_is_written_is_found_out(cells: tuple[str, str], start: str, date_format: str | None) -> None:
    found = mapping("d;Steps\n" + "".join(f'"{cell}";5\n' for cell in cells))

    assert (found.kind, found.start, found.date_format) == (start, ("d",), date_format)


def test_an_open_order_of_day_and_month_is_not_guessed() -> None:
    found = proposed("d,Steps\n05/01/2026,5\n06/02/2026,7\n")

    (line,) = [line for line in found.lines if "date_format" in line]
    assert line == '# date_format = "%d/%m/%Y" or "%m/%d/%Y"  # the file does not tell which: choose one'
    assert found.record_count == 0  # pasted as it is, nothing is read wrongly


def test_date_and_time_of_day_in_two_columns_are_one_time() -> None:
    found = mapping("Datum;Uhrzeit;Schritte\n30.05.2026;08:00;5\n31.05.2026;08:00;7\n")

    assert (found.start, found.date_format, found.covers_min) == (("Datum", "Uhrzeit"), "%d.%m.%Y %H:%M", 1440.0)


def test_one_damaged_row_does_not_hide_what_a_column_is() -> None:
    rows = [f"2026-05-{day:02}T08:00:00,{day}" for day in range(1, 10)]

    found = proposed("\n".join(["when,steps", *rows, "yesterday,many", ""]))

    assert found.record_count == 9
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("heading", "cells", "metric", "factor"),
    [
        ("Distance (km)", ("1.5", "2"), "distance_m", 1000.0),
        ("distance_mi", ("1.5", "2"), "distance_m", 1609.344),
        ("SpO2", ("96", "97"), "spo2_mean_share", 0.01),
        ("SpO2", ("0.96", "0.97"), "spo2_mean_share", 1.0),
        ("RMSSD", ("0.042", "0.05"), "hrv_rmssd_ms", 1000.0),
        ("RMSSD", ("42", "50"), "hrv_rmssd_ms", 1.0),
        ("TotalMinutesAsleep", ("420", "400"), "asleep_min", 1.0),
        ("Deep sleep [h]", ("1.2", "1.5"), "deep_min", 60.0),
        ("RuhePuls", ("52", "53"), "resting_heart_rate_bpm", 1.0),
    ],
)
def test_metric_and_unit_are_what_the_heading_and_the_numbers_tell(
    heading: str, cells: tuple[str, str], metric: str, factor: float
) -> None:
    found = metrics(f"day,{heading}\n2026-05-01,{cells[0]}\n2026-05-02,{cells[1]}\n")

    assert found == {heading: (metric, factor)}


@pytest.mark.parametrize("heading", ["Distance", "Calories", "TotalSleepRecords", "asleep"])
def test_a_column_that_leaves_something_open_is_a_comment(heading: str) -> None:
    found = proposed(f"day,Steps,{heading}\n2026-05-01,5,3\n2026-05-02,5,3\n").lines

    assert any(line.startswith(f'# "{heading}" = ') for line in found)
    assert metrics(f"day,Steps,{heading}\n2026-05-01,5,3\n") == {"Steps": ("steps", 1.0)}


def test_two_times_and_a_word_of_sleep_are_nights() -> None:
    nights = mapping("bedtime,waketime,asleep min\n2026-05-01T23:00:00,2026-05-02T07:00:00,420\n")
    walks = mapping("from,to,steps\n2026-05-01T08:00:00,2026-05-01T08:30:00,2000\n")

    assert (nights.kind, nights.start, nights.end) == ("sleep", ("bedtime",), ("waketime",))
    assert (walks.kind, walks.start, walks.end) == ("time", ("from",), ("to",))


def test_lines_above_the_headings_and_decimal_commas_are_seen() -> None:
    found = mapping("My tracker 3\nexported;today\nTag;Strecke (km);Ort\n01.05.2026;1,5;a\n13.05.2026;1.012,5;a\n")

    assert (found.header_row, found.decimal) == (3, ",")


def test_a_thousand_or_a_decimal_is_left_open() -> None:
    assert any(
        line.startswith("# decimal = ")
        for line in proposed('day,Distance (m)\n2026-05-01,"1,234"\n2026-05-02,"2,345"\n').lines
    )


@pytest.mark.parametrize(
    "table",
    [
        'day,Steps\n2026-05-01,"8,123"\n2026-05-02,"12,345"\n',
        'day,Distance (m),Hours slept\n2026-05-01,"5,123",7.5\n2026-05-02,"6,345",8.25\n',
    ],
)
def test_a_comma_between_thousands_is_known_by_steps_or_by_a_fraction_beside_it(table: str) -> None:
    assert mapping(table).decimal == "."


def test_a_unit_behind_the_numbers_is_the_unit_of_the_column() -> None:
    text = (
        'Date,Distance,Active energy,Steps\n2026-05-01,"7,2 km",1450 kJ,812 steps\n2026-05-02,"1,2 km",900 kJ,9 steps\n'
    )

    assert metrics(text) == {
        "Distance": ("distance_m", 1000.0),
        "Active energy": ("active_energy_kcal", pytest.approx(1 / 4.184)),
        "Steps": ("steps", 1.0),
    }
    assert (mapping(text).decimal, proposed(text).record_count, proposed(text).problems) == (",", 6, ())


def test_the_stamp_of_a_form_is_a_time() -> None:
    form = "Timestamp,How strong is your pain?,Mood\n2026/05/04 9:03:11 PM GMT+2,6,3\n2026/05/05 9:03:11 PM GMT+2,3,4\n"
    found = proposed(form)

    assert 'date_format = "%Y/%m/%d %I:%M:%S %p %z"' in found.lines
    assert 'columns = { "How strong is your pain?" = "pain", "Mood" = "mood" }' in found.lines
    assert not any("zone" in line for line in found.lines)
    assert (found.record_count, found.problems) == (2, ())


def test_a_rating_whose_scale_is_open_is_a_comment() -> None:
    found = proposed("day,How strong is your pain?,Massage?\n2026-05-04,60,yes\n2026-05-05,30,no\n").lines

    assert any(line.startswith('# "How strong is your pain?" = "pain in 0-100"') for line in found)


@pytest.mark.parametrize(
    "headings",
    [
        "Date de coucher;Heure de lever;Éveil (min)",
        "Se acostó;Se levantó;Despierto (min)",
        "Bettzeit;Aufgewacht;Wach (min)",
    ],
)
def test_times_of_bed_and_of_rising_in_other_languages_are_nights(headings: str) -> None:
    night = mapping(f"{headings}\n14/05/2026 23:10;15/05/2026 06:50;20\n15/05/2026 23:20;16/05/2026 06:40;10\n")

    assert (night.kind, [column.metric for column in night.columns]) == ("sleep", ["awake_min"])


def test_a_number_of_a_person_is_no_time() -> None:
    rows = "".join(f"1503960366,4/{day}/2016 0:00,5\n" for day in (12, 13, 14))

    assert mapping(f"Id,ActivityHour,Steps\n{rows}").start == ("ActivityHour",)


def test_a_file_that_a_reader_knows_is_named_as_such() -> None:
    assert proposed("Id,ActivityMinute,Steps\n7,4/13/2016 8:00,4\n7,4/13/2016 8:01,4\n").known_as == "fitabase_csv"


def test_nothing_in_a_table_becomes_a_setting_of_its_own() -> None:
    heading, region = "\x07\x1b[2J\x7f\x85\u2028Pain", 'knee\n[notify]\ncommand = ["x"]'
    quoted = region.replace('"', '""')
    plain = "".join(f"2026-05-0{day},back,4\n" for day in range(1, 9))
    text = f'date,region,{heading}\n{plain}2026-05-01,"{quoted}",3\n2026-05-02,"{quoted}",3\n'

    for found in (proposed(text), asked(text, f"{region}=pain"), asked(text, columns=(f"{heading}=pain",))):
        assert all(line.isprintable() for line in found.lines)
        assert not any(line.startswith("[notify]") for line in found.lines)
    assert parse(Home(Path()), tomllib.loads("\n".join(found.lines))).notify_command == ()


def test_a_table_without_any_time_says_so() -> None:
    found = proposed("a,Steps\nx,5\ny,6\n")

    assert any(line.startswith("# time = ...") for line in found.lines)
    assert "needs one of time, date and sleep_start" in found.problems[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "is a PNG picture"),
        (b"[1]", "holds no list of objects"),
        (b"one line\n", "has no columns"),
        (b"1,2\n3,4\n", "has no line of headings"),
        (b"a,b\n", "has headings but no rows"),
    ],
)
def test_what_is_no_table_is_one_sentence(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableExportError, match=told):
        proposed(content)


# ---- diaries, massages and taps ------------------------------------------------------------------------------------

LONG = "date,region,pain\n2026-05-01,knee,6\n2026-05-01,back,3\n2026-05-02,knee,5\n2026-05-02,back,2\n"
TAPS = (
    "timestamp,cat1,cat2,number,DayOfWeek\n2026-05-01T09:20:00+02:00,Pain,Knee,6,Friday\n"
    "2026-05-01T17:40:00+02:00,Massage,Back,60,Friday\n2026-05-02T09:20:00+02:00,Pain,Knee,5,Saturday\n"
)


def body(found: table_proposal.Proposal) -> list[str]:
    """The lines below `source`."""
    return list(found.lines[[line.startswith("source") for line in found.lines].index(True) + 1 :])


def asked(text: str, *rows: str, columns: tuple[str, ...] = (), name: str = "t.csv") -> table_proposal.Proposal:
    return table_proposal.propose(entry(text, name), BERLIN, rows, columns)


def test_regions_in_rows_are_listed_and_none_is_chosen() -> None:
    found = proposed(LONG)

    assert body(found) == [
        'date = "date"',
        "# Its rows are of several kinds, and only you know which is which:",
        "#   knee (rows: 2)",
        "#   back (rows: 2)",
        "# Name what is to be read: recovery map FILE --row 'back=pain'",
        "# (or =mood, =massages, =doses; with a scale: '=pain in 0-100'; --row may be given several times)",
    ]
    assert found.record_count == 0
    assert found.known_as == ""  # the diary's reader refuses it


def test_the_region_that_is_named_is_read() -> None:
    found = asked(LONG, "Back=pain")

    assert body(found) == [
        'date = "date"', "[[tables.rows]]", 'where = { "region" = "back" }', 'columns = { "pain" = "pain" }'
    ]  # fmt: skip
    assert found.record_count == 2


def test_the_rows_of_a_tracker_are_named_by_the_values_of_their_columns() -> None:
    found = asked(TAPS, "Pain/Knee=pain", "massage=massages")

    assert body(found) == [
        'time = "timestamp"',
        "[[tables.rows]]",
        'where = { "cat1" = "Pain", "cat2" = "Knee" }',
        'columns = { "number" = "pain" }',
        "[[tables.rows]]",
        'where = { "cat1" = "Massage" }',
        'log = "massages"',
        'columns = { "number" = "minutes", "cat2" = "areas" }',
        '# add "timestamp" = "start" (or "end") to its columns, if that is when it is tapped',
    ]
    assert found.record_count == 3
    assert "#   Pain/Knee (rows: 2)" in body(proposed(TAPS))  # the weekday is no kind


def test_split_and_carried_dates_are_proposed() -> None:
    text = "a note above,,,\nyear,month,day,name,level\n2026,5,1,Knee/shin,3\n,,1,Neck,2\n,,2,Neck,2\n"

    found = asked(text.replace("above,,,", "above,,,,"), "Knee/shin=pain", "neck=pain in 0-4")

    assert body(found)[:2] == ["header_row = 2", 'date = ["year", "month", "day"]']
    assert body(found)[2] == "carry_down = true  # a blank date is that of the row above"
    assert body(found)[-1] == 'columns = { "level" = "pain in 0-4" }'
    assert (found.record_count, found.problems[1:]) == (2, ())


def test_a_scale_that_the_numbers_do_not_fit_is_left_open() -> None:
    found = asked(LONG.replace(",6", ",60"), "knee=pain")

    assert body(found)[-1] == '# "pain" = "pain in 0-100"  # its numbers go up to 60: on what scale?'
    assert found.record_count == 0
    assert body(proposed("date,Pain (0-100)\n2026-05-01,60\n"))[-1] == '"Pain (0-100)" = "pain in 0-100"'


def test_regions_in_columns_are_left_open_and_can_be_named() -> None:
    text = "date,Knee,Lower back,mood\n2026-05-01,3,4,4\n"

    assert body(proposed(text))[2:] == [
        '"mood" = "mood"',
        '# "Knee" = "pain"  # which one is the pain to follow? choose one',
        '# "Lower back" = "pain"  # which one is the pain to follow? choose one',
    ]
    assert body(asked(text, columns=("lower back=pain",)))[2:] == ['"Lower back" = "pain"']


def test_a_list_of_massages_is_proposed() -> None:
    found = mapping("When,Dauer,Technik,Preis\n2026-05-01 17:30,60,Thai,80\n2026-05-08 17:30,45,Thai,60\n")

    (rows,) = found.rows
    assert (found.kind, rows.log) == ("time", "massages")
    assert [(column.heading, column.metric) for column in rows.columns] == [
        ("Dauer", "minutes"),
        ("Technik", "technique"),
    ]


@pytest.mark.parametrize(
    ("rows", "columns", "told"),
    [
        (("pain",), (), "does not say what is to be read as what"),
        (("hip=pain",), (), "No row is of 'hip'. There are 'knee', 'back'."),
        ((), ("hip=pain",), "There is no column 'hip'. It has date, region, pain."),
    ],
)
def test_what_is_named_must_be_there(rows: tuple[str, ...], columns: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnreadableExportError, match=told):
        asked(LONG, *rows, columns=columns)
    with pytest.raises(UnreadableExportError, match="No column holds numbers"):
        asked("date,region,how\n2026-05-01,knee,bad\n2026-05-01,back,bad\n", "knee=pain")


# ---- splitting -------------------------------------------------------------------------------------------------------

STUDY = 'Id,ActivityMinute,Steps\r\n7,4/13/2016 8:00,4\r\n"8",4/13/2016 8:00,5\r\n7,4/13/2016 8:01,6\r\n'


def test_a_study_becomes_a_folder_for_each_person(tmp_path: Path) -> None:
    written = table_proposal.split(entry(STUDY, "steps.csv"), "id", tmp_path)

    assert written == [("7", tmp_path / "7" / "steps.csv", 2), ("8", tmp_path / "8" / "steps.csv", 1)]
    assert (tmp_path / "7" / "steps.csv").read_bytes().decode() == (
        "Id,ActivityMinute,Steps\r\n7,4/13/2016 8:00,4\r\n7,4/13/2016 8:01,6\r\n"
    )
    assert (tmp_path / "8" / "steps.csv").stat().st_mode & 0o777 == 0o600


def test_a_value_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    table_proposal.split(entry("who,d,n\n../../up,2026-05-01,4\n", "t.csv"), "who", tmp_path / "into")

    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("t.csv")] == [Path("into/up/t.csv")]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    table_proposal.split(entry(STUDY, "steps.csv"), "Id", tmp_path)

    with pytest.raises(HomeError, match="is there already"):
        table_proposal.split(entry(STUDY, "steps.csv"), "Id", tmp_path)
    with pytest.raises(HomeError, match="is there already"):  # two people, one name of a folder
        table_proposal.split(entry("who,n\na/b,1\na b,2\n", "t.csv"), "who", tmp_path)
    with pytest.raises(UnreadableExportError, match="has no column 'Who'"):
        table_proposal.split(entry(STUDY, "steps.csv"), "Who", tmp_path)
    with pytest.raises(UnreadableExportError, match="has 0 values"):
        table_proposal.split(entry("who,n\n,1\n", "t.csv"), "who", tmp_path)


# ---- the commands ----------------------------------------------------------------------------------------------------


def test_the_command_prints_what_recovery_toml_takes_and_the_next_run_reads_it(tmp_path: Path) -> None:
    home = homes.make(tmp_path / "home")
    file = home.drop("tracker.csv", "When,Steps\n2026-05-01T08:00:00,5\n2026-05-01T08:01:00,7\n")

    result = CliRunner().invoke(cli, ["map", str(file), "--home", str(home.home.folder)])

    assert result.exit_code == 0, result.output
    assert result.stderr == "Of this file 2 records would be read.\n"
    home.with_settings(home.home.settings.read_text() + result.stdout)
    home.run()
    assert home.rows("select source, metric, start_utc::varchar, value from raw.samples order by all") == [
        ("tracker", "steps", "2026-05-01 06:00:00", 5.0), ("tracker", "steps", "2026-05-01 06:01:00", 7.0)
    ]  # fmt: skip
    home.close()


def test_the_command_names_a_region(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text(LONG)

    result = CliRunner().invoke(cli, ["map", str(file), "--row", "back=pain", "--home", str(tmp_path)])

    assert result.exit_code == 0, result.output
    assert 'where = { "region" = "back" }' in result.stdout
    assert result.stderr == "Of this file 2 records would be read.\n"


def test_a_study_that_was_split_is_read_by_person(tmp_path: Path) -> None:
    home = homes.make(tmp_path / "home")
    file = tmp_path / "steps.csv"
    file.write_text(STUDY)

    result = CliRunner().invoke(cli, ["map", str(file), "--split", "Id", "--into", str(home.home.inbox)])

    assert result.exit_code == 0, result.output
    home.with_settings(home.home.settings.read_text() + result.stdout)
    home.run()
    assert home.rows("select subject, sum(value) from raw.samples group by all order by all") == [
        ("7", 10.0), ("8", 5.0)
    ]  # fmt: skip
    home.close()


def test_slips_in_calling_map_and_formats_are_told(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n")

    assert CliRunner().invoke(cli, ["map", str(file), "--into", str(tmp_path)]).exit_code == 2
    assert CliRunner().invoke(cli, ["map", str(tmp_path / "none.csv")]).exit_code == 2
    assert CliRunner().invoke(cli, ["map", str(file)]).exit_code == 1
    assert CliRunner().invoke(cli, ["formats", "none"]).exit_code == 2


def test_formats_lists_every_reader_and_tells_all_of_one() -> None:
    from recovery.readers import readers

    listed = CliRunner().invoke(cli, ["formats"]).output
    one = CliRunner().invoke(cli, ["formats", "gadgetbridge"]).output

    assert all(reader.LABEL in listed for reader in readers().values())
    assert "Time: the file's own: UTC or with an offset." in one
    assert "GARMIN_FIT_FILE" in one


# ---- units, means, patterns, other kinds of table --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cells", "metric", "factor"),
    [
        ("Active Energy (kJ)", ("1450", "990"), "active_energy_kcal", 1 / 4.184),
        ("active_energy_kilojoules", ("1450", "990"), "active_energy_kcal", 1 / 4.184),
        ("Active calories (cal)", ("346", "402"), "active_energy_kcal", 1.0),
        ("Active calories [cal]", ("346000", "402000"), "active_energy_kcal", 0.001),
        ("Distance (Miles)", ("3.1", "2"), "distance_m", 1609.344),
        ("Distance ft", ("9000", "8000"), "distance_m", 0.3048),
        ("Total sleep time (hr)", ("7.1", "6.5"), "asleep_min", 60.0),
        ("Total sleep time (s)", ("25200", "24000"), "asleep_min", 1 / 60),
        ("Sleep duration (Std.)", ("7.1", "6.5"), "asleep_min", 60.0),
        ("Sleep efficiency (percent)", ("93", "91"), "efficiency_share", 0.01),
        ("Walking speed (mph)", ("3", "2.8"), "walking_speed_mps", 0.44704),
        ("Resting HR (bpm)", ("52", "53"), "resting_heart_rate_bpm", 1.0),
        ("Sleep duration", ("7:05", "6:40"), "asleep_min", 1.0),
        ("Sleep duration", ("7h 8min", "6h 40min"), "asleep_min", 1.0),
        ("dur_spt_sleep_min", ("396", "400"), "asleep_min", 1.0),
        ("dur_day_total_MOD_min", ("95", "80"), "moderate_min", 1.0),
        ("Heart rate (resting)", ("52", "53"), "resting_heart_rate_bpm", 1.0),
        ("Pulse Ox", ("97", "96"), "spo2_mean_share", 0.01),
        ("Sleep (hours)", ("7.1", "6.5"), "asleep_min", 60.0),
        ("Schlaf (Std.)", ("7.1", "6.5"), "asleep_min", 60.0),
        ("Hours slept", ("7.1", "6.5"), "asleep_min", 60.0),
        ("Kalorien aktiv (kJ)", ("1450", "990"), "active_energy_kcal", 1 / 4.184),
        ("Nap (min)", ("20", "15"), "nap_min", 1.0),
    ],
)
def test_the_unit_is_that_of_the_heading(heading: str, cells: tuple[str, str], metric: str, factor: float) -> None:
    found = metrics(f"day,{heading}\n2026-05-01,{cells[0]}\n2026-05-02,{cells[1]}\n")

    assert found == {heading: (metric, pytest.approx(factor))}


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("day,Distance,unit|{day},3.1,km|{day},2,mi", '"Distance" = "distance_m in {unit}"'),
        ("day,Active energy,Einheit|{day},1450,kJ|{day},990,kJ", '"Active energy" = "active_energy_kcal in {Einheit}"'),
        ("day,Active energy,unit|{day},346,cal|{day},402,cal", '"Active energy" = "active_energy_kcal"'),
        ("day,distance value,distance_unit,Floors|{day},3.1,km,2|{day},2,km,3",
         '"distance value" = "distance_m in {distance_unit}"'),
        ("day,Distance,Floors,distanceUnit|{day},3.1,2,km|{day},2,2,km", '"Distance" = "distance_m in {distanceUnit}"'),
        ("day,Sleep duration,UOM|{day},7.1,hours|{day},400,min", '"Sleep duration" = "asleep_min in {UOM}"'),
        ("time,Heart rate,unit|{day} 08:00,60,count/min|{day} 08:01,61,bpm", '"Heart rate" = "heart_rate_bpm"'),
    ],
)  # fmt: skip
def test_a_unit_in_a_column_of_its_own_counts(table: str, line: str) -> None:
    first, *rows = table.split("|")
    text = "\n".join([first, *(row.format(day=f"2026-05-0{day}") for day, row in enumerate(rows, 1)), ""])

    assert line in proposed(text).lines


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (
            "time,Heart rate,unit\n2026-05-01 08:00,60,Hz\n",
            "the column 'unit' says 'Hz', which is not known; known: no unit",
        ),
        (
            "day,Distance,unit\n2026-05-01,3.1,li\n",
            "the column 'unit' says 'li', which is not known; known: m, km, cm, mi",
        ),
    ],
)
def test_a_unit_that_is_not_known_leaves_the_column_open(table: str, line: str) -> None:
    found = [each for each in proposed(table).lines if line in each]

    assert [each[:3] for each in found] == ['# "']


def test_rows_that_name_what_they_measure_are_told_apart() -> None:
    text = (
        "day,what,value,unit\n2026-05-01,Steps,3100,count\n2026-05-01,Walking distance,3,km\n"
        "2026-05-02,Resting heart rate,55,bpm\n2026-05-02,Weight,80,kg\n2026-05-02,Walking distance,2,mi\n"
    )

    found = proposed(text)

    assert found.lines[-11:-9] == ('date = "day"', "# (rows of other kinds, as 'Weight', are asked for by --row)")
    assert found.lines[-6:-3] == (
        "[[tables.rows]]",
        'where = { "what" = "Walking distance" }',
        'columns = { "value" = "distance_m in {unit}" }',
    )
    assert (found.record_count, found.problems) == (4, ())


def test_rows_of_a_unit_that_is_not_known_are_told_before_they_are_read() -> None:
    found = proposed("day,Distance,unit\n2026-05-01,3.1,km\n2026-05-02,2,li\n")

    assert found.record_count == 1
    assert found.problems == (
        "unit is 'li', which is no unit of distance_m that is known: m, km, cm, mi, ft, yd (rows: 1)",
    )


@pytest.mark.parametrize(
    "headings",
    [
        ("Min HR", "Max HR", "Avg HR"),
        ("Heart Rate [Min] (count/min)", "Heart Rate [Max] (count/min)", "Heart Rate [Avg] (count/min)"),
        ("HR min (bpm)", "Heart rate", "x"),
        ("Niedrigste HR", "HR Durchschnitt", "HR"),
    ],
)
def test_the_mean_is_taken_and_never_the_least_or_the_most(headings: tuple[str, str, str]) -> None:
    found = metrics("time," + ",".join(headings) + "\n2026-05-01 08:00,48,120,70\n2026-05-01 08:01,49,119,71\n")

    (heading,) = found
    assert heading in ("Heart Rate [Avg] (count/min)", "Avg HR", "Heart rate", "HR Durchschnitt")


@pytest.mark.parametrize(
    "heading", ["Step Goal", "Sleep Score", "Min HR", "Target steps", "Step length (cm)", "Steps per minute"]
)
def test_a_goal_a_score_or_a_minimum_measures_nothing(heading: str) -> None:
    found = proposed(f"time,Floors,{heading}\n2026-05-01 08:00,3,40\n2026-05-01 08:01,4,41\n").lines

    assert any(line.startswith(f'# "{heading}" = ...') for line in found)


def test_a_time_with_points_is_known() -> None:
    found = mapping("when,Heart rate\n2026.05.03 22:44,60\n2026.05.03 22:45,61\n")

    assert (found.kind, found.date_format) == ("time", "%Y.%m.%d %H:%M")


@pytest.mark.parametrize(
    ("name", "pattern", "others"),
    [
        ("steps_2026-05-03.csv", "steps_????-??-??.csv", ("steps_2026-05-04.csv",)),
        ("export 20260503T2244 (2).csv", "export ????????T???? (*).csv", ()),
        ("My tracker 2.csv", "My tracker *.csv", ("My tracker 13.csv",)),
        ("2026-05-03.csv", "????-??-??.csv", ("2026-05-04.csv",)),
        ("d20260503.csv", "d????????.csv", ("d20260504.csv",)),
        ("tracker.csv", "tracker.csv", ()),
        ("odd [1]*.csv", "odd [[]*][*].csv", ("odd [2]*.csv",)),
    ],
)
def test_the_pattern_means_the_file_and_those_that_follow_it(name: str, pattern: str, others: tuple[str, ...]) -> None:
    assert pattern_of(name) == pattern
    assert all(matches(pattern, each) for each in (name, *others))
    assert not matches(pattern, "diary.csv")


@pytest.mark.parametrize(
    "content",
    [
        '[{"day": "2026-05-01", "steps": 8000}, {"day": "2026-05-02", "steps": 7000}]',
        '{"user": "x", "days": [{"day": "2026-05-01", "steps": 8000}, {"day": "2026-05-02", "steps": 7000}]}',
        '{"data": {"days": [{"day": "2026-05-01", "steps": 8000}, {"day": "2026-05-02", "steps": 7000}]}}',
        '{"day": "2026-05-01", "steps": 8000}\n{"day": "2026-05-02", "steps": 7000}\n',
    ],
)
def test_a_table_of_json_is_one(content: str) -> None:
    found = proposed(content, "days.json")

    assert '"steps" = "steps"' in found.lines
    assert found.record_count == 2


def test_an_object_in_an_object_has_columns_of_its_own() -> None:
    found = proposed('[{"day": "2026-05-01", "sleep": {"asleep_minutes": 420.5}, "tags": ["a"]}]', "days.json")

    assert '"sleep.asleep_minutes" = "asleep_min"' in found.lines
    assert found.record_count == 1


def test_a_workbook_is_read_as_its_longest_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nothing"])
    sheet = book.create_sheet("days")
    for row in (["day", "Steps"], [datetime(2026, 5, 1), 8000], [datetime(2026, 5, 2), 7000.5]):
        sheet.append(row)
    book.save(tmp_path / "days.xlsx")

    found = proposed((tmp_path / "days.xlsx").read_bytes(), "days.xlsx")

    assert '"Steps" = "steps"' in found.lines
    assert found.record_count == 2


@pytest.mark.parametrize(
    ("heading", "values", "told"),
    [
        (
            "Active Energy",
            (1450, 1600, 1500),
            "the middle day has 1,500; people's lie between 5 and 1,300. Is it in kJ",
        ),
        ("Active Energy", (346, 402, 380), ""),
        ("Steps", (8000, 9000, 180_000), "a day has up to 180,000; nobody's has more than 100,000"),
        ("Distance (km)", (6000, 7000, 6500), "the middle day has 6.5e+06"),
        ("Resting HR", (180, 181, 182), "the middle day has 181"),
    ],
)
def test_a_likely_wrong_unit_is_pointed_out(heading: str, values: tuple[float, ...], told: str) -> None:
    rows = "".join(f"2026-05-{day:02},{value}\n" for day, value in enumerate(values, 1))

    doubts = proposed(f"day,{heading}\n{rows}").doubts

    assert told in " ".join(doubts)
    assert bool(doubts) == bool(told)


# ---- forms and trackers ----------------------------------------------------------------------------------------------


def test_the_answers_of_a_form_are_pain_and_massages() -> None:
    found = proposed(
        "Timestamp,How strong is your back pain (0-10)?,Did you take painkillers?,Did you have a massage today?\n"
        "5/14/2026 21:03:11,6,Yes,Yes\n5/15/2026 21:11:40,3,No,No\n",
        "Back pain (Responses).csv",
    )

    assert found.lines[-6:] == (
        "[[tables.rows]]",
        'log = "diary"',
        'columns = { "How strong is your back pain (0-10)?" = "pain" }',
        "[[tables.rows]]",
        'log = "massages"',
        'where = { "Did you have a massage today?" = "Yes" }',
    )
    assert found.record_count == 3  # two days, one massage


def test_a_mood_in_words_gets_its_numbers_and_a_massage_stands_among_what_was_done() -> None:
    found = proposed(
        'full_date,time,mood,activities\n2026-05-04,21:00,good,"walk | massage"\n2026-05-05,21:10,meh,work\n'
    )

    assert 'words = { "awful" = 1, "bad" = 2, "meh" = 3, "good" = 4, "rad" = 5 }' in found.lines
    assert 'where = { "activities" = "massage" }' in found.lines
    assert found.record_count == 3


def test_two_questions_about_pain_are_not_chosen_from() -> None:
    found = proposed(
        "day,How strong is your back pain?,How strong is your neck pain?,Did you have a massage?\n"
        "2026-05-14,6,2,yes\n2026-05-15,5,1,no\n"
    ).lines

    assert not any('= "pain"' in line for line in found if not line.startswith("#"))
    assert 'where = { "Did you have a massage?" = "yes" }' in found


def test_what_is_alike_in_all_rows_tells_none_apart() -> None:
    found = proposed(
        "user,country,day,type,name,value\nQ1,DE,2026-05-04,Symptom,Back pain,3\nQ1,DE,2026-05-04,Treatment,Massage,1\n"
    ).lines

    assert "#   Symptom/Back pain (rows: 1)" in found


def test_a_scale_that_runs_the_other_way_is_told() -> None:
    found = proposed("day,Pain (10 = no pain),note\n2026-05-14,6,a\n2026-05-15,5,b\n").lines

    assert '"Pain (10 = no pain)" = "pain in 10-0"' in found


def test_when_a_row_starts_counts_before_when_it_was_changed() -> None:
    found = mapping(
        "LastModifiedTime,StartTime,EndTime,Steps\n2026-05-04T07:00:00Z,2026-05-03T23:10:00Z,2026-05-03T23:20:00Z,50\n"
    )

    assert (found.start, found.end) == (("StartTime",), ("EndTime",))


def test_a_duration_in_words_is_read() -> None:
    found = proposed("day,Sleep duration\n2026-05-03,7h 8min\n2026-05-04,6h 40min\n")

    assert (found.record_count, found.problems) == (2, ())


def test_rows_that_all_begin_at_midnight_are_days_unless_they_are_longer() -> None:
    days = mapping("Start,Steps\n2026-05-04 00:00,50\n2026-05-05 00:00,60\n2026-05-07 00:00,70\n")
    weeks = mapping("Start,Steps\n2026-05-04 00:00,50\n2026-05-11 00:00,60\n2026-05-18 00:00,70\n")
    ends = mapping("Start,End,Steps\n2026-05-04 00:00,2026-05-11 00:00,50\n2026-05-11 00:00,2026-05-18 00:00,60\n")
    hours = mapping("Start,Steps\n2026-05-04 00:00,50\n2026-05-04 01:00,60\n2026-05-05 00:00,70\n")

    assert [found.kind for found in (days, weeks, ends, hours)] == ["date", "time", "time", "time"]


def test_hours_in_brackets_are_no_heart_rate() -> None:
    found = metrics("Start,Sleep Analysis [Total] (hr),HR (bpm)\n2026-05-04 08:00,7.1,60\n2026-05-04 09:00,7,61\n")

    assert found == {"HR (bpm)": ("heart_rate_bpm", 1.0)}


def test_a_point_in_steps_stands_between_thousands() -> None:
    found = proposed("Date;Steps\n2026-05-04;8.123\n2026-05-14;950\n").lines
    fractions = proposed("Date;Steps;Distance (km)\n2026-05-04;8123;5.900\n2026-05-14;9123;6.900\n").lines

    assert 'decimal = ","' in found
    assert not any(line.startswith("decimal") for line in fractions)


def test_seconds_until_sleep_are_no_minutes_asleep() -> None:
    night = "2026-05-03 22:50,2026-05-04 06:40"

    found = metrics(
        f"Went to bed;Woke up;Asleep after (seconds);Time asleep (seconds)\n{night.replace(',', ';')};600;25200\n"
    )

    assert {metric for metric, _ in found.values()} == {"latency_min", "asleep_min"}
