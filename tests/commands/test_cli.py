"""The commands: their words, their exit status, and that they are quick to answer."""

import ast
import csv
import io
import os
import pty
import re
import stat
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from by_hand import HOSTILE, published_home
from click.testing import CliRunner, Result
from places import ROOT
from pyarrow import parquet

from recovery import warehouse
from recovery.actions import init as homes
from recovery.actions import log as logbook
from recovery.cli import cli
from recovery.commands import command_names, load_command
from recovery.commands.status import _source_line as source_line
from recovery.home.settings import Settings, load_settings
from recovery.published.status import status

HEAVY = {"prefect", "great_expectations", "altair", "pandas"}


@pytest.fixture(autouse=True)
def _same_umask() -> "pytest.Generator[None]":
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return published_home(tmp_path_factory.mktemp("published") / "home")


def recovery(*arguments: "str | Path", env: dict[str, str] | None = None) -> Result:
    return CliRunner(env={"RECOVERY_HOME": None, **(env or {})}).invoke(cli, [str(word) for word in arguments])


def leaves() -> list[tuple[str, ...]]:
    """Every command and subcommand."""
    found: list[tuple[str, ...]] = []
    for name in command_names():
        command = load_command(name)
        inner = getattr(command, "commands", None)
        found += [(name, sub) for sub in inner] if inner else [(name,)]
    return found


def test_every_command_of_the_contract_is_there() -> None:
    assert {"demo", "explain", "forget", "init", "log", "nightly", "open", "query", "run", "status"} <= set(
        command_names()
    )


@pytest.mark.parametrize("words", leaves(), ids=" ".join)
def test_the_help_of_every_command_shows_an_example_and_takes_a_home(words: tuple[str, ...]) -> None:
    result = recovery(*words, "--help")

    assert result.exit_code == 0
    assert "Example:" in result.stdout
    assert f"recovery {' '.join(words)}" in result.stdout.partition("Example:")[2]
    assert "--home DIR" in result.stdout


def test_init_makes_a_home_for_its_owner_alone(tmp_path: Path) -> None:
    result = recovery(
        "init", "--home", tmp_path / "home", "--time-zone", "Europe/Berlin", "--people", "client1,client2"
    )

    assert result.exit_code == 0
    folder = tmp_path / "home"
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert made == {
        "recovery.toml", "inbox", "inbox/massages.csv", "inbox/diary.csv", ".recovery",
        "inbox/client1", "inbox/client1/massages.csv", "inbox/client1/diary.csv",
        "inbox/client2", "inbox/client2/massages.csv", "inbox/client2/diary.csv",
    }  # fmt: skip
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    settings = load_settings(folder)
    assert settings.home_time_zone == "Europe/Berlin"
    assert settings.people == ("client1", "client2")


def test_init_overwrites_nothing_and_completes_what_is_missing(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "Europe/Berlin")
    (tmp_path / "recovery.toml").write_text('home_time_zone = "Asia/Tokyo"\n')
    (tmp_path / "inbox" / "diary.csv").unlink()

    result = recovery("init", "--home", tmp_path, "--people", "client1")

    assert result.exit_code == 0
    assert (tmp_path / "recovery.toml").read_text() == 'home_time_zone = "Asia/Tokyo"\n'
    assert (tmp_path / "inbox" / "diary.csv").is_file()
    assert "[people.client1]" in result.stderr


def test_every_example_in_recovery_toml_is_valid_when_its_comment_sign_is_taken_away(tmp_path: Path) -> None:
    lines = [
        line[2:] if re.match(r'# (\[|[a-z_]+ = |")', line) else line
        for line in homes.settings_text("Europe/Berlin").splitlines()
    ]
    (tmp_path / "recovery.toml").write_text("\n".join(lines))

    settings = load_settings(tmp_path)

    assert settings.people == ("client1",)
    assert settings.travel[0].zone == "America/New_York"
    assert settings.exclusions[0].reason == "flu"
    assert settings.source_priority == ("garmin", "fitbit", "apple:watch6-2", "apple")
    assert settings.goals["pain"] == 1
    assert "massages.csv" in settings.log_complete_from
    assert "massages.csv" in settings.log_complete_until
    assert settings.aliases == {"me": ("M., Anna", "Mrs M.")}
    assert settings.notify_command
    assert settings.primaries == load_settings_of_nothing(tmp_path).primaries
    assert settings.validity == load_settings_of_nothing(tmp_path).validity


