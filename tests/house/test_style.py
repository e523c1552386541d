"""The rules of style and of layers are tests."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT


def run(*command: str) -> tuple[int, str]:
    """Exit status and output of a tool of this environment, called at the top of the checkout."""
    tool = Path(sys.executable).parent / command[0]
    done = subprocess.run([str(tool), *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


# Without the garbage collector, which takes up to a fifth of their time and finds nothing.
MYPY = "import gc; gc.enable = gc.disable; gc.disable(); from mypy.__main__ import console_entry; console_entry()"
SQLFLUFF = "import gc; gc.disable(); from sqlfluff.cli.commands import cli; cli()"


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("ruff", "check", "--output-format", "concise", "."), id="ruff check"),
        pytest.param(("ruff", "format", "--check", "."), id="ruff format"),
        pytest.param(("python", "-c", MYPY), id="mypy"),
        pytest.param(("lint-imports",), id="lint-imports"),
    ],
)
def test_the_tools_of_style_have_nothing_to_say(command: tuple[str, ...]) -> None:
    if MYPY in command and not (ROOT / ".mypy_cache").exists():
        command += ("--cache-dir", os.devnull)  # to write one costs a second and a half, which pays nothing in CI

    status, output = run(*command)

    assert status == 0, output[-6000:]


@pytest.mark.slow
def test_sqlfluff_has_nothing_to_say(pytestconfig: pytest.Config) -> None:
    """A file that passed, with these settings, is not looked at again: all of them take 20 s of CPU."""
    rules = (ROOT / "pyproject.toml").read_bytes()
    state = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(rules + path.read_bytes()).hexdigest()
        for path in sorted((ROOT / "sql").rglob("*.sql"))
    }
    cache = getattr(pytestconfig, "cache", None)  # with `-p no:cacheprovider` there is none
    passed = set(cache.get("sqlfluff/passed", [])) if cache else set()
    fresh = [path for path, content in state.items() if content not in passed]

    lint = ("python", "-c", SQLFLUFF, "lint", "--processes", "1", "--disable-progress-bar")
    status, output = run(*lint, *fresh) if fresh else (0, "")

    assert status == 0, output[-6000:]
    if cache:
        cache.set("sqlfluff/passed", sorted(state.values()))


def test_only_the_warehouse_connects_to_duckdb() -> None:
    connecting = [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "pipelines")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"\bduckdb\.connect\(", path.read_text(encoding="utf-8"))
    ]

    assert connecting == ["src/recovery/warehouse/connection.py"]


def test_only_the_edges_swallow_every_exception() -> None:
    swallowing = {
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "pipelines")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "noqa: BLE001" in path.read_text(encoding="utf-8")  # ruff finds the others; it lets pass what raises again
    }

    assert swallowing <= {"src/recovery/cli.py", "src/recovery/inbox/worker.py", "src/recovery/job/steps.py"}


def test_every_code_file_is_short_enough_to_read() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for folder in ("src", "pipelines", "sql")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".sql") and "profile" not in path.name  # a table, not code
        if (count := path.read_text(encoding="utf-8").count("\n")) > 700
    }

    assert not long


def test_sql_does_not_depend_on_the_clock_or_on_chance() -> None:
    depending = [
        path.name
        for path in sorted((ROOT / "sql").rglob("*.sql"))
        if re.search(
            r"\b(now|random|today|uuid)\(|\bcurrent_(date|timestamp)\b",
            re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")),
        )
    ]

    assert not depending
