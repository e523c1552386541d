"""A study as it is given away: nobody's id, date, path or word in any byte, and what it is about as it was."""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from layers import views_as_tables

from recovery import warehouse
from recovery.actions import cohort_export
from recovery.cli import cli
from recovery.errors import HomeError
from recovery.home.folder import Home
from recovery.published import snapshot
from recovery.published.deidentify import merged

PEOPLE = [f"wanda-{number:02}" for number in range(1, 13)]  # 1 to 7 weekly, the others fortnightly
FIRST = date(2024, 2, 26)  # a Monday; the clocks change on 31 March
DAYS = 42
ROWS = f"""
insert into pub.participants by name
    select subject, if(number <= 7, 'weekly', 'fortnightly') as arm, if(number % 2 = 0, 'even', 'odd') as subgroup,
        'Europe/Berlin' as time_zone, date '{FIRST}' as first_date, date '{FIRST}' + {DAYS - 1} as last_date,
        case when number = 1 then 'oddwatch:99, garmin:4711' when number < 8 then 'garmin:4711' else 'fitbit' end
            as sources,
        date '{FIRST}' + number::integer as first_massage_date, 6 as n_massages, 'HIDDEN reason (3)' as excluded_for
    from people;
insert into pub.adherence by name
    select subject, date '{FIRST}' + 7 * week::integer as week_date, 7 as n_days, 5 as valid_days, 3 as diary_days
    from people, range({DAYS // 7}) as weeks (week);
insert into pub.daily by name
    select subject, date '{FIRST}' + day::integer as local_date, day % 7 = 1 as is_massage_day, 1000.0 as steps,
        case when day = 3 then if(number = 1, 'HIDDEN operation', 'flu') end as excluded_for,
        if(day = 4, 'HIDDEN.csv row 3', null) as massage_unknown_for, if(number < 4, 600.0, null) as worn_min,
        if(day = 34, 1380.0, 1440.0) as worn_waking_min
    from people, range({DAYS}) as days (day);
insert into pub.daily_metrics by name
    select subject, date '{FIRST}' + day::integer as local_date, metric, 100.0 * number as value, 'steps' as unit,
        if(day = 34, 0.96, 1.0) as coverage_share,
        if(number = 1, 'oddwatch:99', 'garmin:4711') as source
    from people, range({DAYS}) as days (day), (values ('steps'), ('floors'), ('wake_local')) as metrics (metric)
    where metric <> 'floors' or number < 4;
insert into pub.nights by name
    select subject, date '{FIRST}' + day::integer as night_date, 1 as ordinal, 'fitbit' as source,
        -60.0 as onset_local, night_date - interval 2 hour as onset_utc, night_date + interval 6 hour as wake_utc,
        480.0 as wake_local
    from people, range({DAYS}) as days (day);
insert into pub.massages by name
    select subject, subject || '_2024' as massage_id, date '{FIRST}' + day::integer as local_date, 1 as ordinal,
        date '{FIRST}' + day::integer + interval 18 hour as start_local,
        date '{FIRST}' + day::integer + interval 17 hour as start_utc, 60.0 as massage_min, 'attended' as status,
        if(number = 2, 'HIDDEN with Erika', 'thai') as technique, 'HIDDEN therapist' as therapist,
        'HIDDEN note' as note
    from people, range(1, {DAYS}, 7) as days (day);
insert into pub.diary by name
    select subject, date '{FIRST}' + day::integer as local_date, 5.0 as pain, 'HIDDEN note' as note,
        if(number = 3, 'HIDDEN pills', 'ibuprofen') as medication
    from people, range({DAYS}) as days (day);
insert into pub.timeline by name
    select subject, minute_utc, minute_utc + if(minute_utc < timestamp '2024-03-31 01:00', interval 1 hour,
        interval 2 hour) as local_time, local_time::date as local_date, 'still' as state, 'garmin:4711' as source
    from people, range(timestamp '2024-03-29 23:00', timestamp '2024-04-01 22:00', interval 1 minute)
        as minutes (minute_utc);
insert into pub.effects by name
    select subject, 'steps' as metric, 'days_1_3' as "window", number * 1.0 as estimate, 'HIDDEN reason' as reason,
        date '2024-05-01' as first_said
    from people;
insert into pub.cohort_effects by name
    select 'steps' as metric, 'days_1_3' as "window", attribute, level, n as n_subjects, 2 as n_refused,
        'HIDDEN reason' as reason
    from (values ('all', '', 12), ('arm', 'weekly', 7), ('arm', 'fortnightly', 5), ('subgroup', 'even', 6),
        ('subgroup', 'odd', 2)) as means (attribute, level, n);
insert into pub.trials by name
    select subject, date '{FIRST}' as start_date, 12 as pairs, 'HIDDEN hash' as schedule_sha256
    from people where number < 3;
"""