def load_settings_of_nothing(folder: Path) -> Settings:
    """The defaults."""
    (folder / "recovery.toml").write_text("")
    return load_settings(folder)


def test_a_name_with_a_quote_is_written_as_toml(tmp_path: Path) -> None:
    text = homes.settings_text("UTC", ['an"na b'])

    assert list(tomllib.loads(text)["people"]) == ['an"na b']


@pytest.mark.parametrize("name", ["me", "../x", "a/b", "."])
def test_a_person_who_cannot_be_a_folder_is_refused_before_anything_is_made(tmp_path: Path, name: str) -> None:
    result = recovery("init", "--home", tmp_path / "home", "--people", name)

    assert result.exit_code == 1
    assert result.stderr.startswith("recovery: ")
    assert not (tmp_path / "home").exists()


def test_a_time_zone_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    result = recovery("init", "--home", tmp_path / "home", "--time-zone", "Middle/Earth")

    assert result.exit_code == 2
    assert "Middle/Earth" in result.stderr


def test_the_system_zone_is_one_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    assert homes.system_zone() == "Asia/Kolkata"

    monkeypatch.setenv("TZ", "Nowhere/Land")
    assert homes.is_zone(homes.system_zone())


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = recovery("init", "--home", tmp_path / "file" / "home", "--time-zone", "UTC")

    assert result.exit_code == 1
    assert result.stderr.startswith("recovery: The home ")
    assert result.stderr.count("\n") == 1


def test_the_home_is_taken_before_and_after_the_command_and_from_the_environment(tmp_path: Path) -> None:
    home = tmp_path / "home"
    recovery("init", "--home", home, "--time-zone", "UTC")

    for result in (
        recovery("--home", home, "status"),
        recovery("status", "--home", home),
        recovery("status", env={"RECOVERY_HOME": str(home)}),
        recovery("--home", tmp_path / "other", "status", "--home", home),
    ):
        assert result.exit_code == 0, result.stderr
        assert f"Home: {home}" in result.stdout


@pytest.mark.parametrize(
    "words", [("status",), ("run",), ("query", "select 1"), ("open",), ("log", "day", "--pain", "1")]
)
def test_without_a_home_one_line_says_how_to_make_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = recovery(*words, "--home", tmp_path / "nowhere")

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("recovery: No home at ")
    assert "recovery init" in result.stderr


def test_debug_shows_where_an_error_comes_from(tmp_path: Path) -> None:
    result = recovery("--debug", "status", "--home", tmp_path / "nowhere")

    assert result.exception is not None
    assert not isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    "words",
    [
        ("fly",),
        ("query",),
        ("explain", "steps", "yesterday"),
        ("log", "day", "--pain", "11"),
        ("nightly", "--at", "25:00"),
        ("forget",),
        ("forget", "a.zip", "--person", "client1"),
    ],
)
def test_wrong_usage_exits_2(words: tuple[str, ...]) -> None:
    assert recovery(*words).exit_code == 2


def test_the_choices_of_an_option_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    said = recovery("keys", "invite", "--home", tmp_path).output

    assert "\n  owner,\n  therapist," in said
    assert "\\t" not in said


def test_a_broken_recovery_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "recovery.toml").write_text("home_time_zone = \n")

    result = recovery("status", "--home", tmp_path)

    assert result.exit_code == 1
    assert "not valid TOML" in result.stderr


