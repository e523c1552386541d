"""A whole run of the checks: what is remembered, what is said, what is checked again, and pages that load nothing."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import chromium
import duckdb
import pytest
from parsed_page import parsed

from recovery import checks, warehouse
from recovery.home.folder import Home
from recovery.home.settings import Settings

HOSTILE = """a "><script>document.title='run'</script><img src=x onerror="document.title='run'"> | ` [b](//c.d) &lt;"""
BREAKS = """
update pub.daily set distance_m = -1 where local_date = '2026-03-02';
update pub.daily set pain = 11, resting_heart_rate_bpm = 125 where local_date = '2026-03-05';
update pub.timeline set state = 'lying' where local_date = '2026-03-03';
"""
Rows = list[tuple[Any, ...]]


class Runs(NamedTuple):
    """Three runs of the checks, and the last two again after a change."""

    settings: Settings
    failed: checks.CheckSummary
    tables: dict[str, Rows]  # after the run that failed
    pages: dict[str, str]
    again: list[Rows]  # relation, run_id: after the run that failed, one without a change, one that is mended
    mended: checks.CheckSummary
    pages_mended: dict[str, str]


@pytest.fixture(scope="module")
def runs(sound: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A run in which checks fail, one after it without any change, and one after what was wrong is mended."""
    folder = tmp_path_factory.mktemp("home")
    settings = Settings(home=Home(Path(os.path.relpath(folder))))  # as `--home my-back`
    settings.home.private.mkdir()
    sound.execute("insert into raw.rejected values ('me', 'relation', 'nights, last run', 'old', null)")
    sound.execute("insert into raw.rejected values ('me', 'a.csv', 'row 3', 'no date', 'x')")
    sound.execute("insert into raw.checks values ('gone', 'It held.', 'critical', false, '1 rows')")
    sound.execute("create temp table kept as from pub.daily; create temp table kept_minutes as from pub.timeline")
    sound.execute("create temp table kept_files as from pub.files")
    sound.execute(BREAKS)
    sound.execute("update pub.files set path = $1, first_utc = '1989-12-31'", [HOSTILE])
    again = []
    try:
        failed = checks.run(sound, settings, "the first run")
        tables = {name: table(sound, name) for name in ("checks", "rejected")}
        pages = all_pages(settings)
        again.append(table(sound, "checked"))
        checks.run(sound, settings, "the second run")
        again.append(table(sound, "checked"))
        for name, kept in (("daily", "kept"), ("timeline", "kept_minutes"), ("files", "kept_files")):
            sound.execute(f"delete from pub.{name}; insert into pub.{name} from {kept}; drop table {kept}")
        mended = checks.run(sound, settings, "the third run")
        again.append(table(sound, "checked"))
    finally:
        sound.execute("delete from raw.rejected; delete from raw.checks; delete from raw.checked")
    return Runs(settings, failed, tables, pages, again, mended, all_pages(settings))


def table(connection: duckdb.DuckDBPyConnection, name: str) -> Rows:
    columns = "relation, run_id" if name == "checked" else "*"
    return connection.execute(f"select {columns} from raw.{name} order by all").fetchall()


def all_pages(settings: Settings) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in settings.home.checks.iterdir()}


def test_every_published_relation_has_a_check_module_or_tells_of_the_run_itself() -> None:
    published = {relation.name for relation in warehouse.relations() if relation.layer == "pub"}

    assert published - {"checks", "rejected", "runs", "snapshot"} == set(checks.relations())


def test_sentences_are_said_once_in_a_relation() -> None:
    for relation in checks.relations().values():
        sentences = [check.sentence for check in relation.CHECKS]

        assert len(sentences) == len(set(sentences))
        assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.slow
def test_great_expectations_is_not_imported_by_reading_the_checks_and_tells_nobody_anything_when_it_is() -> None:
    program = """
import os, sys
from recovery import checks
checks.relations()
assert "great_expectations" not in sys.modules
from recovery.checks import _checkpoint
assert _checkpoint._context().variables.analytics_enabled is False
assert os.environ["GX_ANALYTICS_ENABLED"] == "False"
print("great_expectations" in sys.modules, "posthog" in sys.modules)
"""

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["True", "False"]


@pytest.mark.slow
def test_failed_checks_are_sentences_with_what_was_found(runs: Runs) -> None:
    assert runs.failed.critical == (
        "daily: Metres walked are not negative. Found: 1 of 15 rows.",
        "daily: Pain is scored from 0 to 10. Found: 1 of 15 rows.",
        "timeline: Every minute is in one of the eight states. Found: 1,440 of 21,600 rows.",
    )
    assert runs.failed.warnings == (
        "daily: The heart at rest beats 30 to 120 times a minute. Found: 1 of 15 rows.",
        "files: No record is older than the year 2000. Found: 1 of 1 rows.",
    )
    assert runs.failed.count == sum(len(relation.CHECKS) for relation in checks.relations().values())


@pytest.mark.slow
def test_every_check_holds_on_sound_tables(runs: Runs) -> None:
    assert runs.mended == checks.CheckSummary((), (), runs.failed.count)


@pytest.mark.slow
def test_failing_rows_are_rejected_by_name_and_the_last_runs_go(runs: Runs) -> None:
    rejected = runs.tables["rejected"]

    assert ("me", "a.csv", "row 3", "no date", "x") in rejected  # a file's rejected row is not the checks' business
    assert ("me", "relation", "daily, 2026-03-02", "Metres walked are not negative.", "-1.0") in rejected
    assert (
        "me", "relation", "timeline, 2026-03-03 00:00:00", "Every minute is in one of the eight states.", "lying",
    ) in rejected  # fmt: skip
    assert sum(row[2].startswith("timeline") for row in rejected) == 100  # of 1,440; all are counted
    assert not any("last run" in str(row) for row in rejected)
    assert ("daily", "Metres walked are not negative.", "critical", False, "1 of 15 rows") in runs.tables["checks"]
    assert not any(row[0] == "gone" for row in runs.tables["checks"])  # a relation that is checked no longer


@pytest.mark.slow
def test_only_what_changed_or_failed_critically_is_validated_again(runs: Runs) -> None:
    every = set(checks.relations())

    first, second, third = (
        {run_id: {name for name, by in rows if by == run_id} for _, run_id in rows} for rows in runs.again
    )

    assert first == {"the first run": every}
    assert second["the second run"] == {"daily", "timeline"}  # a warning, as of `files`, keeps its row and its time
    assert second["the first run"] == every - {"daily", "timeline"}
    reading = {
        name for name in every if re.search(r"pub\.(daily|timeline|files)\b", repr(checks.relations()[name].CHECKS))
    }
    assert third["the third run"] == {"daily", "timeline", "files"} | reading
    assert third["the first run"] == every - third["the third run"]


@pytest.mark.slow
def test_checks_tell_when_each_relation_was_checked(sound: duckdb.DuckDBPyConnection) -> None:
    sound.execute("begin transaction")
    sound.execute("insert into raw.checks values ('nights', 'It holds.', 'critical', true, 'none')")
    sound.execute("insert into raw.checked values ('nights', 'a hash', 'a run', '2026-03-01 04:30')")
    warehouse_rows = sound.execute((warehouse.sql_root() / "pub" / "checks.sql").read_text("utf-8")).fetchall()
    sound.execute("rollback")

    assert [str(value) for value in warehouse_rows[0]] == [
        "nights", "It holds.", "critical", "True", "none", "a run", "2026-03-01 04:30:00",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_check_that_cannot_be_made_is_our_bug_and_leaves_what_was_known(
    sound: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    settings = Settings(home=Home(tmp_path))
    settings.home.private.mkdir()
    sound.execute("create temp table kept as from pub.diary; alter table pub.diary rename mood to humour")
    sound.execute("insert into raw.checks values ('diary', 'It held.', 'critical', true, 'none')")

    try:
        with pytest.raises(LookupError, match=r"Mood is scored from 1 to 5\.' of diary could not be made.*mood"):
            checks.run(sound, settings, "a run")
        known = table(sound, "checks")
    finally:
        sound.execute("alter table pub.diary rename humour to mood; drop table kept; delete from raw.checks")

    assert known == [("diary", "It held.", "critical", True, "none")]
    assert not settings.home.checks.exists()


@pytest.mark.slow
def test_where_one_count_cannot_be_made_those_foreseen_with_it_are_made_all_the_same(
    sound: duckdb.DuckDBPyConnection,
) -> None:
    from recovery.checks._engine import DuckDBExecutionEngine, RelationData, Unexpected

    high, low, gone = (
        Unexpected("pub.diary", f"{column} {than}", (column,))
        for column, than in (("pain", ">= 3"), ("pain", "< 3"), ("humour", "< 1"))
    )
    counts = RelationData(DuckDBExecutionEngine(), sound, "pub.diary", ("local_date",), [high, low, gone])
    together = RelationData(DuckDBExecutionEngine(), sound, "pub.diary", ("local_date",), [high, low])

    assert [data.count(rows) for data in (counts, together) for rows in (high, low)] == [1, 0, 1, 0]
    with pytest.raises(duckdb.Error, match="humour"):
        counts.count(gone)


@pytest.mark.slow
def test_pages_are_private_and_name_every_relation(runs: Runs) -> None:
    assert set(runs.pages) == {"index", *checks.relations()}
    assert runs.settings.home.checks.stat().st_mode & 0o077 == 0
    for page in runs.settings.home.checks.iterdir():
        assert page.stat().st_mode & 0o077 == 0
    for link in re.findall(r'href="([^"#]+)"', runs.pages["index"] + runs.pages["daily"]):
        assert (runs.settings.home.checks / link).is_file(), link


@pytest.mark.slow
def test_the_first_page_groups_by_relation_with_failures_first(runs: Runs) -> None:
    named = re.findall(r'<h2><a href="\w+\.html">(\w+)</a></h2>', runs.pages["index"])

    assert named[:3] == ["daily", "timeline", "files"]  # critical, critical, a warning
    assert named[3:] == sorted(set(checks.relations()) - {"daily", "timeline", "files"})
    of_daily = runs.pages["index"].split("<h2>")[1]
    assert re.findall(r'<td class="(\w+)">', of_daily)[:4] == ["critical", "critical", "warning", "met"]
    assert "<td>me</td><td>2026-03-03 00:00:00</td><td>lying</td>" in runs.pages["index"]
    assert "Checked by Great Expectations in run the first run" in runs.pages["daily"]
    assert "in run the first run" in runs.pages_mended["nights"]
    assert "in run the third run" in runs.pages_mended["daily"]
    assert "in run the first run" in runs.pages_mended["index"].split("nights.html")[1][:200]


@pytest.mark.slow
def test_pages_hold_no_script_and_no_reference_and_foreign_text_is_escaped(runs: Runs) -> None:
    for name, text in runs.pages.items():
        page = parsed(text)
        assert "default-src 'none'; style-src 'sha256-" in text, name
        assert not {"script", "img", "link", "iframe", "base", "form", "object", "embed"} & set(page.names), name
        assert {name for name, _ in page.attributes} <= {"lang", "charset", "http-equiv", "content", "href", "class"}
        assert all(re.fullmatch(r"\w+\.html", value or "") for name, value in page.attributes if name == "href")
        assert not re.search(r"https?:|@import|url\(", text), name
    assert HOSTILE in unescape(runs.pages["files"])
    assert HOSTILE in unescape(runs.pages["index"])


@pytest.mark.slow
def test_pages_render_in_a_browser_that_asks_for_nothing(runs: Runs, tmp_path: Path) -> None:
    pages = {"files": runs.pages["files"]}
    forged = (
        "<script>document.title='run'</script><img src='https://example.org/x.png'><style>h1 { color: red; }</style>"
    )
    pages["forged"] = runs.pages["files"].replace("<h1>", f"{forged}<h1>")  # had something slipped through
    pages["control"] = re.sub("<meta http-equiv[^>]*>", "", pages["forged"])

    seen = {}
    for name, text in pages.items():
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
        seen[name] = chromium.visit(tmp_path / f"{name}.html", tmp_path / name)

    assert "<title>Checks of files</title>" in seen["files"].dom
    assert (seen["files"].asked, seen["files"].console) == (set(), [])  # the policy lets our own style through
    assert "<title>Checks of files</title>" in seen["forged"].dom
    assert seen["forged"].asked == set()
    assert len(seen["forged"].console) == 3  # the script, the picture and the style are refused
    assert "<title>run</title>" in seen["control"].dom
    assert seen["control"].asked == {"https://example.org"}  # without the policy the browser asks, and it does tell
