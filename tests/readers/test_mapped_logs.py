"""Diaries and massages of tables that recovery.toml maps, worked out by hand."""

from datetime import date, datetime, timedelta

import homes
import pytest
from one_reader import rows, skipped, summary
from places import SHARED
from test_mapped_table import TABLE, mapped

from recovery.formats.entries import Context
from recovery.formats.log_headings import DIARY_COLUMNS, MASSAGE_COLUMNS
from recovery.formats.records import Batch, Dates, Skipped, Yielded
from recovery.home import clock
from recovery.home.mapped_columns import DIARY_TARGETS, MASSAGE_TARGETS
from recovery.home.people import names_to_people
from recovery.readers import mapped_table

CASES = SHARED / "cases" / "pain"
BERLIN = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: clock.to_utc(wall, "Europe/Berlin"))
DIARY = f'{TABLE}date = "date"\n'
LONG = "date,region,pain\n2026-05-01,knee,6\n2026-05-01,Back,3\n2026-05-02,knee,5\n2026-05-02,back,2\n"


def read(table: str, content: str | bytes) -> list[Yielded]:
    return list(mapped_table.read([mapped(table, content)], BERLIN))


def reasons(found: list[Yielded]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Skipped)]


needs_cases = pytest.mark.skipif(not CASES.exists(), reason="needs ../shared/cases")


@needs_cases
@pytest.mark.parametrize(
    ("name", "table", "days"),
    [
        (
            "long_diary.csv",
            'date = "date"\nwhere = { region = "back" }\ncolumns = { pain = "pain" }',
            [(date(2026, 5, 1), 3.0), (date(2026, 5, 2), 2.0)],
        ),
        (
            "long_pain.csv",
            'date = ["startyear", "startmonth", "startday"]\nwhere.name = "Back pain"\ncolumns.intensity = "pain"',
            [(date(2026, 5, 1), 2.0)],
        ),
        (
            "carried_down.csv",
            'date = ["year", "month", "day"]\ncarry_down = true\nwhere.region = "Knees"\ncolumns.intensity = "pain"',
            [(date(2026, 5, 1), 5.7), (date(2026, 5, 2), 5.0)],
        ),
        (
            "taplog.csv",
            'time = "timestamp"\n[[tables.rows]]\nwhere = { cat1 = "Pain", cat2 = "Knee" }\ncolumns.number = "pain"',
            [(date(2026, 5, 1), 6.0)],
        ),
    ],
)
def test_the_cases_are_read_once_a_region_is_named(name: str, table: str, days: list[tuple[date, float]]) -> None:
    found = read(TABLE + table, (CASES / name).read_bytes())

    assert rows(found, "diary", "local_date", "pain") == days
    assert skipped(found) == []
    assert summary(found).log_kind == "diary"


@needs_cases
def test_a_tracker_of_taps_gives_pain_and_massages() -> None:
    table = (
        f'{TABLE}time = "timestamp"\n[[tables.rows]]\nwhere = {{ cat1 = "Pain" }}\ncolumns = {{ number = "pain" }}\n'
        '[[tables.rows]]\nwhere = { cat1 = "massage" }\n'
        'columns = { timestamp = "end", number = "minutes", cat2 = "areas" }'
    )

    found = read(table, (CASES / "taplog.csv").read_bytes())

    assert rows(found, "diary", "local_date", "pain") == [(date(2026, 5, 1), 6.0)]
    assert rows(found, "massages", "local_date", "start_local", "start_utc", "massage_min", "areas", "status") == [
        (date(2026, 5, 1), datetime(2026, 5, 1, 16, 40), datetime(2026, 5, 1, 14, 40), 60.0, "Back", "attended")
    ]
    assert summary(found).log_kind == "massages"


def test_only_the_named_region_is_read_and_the_rest_is_counted() -> None:
    found = read(f'{DIARY}where = {{ region = "back" }}\ncolumns = {{ pain = "pain" }}', LONG)

    assert rows(found, "diary", "place", "origin", "pain") == [
        ("row 3", "mapped_table", 3.0), ("row 5", "mapped_table", 2.0)
    ]  # fmt: skip
    assert summary(found).message == "left out: 2 x rows that recovery.toml does not name"


def test_a_region_that_is_nowhere_is_told_and_the_file_is_not_loaded() -> None:
    found = read(f'{DIARY}where = {{ region = "bakc" }}\ncolumns = {{ pain = "pain" }}', LONG)

    (reason,) = reasons(found)
    assert "no row has region = 'bakc' (there are 'knee', 'back')" in reason