def publish(home: Home) -> Home:
    """A published home of twelve people, made by hand."""
    home.private.mkdir(parents=True)
    home.settings.write_text('home_time_zone = "Europe/Berlin"\n')
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    views_as_tables(connection)
    connection.execute("create temp table people (subject varchar, number integer)")
    connection.executemany("insert into people values (?, ?)", [(name, at) for at, name in enumerate(PEOPLE, 1)])
    connection.execute(ROWS)
    with snapshot.attached(connection, home.published):
        for relation in snapshot.tables():
            snapshot.copy_whole(connection, relation)
    connection.close()
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return publish(Home(tmp_path_factory.mktemp("given") / "home"))


@pytest.fixture(scope="module")
def given(home: Home) -> cohort_export.Exported:
    return cohort_export.export(home, home.folder.parent / "given", form="csv", with_minutes=True)


@pytest.fixture
def tables(home: Home, given: cohort_export.Exported) -> Iterator[duckdb.DuckDBPyConnection]:
    """What was given away and what was published, side by side, joined by the key of the home."""
    connection = duckdb.connect()
    for path in (home.folder.parent / "given").glob("*.csv"):
        connection.execute(f"create table {path.stem} as from read_csv('{path}')")
    connection.execute(f"attach '{home.published}' as study (read_only)")
    connection.execute("create table keys (subject varchar, id varchar, weeks integer)")
    for name, (new, weeks) in json.loads(given.key.read_text()).items():
        connection.execute("insert into keys values (?, ?, ?)", [name, new, weeks])
    yield connection
    connection.close()


def bytes_of(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.iterdir()))


def package(home: Home) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((home.folder.parent / "given" / "datapackage.json").read_text())
    return found


def test_no_id_date_path_zone_or_free_text_is_in_any_byte(home: Home, given: cohort_export.Exported) -> None:
    content = bytes_of(home.folder.parent / "given")

    for hidden in (*PEOPLE, "wanda", "HIDDEN", "Erika", "Berlin", "4711", "oddwatch", str(home.folder), given.key.name):
        assert hidden.encode() not in content, hidden
    key = json.loads(given.key.read_text())
    for name in PEOPLE:
        own = b"\n".join(line for line in content.splitlines() if key[name][0].encode() in line)
        for day in range(DAYS):
            if 7 * abs(key[name][1]) >= DAYS:  # else a day may be that of another week by chance
                assert str(FIRST + timedelta(days=day)).encode() not in own