def test_log_adds_a_line_that_the_next_run_reads(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC")

    massage = recovery("log", "massage", "--home", tmp_path, "--date", "2026-05-04", "--start", "17:30",
                       "--minutes", "60", "--technique", "deep tissue", "--pain-before", "6")  # fmt: skip
    day = recovery("log", "day", "--home", tmp_path, "--date", "2026-05-05", "--pain", "0",
                   "--could-do-daily-activities", "yes")  # fmt: skip

    assert (massage.exit_code, day.exit_code) == (0, 0), massage.stderr + day.stderr
    (row,) = csv.DictReader(io.StringIO((tmp_path / "inbox" / "massages.csv").read_text()))
    assert (row["date"], row["start"], row["minutes"], row["pain_before"]) == ("2026-05-04", "17:30", "60", "6")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "inbox" / "diary.csv").read_text()))
    assert (row["pain"], row["medication"]) == ("0", "")


def test_log_refuses_a_person_who_is_not_listed(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC")

    result = recovery("log", "day", "--home", tmp_path, "--pain", "1", "--person", "nobody")

    assert result.exit_code == 1
    assert "nobody" in result.stderr


@pytest.mark.parametrize(("name", "fields"), [("massage", logbook.MASSAGE_FIELDS), ("day", logbook.DIARY_FIELDS)])
def test_log_has_an_option_for_every_column_of_the_log(name: str, fields: tuple[str, ...]) -> None:
    group = load_command("log")
    options = {parameter.name for parameter in group.commands[name].params}  # type: ignore[union-attr]

    assert options - {"home", "debug", "person"} == set(fields)


def test_status_tells_receipts_ages_coverage_the_last_run_and_the_disk(published: Settings) -> None:
    result = recovery("status", "--home", published.home.folder)

    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "Last run: 2026-04-01 02:30 UTC, published, 12 s" in said
    assert "me diary 2026-02-28" in said
    assert "WARNING: silent" in said
    assert "87 days from 2026-01-01 to 2026-03-31, 79 valid" in said
    assert "fit_files loaded 2 files 129 rows" in said
    assert "rejected photo.csv: This is a JPEG picture" in said
    assert "Dropped since the last run diary.csv massages.csv" in said
    assert "Disk: " in said


def test_status_of_a_home_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC")

    result = recovery("status", "--home", tmp_path)

    assert "Nothing is published yet. Run: recovery run" in result.stdout
    assert "massages.csv" in result.stdout


def test_query_shows_a_table(published: Settings) -> None:
    result = recovery("query", "--home", published.home.folder,
                      "select local_date, steps, note from daily join diary using (subject, local_date)")  # fmt: skip

    assert result.exit_code == 0, result.stderr
    assert "2026-03-10" in result.stdout
    assert HOSTILE in result.stdout


def test_what_is_printed_holds_no_control_character(published: Settings) -> None:
    sql = "select 'a' || chr(27) || ']0;title' || chr(7) || chr(155) || chr(8238) as \"n\x1b[31m\""

    shown = recovery("query", "--home", published.home.folder, sql).output

    assert not [letter for letter in shown if not letter.isprintable() and letter != "\n"]
    assert r"a\x1b]0;title\x07\x9b\u202e" in shown


ESCAPE = "\x1b]0;title\x07\x9b2J\u202e\n"


@pytest.mark.parametrize(
    "words",
    [
        ("status", "--all"),
        ("run", "--dry-run"),
        ("explain", ESCAPE, "2026-03-10"),
        ("explain", "steps", "2026-03-10", "--person", ESCAPE),
        ("map", f"inbox/{ESCAPE}.csv"),
        ("map", f"inbox/{ESCAPE}"),
        ("formats", ESCAPE),
        ("log", "massage", "--note", ESCAPE, "--minutes", "60"),
        ("log", "day", "--pain", ESCAPE),
        ("forget", "--yes", f"{ESCAPE}.csv"),
        ("query", f"from {ESCAPE}"),
        ("init", "--people", ESCAPE),
        ("nightly", "--at", ESCAPE),
        ("status", f"--{ESCAPE}"),
        (ESCAPE,),
        (f"--{ESCAPE}",),
    ],
)
def test_no_command_lets_foreign_text_command_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / f"home{ESCAPE}"
    recovery("init", "--home", home, "--time-zone", "UTC")
    (home / "inbox" / f"{ESCAPE}.csv").write_text(f"date,steps{ESCAPE}\n2026-03-10,{ESCAPE}\n")
    (home / "inbox" / f"{ESCAPE}.txt").write_text("?")

    result = recovery(*(word.replace("inbox", f"{home}/inbox") for word in words), env={"RECOVERY_HOME": str(home)})

    assert [letter for letter in result.output if not letter.isprintable() and letter != "\n"] == []
    assert result.output


def test_commands_print_by_echo_alone() -> None:
    modules = [*(ROOT / "src" / "recovery" / "commands").glob("*.py"), ROOT / "src" / "recovery" / "cli.py"]
    called = [
        (module.name, ast.unparse(call.func))
        for module in modules
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in ("print", "click.echo", "click.secho", "click.prompt", "sys.stdout.write")
    ]

    assert sorted(called) == [("__init__.py", "click.echo"), ("query.py", "sys.stdout.write")]


@pytest.mark.slow
def test_csv_on_a_terminal_has_no_control_characters(published: Settings) -> None:
    sql = "select chr(27) || chr(155) || chr(10) || 'a' as n"
    program = f"import sys; from recovery.cli import cli; cli(['query', '--csv', {sql!r}])"
    here, there = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=there, env={**os.environ, "RECOVERY_HOME": str(published.home.folder)}
    )
    os.close(there)

    assert done.returncode == 0
    assert os.read(here, 1000) == b'n\r\n"\\x1b\\x9b\r\na"\r\n'
    os.close(here)


