"""What was forgotten is nowhere below the home but in the inbox files that are named."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import homes
import pytest

from recovery import warehouse
from recovery.actions import forget
from recovery.errors import HomeError, SettingsError
from recovery.home.settings import Settings
from recovery.inbox import look
from recovery.loading import stage
from recovery.trials import draw as trial

pytestmark = pytest.mark.slow

MARKER = "lavender and seventeen needles"
LOG = f"date,start,minutes,note\n2024-01-02,10:00,60,{MARKER}\n"
OTHER = "date,start,minutes,note\n2024-03-02,10:00,60,keep this sentence\n"
ONE = "TINY\n2024-01-02T10:00:00 5\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path, "[people.client1]\n", on_disk=True) as made:
        yield made


def closed(home: homes.HomeAtWork) -> homes.HomeAtWork:
    """The home as the command finds it: no run has its database open."""
    home.connection.close()
    return home


def opened(home: homes.HomeAtWork) -> homes.HomeAtWork:
    home.connection = warehouse.open_work(home.home.work)
    return home


def holding(home: homes.HomeAtWork, text: str) -> list[str]:
    """The files below the home that hold these bytes."""
    return sorted(
        path.relative_to(home.home.folder).as_posix()
        for path in home.home.folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    )


def quoted_everywhere(home: homes.HomeAtWork) -> None:
    """Leaves traces in every place a run writes to."""
    for path in ("prefect/prefect.db", "logs/today.log", "staged/abc/massages.parquet"):
        file = home.home.private / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MARKER)
    home.home.checks.mkdir()
    (home.home.checks / "index.html").write_text(MARKER)
    home.home.report.write_text(MARKER)
    published = duckdb.connect(str(home.home.published))
    published.execute("create table massages as select ? as note", [MARKER])
    published.close()


def forget_file(settings: Settings, path: Path | str) -> list[Path]:
    """All of it but the tables that are built anew afterwards, which takes a second."""
    return forget.erase(forget.of_file(settings, path))


def forget_subject(settings: Settings, subject: str) -> list[Path]:
    """The same of a person."""
    return forget.erase(forget.of_subject(settings, subject))


def test_no_byte_of_a_forgotten_file_stays_but_in_the_inbox(home: homes.HomeAtWork) -> None:
    file = home.drop("massages.csv", LOG)
    home.drop("other.csv", OTHER)
    home.run()
    warehouse.load_settings_tables(home.connection, home.settings)
    quoted_everywhere(home)
    closed(home)
    assert {".recovery/work.duckdb", "recovery.duckdb", "report.html"} < set(holding(home, MARKER))

    to_delete = forget_file(home.settings, "massages.csv")

    assert to_delete == [file]
    assert holding(home, MARKER) == ["inbox/massages.csv"]
    assert holding(home, "keep this sentence") == [".recovery/work.duckdb", "inbox/other.csv"]


def test_what_was_forgotten_is_not_loaded_again(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", LOG)
    home.drop("one.txt", ONE)
    home.run()
    closed(home)
    forget_file(home.settings, home.home.inbox / "one.txt")
    opened(home)
    assert sorted(home.statuses().values()) == ["ignored", "loaded"]
    assert [path for path in home.statuses() if "one" in path] == []
    assert home.look().is_quiet

    home.drop("again.zip", homes.zipped({"one.txt": ONE}))
    home.run()

    assert home.rows("from raw.samples") == []
    assert home.statuses()["again.zip!/one.txt"] == "ignored"
    assert home.message("again.zip!/one.txt") == "was forgotten on request"
    assert len(home.rows("from raw.massages")) == 1


def test_a_forgotten_file_that_left_the_inbox_leaves_no_receipt(home: homes.HomeAtWork) -> None:
    file = home.drop("one.txt", ONE)
    home.run()
    file.unlink()
    closed(home)

    assert forget_file(home.settings, "one.txt") == []

    opened(home)
    assert home.statuses() == {}
    assert home.rows("from raw.samples") == []
    assert home.rows("from raw.deliveries") == []


def test_what_a_path_said_before_is_forgotten_too(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.run()
    home.drop("one.txt", ONE.replace("5", "6"))
    home.run()
    closed(home)

    forget_file(home.settings, "one.txt")

    opened(home)
    assert home.rows("from raw.samples") == []
    assert len(home.rows("from raw.forgotten")) == 2


def test_a_member_is_forgotten_alone_and_its_archive_is_named(home: homes.HomeAtWork) -> None:
    file = home.drop("a.zip", homes.zipped({"one.txt": ONE, "two.txt": ONE.replace("5", "6")}))
    home.run()
    closed(home)

    assert forget_file(home.settings, "a.zip!/one.txt") == [file]

    opened(home)
    assert home.rows("select value from raw.samples") == [(6.0,)]
    assert home.statuses()["a.zip!/two.txt"] == "loaded"


def test_a_duplicate_of_a_forgotten_file_is_named_as_well(home: homes.HomeAtWork) -> None:
    first, second = home.drop("a.txt", ONE), home.drop("b/b.txt", ONE)
    home.run()
    closed(home)

    assert forget_file(home.settings, "b/b.txt") == [first, second]

    opened(home)
    assert home.rows("from raw.samples") == []


def test_a_person_is_forgotten_whole_and_the_others_stay(home: homes.HomeAtWork) -> None:
    client1 = home.drop("client1/massages.csv", LOG)
    bad = home.drop("client1/bad.txt", "TINY\n2024-01-02T10:00:00 5\n" + MARKER + "\n")
    home.drop("massages.csv", OTHER)
    home.drop("one.txt", ONE)
    home.run()
    new = home.drop("client1/new.txt", ONE.replace("5", "8"))  # no run has seen it yet
    closed(home)

    assert forget_subject(home.settings, "client1") == [bad, client1, new]

    assert holding(home, MARKER) == ["inbox/client1/bad.txt", "inbox/client1/massages.csv"]
    opened(home)
    home.run()
    assert home.rows("select distinct subject from raw.samples union select distinct subject from raw.massages") == [
        ("me",)
    ]
    assert home.rows("select subject, status, count(*) from raw.files group by all order by all") == [
        ("me", "loaded", 2),
        (None, "ignored", 3),
    ]


def test_trials_and_excluded_days_of_a_person_go_with_them_and_those_of_others_stay(home: homes.HomeAtWork) -> None:
    home.drop("client1/massages.csv", LOG)
    home.run()
    for subject in ("me", "client1"):
        home.connection.execute("insert into raw.exclusions_seen values (?, ['2026-05-01'], '2026-05-02')", [subject])
        home.connection.execute(
            "insert into raw.told values"
            " (?, 'pain', 'days_1_3', 'better', 'clear', 1, '2026-05-01', 12, now(), 'a', 'b')",
            [subject],
        )
    closed(home)
    for subject in ("me", "client1"):
        planned(home, subject)

    forget.forget_file(home.settings, "client1/massages.csv")  # a file's data is no trial, and what was told of it goes

    with duckdb.connect(str(home.home.work)) as work:
        assert work.execute("select subject from raw.told").fetchall() == [("me",)]
        assert work.execute("select count(*) from raw.exclusions_seen").fetchall() == [(2,)]  # of recovery.toml
    assert (home.home.trials / "client1" / "2027-01-05" / "plan.md").is_file()
    seed = [row for row in holding(home, "91234567") if "client1" in row]
    assert seed

    forget.forget_subject(home.settings, "client1")

    assert not (home.home.trials / "client1").exists()
    assert (home.home.trials / "me" / "2027-01-05" / "plan.md").is_file()
    opened(home)
    assert home.rows("select subject from raw.exclusions_seen") == [("me",)]
    for table in ("trials", "trial_weeks"):
        assert home.rows(f"select distinct subject from raw.{table}") == [("me",)]
        assert home.rows(f"select distinct subject from pub.{table}") == [("me",)]


def test_a_person_with_nothing_but_a_trial_can_be_forgotten(home: homes.HomeAtWork) -> None:
    closed(home)
    planned(home, "client1")
    home.with_settings('home_time_zone = "Europe/Berlin"\n')  # no longer listed

    assert forget_subject(home.settings, "client1") == []

    assert not (home.home.trials / "client1").exists()


def planned(home: homes.HomeAtWork, subject: str) -> None:
    now = datetime(2026, 11, 22)
    plan = trial.draw(
        home.settings, subject, start=date(2027, 1, 5), pairs=6, weekday="tue", start_time=time(18), massage_min=60,
        weeks_per_block=1, now_utc=now, seed=91234567,
    )  # fmt: skip
    trial.commit(home.settings, plan, [], now)


def test_the_days_are_built_anew_without_it(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", LOG)
    home.drop("other.csv", OTHER)
    home.run()
    warehouse.load_settings_tables(home.connection, home.settings)
    warehouse.build(home.connection)
    closed(home)

    forget.forget_file(home.settings, "massages.csv")

    opened(home)
    assert home.rows("select value from raw.meta where name = 'built'") == [("yes",)]
    assert home.rows("select distinct path from raw.massages") == [("other.csv",)]


def test_what_nobody_knows_cannot_be_forgotten(home: homes.HomeAtWork) -> None:
    closed(home)

    with pytest.raises(HomeError, match="Nothing is known of missing"):
        forget.forget_file(home.settings, "missing.csv")
    with pytest.raises(SettingsError, match="no person 'otto'"):
        forget.forget_subject(home.settings, "otto")


def test_staged_files_of_what_was_forgotten_are_gone(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", LOG)
    found = look.look(home.settings, home.connection, 0)
    (pack,) = stage.packs(home.settings, found)
    folder = stage.stage(home.settings, found, pack)
    closed(home)

    forget_file(home.settings, "massages.csv")

    assert not folder.exists()
    opened(home)
    home.run()
    assert list(home.statuses().values()) == ["ignored"]


CLINIC = "date,client,minutes,technique\n2024-01-02,Mrs M.,60,thai\n2024-01-09,me,30,thai\n2024-01-16,client1,60,thai\n"
SHARED = '[people.client1]\naliases = ["Mrs M."]\n'


def test_a_person_is_forgotten_in_a_log_of_several_and_the_others_stay(home: homes.HomeAtWork) -> None:
    home.with_settings(SHARED)
    log = home.drop("clinic.csv", CLINIC)
    home.run()

    assert forget_subject(closed(home).settings, "client1") == [log]

    assert opened(home).rows("select subject, local_date from raw.massages") == [("me", date(2024, 1, 9))]
    home.connection.execute("update raw.files set reader_version = 0")
    home.run()  # the same content does not bring the person back
    assert home.rows("select subject, local_date from raw.massages") == [("me", date(2024, 1, 9))]


def test_a_log_of_several_people_is_forgotten_for_all_of_them(home: homes.HomeAtWork) -> None:
    home.with_settings(SHARED)
    home.drop("clinic.csv", CLINIC + "2024-01-23,Mrs M.,60,x\nyesterday,Mrs M.,60\n")
    home.run()

    forget_file(closed(home).settings, "clinic.csv")

    opened(home)
    for table in ("massages", "logs", "unclear_rows", "rejected", "deliveries"):
        assert home.rows(f"from raw.{table}") == [], table
