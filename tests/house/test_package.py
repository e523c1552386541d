"""One top-level name, in every way there is to install it; installed far from the checkout, the wheel runs the job."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from places import ROOT
from prefect_records import NewRecords

from recovery.home.folder import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the hatchling that is here."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (path,) = folder.glob("*.whl")
    return path


def pip(*words: str, python: Path | None = None) -> None:
    where = ["--python", str(python)] if python else []
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *where, *words],
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def environment_with(folder: Path, *words: str) -> Path:
    """The python of a new environment into which pip installs `words`; what we depend on comes from this one."""
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    here = [path for path in sys.path if path.endswith("-packages")]
    (site / "zz_dependencies.pth").write_text("\n".join(here) + "\n")  # z: after what pip installs
    python = folder / "bin" / "python"
    how = ("--no-deps", "--no-build-isolation", "--ignore-installed", "--no-compile")  # most modules are never imported
    pip("install", *how, *words, python=python)
    return python


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of an environment that has the wheel."""
    return environment_with(tmp_path_factory.mktemp("installed"), str(wheel))


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of an environment with an editable install of the checkout."""
    return environment_with(tmp_path_factory.mktemp("editable"), "--editable", str(ROOT))


def where_the_flow_is(python: Path, folder: Path, **environment: str) -> Path:
    """The file of the flow as a program finds it that runs in `folder`; `pipelines` alone must be no module."""
    program = (  # not imported: Prefect takes seconds; the wheel's is imported below
        "from importlib.util import find_spec;"
        " assert find_spec('pipelines') is None;"
        " print(find_spec('recovery.pipelines.nightly').origin)"
    )
    done = subprocess.run(
        [python, "-c", program], cwd=folder, capture_output=True, text=True, timeout=120,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_in_a_checkout_the_flow_is_a_module_of_the_package(tmp_path: Path) -> None:
    found = where_the_flow_is(Path(sys.executable), tmp_path, PYTHONPATH=str(ROOT / "src"))

    assert found == ROOT / "src" / "recovery" / "pipelines" / "nightly.py"
    assert found.resolve() == (ROOT / "pipelines" / "nightly.py").resolve()


def test_in_an_editable_install_it_is_the_same_module(editable: Path, tmp_path: Path) -> None:
    assert where_the_flow_is(editable, tmp_path) == ROOT / "src" / "recovery" / "pipelines" / "nightly.py"


def test_in_an_installed_wheel_it_is_the_same_module(installed: Path, tmp_path: Path) -> None:
    found = where_the_flow_is(installed, tmp_path)

    assert found.is_relative_to(installed.parents[1])
    assert found.parts[-4:] == ("site-packages", "recovery", "pipelines", "nightly.py")


def test_the_wheel_has_one_name_at_the_top(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"recovery"}


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    (packed,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=source, check=True
    )
    (again,) = tmp_path.glob("*.whl")

    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_the_metadata_is_what_a_registry_expects(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
        licences = [archive.read(name).decode() for name in archive.namelist() if name.endswith("licenses/LICENSE")]

    assert (metadata["License-Expression"], metadata["Author"]) == ("MIT", "recovery maintainers")
    assert licences == [(ROOT / "LICENSE").read_text(encoding="utf-8")]
    assert licences[0].startswith("MIT License")
    assert metadata["Keywords"]
    supported = {"3.11", "3.12", "3.13"}
    assert {f"Programming Language :: Python :: {version}" for version in supported} <= set(
        metadata.get_all("Classifier", [])
    )
    assert metadata["Requires-Python"] == "<3.14,>=3.11"


def test_the_wheel_holds_every_module_every_sql_file_and_the_page(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        *(path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")),
        *(f"recovery/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "pipelines").rglob("*.py")),
        *(f"recovery/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "sql").rglob("*.sql")),
        *(path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.j2")),
        *(path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.css")),
        "recovery/py.typed",
    }

    assert needed <= held
    assert not [name for name in held if name.startswith(("tests", "docs"))]


def test_the_installed_wheel_runs_the_job_far_from_the_checkout(
    installed: Path, tmp_path: Path, new_records: NewRecords
) -> None:
    def recovery(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed.with_name("recovery"), *words], cwd=tmp_path, capture_output=True, text=True, timeout=180,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            | {"RECOVERY_HOME": str(tmp_path / "home")},
        )  # fmt: skip

    version = recovery("--version")
    made = recovery("init", "--time-zone", "Europe/Berlin")
    new_records.give(Home(tmp_path / "home"))
    logged = recovery("log", "massage", "--date", "2026-05-04", "--start", "17:30", "--minutes", "60")
    ran = recovery("run")
    asked = recovery("query", "--csv", "select local_date, massage_min, status from massages")

    for done in (version, made, logged, ran, asked):
        assert done.returncode == 0, done.stdout + done.stderr
    assert asked.stdout == "local_date,massage_min,status\n2026-05-04,60.0,attended\n"
    assert (tmp_path / "home" / "report.html").is_file()