def test_query_says_when_it_does_not_show_all(published: Settings) -> None:
    result = recovery("query", "--home", published.home.folder, "select * from range(500)")

    assert "Only the first 200 rows are shown" in result.stderr


def test_query_writes_csv_with_blanks_for_what_is_not_told(published: Settings) -> None:
    result = recovery("query", "--csv", "--home", published.home.folder, "select 1 as a, null as b, 'x,y' as c")

    assert result.stdout == 'a,b,c\n1,,"x,y"\n'


def test_query_writes_parquet_and_sheets(published: Settings, tmp_path: Path) -> None:
    sql = "select local_date, steps, '=1+1' as note from daily order by local_date"

    first = recovery("query", "--parquet", tmp_path / "d.parquet", "--home", published.home.folder, sql)
    second = recovery("query", "--xlsx", tmp_path / "d.xlsx", "--home", published.home.folder, sql)

    assert (first.exit_code, second.exit_code) == (0, 0), first.stderr + second.stderr
    assert parquet.read_table(tmp_path / "d.parquet").num_rows == 87
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 88
    assert sheet["C2"].data_type == "s"  # a note is no formula
    assert sheet["C2"].value == "=1+1"
    assert {path.name for path in tmp_path.iterdir()} == {"d.parquet", "d.xlsx"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from dayly", "daily"),
        ("selec 1", "syntax error"),
        ("drop table daily", "read-only"),
        ("select 1; select 2", "One statement"),
        ("", "One statement"),
    ],
)
def test_query_tells_in_one_line_what_is_wrong(published: Settings, sql: str, said: str) -> None:
    result = recovery("query", "--home", published.home.folder, sql)

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


def test_query_takes_one_way_out_only(published: Settings, tmp_path: Path) -> None:
    result = recovery("query", "--csv", "--xlsx", tmp_path / "x.xlsx", "--home", published.home.folder, "select 1")

    assert result.exit_code == 2


