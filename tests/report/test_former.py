"""Pages that are taken over: to the byte what would be written, with the ages of the day; else written anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from page_homes import NOW_UTC, copy_of, home_of

from recovery import report, warehouse
from recovery.answers.rows import Effect
from recovery.home.settings import Settings
from recovery.published import snapshot
from recovery.report import FormerPages

PEOPLE = {"anna": "3", "ben": "8", "cleo": "better", "dora": "lot"}  # 'anna' is told about when the first look will be
NIGHTS = (1, 2, 4, 9, 16, 62)  # days later: sources fall silent, numbers end, exports are missed, a year ends


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """People with few and many massages, one with a trial that begins and ends, one whose exports come no more."""
    made = home_of(tmp_path_factory.mktemp("former") / "home", PEOPLE)
    connection = warehouse.connect(made.home.published)
    connection.execute("alter table files add column exported_utc timestamp")
    connection.executemany(
        "insert into files by name select ? as path, 'fit_files' as format, 'ben' as subject, 'loaded' as status,"
        " ?::timestamp as exported_utc",
        [(f"ben/{day}.fit", datetime(2026, 11, 1) - timedelta(days=day)) for day in range(10)],
    )
    connection.execute(
        "create table trials (subject varchar, start_date date, end_date date, pairs integer, weeks_per_block integer,"
        " weekday varchar, start_time time, massages_scheduled integer, massages_attended integer,"
        " massages_in_control_weeks integer, schedule_sha256 varchar, committed_utc timestamp);"
        "create table trial_weeks (subject varchar, start_date date, week integer, local_date date, last_date date,"
        " is_massage_week boolean, massages_attended integer)"
    )
    connection.execute(
        "insert into trials values ('dora', ?, ?, 1, 1, 'wed', '17:00', 1, 0, 0, 'ab', '2026-10-20 10:00')",
        [date(2026, 11, 4), date(2026, 11, 9)],
    )
    connection.close()
    report.write(made, NOW_UTC)
    return made


def pages_of(settings: Settings) -> Mapping[str, bytes]:
    """The pages of the home that tell ages, by their path."""
    found = {path.relative_to(settings.home.folder): path for path in settings.home.pages.rglob("*.html")}
    found[Path("report.html")] = settings.home.report
    return {str(name): path.read_bytes() for name, path in found.items() if not name.name.startswith("weeks")}


def written(settings: Settings, days: int, *changed: str, is_anew: bool = False) -> Mapping[str, bytes]:
    """The pages as they are so many days later, where these people alone have other rows than before."""
    former = None if is_anew else FormerPages(settings.home.pages, (), changed)
    report.write(settings, NOW_UTC + timedelta(days=days), is_new_snapshot=False, former=former)
    return pages_of(settings)


@pytest.mark.slow
def test_pages_that_are_taken_over_night_after_night_are_what_is_written_anew(
    settings: Settings, tmp_path: Path
) -> None:
    by_night, anew = copy_of(settings, tmp_path / "night"), copy_of(settings, tmp_path / "anew")
    for days in NIGHTS:
        assert written(by_night, days) == written(anew, days, is_anew=True), days


@pytest.mark.slow
def test_a_page_is_written_anew_where_it_says_anything_else_that_is_another_thing_now(
    settings: Settings, tmp_path: Path
) -> None:
    home = copy_of(settings, tmp_path / "home")
    for path in home.home.pages.rglob("*.html"):
        path.write_text(path.read_text(encoding="utf-8").replace("</main>", "OLD</main>"), encoding="utf-8")

    def as_it_was(days: int, *changed: str) -> set[str]:
        pages = written(home, days, *changed)
        return {Path(name).parent.name for name, text in pages.items() if b"OLD" in text}

    assert as_it_was(1) == {*PEOPLE}
    assert as_it_was(1, "ben") == {*PEOPLE} - {"ben"}
    connection = warehouse.connect(home.home.published)
    connection.execute("insert into rejected by name select 'cleo/a.csv' as path, 'No date.' as reason")
    connection.close()
    assert as_it_was(1) == {"anna", "dora"}  # a row of no person is told of who has the file
    assert as_it_was(4) == {"anna"}  # the trial began
    assert as_it_was(62) == set()


@pytest.mark.slow
def test_pages_of_who_misses_an_export_are_taken_over_while_nothing_else_changes(
    settings: Settings, tmp_path: Path
) -> None:
    home = copy_of(settings, tmp_path / "home")
    pages = written(home, 16)
    assert b"arrived every day until 1 November 2026" in pages["report/ben/evidence.html"]
    for path in (home.home.pages / "ben").glob("*.html"):
        path.write_text(path.read_text(encoding="utf-8").replace("</main>", "OLD</main>"), encoding="utf-8")

    later = written(home, 17)

    assert {name for name in later if "/ben/" in name} == {name for name, text in later.items() if b"OLD" in text}


@pytest.mark.slow
def test_of_a_month_that_did_not_change_the_list_of_all_months_is_told_anew(settings: Settings, tmp_path: Path) -> None:
    home = copy_of(settings, tmp_path / "home")
    connection = warehouse.connect(home.home.published)
    connection.execute(
        "insert into massages by name select * replace ('new' as massage_id, date '2026-10-31' as local_date)"
        " from massages where subject = 'anna' limit 1"
    )
    connection.close()
    home.home.pages.rename(tmp_path / "former")
    for path in (tmp_path / "former" / "anna").glob("weeks*.html"):
        path.write_text(path.read_text(encoding="utf-8").replace("</main>", "OLD</main>"), encoding="utf-8")

    former = FormerPages(tmp_path / "former", {("anna", "2026-10")}, {"anna"})
    later = NOW_UTC + timedelta(days=1)
    report.write(home, later, former=former)

    told = {path.name: path.read_bytes() for path in (home.home.pages / "anna").glob("weeks*.html")}
    assert {name for name, text in told.items() if b"OLD" not in text} == {"weeks.html", "weeks-2026-10.html"}
    assert len({text for text in told.values() if b"4 massages" in text}) == len(told)
    report.write(home, later)
    for name, text in told.items():
        assert (home.home.pages / "anna" / name).read_bytes() == text.replace(b"OLD</main>", b"</main>"), name


@pytest.mark.slow
def test_my_weeks_are_written_anew_on_a_night_without_a_snapshot_where_they_would_say_anything_else(
    tmp_path: Path,
) -> None:
    home = home_of(tmp_path / "home", {"me": "3"})
    report.write(home, NOW_UTC)
    invented = replace(home, is_demo=True)

    report.write(invented, NOW_UTC, is_new_snapshot=False, former=FormerPages(home.home.pages, (), ()))

    kept = {path.name: path.read_bytes() for path in home.home.pages.rglob("*.html")}
    report.write(invented, NOW_UTC)
    assert {name for name in kept if name.startswith("weeks-")}
    assert kept == {path.name: path.read_bytes() for path in home.home.pages.rglob("*.html")}


def test_no_page_reads_what_the_answers_of_others_made_of_a_person() -> None:
    assert not {*snapshot.OF_OTHERS[Effect.table]} & {*Effect.__dataclass_fields__}
