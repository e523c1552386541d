"""Diaries that rate several regions or symptoms, in rows or in columns, and other scales."""

from datetime import date

import pytest
from one_reader import BERLIN, entry, rows, summary
from places import SHARED

from recovery.formats import log_columns
from recovery.formats.records import Skipped, Yielded
from recovery.readers import diary_log

CASES = SHARED / "cases" / "pain"
LONG = "date,region,pain\n2026-05-01,knee,6\n2026-05-01,back,3\n2026-05-02,knee,5\n"


def read(text: str, name: str = "table.csv") -> list[Yielded]:
    return list(diary_log.read([entry(text, name)], BERLIN))


def refused(text: str, name: str = "table.csv") -> str:
    """The reason why a whole diary is refused; '' where it is read."""
    assert log_columns.log_kind(entry(text, name)) == "diary"
    return next((item.reason for item in read(text, name) if isinstance(item, Skipped) and item.place == "file"), "")


@pytest.mark.skipif(not CASES.exists(), reason="needs ../shared/cases")
@pytest.mark.parametrize(
    ("name", "listed", "example"),
    [
        ("long_diary.csv", "'knee' (2), 'back' (2)", "--row back=pain"),
        ("long_pain.csv", "'Knee Pain' (1), 'Back pain' (1)", "--row 'Back pain=pain'"),
        ("carried_down.csv", "'Knees' (2), 'Hands' (1)", "--row Knees=pain"),
    ],
)
def test_the_cases_are_refused_with_their_regions_until_one_is_named(name: str, listed: str, example: str) -> None:
    said = refused((CASES / name).read_text(), name)

    assert listed in said
    assert example in said


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        LONG.replace("region", "Symptom").replace("back", "happiness"),
        LONG.replace("region", "name"),
        LONG.replace("date,", "date,time,").replace("-01,", "-01,18:00,").replace("-02,", "-02,9 am,"),
        LONG.replace("pain", "intensity"),  # not the pressure of massages: a date has several regions
        "Datum;Körperteil;Schmerz\n01.05.2026;Knie;6\n01.05.2026;Rücken;3\n",
        "date,what,pain\n2026-05-01,Knee pain,6\n2026-05-02,happiness,3\n",
        "name,date,pain\nKnee Pain,2026-05-01,3\nhappiness,2026-05-01,8\n",  # the columns renamed
    ],
)
def test_a_row_for_each_region_is_refused(text: str) -> None:
    assert "rates several regions" in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "date,knee pain,back pain\n2026-05-01,6,3\n",
        "date,Pain knee,Pain neck,mood\n2026-05-01,6,3,4\n",
        "Datum;Rückenschmerzen;Knieschmerzen\n01.05.2026;6;3\n31.05.2026;6;3\n",
    ],
)
def test_a_column_for_each_region_is_refused_unless_one_rates_all(text: str) -> None:
    said = refused(text)

    assert "--column" in said
    first, rest = text.split("\n", 1)
    delimiter = ";" if ";" in first else ","
    of_all = f"{first}{delimiter}overall pain\n" + rest.replace("\n", f"{delimiter}7\n")
    assert refused(of_all) == ""
    assert rows(read(of_all), "diary", "pain")[0] == (7.0,)


def test_plain_columns_of_regions_are_ratings_in_a_file_that_says_so() -> None:
    text = "date,knee,lower back\n2026-05-01,6,3\n"

    assert log_columns.log_kind(entry(text, "table.csv")) == ""
    assert "'knee' (1), 'lower back' (1)" in refused(text, "pain.csv")


@pytest.mark.parametrize(
    "text",
    [
        "date,region,pain\n2026-05-01,back,6\n2026-05-02,back,3\n",  # always the same: nothing to choose
        "date,pain,note\n2026-05-01,6,knee\n2026-05-02,3,back\n",
        "date,pain,medication\n2026-05-01,6,Voltaren\n2026-05-01,3,back rub\n",
        "date,back pain,mood\n2026-05-01,6,3\n2026-05-02,3,4\n",
    ],
)
def test_a_diary_of_one_pain_is_read(text: str) -> None:
    assert refused(text) == ""
    assert [pain for (pain,) in rows(read(text), "diary", "pain")] == [6.0, 3.0]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("date,minutes,region,intensity\n2026-05-01,60,back,3\n2026-05-01,30,neck,3\n", "t.csv", "massages"),
        ("date,region,pressure\n2026-05-01,back,3\n2026-05-08,neck,3\n", "t.csv", "massages"),
        ("date,region,pain\n2026-05-01,back,3\n2026-05-08,neck,3\n", "massages.csv", "massages"),
        ("date,pain,minutes\n2026-05-01,3,\n", "pain.csv", "diary"),
        ("date,metric,value\n2026-05-01,steps,3\n2026-05-01,stress,9\n", "t.csv", ""),
        ("date,activity,start time,duration,pain after\n2026-05-01,Road Bike,16:30,40,3\n", "t.csv", ""),
        ("year,month,day,activity,duration,pain after\n2026,5,1,Road Bike,40,3\n", "sport.csv", ""),
        ("date,minutes,technique,distance\n2026-05-01,60,Thai,3\n", "t.csv", "massages"),
    ],
)
def test_what_is_a_diary_and_what_a_list_of_massages(text: str, name: str, kind: str) -> None:
    assert log_columns.log_kind(entry(text, name)) == kind


def test_a_diary_with_split_dates_is_read_and_says_what_it_carried_down() -> None:
    found = read("year,month,day,pain\n2026,4,30,3\n,5,1,4\n,,2,5\n")

    assert rows(found, "diary", "local_date", "pain") == [
        (date(2026, 4, 30), 3), (date(2026, 5, 1), 4), (date(2026, 5, 2), 5)
    ]  # fmt: skip
    assert summary(found).message == (
        "Years and months told only where they change are those of the row above (rows: 2)."
    )


@pytest.mark.parametrize(
    ("heading", "cells", "pains"),
    [
        ("Pain (0-100)", "35,5,100", [3.5, 0.5, 10.0]),
        ("pain [1 to 5]", "1,3,5", [0.0, 5.0, 10.0]),
        ("Pain %", "35,5,60", [3.5, 0.5, 6.0]),
        ("pain (0-10)", "3,5,10", [3.0, 5.0, 10.0]),
        ("pain (1-10)", "3,5,10", [3.0, 5.0, 10.0]),
    ],
)
def test_a_scale_that_the_heading_tells_is_brought_to_ours(heading: str, cells: str, pains: list[float]) -> None:
    text = f"date;{heading}\n" + "".join(f"2026-05-0{day};{cell}\n" for day, cell in enumerate(cells.split(","), 1))

    assert [pain for (pain,) in rows(read(text), "diary", "pain")] == pains


def test_what_is_not_on_the_told_scale_is_left_empty() -> None:
    found = read("date,pain (1-5),note\n2026-05-01,0,a\n2026-05-02,none,b\n2026-05-03,7,c\n")

    assert rows(found, "diary", "pain") == [(None,), (0.0,), (None,)]


def test_a_scale_that_nothing_tells_is_not_guessed() -> None:
    values = "".join(f"2026-05-{day:02},{day * 5},4\n" for day in range(1, 11))

    assert "pain holds many numbers above 10" in refused(f"date,pain,mood\n{values}")
    moods = read("date,pain,mood\n" + "".join(f"2026-05-{day:02},3,{day}\n" for day in range(1, 11)))
    assert rows(moods, "diary", "pain", "mood") == [(3.0, None)] * 10
    assert "mood holds many numbers above 5" in summary(moods).message