def test_several_regions_and_feelings_can_be_read_from_one_table() -> None:
    table = (
        f'{DIARY}[[tables.rows]]\nwhere = {{ name = ["Low back", "High back"] }}\ncolumns = {{ n = "pain" }}\n'
        '[[tables.rows]]\nwhere = { name = "happiness" }\ncolumns = { n = "mood in 1-10" }'
    )
    text = "date,name,n\n2026-05-01,Low back,6\n2026-05-01,High back,3\n2026-05-01,happiness,10\n"

    found = read(table, text)

    assert rows(found, "diary", "place", "pain", "mood") == [("row 2 and 2 more", 4.5, 5.0)]
    assert summary(found).message == "the mean counts where a day has several ratings (days: 1)"


def test_what_a_day_says_several_times() -> None:
    table = (
        f'{TABLE}time = "at"\ncolumns = {{ a = "pain", b = "doses", c = "note", d = "could_do_daily_activities", '
        'e = "bed_rest_hours in min" }'
    )
    text = "at,a,b,c,d,e\n2026-05-01 08:00,4,1,x,yes,30\n2026-05-01 20:00,7,2,y,no,45\n2026-05-01 23:00,,,x,,\n"

    found = read(table, text)

    columns = ("pain", "medication_doses", "note", "could_do_daily_activities", "bed_rest_hours")
    assert rows(found, "diary", *columns) == [(5.5, 3.0, "x; y", 0.0, 1.25)]


@pytest.mark.parametrize(
    ("target", "cell", "pain"),
    [
        ("pain", "5,5", 5.5),
        ("pain", "7/10", 7.0),
        ("pain in 0-100", "35", 3.5),
        ("pain in 1-5", "2", 2.5),
        ("pain in 10-0", "8", 2.0),
        ("pain", "Severe", 8.0),
        ("pain in 0-100", "severe", 0.8),
        ("pain", "none", 0.0),
        ("pain", "", None),
        ("pain", "nan", None),
    ],
)
def test_a_rating_is_on_the_told_scale(target: str, cell: str, pain: float | None) -> None:
    table = f'{DIARY}words = {{ severe = 8 }}\ncolumns = {{ n = "{target}", note = "note" }}'

    found = read(table, f'date,n,note\n2026-05-01,"{cell}",x\n')

    assert rows(found, "diary", "pain") == [(pain,)]
    assert skipped(found) == []


def test_a_value_that_cannot_be_read_costs_no_other_and_a_row_without_a_date_itself() -> None:
    text = "date,n,note\n2026-05-01,70,x\nsoon,3,y\n2026-05-03,many,\n2026-05-04,4\n"
    found = read(f'{DIARY}columns = {{ n = "pain", note = "note" }}', text)

    assert rows(found, "diary", "local_date", "pain", "note") == [
        (date(2026, 5, 1), None, "x"), (date(2026, 5, 4), 4.0, None)
    ]  # fmt: skip
    assert [(item.place, item.is_kept) for item in found if isinstance(item, Skipped)] == [
        ("row 2", True), ("row 3", False), ("row 4", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "massage"),
    [
        ("2026-05-01,17:30,1 h,4,Thai", (datetime(2026, 5, 1, 17, 30), 60.0, 4.0, "Thai")),
        ("2026-05-01,5pm,,,", (datetime(2026, 5, 1, 17), None, None, None)),
        ("2026-05-01,,45,nine,", (None, 45.0, None, None)),
    ],
)
def test_a_list_of_massages_is_read(line: str, massage: tuple[object, ...]) -> None:
    table = f'{DIARY}columns = {{ s = "start", m = "minutes", p = "pressure", t = "technique" }}'
    found = read(table, f"date,s,m,p,t\n{line}\n")

    assert rows(found, "massages", "start_local", "massage_min", "pressure", "technique") == [massage]


def test_a_column_of_massages_beside_the_diary_makes_one_only_where_it_is_filled_in() -> None:
    table = (
        f'{DIARY}[[tables.rows]]\ncolumns = {{ pain = "pain" }}\n[[tables.rows]]\ncolumns = {{ massage = "minutes" }}'
    )
    found = read(table, "date,pain,massage\n2026-05-01,3,60\n2026-05-02,4,\n2026-05-03,5,0\n")

    assert rows(found, "massages", "local_date", "massage_min") == [(date(2026, 5, 1), 60.0)]
    assert len(rows(found, "diary", "pain")) == 3


