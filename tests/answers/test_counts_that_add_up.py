"""Every massage and every day is in one part of what an answer counts, in the tables and on the pages."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import duckdb
import pytest
from invented import FIRST, add_diary
from parsed_page import parsed
from shown_pages import shown

from recovery import answers, warehouse
from recovery.actions.init import init
from recovery.home.settings import VALIDITY, Settings, load_settings
from recovery.published import snapshot
from recovery.report.site import Page

pytestmark = pytest.mark.slow

DAYS = 150
GAPS = (6, 9, 7, 5, 8, 11)
EXCLUDED = (40, 41, 42, 90, 100)  # days of the record; of the last one nothing is told
UNTOLD = (20, 33, 100)
NOW_UTC = datetime.combine(FIRST, time(8)) + timedelta(days=DAYS)
PARTS = re.compile(r"(\d+) of (\d+) (massages|days) \((\d+ (?:without|not|before|on|left)[^()]*)\)")
NUMBER = re.compile(r"\d+")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def massages() -> list[date]:
    """One on two hours of a day, the last after all records, the last but one on the last day."""
    found = [4]
    while found[-1] + GAPS[len(found) % len(GAPS)] < DAYS - 1:
        found.append(found[-1] + GAPS[len(found) % len(GAPS)])
    return [day(number) for number in [*found, found[3], DAYS - 1, DAYS + 10]]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("counted")
    init(folder, "Europe/Berlin", [])
    return load_settings(folder)


@pytest.fixture(scope="module")
def counted(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The private database of a person with a diary, whose massages and days do not all count."""
    connection = warehouse.open_work(settings.home.folder / "work.duckdb")
    connection.executemany("insert into raw.validity values (?, ?)", sorted(VALIDITY.items()))
    pain = {day(number): 4.0 + number * 7 % 5 for number in range(DAYS) if number not in UNTOLD}
    add_diary(connection, pain, massages())
    connection.execute("update raw.massages set status = 'no-show' where local_date = ?", [massages()[1]])
    connection.executemany("insert into raw.exclusions values ('me', ?, 'flu')", [[day(number)] for number in EXCLUDED])
    warehouse.build(connection)
    answers.run(connection, settings)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def published(counted: duckdb.DuckDBPyConnection, settings: Settings) -> Settings:
    """The home with what is published of it."""
    counted.execute(f"attach '{settings.home.published}' as made")
    for relation in snapshot.tables():
        counted.execute(f"create table made.{relation.name} as from pub.{relation.name}")
    counted.execute("detach made")
    return settings


def test_the_parts_of_massages_and_of_days_sum_to_what_there_is(counted: duckdb.DuckDBPyConnection) -> None:
    told = counted.execute("select * exclude (subject) from pub.answer_counts where metric = 'pain'").fetchall()

    in_all = len(massages()) - 1  # one is a no-show
    excluded, untold = len(EXCLUDED), len({*UNTOLD} - {*EXCLUDED})
    assert told == [
        ("pain", "days_1_3", in_all, 1, 1, 1, in_all - 3, DAYS, excluded, untold, 0, 8, DAYS - excluded - untold - 8)
    ]  # 4 days before the log, 4 after the last look
    assert counted.execute("select n_massages from pub.participants").fetchall() == [(in_all,)]
    assert counted.execute("select sum(massages) from pub.adherence").fetchall() == [(in_all - 1,)]  # one lies ahead


def test_every_total_on_evidence_is_the_sum_of_the_parts_that_it_tells(published: Settings) -> None:
    said = parsed(shown(published, Page.EVIDENCE, now_utc=NOW_UTC)).text

    found = PARTS.findall(said)
    assert [(counts, total, noun) for counts, total, noun, _ in found] == [
        ("18", "21", "massages"),
        ("135", "150", "days"),
    ]
    for counts, total, _, why in found:
        assert int(counts) + sum(map(int, NUMBER.findall(why))) == int(total), why


def test_today_and_the_sheet_tell_the_same_massages(published: Settings) -> None:
    today, sheet = (parsed(shown(published, page, now_utc=NOW_UTC)).text for page in (Page.TODAY, Page.SHEET))

    (counts,) = re.findall(r"After (\d+) massages both are still possible", today)
    (why,) = re.findall(r"Not counted: ([^.]+)\.", today)
    assert int(counts) + sum(map(int, NUMBER.findall(why))) == 21
    months = re.findall(r"[A-Z][a-z]{2} 2024 (\d+) ", sheet[sheet.index("The last months") :])
    assert sum(map(int, months)) == 21
    assert "21 massages, 147 of the 150 days from 4 March 2024 to 31 July 2024 have data." in sheet
    assert "5 days left out (4 with data): " in sheet


def test_the_massages_of_the_months_are_those_that_the_pages_tell(published: Settings) -> None:
    in_all = len(massages()) - 1
    weeks = parsed(shown(published, Page.WEEKS, now_utc=NOW_UTC)).text
    evidence = parsed(shown(published, Page.EVIDENCE, now_utc=NOW_UTC)).text

    months = weeks[weeks.index("Other months") :]
    assert sum(int(count) for count in re.findall(r"(\d+) massages?", months)) == in_all
    assert f"{in_all} massages, and 1 written down that did not take place." in evidence
    assert f"{in_all - 3} of {in_all} massages (" in evidence
