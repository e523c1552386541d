"""No name and no word of a forgotten person is found in any file of the home; with an eraser left out, it is found."""

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import homes
import pytest
from traces import traces

from recovery import report, warehouse
from recovery.actions import forget
from recovery.home import keys
from recovery.home.mends import Mend, Mends, as_text
from recovery.home.settings import Settings, load_settings
from recovery.published import publish
from recovery.vocabulary.roles import Role

pytestmark = pytest.mark.slow

PERSON = "zephyrine"
NOTE = "lavender and seventeen needles"
SETTINGS = f'home_time_zone = "Europe/Berlin"\n[people.{PERSON}]\nshared_since = 2024-01-01\n[people.other]\n'
LOG = f"date,start,minutes,note\n2024-01-02,10:00,60,{NOTE}\n2024-01-09,soon,60,{NOTE} again\n"
USERS_OWN = {"inbox", "recovery.toml"}
SAID = "inbox/mends.csv"  # what was said of rows is ours


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a run, with traces of a person in every place; what Prefect leaves is put there."""
    folder = tmp_path_factory.mktemp("ran") / "home"
    made = homes.make(folder, SETTINGS)
    made.drop(f"{PERSON}/{PERSON} massages.csv", LOG)
    made.drop(f"{PERSON}/old.zip", homes.zipped({f"{PERSON}.csv": LOG.replace("2024", "2023"), "odd.bin": b"\0\1"}))
    made.drop(f"{PERSON}/copy.csv", LOG)
    made.drop("other/massages.csv", homes.MASSAGES)
    made.drop("diary.csv", homes.DIARY)
    said = [Mend(f"{PERSON}/{name}.csv", "0" * 32, "start", "10:30", datetime(2026, 3, 1), PERSON) for name in "ab"]
    made.drop("mends.csv", as_text(Mends((*said, said[0]._replace(path="other/a.csv", person="other")))))
    made.close()
    settings = load_settings(folder)
    run(settings)
    home = settings.home
    for name in ("plan.md", "schedule.json"):
        place = home.trials / PERSON / "2027-01-05"
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(PERSON)
    home.prefect.mkdir(exist_ok=True)
    with sqlite3.connect(home.prefect / "prefect.db") as database:
        database.execute("create table log (message text)")
        database.execute("insert into log values (?)", [f"read {PERSON}"])
    (home.private / "old.log.gz").write_bytes(gzip.compress(PERSON.encode() * 9))
    for place in (home.checks, home.private / "publishing"):
        place.mkdir()
        (place / "index.html").write_text(PERSON)
    for subject in (PERSON, "me"):
        place = home.log_versions / subject
        place.mkdir(parents=True)
        (place / f"20260301T101500000000-{PERSON} massages.csv").write_text(NOTE)
    (home.log_versions / "me" / "20260301T101500000000-diary.csv").write_text("of me")
    keys.make(home, keys.KEY, Role.PERSON, [PERSON])
    keys.make(home, keys.KEY, Role.THERAPIST, [PERSON, "other"])
    (home.private / "tmp" / "left").mkdir(parents=True, exist_ok=True)
    (home.private / "tmp" / "left" / f"{PERSON}.parquet").touch()
    return folder


def run(settings: Settings) -> None:
    """What a run does, without the checks and the effects, which quote nothing that is not in the tables."""
    at_work = homes.HomeAtWork(settings, warehouse.open_work(settings.home.work))
    warehouse.load_settings_tables(at_work.connection, settings)
    at_work.run()
    warehouse.load_settings_tables(at_work.connection, settings)
    warehouse.build(at_work.connection)
    publish.write(at_work.connection, settings)
    report.write(publish.staged(settings))
    publish.reveal(at_work.connection, settings)
    at_work.close()


def copied(ran: Path, tmp_path: Path) -> Settings:
    shutil.copytree(ran, tmp_path / "home")
    return load_settings(tmp_path / "home")


def found(settings: Settings, *texts: str) -> list[str]:
    """Where any of the texts is, but in what is the user's own."""
    places = traces(settings.home.folder, *texts)
    return [place for place in places if place.startswith(SAID) or place.partition("/")[0] not in USERS_OWN]


def roots(places: list[str]) -> set[str]:
    """The files of a home, without what in them."""
    return {place.partition(":")[0].partition("!/")[0] for place in places}


def test_before_it_the_search_finds_the_person_everywhere(ran: Path, tmp_path: Path) -> None:
    settings = copied(ran, tmp_path)

    places = found(settings, PERSON)

    assert {
        ".recovery/work.duckdb:raw.files.path", ".recovery/work.duckdb:raw.zone_offsets.subject",
        "recovery.duckdb:main.massages.subject", "recovery.duckdb:main.rejected.path", f"report/{PERSON}/today.html",
        ".recovery/prefect/prefect.db:log", ".recovery/old.log.gz!/gz", f".recovery/tmp/left/{PERSON}.parquet",
        f"trials/{PERSON}", f"trials/{PERSON}/2027-01-05/plan.md",
    } <= set(places)  # fmt: skip
    assert "recovery.duckdb:main.massages.note" in found(settings, NOTE)


def test_after_it_nothing_is_found_nor_after_the_next_runs(ran: Path, tmp_path: Path) -> None:
    settings = copied(ran, tmp_path)

    left = forget.forget_subject(settings, PERSON)

    assert {path.name for path in left} == {f"{PERSON} massages.csv", "old.zip", "copy.csv"}
    assert found(settings, PERSON, NOTE) == []
    settings = load_settings(settings.home.folder)
    run(settings)  # the files still lie there
    assert found(settings, PERSON, NOTE) == []
    of_others = found(settings, "of me", "second")
    assert [place for place in of_others if place.endswith("-diary.csv")]
    assert "other/a.csv" in (settings.home.folder / SAID).read_text()
    assert [key.people for key in keys.known(settings.home)] == [("other",)]
    assert "raw.massages.note" in str(of_others)


ERASED_BY: dict[Callable[[forget.Erasing], None], set[str]] = {
    forget.erase_rows: {".recovery/work.duckdb"},
    forget.erase_private_files: {".recovery/prefect/prefect.db", ".recovery/old.log.gz"},
    forget.erase_published_files: {"recovery.duckdb", f"report/{PERSON}/today.html"},
    forget.erase_keys: {".recovery/keys.json"},
    forget.erase_said: {SAID},
    forget.erase_trials: {f"trials/{PERSON}/2027-01-05/plan.md"},
}


@pytest.mark.parametrize("left_out", forget.ERASERS)
def test_with_an_eraser_left_out_the_search_finds_what_stays(
    ran: Path, tmp_path: Path, left_out: Callable[[forget.Erasing], None]
) -> None:
    settings = copied(ran, tmp_path)

    forget.erase(forget.of_subject(settings, PERSON), [one for one in forget.ERASERS if one is not left_out])

    assert ERASED_BY[left_out] <= roots(found(settings, PERSON))


def test_a_file_of_a_telling_name_is_forgotten_with_its_name(ran: Path, tmp_path: Path) -> None:
    settings = copied(ran, tmp_path)
    name = f"{PERSON}/old.zip!/{PERSON}.csv"

    forget.erase(forget.of_file(settings, name))

    places = found(settings, f"{PERSON}.csv")
    assert places == []
    assert found(settings, "old.zip")  # the archive and its other member are not forgotten