def test_a_cell_of_a_massage_that_cannot_be_read_makes_its_day_unknown_not_one_without_a_massage() -> None:
    table = f'{DIARY}columns = {{ m = "minutes", t = "technique" }}'
    found = read(table, "date,m,t\n2026-05-01,60,\n2026-05-02,soon,\n2026-05-03,soon,Thai\n2026-05-04,,\n")

    assert rows(found, "massages", "local_date") == [(date(2026, 5, 1),), (date(2026, 5, 3),)]
    assert [(item.place, item.unknown) for item in found if isinstance(item, Skipped)] == [
        ("row 3", Dates(date(2026, 5, 2), date(2026, 5, 2))), ("row 4", None)
    ]  # fmt: skip


def test_the_date_of_a_tap_is_that_of_its_own_wall_clock() -> None:
    table = f'{TABLE}time = "at"\nwhere = {{ what = "massage" }}\nlog = "massages"\n'
    text = "at,what\n2026-05-01T23:30:00-07:00,massage\n2026-05-01T23:30:00Z,massage\n2026-05-01 23:30,massage\n"

    found = read(table, text)

    assert [day for (day,) in rows(found, "massages", "local_date")] == [
        date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 1)
    ]  # fmt: skip
    assert rows(found, "massages", "start_local") == [(None,)] * 3  # nobody said that the tap was its start


def test_dates_told_only_where_they_change_are_carried_down_only_where_the_mapping_says_so() -> None:
    text = "date,region,n\n2026-05-01,knee,6\n,back,3\n2026-05-02,knee,5\n,back,2\n"
    table = f'{DIARY}where = {{ region = "back" }}\ncolumns = {{ n = "pain" }}\n'

    carried = read(f"carry_down = true\n{table}", text)

    assert rows(carried, "diary", "local_date", "pain") == [(date(2026, 5, 1), 3.0), (date(2026, 5, 2), 2.0)]
    assert "(rows: 2)" in summary(carried).message
    assert skipped(read(table, text)) == ["row 3", "row 5", "file"]


@pytest.mark.parametrize(
    ("date_key", "line", "days"),
    [
        ('date = ["y", "m", "d"]', "2026,4,30,a,3\n,,,b,4\n,5,1,a,5,7\n,,,b,6\n,,2,b,6\n,5,3,b,2\n", [30, 33]),
        ('date = ["y", "m", "d"]', "2026,4,29,a,3\n,,,b,4\n,,30,a,5,7\n,,,b,6\n,5,1,b,2\n", [29, 31]),
        ('date = "d"', "2,m,2026-04-30,a,3\n,,,b,4\n,,2026-05-01,a,5,7\n,,,b,6\n", [30]),
    ],
)
def test_below_a_row_that_cannot_be_read_no_date_is_carried_down(date_key: str, line: str, days: list[int]) -> None:
    table = f'{TABLE}{date_key}\ncarry_down = true\n[[tables.rows]]\ncolumns.n = "note"\n'

    found = read(table, f"y,m,d,r,n\n{line}")

    noted = dict(rows(found, "diary", "local_date", "note"))
    assert list(noted) == [date(2026, 3, 31) + timedelta(days=day) for day in days]
    assert "6" not in "".join(map(str, noted.values()))


def test_a_word_beyond_the_last_heading_is_left_alone_and_a_number_is_not() -> None:
    found = read(f'{DIARY}columns.n = "pain"', "date,n\n2026-05-01,3,could be 4\n2026-05-02,5,7\n2026-05-03,4,,\n")

    assert rows(found, "diary", "local_date", "pain") == [(date(2026, 5, 1), 3.0), (date(2026, 5, 3), 4.0)]
    assert skipped(found) == ["row 3"]


def test_measurements_can_stand_in_rows_too() -> None:
    table = f'{DIARY}[[tables.rows]]\nwhere = {{ what = "Steps" }}\ncolumns = {{ n = "steps" }}'

    found = read(table, "date,what,n\n2026-05-01,steps,600\n2026-05-01,weight,80\n")

    assert rows(found, "day_values", "metric", "value") == [("steps", 600.0)]


def test_the_names_of_a_mapping_are_those_of_the_logs() -> None:
    assert set(DIARY_TARGETS) == set(DIARY_COLUMNS) - {"date"}
    assert set(MASSAGE_TARGETS) == set(MASSAGE_COLUMNS) - {"date", "status"}


