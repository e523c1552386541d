"""`recovery query` asks the published tables and nothing else."""

import contextlib
import io
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from recovery.cli import cli
from recovery.home.folder import Home
from recovery.home.study import Shards, Study
from recovery.published import query


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a small published database."""
    made = Home(tmp_path / "home")
    made.folder.mkdir()
    connection = duckdb.connect(str(made.published))
    connection.execute("create table daily as select 'me' as subject, -5 as steps, '=1+1' as note")
    connection.close()
    (tmp_path / "secret.csv").write_text("word\nhidden\n")
    return made


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A study in shards, whose days are a view over its Parquet files."""
    place = tmp_path_factory.mktemp("study")
    made = Home(place / "study [of us]")
    folder = made.folder / "published" / "daily" / "subject=me"
    folder.mkdir(parents=True)
    Study(made.folder).write(Shards())
    with duckdb.connect() as connection, contextlib.chdir(made.folder):
        connection.execute("copy (select -5 as steps) to 'published/daily/subject=me/all.parquet'")
        connection.execute("attach 'cohort.duckdb' as made")
        connection.execute("create table made.trials as select 8 as pairs")
        connection.execute(
            "create view made.daily as from read_parquet('published/daily/*/*.parquet', hive_partitioning = true)"
        )
    (place / "secret.csv").write_text("word\nhidden\n")
    return made


@pytest.mark.parametrize("place", ["home", "study"])
@pytest.mark.parametrize(
    "sql",
    [
        "from '{folder}/secret.csv'",
        "select * from read_csv('{folder}/secret.csv')",
        "select * from read_text('{folder}/secret.csv')",
        "select * from read_blob('{folder}/secret.csv')",
        "select * from glob('{folder}/*')",
        "copy daily to '{folder}/out.csv'",
        "copy (select 1) to 'published/out.csv'",
        "copy (select 1) to '{folder}/study [of us]/published/out.csv'",
        "explain analyze copy (select 1) to 'published/out.csv'",
        "copy (pivot daily on subject using sum(steps)) to 'published/out.csv'",
        "copy (select 1) to '{folder}/home/recovery.duckdb.wal.checkpoint'",
        "from 'published/../../secret.csv'",
        "copy (select 1) to '{folder}/out.parquet' (format parquet)",
        "export database '{folder}/out'",
        "import database '{folder}'",
        "attach '{folder}/other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "select * from duckdb_secrets()",
        "from here",
        "set enable_external_access = true",
        "reset enable_external_access",
        "set lock_configuration = false",
        "set memory_limit = '100GB'",
        "set temp_directory = '{folder}/out'",
        "create table more as select 1",
        "delete from daily",
    ],
)
def test_a_query_reads_and_writes_no_other_file(place: str, sql: str, request: pytest.FixtureRequest) -> None:
    here = duckdb.sql("select 'hidden' as word").to_arrow_table()
    assert here.num_rows == 1
    asked: Home = request.getfixturevalue(place)
    folder = asked.folder.parent
    before = sorted(folder.rglob("*"))

    with query.published(asked) as connection, pytest.raises(query.QueryError):
        query.answer(connection, sql.format(folder=folder), 10)

    assert sorted(folder.rglob("*")) == before


def test_a_study_is_asked_through_its_views_and_the_process_is_where_it_was(study: Home) -> None:
    here = Path.cwd()

    with query.published(study) as connection:
        assert query.answer(connection, "select subject, steps from daily", 10).rows == [("me", -5)]
        assert query.answer(connection, "show tables", 10).rows == [("daily",), ("trials",)]
        assert query.answer(connection, "from trials", 10).rows == [(8,)]
        assert query.answer(connection, "pivot daily on subject using sum(steps)", 10).rows == [(-5,)]
        assert query.answer(connection, "explain from daily", 10).rows

    assert Path.cwd() == here


def test_commands_that_need_pages_say_what_to_run_on_a_study(study: Home) -> None:
    study.settings.write_text('home_time_zone = "Europe/Berlin"\n[people.anna]\n')

    for command in ("open", "report", "serve", "nightly"):
        told = CliRunner().invoke(cli, [command, "--home", str(study.folder)])
        assert (told.exit_code, "which has no pages. Work it with: recovery cohort run" in told.output) == (1, True)
    for words in (["share", "x.json", "--as", "A"], ["mend", "list"]):
        told = CliRunner().invoke(cli, [*words, "--home", str(study.folder)])
        assert (told.exit_code, "say of whom with --person NAME" in told.output) == (2, True), told.output


@pytest.mark.slow
def test_what_is_asked_of_the_tables_is_answered_also_where_it_must_be_put_aside(home: Home) -> None:
    with query.published(home) as connection:
        assert query.answer(connection, "select steps from daily", 10).rows == [(-5,)]
        sorted_once = "select count(*) from (select range, hash(range) as h from range(5000000) order by h)"
        assert query.answer(connection, sorted_once, 10).rows == [(5_000_000,)]


def test_text_of_a_csv_is_no_formula_and_numbers_stay(home: Home) -> None:
    stream = io.StringIO()

    with query.published(home) as connection:
        query.write_csv(connection, "select note, steps, '-2' as text, 'plain' as \"=word\" from daily", stream)

    assert stream.getvalue() == "note,steps,text,'=word\n'=1+1,-5,'-2,plain\n"


@pytest.mark.parametrize(
    "name",
    ["home/recovery.duckdb", "home/recovery.toml", "home/inbox/a.xlsx", "home/.recovery/a.parquet", "secret.csv"],
)
def test_an_answer_replaces_nothing_of_a_home_and_no_other_file(home: Home, tmp_path: Path, name: str) -> None:
    home.settings.write_text("")

    with pytest.raises(query.QueryError, match=r"belongs to the home|is not replaced"):
        query.must_be_free(home, tmp_path / name)

    (tmp_path / "a.xlsx").write_text("an older answer")
    query.must_be_free(home, tmp_path / "a.xlsx")
    query.must_be_free(home, tmp_path / "new.parquet")


def test_an_error_ends_before_its_advice(home: Home) -> None:
    with query.published(home) as connection:
        with pytest.raises(query.QueryError, match=r"no file and no address\. Tables: "):
            query.answer(connection, "from 'secret.csv'", 10)
        with pytest.raises(query.QueryError, match=r"[.!?] Tables: "):
            query.answer(connection, "from nowhere", 10)