def test_explain_leads_to_minutes_sources_and_files(published: Settings) -> None:
    result = recovery("explain", "steps", "2026-03-10", "--home", published.home.folder)

    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "What steps counts." in said
    assert "8500 count, from garmin by minute, 90% of the day covered, not valid" in said
    assert "moving 40 min, 2000 steps garmin" in said
    assert "08:00 1000 20 40 0 0 70" in said
    assert "Night: 23:00 to 06:30, asleep 420 min, from fitbit" in said
    assert "garmin.zip!/1.fit (fit_files, loaded, 120 rows)" in said
    assert "old.zip" not in said


def test_explain_says_what_devices_measured_of_movement(tmp_path: Path) -> None:
    home = published_home(tmp_path / "home").home
    connection = warehouse.connect(home.published)
    connection.execute("insert into metrics values ('moving_min', 'movement', 'min', 'Moving', 'Minutes.', 'up', null)")
    connection.execute(
        "create table ledger as select 'me' as subject, date '2026-03-10' as local_date, 'garmin' as source,"
        " 'moving_min' as metric, 45.0 as reported, 38.0 as counted, 0.0 as counted_by_other, 0.0 as same, 0.0 as cut,"
        " 7::double as rejected, 0.0 as outside, 0.0 as unaccounted"
    )
    connection.close()

    said = recovery("explain", "moving_min", "2026-03-10", "--home", home.folder).stdout

    assert "garmin reported 45 min. Counted: 38." in said
    assert "This is the time that devices measure" in said
    assert "garmin: 7 that cannot be, or cannot be used" in said


def test_a_day_that_is_not_complete_is_called_so(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    home = settings.home
    connection = warehouse.connect(home.published)
    connection.execute(
        "update daily set is_valid_day = false, incomplete_sources = 'garmin', is_night_complete = false"
        " where local_date = '2026-03-31'"
    )
    connection.execute(
        "update daily_metrics set is_complete = false where local_date = '2026-03-31' and source = 'garmin'"
    )
    connection.close()

    explained = " ".join(recovery("explain", "steps", "2026-03-31", "--home", home.folder).stdout.split())
    others = recovery("explain", "steps", "2026-03-30", "--home", home.folder).stdout
    lines = [source_line(source) for source in status(settings, date(2026, 4, 1)).sources]

    assert "The day is not complete yet: garmin told nothing of a later time." in explained
    assert "The night is not complete yet: nothing is known of the three hours after it." in explained
    assert "not complete" not in others
    assert [line.split()[1] for line in lines if line.endswith("(this day is not complete yet)")] == ["garmin"]


def test_what_an_earlier_version_published_is_still_explained(tmp_path: Path) -> None:
    home = published_home(tmp_path / "home").home
    connection = warehouse.connect(home.published)
    for change in (
        "alter table daily drop column incomplete_sources",
        "alter table daily drop column is_night_complete",
        "alter table daily drop column night_status",
        "alter table daily drop column rest_from_hour",
        "alter table daily_metrics drop column is_complete",
    ):
        connection.execute(change)
    connection.close()

    for words in (("explain", "steps", "2026-03-31"), ("status",)):
        result = recovery(*words, "--home", home.folder)
        assert result.exit_code == 0, result.stderr


def test_explain_names_the_hours_of_rest_and_the_night_before(published: Settings) -> None:
    rest, steps = (
        recovery("explain", metric, "2026-03-10", "--home", published.home.folder).stdout
        for metric in ("still_min", "steps")
    )

    assert "Counted from 9 to 21 o'clock, the same hours on all days." in rest
    assert "o'clock" not in steps
    assert all("The night before it was inferred" in told for told in (rest, steps))


def test_explain_says_that_nothing_told_is_not_zero(published: Settings) -> None:
    result = recovery("explain", "steps", "2026-03-15", "--home", published.home.folder)

    assert result.exit_code == 0
    assert "nothing told is not zero" in result.stdout
    assert "2026-03-14 and 2026-03-16" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stepps", "2026-03-10"), "Did you mean steps"),
        (("steps", "2026-03-10", "--person", "zoe"), "There are days of: me"),
    ],
)
def test_explain_names_what_there_is(published: Settings, words: tuple[str, ...], said: str) -> None:
    result = recovery("explain", *words, "--home", published.home.folder)

    assert result.exit_code == 1
    assert said in result.stderr


