"""A study worked in shards: its tables are those of one home, and what goes wrong in a shard stays there."""

import json
import os
import random
import shutil
import signal
import socket
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, closing, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import duckdb
import nights
import psutil
import pytest
from click.testing import CliRunner
from places import SAMPLES
from traces import traces

from recovery.actions import forget_study
from recovery.actions.backup import back_up
from recovery.actions.restore import restore
from recovery.cli import cli
from recovery.errors import HomeError, RecoveryError, SettingsError
from recovery.home.settings import Settings, load_settings
from recovery.home.study import Study, partition
from recovery.job import moves, shard
from recovery.job.shard_reduce import together
from recovery.pipelines import cluster, cohort
from recovery.pipelines.cohort import Options, Summary

if TYPE_CHECKING:
    from distributed import Security

pytestmark = pytest.mark.slow

HOSTILE = "d='o[r]*%2F.."
PEOPLE = ("anna", "berta", "carl", HOSTILE, "emil")
FIRST = date(2025, 3, 1)
DAYS = 75
PLAIN = Options(is_plain=True)
PATIENCE_S = 120.0
MIDDLE_S = 0.7  # of a shard that takes some seconds
QUOTE = "a word that only berta wrote"


class Worked(NamedTuple):
    """A study after its first run, and the same folder worked as one home."""

    folder: Path
    home: Path
    summary: Summary
    talk: dict[str, object]  # what strangers were told while the cluster was there
    killed: str  # the shard whose worker was killed in the middle

    def copy(self, folder: Path) -> Settings:
        """A study of one's own in which this run was made."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return load_settings(folder)


def make(folder: Path) -> Settings:
    """Five people with pain and massages, of whom two wear a watch for some days; a list names three of them."""
    inbox = folder / "inbox"
    for number, person in enumerate(PEOPLE):
        own = inbox / person
        own.mkdir(parents=True)
        massages = [FIRST + timedelta(days=day) for day in range(3, DAYS, 6)]
        lot = random.Random(number)  # noqa: S311 - figures, not secrets
        pain = {FIRST + timedelta(days=day): lot.randint(2, 6) for day in range(DAYS)}
        note = QUOTE if person == "berta" else ""
        (own / "massages.csv").write_text(
            "date,start,minutes,note\n" + "".join(f"{day},10:00,60,{note}\n" for day in massages)
        )
        (own / "diary.csv").write_text("date,pain\n" + "".join(f"{day},{value}\n" for day, value in pain.items()))
        if number < 2:
            shutil.copytree(SAMPLES / "fitbit_takeout" / "loose", own / "fitbit")
    (inbox / "clinic.csv").write_text(
        "date,start,minutes,person,note\n"
        + "".join(f"2025-06-0{1 + number},17:00,45,{person},told\n" for number, person in enumerate(PEOPLE[:3]))
        + "2025-06-09,nonsense,45,emil,not readable\n"
    )
    names = "".join(f"[people.{json.dumps(person)}]\n" for person in PEOPLE)
    (folder / "recovery.toml").write_text(nights.TOML + names, encoding="utf-8")
    return load_settings(folder)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Worked:
    folder = tmp_path_factory.mktemp("cohort")
    settings = make(folder / "study")
    shutil.copytree(folder / "study", folder / "home")
    nights.run_plainly(load_settings(folder / "home"))
    talk: dict[str, object] = {}

    def look(outcome: shard.Outcome) -> None:
        if not talk:
            talk.update(as_strangers_see_it())

    with ThreadPoolExecutor(1) as beside:
        killed = beside.submit(kill_a_worker, folder / "study")
        summary = cohort.run(settings, Options(people_per_shard=3, workers=2), look)
    return Worked(folder / "study", folder / "home", summary, talk, killed.result())


def kill_a_worker(study: Path) -> str:
    """Kills the worker that first holds the lock of a shard, soon after it took it; the shard, '' where none did."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for note in study.glob("shards/*/.recovery/lock.json"):
            with suppress(OSError, ValueError):
                worker = int(json.loads(note.read_text())["process"])
                assert worker != os.getpid()
                time.sleep(MIDDLE_S)
                os.kill(worker, signal.SIGKILL)
                return note.parents[1].name
        time.sleep(0.02)
    return ""


def as_strangers_see_it() -> dict[str, object]:
    """What the scheduler of this process tells: to its own, to who has no certificate or another one, to a browser."""
    from distributed import Scheduler

    (scheduler,) = [one for one in Scheduler._instances if one.address]
    own = scheduler.security.get_connection_args("client")["ssl_context"]
    other = cluster.temporary_certificates().get_connection_args("client")["ssl_context"]
    nobody = ssl.create_default_context()
    nobody.check_hostname, nobody.verify_mode = False, ssl.CERT_NONE
    at = urlsplit(scheduler.address)
    me = psutil.Process()
    workers = {process.pid for process in me.children(recursive=True)}
    listening = {
        connection.laddr.ip
        for process in (me, *me.children(recursive=True))
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    page = urlsplit(f"//127.0.0.1:{scheduler.http_server.port}")
    return {
        "own": told(at.hostname, at.port, own),
        "with another certificate": told(at.hostname, at.port, other),
        "without a certificate": told(at.hostname, at.port, nobody),
        "without TLS": told(at.hostname, at.port, None, b"GET / HTTP/1.0\r\n\r\n"),
        "page": told(page.hostname, page.port, None, b"GET /status HTTP/1.0\r\n\r\n"),
        "listening": listening,
        "workers": len(workers),
    }


def told(host: str | None, port: int | None, context: ssl.SSLContext | None, said: bytes = b"") -> bytes:
    """What a server answers; empty where it ends the talk."""
    with socket.create_connection((host, port), timeout=5) as plain:
        try:
            with context.wrap_socket(plain) if context else plain as stream:
                stream.sendall(said)
                return stream.recv(64)
        except OSError:  # of TLS too
            return b""


def tables(folder: Path, database: str, *, left_out: Sequence[str] = ()) -> dict[str, str]:
    """Every row of every relation that a database shows, in order, as text."""
    with chdir(folder), closing(duckdb.connect(database, read_only=True)) as connection:
        names = connection.execute("select table_name from information_schema.tables order by all").fetchall()
        return {
            name: repr(connection.execute(f'from "{name}" order by all').fetchall())
            for (name,) in names
            if name not in ("runs", "snapshot", "checks", "shards", *left_out)
        }


def checks(folder: Path, database: str) -> list[tuple[object, ...]]:
    with chdir(folder), closing(duckdb.connect(database, read_only=True)) as connection:
        return connection.execute(
            "select relation, expectation, severity, success from checks where relation <> 'shards' order by all"
        ).fetchall()


def test_the_tables_are_those_of_the_same_folder_as_one_home(worked: Worked) -> None:
    of_study, of_home = tables(worked.folder, "cohort.duckdb"), tables(worked.home, "recovery.duckdb")

    assert [outcome.status for outcome in worked.summary.outcomes] == ["published", "published"]
    assert {name for name in of_home if of_study[name] != of_home[name]} == set()
    assert set(of_study) == set(of_home)
    assert checks(worked.folder, "cohort.duckdb") == checks(worked.home, "recovery.duckdb")


def test_a_worker_that_is_killed_in_the_middle_of_a_shard_loses_nothing(worked: Worked) -> None:
    """That the tables are those of one home is said above, of this very run."""
    assert {outcome.shard for outcome in worked.summary.outcomes if outcome.is_resumed} == {worked.killed}
    left = [
        path for pattern in ("tmp/*", "staged/*", "lock.json") for path in worked.folder.rglob(f".recovery/{pattern}")
    ]
    assert left == []


def test_what_is_computed_of_all_people_is_there(worked: Worked) -> None:
    with chdir(worked.folder), closing(duckdb.connect("cohort.duckdb", read_only=True)) as connection:
        pain = "metric = 'pain' and \"window\" = 'days_1_3'"
        assert connection.execute(f"select n_subjects from cohort_effects where {pain}").fetchall() == [(5,)]
        ((shrunken,),) = connection.execute(
            f"select count(shrunken_estimate) from effects where {pain} and subject in (select unnest(?))", [PEOPLE]
        ).fetchall()
    assert shrunken == 5


def test_columns_have_the_types_of_one_home(worked: Worked) -> None:
    kinds = "select table_name, column_name, data_type from information_schema.columns order by all"
    with chdir(worked.folder), closing(duckdb.connect("cohort.duckdb", read_only=True)) as connection:
        of_study = set(connection.execute(kinds).fetchall())
    with closing(duckdb.connect(str(worked.home / "recovery.duckdb"), read_only=True)) as connection:
        of_home = set(connection.execute(kinds).fetchall())

    assert of_home - of_study == set()
    assert {(table, column) for table, column, _ in of_study - of_home if table != "shards"} == {("runs", "shard")}


def test_a_client_without_the_certificate_of_the_cluster_is_refused(worked: Worked) -> None:
    talk = worked.talk

    assert talk["own"] != b""  # the refusals are no accident of the test
    assert talk["with another certificate"] == talk["without a certificate"] == talk["without TLS"] == b""


def test_the_cluster_listens_on_this_machine_alone_and_has_no_page(worked: Worked) -> None:
    assert worked.talk["listening"] == {"127.0.0.1"}
    assert b"404" in bytes(str(worked.talk["page"]), "ascii")
    assert int(str(worked.talk["workers"])) >= 2


def test_a_hostile_name_stays_one_folder_below_its_relation(worked: Worked) -> None:
    study, hostile = Study(worked.folder), PEOPLE[3]

    assert {path.name for path in study.relation("diary").iterdir()} == {partition("subject", one) for one in PEOPLE}
    with chdir(worked.folder), closing(duckdb.connect("cohort.duckdb", read_only=True)) as connection:
        found = connection.execute("select count(*) from diary where subject = ?", [hostile]).fetchall()
    assert found == [(DAYS,)]


def test_all_that_is_written_is_for_its_owner_alone(worked: Worked) -> None:
    inbox = worked.folder / "inbox"
    written = [path for path in worked.folder.rglob("*") if path != inbox and inbox not in path.parents]

    assert {path.stat().st_mode & 0o077 for path in written if path.name != "recovery.toml"} == {0}


def test_the_database_moves_with_its_folder_and_opens_from_anywhere(worked: Worked, tmp_path: Path) -> None:
    folder = tmp_path / "else where"
    shutil.copytree(worked.folder / "published", folder / "published")
    shutil.copy(worked.folder / "cohort.duckdb", folder)
    with closing(duckdb.connect(str(folder / "cohort.duckdb"), read_only=True)) as connection:
        connection.execute(f"set file_search_path = '{folder}'")
        ((days,),) = connection.execute("select count(*) from daily").fetchall()

    assert days >= len(PEOPLE) * DAYS


def test_days_of_a_study_are_explained_and_its_trials_planned_by_them(worked: Worked, tmp_path: Path) -> None:
    folder = str(worked.copy(tmp_path / "own").home.folder)

    def told(*words: str) -> str:
        result = CliRunner().invoke(cli, [*words, "--home", folder])
        assert result.exit_code == 0, result.output
        return result.output

    day = str(FIRST + timedelta(days=4))
    assert told("explain", "pain", day, "--person", "anna").startswith(f"pain of anna on {day}\n")
    assert "anna" in told("status")
    plan = (
        "plan-trial",
        "--start",
        "2090-06-06",
        "--pairs",
        "8",
        "--weekday",
        "tue",
        "--at",
        "18:00",
        "--person",
        "anna",
    )
    assert "pain" in told(*plan).partition("How often")[2]  # by the published days


def test_a_trial_that_a_copied_study_left_behind_is_told(worked: Worked, tmp_path: Path) -> None:
    folder = worked.copy(tmp_path / "study").home.folder
    plan = folder / "trials" / "anna" / "2026-01-06" / "schedule.json"
    plan.parent.mkdir(parents=True)
    plan.write_text("{}")
    os.utime(plan, (0, 0))

    result = CliRunner().invoke(cli, ["cohort", "run", str(folder), "--without-dask"])

    assert result.exit_code == 0, result.output
    assert "anna: The trial from 2026-01-06 has no answer" in result.output


def test_with_nothing_new_no_file_is_written_and_no_cluster_begun(worked: Worked, tmp_path: Path) -> None:
    settings = worked.copy(tmp_path / "study")
    cohort.run(settings, PLAIN)  # a copied file has another stamp
    before = {path: path.stat().st_mtime_ns for path in Study(settings.home.folder).published.rglob("*.parquet")}

    summary = cohort.run(settings, Options())  # would begin one

    assert [outcome.status for outcome in summary.outcomes] == ["nothing new", "nothing new"]
    assert summary.status == "nothing new"
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_shard_that_fails_is_named_and_stops_no_other_and_the_next_run_goes_on(
    worked: Worked, tmp_path: Path
) -> None:
    settings = worked.copy(tmp_path / "study")
    study = Study(settings.home.folder)
    broken = study.home_of("002").work
    kept = broken.read_bytes()
    for person in ("anna", "emil"):  # of either shard
        with (settings.home.inbox / person / "diary.csv").open("a") as diary:
            diary.write("2025-05-15,1\n")
    broken.write_bytes(b"no database at all")

    summary = cohort.run(settings, PLAIN)

    (failed,) = summary.failed
    assert (failed.shard, failed.exit_status) == ("002", 1)
    assert "cannot be opened" in failed.reason
    shown = days_of(settings)
    assert (shown["anna"], shown["emil"]) == (DAYS + 1, DAYS)  # what was published of him still stands
    assert ("Every shard could be worked.", False) in [
        (sentence, is_met) for _, sentence, _, is_met in all_checks(settings)
    ]

    broken.write_bytes(kept)
    clusters = begun()
    again = cohort.run(settings, Options())
    assert [outcome.status for outcome in again.outcomes] == ["nothing new", "published"]
    assert days_of(settings)["emil"] == DAYS + 1
    assert begun() <= clusters  # for one shard none is begun


def begun() -> set[int]:
    from distributed import Scheduler

    return {id(one) for one in Scheduler._instances}


def days_of(settings: Settings) -> dict[str, int]:
    with chdir(settings.home.folder), closing(duckdb.connect("cohort.duckdb", read_only=True)) as connection:
        return dict(connection.execute("select subject, count(*) from diary group by subject").fetchall())


def all_checks(settings: Settings) -> list[tuple[object, ...]]:
    with chdir(settings.home.folder), closing(duckdb.connect("cohort.duckdb", read_only=True)) as connection:
        return connection.execute("select relation, expectation, severity, success from checks").fetchall()


def test_a_person_is_moved_without_being_read_again_and_erased_without_a_trace(worked: Worked, tmp_path: Path) -> None:
    settings = worked.copy(tmp_path / "study")
    study = Study(settings.home.folder)
    shards = study.read().with_moved("berta", "002")

    assert moves.carry_out(study, shards).moving == ()

    assert traces(study.home_of("001").private / "work.duckdb", QUOTE) == []
    with closing(duckdb.connect(str(study.home_of("001").work), read_only=True)) as connection:
        assert connection.execute("select count(*) from raw.massages where note = ?", [QUOTE]).fetchall() == [(0,)]
    summary = cohort.run(settings, PLAIN)
    assert sum(outcome.summary.files_new for outcome in summary.outcomes if outcome.summary) == 0
    assert {outcome.people for outcome in summary.outcomes} == {
        ("anna", "carl", "me"),
        tuple(sorted(("berta", *PEOPLE[3:]))),
    }
    assert tables(settings.home.folder, "cohort.duckdb") == tables(worked.folder, "cohort.duckdb")

    left = forget_study.forget_subject(settings, "berta")

    assert settings.home.inbox / "berta" / "massages.csv" in left
    found = traces(settings.home.folder, "berta", QUOTE)
    assert {place.partition("/")[0] for place in found} == {"inbox", "recovery.toml"}

    # recovery.toml lists her still and her files lie there: another shard than before knows what it is not to read.
    shards = study.read().with_people(settings.everybody).with_moved("berta", "001")
    (job,) = [job for job in cohort.jobs_of(study, settings, shards) if job.shard == "001"]
    assert shard.work(job).status == "published"
    assert shard.look(job).outcome is not None  # what was forgotten and lies there still is no news
    assert [path.parent.name for path in study.partitions(partition("subject", "berta"))] == ["files"]
    receipts = duckdb.read_parquet(str(study.relation("files") / "subject=berta" / "all.parquet"))
    assert receipts.project("status, message").distinct().fetchall() == [("ignored", "was forgotten on request")]


def test_an_existing_scheduler_is_asked_by_tls_alone(tmp_path: Path) -> None:
    files = cluster.Certificates(*(tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem")))

    with pytest.raises(SettingsError, match="would run code for anybody"):
        cluster.security_of("tcp://10.0.0.1:8786", files)
    with pytest.raises(SettingsError, match="would run code for anybody"):
        cluster.security_of("tls://10.0.0.1:8786", None)
    with pytest.raises(SettingsError, match=r"ca\.pem is missing"):
        cluster.security_of("tls://10.0.0.1:8786", files)


def test_a_cluster_that_exists_works_a_study_and_refuses_other_certificates_and_programs(
    worked: Worked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    settings = worked.copy(tmp_path / "study")
    with (settings.home.inbox / "emil" / "diary.csv").open("a") as diary:
        diary.write("2025-05-15,1\n")
    security = cluster.temporary_certificates()
    ours = written(security, tmp_path / "ours")
    others = written(cluster.temporary_certificates(), tmp_path / "others")
    monkeypatch.setattr(cluster, "CONNECTED_WITHIN_S", 2)

    with cluster.quietly(), LocalCluster(**cluster.local(1, 1500, security)) as there:
        address = there.scheduler_address
        with pytest.raises(RecoveryError, match="does not know this certificate"):
            cohort.run(settings, Options(scheduler=address, certificates=others))
        with monkeypatch.context() as patch:
            patch.setattr(shard, "program", lambda: "0.0.1-abc")
            with pytest.raises(RecoveryError, match=r"has another program \(.*\) than the run \(0\.0\.1-abc\)"):
                cohort.run(settings, Options(scheduler=address, certificates=ours))
        summary = cohort.run(settings, Options(scheduler=address, certificates=ours))

    assert [outcome.status for outcome in summary.outcomes] == ["nothing new", "published"]
    assert days_of(settings)["emil"] == DAYS + 1


def written(security: "Security", folder: Path) -> cluster.Certificates:
    """Certificates as files, as the administrator of a cluster gives them."""
    folder.mkdir()
    files = cluster.Certificates(*(folder / name for name in ("ca.pem", "cert.pem", "key.pem")))
    texts = (security.tls_ca_file, security.tls_client_cert, security.tls_client_key)
    for path, text in zip(files, texts, strict=True):
        path.write_text(str(text))
    return files


def test_a_backup_of_a_study_is_the_study(worked: Worked, tmp_path: Path) -> None:
    back_up(load_settings(worked.folder), tmp_path / "back.zip")

    folder = restore(tmp_path / "back.zip", tmp_path / "again").folder

    summary = cohort.run(load_settings(folder), PLAIN)
    assert [outcome.status for outcome in summary.outcomes] == ["nothing new", "nothing new"]
    assert tables(folder, "cohort.duckdb") == tables(worked.folder, "cohort.duckdb")


def test_without_dask_one_sentence_says_what_to_install() -> None:
    with pytest.raises(HomeError, match=r"not installed \(no_such_library is missing\)") as raised:
        cluster.must_be_installed(("no_such_library",))

    assert "[cohort]" in str(raised.value)


@pytest.mark.parametrize(
    ("observed", "all_together"),
    [
        (["none of 1,200 rows", "none of 34 rows"], "none of 1,234 rows"),
        (["none of 10 rows", "2 of 1,000 rows"], "2 of 1,010 rows"),
        (["none", "none"], "none"),
        (["none", "3 rows", "1,000 rows"], "1,003 rows"),
        (["a, b", "a, b"], "a, b"),
        (["a, b", "a"], "a, b; a"),
    ],
)
def test_counts_of_shards_are_added_up(observed: list[str], all_together: str) -> None:
    assert together(observed) == all_together


def test_workers_are_as_many_as_cores_where_nobody_says() -> None:
    assert 1 <= cluster.usual_workers() <= (os.cpu_count() or 1)