def test_intervals_and_weekdays_are_as_they_were_and_all_rows_of_a_person_move_alike(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    for table, column in (("daily_metrics", "local_date"), ("massages", "start_local"), ("diary", "local_date")):
        metric = "and one.metric = other.metric" if table == "daily_metrics" else ""
        (found,) = tables.execute(
            f"select count(*), count(distinct weeks), min(dayname(one.{column}) = dayname(other.{column})),"
            f" min(one.{column}::timestamp::time = other.{column}::timestamp::time) from {table} as one"
            f" inner join keys on one.subject = id inner join study.{table} as other on other.subject = keys.subject"
            f" and one.{column} = other.{column} + to_days(7 * weeks) {metric}"
        ).fetchall()
        ((rows,),) = tables.execute(f"select count(*) from {table}").fetchall()
        assert found == (rows, found[1], True, True), table
    ((weeks,),) = tables.execute("select min(abs(weeks)) from keys").fetchall()
    assert weeks >= 1


def test_only_words_makes_and_groups_of_enough_people_are_told(tables: duckdb.DuckDBPyConnection) -> None:
    def told(select: str) -> set[object]:
        return {value for (value,) in tables.execute(select).fetchall()}

    assert told("select distinct technique from massages") == {"thai", "other"}
    assert told("select distinct medication from diary") == {"ibuprofen", "other"}
    assert told("select distinct excluded_for from daily") == {None, "flu", "other"}
    assert told("select distinct source from daily_metrics") <= {"garmin", "fitbit", "other"}
    assert told("select distinct metric from daily_metrics") == {"steps", "wake_local"}  # three people have floors
    assert told("select distinct arm from participants") == {"weekly", "fortnightly"}
    assert told("select column_name from (describe participants)") & {"subgroup", "excluded_for", "time_zone"} == set()
    assert "worn_min" not in told("select column_name from (describe daily)")  # three people have it


def test_means_are_told_over_enough_people_and_not_where_the_rest_would_be_few(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    found = tables.execute(
        "select attribute, level, n_subjects, n_refused from cohort_effects order by 1, 2"
    ).fetchall()

    assert found == [("all", None, 12, None), ("arm", "fortnightly", 5, None), ("arm", "weekly", 7, None)]


def test_what_clocks_change_is_left_out_on_that_day_of_every_week(
    tables: duckdb.DuckDBPyConnection, given: cohort_export.Exported
) -> None:
    """Of six Sundays one has 23 hours: whoever finds it knows all dates."""

    def sundays(table: str, column: str, where: str) -> tuple[int, int]:
        ((on, on_others),) = tables.execute(
            f"select count(*) filter (isodow({column}) = 7), count(*) filter (isodow({column}) < 7)"
            f" from {table} {where}"
        ).fetchall()
        return on, on_others

    assert sundays("nights", "night_date", "") == (0, 12 * 36)
    assert sundays("daily", "local_date", "where worn_waking_min is not null") == (0, 12 * 36)
    assert sundays("daily", "local_date", "where worn_waking_min is null") == (12 * 6, 0)
    assert sundays("daily_metrics", "local_date", "where metric = 'wake_local'") == (0, 12 * 36)
    assert sundays("daily_metrics", "local_date", "where metric = 'steps'") == (12 * 6, 12 * 36)
    assert sundays("daily_metrics", "local_date", "where coverage_share is not null") == (0, 12 * 36 * 2)
    assert sundays("timeline", "local_date", "") == (0, 12 * 2 * 1440)  # Saturday and Monday
    assert "nights: 72 rows of Sundays left out" in " ".join(given.left_out)
    assert "daily: worn_waking_min of Sundays is left out" in " ".join(given.left_out)


def test_minutes_are_told_person_by_person_in_their_order_in_either_form(
    home: Home, tables: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cohort_export.export(home, tmp_path / "again", with_minutes=True)

    told = f"from '{tmp_path / 'again' / 'timeline.parquet'}'"
    assert tables.execute(told).fetchall() == tables.execute("from timeline").fetchall()
    assert tables.execute(told).fetchall() == tables.execute(f"{told} order by subject, local_time").fetchall()


def test_a_night_of_a_journey_is_as_long_as_it_was(tables: duckdb.DuckDBPyConnection) -> None:
    found = tables.execute("select distinct onset_local, wake_local from nights").fetchall()

    assert found == [(-60, 420)]  # eight hours; the wall clock showed nine


def test_what_is_left_out_is_told_with_its_count(home: Home, given: cohort_export.Exported) -> None:
    assert "trials: left out with 2 rows, of fewer than 5 people." in given.left_out
    assert not (home.folder.parent / "given" / "trials.csv").exists()
    assert "daily_metrics: 126 rows left out, of fewer than 5 people each." in given.left_out
    assert given.left_out == package(home)["left_out"]


def test_the_package_describes_each_file_by_table_schema(home: Home, given: cohort_export.Exported) -> None:
    described = package(home)
    folder = home.folder.parent / "given"

    assert {one["path"] for one in described["resources"]} == {path.name for path in folder.glob("*.csv")}
    for resource in described["resources"]:
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        head = (folder / resource["path"]).read_text().splitlines()
        fields = resource["schema"]["fields"]
        assert head[0].split(",") == [field["name"] for field in fields]
        assert len(head) - 1 == resource["rows"]
        for field in fields:
            assert field["type"] in {"string", "number", "integer", "boolean", "date", "datetime", "time"}
            assert set(field.get("constraints", {})) <= {"required", "enum", "minimum", "maximum"}
            assert field["description"], (resource["name"], field["name"])
        assert set(resource["schema"].get("primaryKey", [])) <= {field["name"] for field in fields}
    assert described["least_people"] == 5
    assert given.people == 12


def test_the_published_file_says_of_each_column_what_it_is(home: Home) -> None:
    with duckdb.connect(str(home.published), read_only=True) as connection:
        told = dict(
            connection.execute(
                "select table_name || '.' || column_name, comment from duckdb_columns() where not internal"
            ).fetchall()
        )

    assert [name for name, comment in told.items() if not comment] == []
    assert told["nights.asleep_min"] == "minutes asleep [min]"


def test_files_are_the_owners_alone_and_a_second_export_has_the_same_ids(home: Home, tmp_path: Path) -> None:
    before = home.export_key.read_text()

    again = cohort_export.export(home, tmp_path / "again", k=5)

    assert again.key.read_text() == before
    assert {path.stat().st_mode & 0o777 for path in [again.key, *(tmp_path / "again").iterdir()]} == {0o600}
    assert (tmp_path / "again" / "daily.parquet").is_file()
    assert not (tmp_path / "again" / "timeline.parquet").exists()  # minutes only when asked for
    with pytest.raises(HomeError, match="holds something already"):
        cohort_export.export(home, tmp_path / "again")


def test_fewer_people_than_a_group_has_are_not_given_away(home: Home, tmp_path: Path) -> None:
    told = CliRunner().invoke(
        cli, ["cohort", "export", str(home.folder), "--to", str(tmp_path / "small"), "--least", "13"]
    )

    assert told.exit_code == 1
    assert "Taking part: 12 people; at least 13 are needed." in told.output
    assert not list(tmp_path.iterdir())


def test_who_is_forgotten_is_in_no_key(home: Home, tmp_path: Path) -> None:
    alone = Home(tmp_path)
    alone.private.mkdir()
    alone.export_key.write_text(json.dumps({"wanda-01": ["S1", 3], "wanda-02": ["S2", -3]}))

    cohort_export.forget_person(alone, "wanda-01")
    cohort_export.forget_person(alone, "nobody")

    assert json.loads(alone.export_key.read_text()) == {"wanda-02": ["S2", -3]}


def test_of_a_study_in_shards_the_views_over_its_files_are_read(tmp_path: Path) -> None:
    home = Home(tmp_path / "study")
    folder = home.folder / "published" / "diary" / "subject=wanda-01"
    folder.mkdir(parents=True)
    home.private.mkdir()
    with duckdb.connect() as connection, contextlib.chdir(home.folder):
        connection.execute(f"copy (select 5 as pain) to '{folder / 'all.parquet'}'")
        connection.execute(f"attach '{home.folder / 'cohort.duckdb'}' as made")
        connection.execute(
            "create view made.diary as from read_parquet('published/diary/*/*.parquet', hive_partitioning = true)"
        )

    with cohort_export.study_of(home) as connection:
        found = connection.execute("select subject, pain from study.diary").fetchall()

    assert found == [("wanda-01", 5)]
    assert not any(home.temporary.glob("*/*"))


def test_the_inbox_is_no_place_for_an_export(home: Home) -> None:
    with pytest.raises(HomeError, match="lies in the inbox"):
        cohort_export.export(home, home.inbox / "given")


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 9, "b": 5}, {"a": "a", "b": "b"}),
        ({"a": 9, "b": 3, "c": 2}, {"a": "a", "b": "other", "c": "other"}),
        ({"a": 9, "b": 6, "c": 2}, {"a": "a", "b": "other", "c": "other"}),  # alone c would be who is in neither
        ({"a": 9, "b": 2}, None),
        ({"a": 4, "b": 3}, None),
        ({None: 2, "a": 8, "b": 7}, {None: "other", "a": "a", "b": "other"}),
    ],
)
def test_rare_groups_are_merged_until_nobody_is_alone(
    counts: dict[str | None, int], told: dict[str | None, str | None] | None
) -> None:
    assert merged(counts, 5) == told
