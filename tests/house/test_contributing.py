"""The recipes of CONTRIBUTING.md are applied to a copy of the checkout, which then runs the job."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from places import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = ("a vendor", "a metric", "a check")
COPIED = ("src", "pipelines", "sql", "docs", "tests", "pyproject.toml", "README.md", "CONTRIBUTING.md")

# The commands of the recipes, one after the other; then what a home publishes once the file of the new vendor lies in
# its inbox. All in one process, since the imports cost more than all else.
FOLLOW = """
import json, sys
from pathlib import Path
from recovery.home.memory import collect_seldom
collect_seldom()  # as the command does
import cogapp, duckdb, pytest

lines, folder, sample = json.loads(sys.argv[1]), *map(Path, sys.argv[2:])
for tool, *words in lines:
    print(tool, *words)
    status = pytest.main(words) if tool == "pytest" else cogapp.Cog().main([tool, *words]) if tool == "cog" else tool
    if status:
        sys.exit(f"{tool} {words} ended with {status!r}")

from recovery.actions.init import init
from recovery.home.settings import load_settings
from recovery.job.run import open_run
from recovery.job.order import in_order, plainly
init(folder, "Europe/Berlin")
(folder / "inbox" / sample.name).write_bytes(sample.read_bytes())
with open_run(load_settings(folder)) as run:
    in_order(run, plainly)
with duckdb.connect(str(folder / "recovery.duckdb"), read_only=True) as connection:
    ask = lambda query: connection.execute(query).fetchall()
    print("PUBLISHED", json.dumps({
        "files": ask("select status, format from files where path = 'acme.csv'"),
        "long": ask("select local_date::text, value, family, unit from daily_metrics where metric = 'evening_steps'"),
        "wide": ask("select local_date::text, steps, evening_steps from daily"),
        "metrics": ask("select title from metrics where metric = 'evening_steps'"),
        "checks": ask("select relation, severity, success from checks where expectation like 'Nobody wakes more%'"),
    }))
"""


class Block(NamedTuple):
    """A fenced block and the line above it that says where it belongs."""

    path: str
    tuple_name: str  # of the module, into which the block goes as a last item; empty where it is a whole file
    language: str
    text: str


def blocks(recipe: str) -> Iterator[Block]:
    section = TEXT.partition(f"## Recipe: {recipe}\n")[2].partition("\n## ")[0]
    pattern = r"(?:^`([\w/.]+)`(?:, in `(\w+)`)?:\n\n)?^```(\w+)\n(.*?)^```$"
    for path, tuple_name, language, text in re.findall(pattern, section, re.M | re.S):
        yield Block(path, tuple_name, language, text)


class Applied(NamedTuple):
    """A copy of the checkout in which all three recipes were followed to the letter."""

    copy: Path
    published: dict[str, object]  # of a home into which the sample of the new vendor fell


def write_files(followed: list[Block], copy: Path) -> None:
    """Writes the files of the recipes."""
    for block in followed:
        file = copy / block.path
        if block.tuple_name:
            before, mark, rest = file.read_text(encoding="utf-8").partition(f"{block.tuple_name} = (\n")
            items, end, after = rest.partition("\n)\n")
            file.write_text(f"{before}{mark}{items}\n    {block.text.rstrip()},{end}{after}", encoding="utf-8")
        elif block.path:
            assert not file.exists(), f"{block.path} is there already"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")


def words(line: str, copy: Path) -> list[str]:
    """A line as a shell would take it."""
    return [
        expanded
        for word in shlex.split(line)
        for expanded in (sorted(str(path.relative_to(copy)) for path in copy.glob(word)) if "*" in word else [word])
    ]


def run(copy: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, capture_output=True, text=True, timeout=300,
        env={**{name: value for name, value in os.environ.items() if name != "CI"}, "PYTHONPATH": str(copy / "src")},
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Applied:
    """All three recipes, followed in a copy of the checkout, and the job run with what they made."""
    copy = tmp_path_factory.mktemp("copy") / "checkout"
    copy.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True)  # with what is compiled, which costs seconds
        else:
            shutil.copy(ROOT / name, copy / name)
    followed = [block for recipe in RECIPES for block in blocks(recipe)]
    write_files(followed, copy)
    lines = dict.fromkeys(line for block in followed if not block.path for line in block.text.splitlines())
    sample = copy / "tests" / "samples" / "acme_csv" / "evening" / "acme.csv"
    commands = json.dumps([words(line, copy) for line in lines])
    said = run(copy, "-c", FOLLOW, commands, str(copy.parent / "home"), str(sample))
    return Applied(copy, json.loads(said.rpartition("PUBLISHED ")[2]))


@pytest.mark.slow
def test_the_new_reader_metric_and_check_are_in_what_is_published(applied: Applied) -> None:
    assert applied.published == {
        "files": [["partial", "acme_csv"]],  # one row of the sample cannot be read
        "long": [["2026-05-04", 180.0, "movement", "steps"]],
        "wide": [["2026-05-04", 220.0, 180.0]],
        "metrics": [["Steps of the evening"]],
        "checks": [["nights", "warning", True]],
    }


@pytest.mark.slow
def test_the_golden_and_the_docs_know_of_them(applied: Applied) -> None:
    golden = (applied.copy / "tests" / "samples" / "acme_csv" / "evening.golden.jsonl").read_text(encoding="utf-8")
    readme = (applied.copy / "README.md").read_text(encoding="utf-8")

    assert golden.count('"samples"') == 3
    assert golden.count('"skipped"') == 1
    assert "| Acme (CSV) | `acme_csv` |" in readme
    assert "[`evening_steps`](docs/metrics.md#evening_steps)" in readme


@pytest.mark.slow
def test_the_new_code_is_of_our_style(applied: Applied) -> None:
    new = [
        str(applied.copy / block.path)
        for recipe in RECIPES for block in blocks(recipe) if block.path
    ]  # fmt: skip
    code = [path for path in new if path.endswith(".py")]

    run(applied.copy, "-m", "ruff", "check", *code)
    run(applied.copy, "-m", "ruff", "format", "--check", *code)
    run(
        applied.copy,
        "-m",
        "sqlfluff",
        "lint",
        "--disable-progress-bar",
        *(path for path in new if path.endswith(".sql")),
    )


def test_every_command_of_the_tasks_is_one_there_is() -> None:
    table = TEXT.partition("## Tasks\n")[2].partition("\n## ")[0]
    commands = [part for line in re.findall(r"\| `([^|]+)` \|$", table, re.M) for part in line.split(" && ")]
    tools = {command.split()[0] for command in commands}

    assert tools == {"pytest", "coverage", "ruff", "mypy", "lint-imports", "sqlfluff", "cog", "python", ".ci/run"}
    assert all(
        (ROOT / word).exists() for command in commands for word in command.split() if "/" in word and "*" not in word
    )