def test_open_hands_the_page_to_the_browser(published: Settings, tmp_path: Path) -> None:
    published.home.report.write_text("<!doctype html>")
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path / "opened"}\n')
    browser.chmod(0o755)

    done = subprocess.run(
        [sys.executable, "-m", "recovery", "open", "--home", str(published.home.folder)],
        env={**os.environ, "BROWSER": str(browser)}, capture_output=True, text=True, timeout=30,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert str(published.home.report) in done.stdout
    assert (tmp_path / "opened").read_text() == published.home.report.as_uri()


def test_open_without_a_page_says_how_to_get_one(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC")

    result = recovery("open", "--home", tmp_path)

    assert result.exit_code == 1
    assert "recovery run" in result.stderr


def test_demo_refuses_a_folder_that_holds_anything_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("do not touch")

    result = recovery("demo", "--home", tmp_path)

    assert result.exit_code == 1
    assert "holds something else" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_forget_erases_a_person_and_names_what_is_theirs_to_delete(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC", "--people", "client1")
    recovery("log", "massage", "--home", tmp_path, "--date", "2026-05-04", "--person", "client1")

    result = recovery("forget", "--home", tmp_path, "--person", "client1", "--yes")

    assert result.exit_code == 0, result.stderr
    assert str(tmp_path / "inbox" / "client1" / "massages.csv") in result.stdout
    assert (tmp_path / "inbox" / "client1" / "massages.csv").is_file()


def test_forget_asks_before_it_erases(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC")

    result = CliRunner().invoke(cli, ["forget", "--home", str(tmp_path), "--person", "me"], input="n\n")

    assert result.exit_code == 1
    assert "Erase all of me" in result.stderr
    assert not (tmp_path / ".recovery" / "work.duckdb").exists()


@pytest.mark.slow
def test_dry_run_says_what_would_be_read_and_writes_nothing(tmp_path: Path) -> None:
    recovery("init", "--home", tmp_path, "--time-zone", "UTC")
    recovery("log", "massage", "--home", tmp_path, "--date", "2026-05-04")
    (tmp_path / "inbox" / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    before = sorted(path for path in tmp_path.rglob("*"))

    result = recovery("run", "--dry-run", "--home", tmp_path)

    assert result.exit_code == 0, result.stderr
    assert "massage log" in result.stdout
    assert "photo.csv: " in result.stdout
    assert sorted(path for path in tmp_path.rglob("*")) == before


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--help",), ("status",)])
def test_help_and_status_answer_quickly_and_without_the_heavy_libraries(
    words: tuple[str, ...], published: Settings
) -> None:
    code = (
        "import sys, time; start = time.process_time(); from recovery.cli import cli;"
        f" cli({[*words]!r}, standalone_mode=False);"
        f" print(sorted({HEAVY!r} & set(sys.modules)), time.process_time() - start, file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60,
        env={**os.environ, "RECOVERY_HOME": str(published.home.folder)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    loaded, _, seconds = done.stderr.strip().splitlines()[-1].partition("] ")
    assert loaded == "["
    assert float(seconds) < 2  # of CPU: 0.4 s, and more where nothing is compiled yet


def test_ctrl_c_while_the_program_is_imported_is_one_line_too() -> None:
    interrupted = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'recovery.cli':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from recovery.__main__ import main\n"
        "main()\n"
    )

    ended = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, text=True, timeout=60)

    assert ended.returncode == 130
    assert ended.stderr == "recovery: stopped by SIGINT; what was published before still stands.\n"
