"""A whole run of the checks: what is remembered, what is said, and pages that load nothing."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from recovery import checks, warehouse
from recovery.checks import _data_docs
from recovery.home.folder import Home
from recovery.home.settings import Settings

FailedRun = tuple[checks.CheckSummary, Settings, dict[str, list[tuple[Any, ...]]]]

BREAKS = """
update pub.daily set distance_m = -1 where local_date = '2026-03-02';
update pub.daily set pain = 11, resting_heart_rate_bpm = 125 where local_date = '2026-03-05';
update pub.timeline set state = 'lying' where local_date = '2026-03-03';
"""


@pytest.fixture(scope="module")
def failed_run(sound: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> FailedRun:
    """A run in which checks fail: its summary, its home, and what stood in the tables of the run."""
    settings = Settings(home=Home(tmp_path_factory.mktemp("home")))
    settings.home.private.mkdir()
    sound.execute("insert into raw.rejected values ('me', 'relation', 'nights, last run', 'old', null)")
    sound.execute("insert into raw.rejected values ('me', 'a.csv', 'row 3', 'no date', 'x')")
    sound.execute("create temp table kept as from pub.daily; create temp table kept_minutes as from pub.timeline")
    sound.execute(BREAKS)
    try:
        told = checks.run(sound, settings, "2026-11-22 04:30")
        tables = {
            name: sound.execute(f"select * from raw.{name} order by all").fetchall() for name in ("checks", "rejected")
        }
    finally:
        sound.execute("delete from pub.daily; insert into pub.daily from kept; drop table kept")
        sound.execute("delete from pub.timeline; insert into pub.timeline from kept_minutes; drop table kept_minutes")
        sound.execute("delete from raw.rejected; delete from raw.checks")
    return told, settings, tables


def test_every_published_relation_has_a_check_module_or_tells_of_the_run_itself() -> None:
    published = {relation.name for relation in warehouse.relations() if relation.layer == "pub"}

    assert published - {"checks", "rejected", "runs"} == set(checks.relations())


def test_sentences_are_said_once_in_a_relation() -> None:
    for relation in checks.relations().values():
        sentences = [check.sentence for check in relation.CHECKS]

        assert len(sentences) == len(set(sentences))
        assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.slow
def test_reading_the_checks_does_not_import_great_expectations() -> None:
    program = "import sys; from recovery import checks; checks.relations(); print('great_expectations' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"


@pytest.mark.slow
def test_every_check_holds_on_sound_tables(sound: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    settings = Settings(home=Home(tmp_path))

    told = checks.run(sound, settings, "a run")

    assert told.critical == ()
    assert told.warnings == ()
    assert told.count == sum(len(relation.CHECKS) for relation in checks.relations().values())
    assert sound.execute("select count(*) from raw.checks where not success").fetchone() == (0,)


@pytest.mark.slow
def test_failed_checks_are_sentences_with_what_was_found(
    failed_run: FailedRun,
) -> None:
    told, _, _ = failed_run

    assert told.critical == (
        "daily: Metres walked are not negative. Found: 1 of 15 rows.",
        "daily: Pain is scored from 0 to 10. Found: 1 of 15 rows.",
        "timeline: Every minute is in one of the seven states. Found: 1,440 rows.",
    )
    assert told.warnings == ("daily: The heart at rest beats 30 to 120 times a minute. Found: 1 of 15 rows.",)


@pytest.mark.slow
def test_failing_rows_are_rejected_by_name_and_the_last_runs_go(
    failed_run: FailedRun,
) -> None:
    _, _, tables = failed_run

    rejected = tables["rejected"]

    assert ("me", "a.csv", "row 3", "no date", "x") in rejected  # a file's rejected row is not the checks' business
    assert ("me", "relation", "daily, 2026-03-02", "Metres walked are not negative.", "-1.0") in rejected
    assert (
        "me",
        "relation",
        "timeline, 2026-03-03 00:00:00",
        "Every minute is in one of the seven states.",
        "lying",
    ) in (rejected)
    assert sum(row[2].startswith("timeline") for row in rejected) == checks.MAX_REJECTED
    assert not any("last run" in str(row) for row in rejected)
    assert ("daily", "Metres walked are not negative.", "critical", False, "1 of 15 rows") in tables["checks"]


@pytest.mark.slow
def test_pages_hold_no_remote_reference_and_no_script(
    failed_run: FailedRun,
) -> None:
    _, settings, _ = failed_run

    pages = sorted(settings.home.checks.rglob("*"))

    assert {page.name for page in pages} == {"index.html"} | {f"{name}.html" for name in checks.relations()}
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.search(r"https?:|//\w+\.\w|<script|<link|<img|<iframe|@import|url\(|\son\w+=", text), page.name
        assert page.stat().st_mode & 0o077 == 0
    assert settings.home.checks.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_the_pages_name_the_failed_checks_and_their_rows(
    failed_run: FailedRun,
) -> None:
    _, settings, _ = failed_run

    index = (settings.home.checks / "index.html").read_text("utf-8")
    daily = (settings.home.checks / "daily.html").read_text("utf-8")

    assert "Metres walked are not negative." in index
    assert 'href="daily.html"' in index
    assert "<td>me</td><td>2026-03-03 00:00:00</td><td>lying</td>" in index
    assert "Pain is scored from 0 to 10." in daily
    for link in re.findall(r'href="([^"#]+)"', index + daily):
        assert (settings.home.checks / link).is_file(), link


def opened(chromium: str, page: Path, scratch: Path) -> tuple[str, set[str]]:
    """What a browser without a network makes of a page, and the addresses that it asked for on the page's behalf."""
    told = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={scratch / 'profile'}",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--log-net-log={scratch / 'net.json'}", "--enable-logging=stderr",
         "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    asked = set(re.findall(r'"url":"(\w+://[^/"]*)', (scratch / "net.json").read_text("utf-8")))
    own = {
        address for address in asked if re.search(r"(google(apis)?|gvt1)\.com", address)
    }  # the browser's own business
    console = re.findall(r".*CONSOLE.*", told.stderr)
    return told.stdout, (asked - own) | set(console)


@pytest.mark.slow
def test_pages_render_in_a_browser_without_a_request(failed_run: FailedRun, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is not installed")
    _, settings, _ = failed_run
    control = tmp_path / "control.html"
    control.write_text('<img src="https://example.org/x.png">', encoding="utf-8")

    for name in ("index", "daily"):
        text, asked = opened(chromium, settings.home.checks / f"{name}.html", tmp_path)

        assert "Metres walked are not negative." in text
        assert asked == set()
    assert opened(chromium, control, tmp_path)[1] == {"https://example.org"}  # the browser does tell


def test_a_remote_reference_in_a_value_goes_too() -> None:
    page = (
        '<head></head><td onclick="x()">see https://example.org/a<img src="//b.c/d.png"></td><a href=http://e.f>g</a>'
    )

    told = _data_docs.without_remote_references(page)

    assert "http" not in told
    assert "<img" not in told
    assert "onclick" not in told
