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

# What a home of the copy publishes once the file of the new vendor lies in its inbox.
RUN = """
import json, sys
from pathlib import Path
import duckdb
from recovery.home.memory import collect_seldom
collect_seldom()  # as the command does
from recovery.actions.init import init
from recovery.home.settings import load_settings
from recovery.job.run import open_run
from recovery.job.order import in_order, plainly

folder, sample = map(Path, sys.argv[1:])
init(folder, "Europe/Berlin")
(folder / "inbox" / sample.name).write_bytes(sample.read_bytes())
with open_run(load_settings(folder)) as run:
    in_order(run, plainly)
with duckdb.connect(str(folder / "recovery.duckdb"), read_only=True) as connection:
    ask = lambda query: connection.execute(query).fetchall()
    print(json.dumps({
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


def apply(recipes: tuple[str, ...], copy: Path) -> None:
    """Writes the files of the recipes, then runs their commands, each once."""
    followed = [block for recipe in recipes for block in blocks(recipe)]
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
    for line in dict.fromkeys(line for block in followed if not block.path for line in block.text.splitlines()):
        run(copy, *words(line, copy))


def words(line: str, copy: Path) -> list[str]:
    """A line as a shell would take it, its first word as a module of this environment's python."""
    tool, *rest = shlex.split(line)
    expanded = [str(path) for word in rest for path in (sorted(copy.glob(word)) if "*" in word else [word])]
    return ["-m", {"cog": "cogapp"}.get(tool, tool), *expanded]


def run(copy: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, capture_output=True, text=True, timeout=300,
        env={**{name: value for name, value in os.environ.items() if name != "CI"}, "PYTHONPATH": str(copy / "src")},
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which all three recipes were followed to the letter."""
    copy = tmp_path_factory.mktemp("copy") / "checkout"
    copy.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True)  # with what is compiled, which costs seconds
        else:
            shutil.copy(ROOT / name, copy / name)
    apply(RECIPES, copy)
    return copy


@pytest.mark.slow
def test_the_new_reader_metric_and_check_are_in_what_is_published(applied: Path, tmp_path: Path) -> None:
    sample = applied / "tests" / "samples" / "acme_csv" / "evening" / "acme.csv"

    published = json.loads(run(applied, "-c", RUN, str(tmp_path / "home"), str(sample)))

    assert published == {
        "files": [["partial", "acme_csv"]],  # one row of the sample cannot be read
        "long": [["2026-05-04", 180.0, "movement", "steps"]],
        "wide": [["2026-05-04", 220.0, 180.0]],
        "metrics": [["Steps of the evening"]],
        "checks": [["nights", "warning", True]],
    }


@pytest.mark.slow
def test_the_golden_and_the_docs_know_of_them(applied: Path) -> None:
    golden = (applied / "tests" / "samples" / "acme_csv" / "evening.golden.jsonl").read_text(encoding="utf-8")
    readme = (applied / "README.md").read_text(encoding="utf-8")

    assert golden.count('"samples"') == 3
    assert golden.count('"skipped"') == 1
    assert "| Acme (CSV) | `acme_csv` |" in readme
    assert "[`evening_steps`](docs/metrics.md#evening_steps)" in readme


@pytest.mark.slow
def test_the_new_code_is_of_our_style(applied: Path) -> None:
    new = [
        str(applied / block.path)
        for recipe in RECIPES for block in blocks(recipe) if block.path
    ]  # fmt: skip
    code = [path for path in new if path.endswith(".py")]

    run(applied, "-m", "ruff", "check", *code)
    run(applied, "-m", "ruff", "format", "--check", *code)
    run(applied, "-m", "sqlfluff", "lint", "--disable-progress-bar", *(path for path in new if path.endswith(".sql")))


def test_every_command_of_the_tasks_is_one_there_is() -> None:
    table = TEXT.partition("## Tasks\n")[2].partition("\n## ")[0]
    commands = [part for line in re.findall(r"\| `([^|]+)` \|$", table, re.M) for part in line.split(" && ")]
    tools = {command.split()[0] for command in commands}

    assert tools == {"pytest", "coverage", "ruff", "mypy", "lint-imports", "sqlfluff", "cog", "python", ".ci/run"}
    assert all(
        (ROOT / word).exists() for command in commands for word in command.split() if "/" in word and "*" not in word
    )
