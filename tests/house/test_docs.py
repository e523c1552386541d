"""What is not documented fails here, and what is documented is run."""

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from places import ROOT

from recovery import warehouse
from recovery.cli import cli
from recovery.commands import command_names, load_command
from recovery.home.settings import VALIDITY, Settings
from recovery.readers import readers

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").glob("*.md"))


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def bash_lines(text: str) -> list[str]:
    """The commands of the text's bash blocks."""
    blocks = re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def recovery_calls() -> list[str]:
    return [line for line in bash_lines(README) if line.startswith("recovery ")]


def test_generated_parts_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "-I", "docs", "README.md", *(str(path) for path in PAGES)],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nWrite them anew: cog -r -I docs README.md docs/*.md"


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_in_the_readme(name: str) -> None:
    command = load_command(name)
    names = [f"{name} {sub}" for sub in command.commands] if isinstance(command, click.Group) else [name]

    assert all(f"`recovery {words}`" in README for words in names)


def test_every_reader_is_in_the_readme() -> None:
    assert all(f"`{name}`" in README and reader.LABEL in README for name, reader in readers().items())


def test_every_metric_is_defined_and_listed() -> None:
    for row in warehouse.metric_definitions():
        assert f"### `{row['metric']}`" in page("metrics.md")
        assert f"[`{row['metric']}`]" in README
        missing = {"unit", "family", "better", "smallest worthwhile change", "grain", "missing", "source"} - set(row)
        assert not missing, (row["metric"], missing)


def test_every_published_relation_says_what_a_row_is() -> None:
    for relation in warehouse.relations():
        if relation.layer == "pub":
            assert f"## `{relation.name}`" in page("tables.md")
            assert {"grain", "missing", "source"} <= set(relation.header), relation.full_name


def test_every_key_of_the_settings_is_explained() -> None:
    text = page("settings.md")
    tables = {
        "home_time_zone": "home_time_zone =", "people": "[people.", "travel": "[[travel]]",
        "exclusions": "[[exclusions]]", "source_priority": "priority =", "validity": "[validity]", "goals": "[goals]",
        "aliases": "aliases =", "shared_since": "shared_since =", "parts": "# arm =",
        "log_complete_from": "[log_complete_from]",
        "log_complete_until": "[log_complete_until]", "notify_command": "[notify]", "primaries": "[primary]",
        "main": "# main =",
        "tables": "[[tables]]", "private_ignore": "[private]", "memory_mb": "[limits]",
    }  # fmt: skip

    assert {field.name for field in fields(Settings)} == {
        *tables,
        "home",
        "is_demo",
        "plans",
        "members",
        "mends",
    }  # inbox/mends.csv and the people of a shard are no settings
    assert all(written in text for written in tables.values())
    assert all(f"# {key} = " in text for key in VALIDITY)


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


def test_the_two_commands_are_those_of_ci() -> None:
    demo, tests = (line for line in bash_lines(README) if "venv" in line)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert demo.endswith("recovery demo")
    install, run = [re.search(r"\.venv/bin/(.*)", step).group(1) for step in tests.split(" && ")[1:]]  # type: ignore[union-attr]
    assert install == "pip install '.[test]'"
    assert "'.[test]'" in ci
    assert re.search(rf'venv/bin/{run.split()[0]}" {" ".join(run.split()[1:])}', ci)


@pytest.mark.parametrize("line", recovery_calls())
def test_every_call_in_the_readme_is_one_the_commands_take(line: str) -> None:
    words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    context = cli.make_context("recovery", list(words), resilient_parsing=False)
    group: click.Command = cli
    rest = [*context._protected_args, *context.args]
    while isinstance(group, click.Group):
        _, found, rest = group.resolve_command(context, rest)
        assert found is not None
        group = found
    group.make_context(words[0], rest, parent=context)


def test_the_readme_walks_through_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quick = [line for line in recovery_calls() if line.split()[1] in ("init", "log")]

    results = [CliRunner().invoke(cli, shlex.split(line)[1:]) for line in quick]

    assert [result.exit_code for result in results] == [0] * len(quick), [result.output for result in results]
    told = (tmp_path / "my-back" / "inbox" / "massages.csv").read_text()
    assert "2026-05-04,17:30,60,deep tissue" in told


def test_the_queries_of_the_readme_are_answered() -> None:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    connection.execute("use memory.pub")

    for line in recovery_calls():
        words = shlex.split(line.partition(" > ")[0])
        if words[1] == "query":
            connection.execute(next(word for word in words[2:] if " " in word))
    for sql in re.findall(r'`recovery query [^"`]*"([^"]+)"`', README):
        connection.execute(sql)
    connection.close()


@pytest.mark.slow
def test_the_entry_point_that_the_readme_deploys_is_the_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    from recovery.pipelines import nightly  # before Prefect: it sets what Prefect reads of the environment

    from prefect.flows import load_flow_from_entrypoint  # isort: skip

    monkeypatch.chdir(ROOT)
    (entrypoint,) = re.findall(r"prefect deploy (\S+)", README)

    found = load_flow_from_entrypoint(entrypoint)

    assert found.name == nightly.nightly.name
    assert set(re.findall(r"--param (\w+)=", README)) == set(found.parameters.properties)


def test_the_changelog_tells_of_the_present_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert f"## {version}" in page("changelog.md")


def test_decisions_are_numbered_and_dated() -> None:
    for number, path in enumerate(sorted((ROOT / "docs" / "decisions").glob("*.md")), 1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number:04} ")
        assert re.search(r"\*\w+ 20\d\d\.\*", text)


def test_nothing_written_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    # a folder right below the root may be named like one of ours, as /src
    here = [re.escape(f"{folder}/") for folder in (ROOT, Path.home()) if len(folder.parts) > 2]
    telling = re.compile("|".join([*here, "index" + "-url", r"https?://[\w.]*(?:pypi|python" + "hosted|npmjs)"]))
    named = [
        path
        for path in listed
        if path.endswith((".md", ".toml", ".py", ".sql", ".j2", "run"))
        and telling.search((ROOT / path).read_text(encoding="utf-8"))
    ]

    assert not named
