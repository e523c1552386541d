"""The wheel carries all that runs: installed far from the checkout, it works."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the hatchling that is here."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which only the wheel was installed; what it depends on comes from this environment."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-compile", "--target", str(folder), str(wheel))
    return folder


def pip(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *words],
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_holds_every_module_every_sql_file_and_the_page(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        *(path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")),
        *(f"recovery/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "pipelines").rglob("*.py")),
        *(f"recovery/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "sql").rglob("*.sql")),
        "recovery/report/page.html.j2",
        "recovery/py.typed",
    }

    assert needed <= held
    assert not [name for name in held if name.startswith(("tests", "docs"))]


def test_the_installed_wheel_runs_the_job_far_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    def recovery(*words: str) -> subprocess.CompletedProcess[str]:
        code = (
            f"import sys; sys.path.insert(0, {str(installed)!r});"  # before an editable checkout
            " import recovery, recovery.pipelines;"
            f" assert recovery.__file__.startswith({str(installed)!r}), recovery.__file__;"
            f" assert recovery.pipelines.__file__.startswith({str(installed)!r}), recovery.pipelines.__file__;"
            " from recovery.cli import main; main()"
        )
        return subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, timeout=180,
            env={**os.environ, "PYTHONPATH": str(installed), "RECOVERY_HOME": str(tmp_path / "home")},
        )  # fmt: skip

    version = recovery("--version")
    made = recovery("init", "--time-zone", "Europe/Berlin")
    logged = recovery("log", "massage", "--date", "2026-05-04", "--start", "17:30", "--minutes", "60")
    ran = recovery("run")
    asked = recovery("query", "--csv", "select local_date, massage_min, status from massages")

    for done in (version, made, logged, ran, asked):
        assert done.returncode == 0, done.stdout + done.stderr
    assert asked.stdout == "local_date,massage_min,status\n2026-05-04,60.0,attended\n"
    assert (tmp_path / "home" / "report.html").is_file()