def test_the_repr_of_a_mapping_that_uses_nothing_new_is_as_it_was() -> None:
    """It enters the digests of homes, which else read their mapped files again."""
    mapping = mapped(f'{TABLE}time = "at"\ncovers_min = 5\ncolumns = {{ n = "steps" }}', "").mapping

    assert repr(mapping) == (
        "TableMapping(file='t.csv', source='s', kind='time', start=('at',), columns=(MappedColumn(heading='n',"
        " metric='steps', factor=1.0),), end=(), covers_min=5.0, date_format=None, zone=None, decimal=None,"
        " header_row=1)"
    )


@pytest.mark.slow
def test_a_mapped_log_replaces_what_it_said_and_is_withdrawn(tmp_path: object) -> None:
    home = homes.make(tmp_path / "home")  # type: ignore[operator]
    table = 'file = "long.csv"\nsource = "s"\ndate = "date"\nwhere = { region = "back" }\ncolumns = { pain = "pain" }'
    home.with_settings(f'home_time_zone = "Europe/Berlin"\n[[tables]]\n{table}\n')
    days = "select local_date::varchar, pain from raw.diary order by all"

    file = home.drop("long.csv", LONG)
    home.run()
    assert home.rows(days) == [("2026-05-01", 3.0), ("2026-05-02", 2.0)]
    home.drop("long.csv", LONG.replace("2026-05-02,back,2", "2026-05-03,back,4"))
    home.run()
    assert home.rows(days) == [("2026-05-01", 3.0), ("2026-05-03", 4.0)]
    home.with_settings(f'home_time_zone = "Europe/Berlin"\n[[tables]]\n{table.replace("back", "knee")}\n')
    home.run()
    assert home.rows(days) == [("2026-05-01", 6.0), ("2026-05-02", 5.0)]
    home.with_settings('home_time_zone = "Europe/Berlin"\n')
    home.run()
    assert home.rows(days) == []
    assert home.rows("select status from raw.files") == [("rejected",)]
    file.unlink()
    home.close()


PEOPLE = BERLIN._replace(names=names_to_people({"me": ["Tom"], "anna": ["Mrs M."]}))
OF_MASSAGES = f'{TABLE}date = "day"\n[[tables.rows]]\nlog = "massages"\ncolumns = {{ how_long = "minutes" }}\n'
OF_CLIENTS = (
    "day,how_long,client\n2026-05-01,60,Mrs M.\n2026-05-02,60,tom\n2026-05-03,60,Mr X\nsoon,60,anna\n2026-05-09,45,\n"
)


def test_each_row_of_a_mapped_list_goes_to_the_person_it_names() -> None:
    found = list(mapped_table.read([mapped(OF_MASSAGES, OF_CLIENTS)], PEOPLE))

    assert [(item.person, item.table["local_date"].to_pylist()) for item in found if isinstance(item, Batch)] == [
        ("", [date(2026, 5, 2), date(2026, 5, 9)]),
        ("anna", [date(2026, 5, 1)]),
    ]
    lost = [item for item in found if isinstance(item, Skipped)]
    assert [(item.place, item.unknown, item.person) for item in lost] == [
        ("row 4", (date(2026, 5, 3), date(2026, 5, 3)), ""),
        ("row 5", (date(2026, 5, 3), date(2026, 5, 9)), "anna"),
    ]
    assert "names 'Mr X', who is not in recovery.toml" in lost[0].reason


@pytest.mark.parametrize(("name", "count"), [("Tom", 1), ("", 1), ("anna", 0), ("Mr X", 0)])
def test_what_was_measured_of_another_person_is_refused(name: str, count: int) -> None:
    table = f'{TABLE}date = "day"\ncolumns = {{ walked = "steps" }}\n'

    found = list(mapped_table.read([mapped(table, f"day,walked,Patient\n2026-05-01,900,{name}\n")], PEOPLE))

    assert len(rows(found, "day_values", "value")) == count
    assert len([item for item in found if isinstance(item, Skipped)]) == 1 - count


def test_a_heading_that_the_mapping_uses_names_nobody() -> None:
    table = f'{TABLE}date = "day"\n[[tables.rows]]\nlog = "massages"\nwhere = {{ Patient = "yes" }}\n'

    found = list(mapped_table.read([mapped(table, "day,Patient\n2026-05-01,yes\n")], PEOPLE))

    assert rows(found, "massages", "local_date") == [(date(2026, 5, 1),)]
