"""Temporary files lie in the home, and what a killed process left goes at the next start."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from recovery.home.folder import Home
from recovery.home.temporary import temporary_folder

KEEPS = """
import sys, tempfile, time
from pathlib import Path
from recovery.home.folder import Home
from recovery.home.temporary import temporary_folder

with temporary_folder(Home(Path(sys.argv[1]))):
    file = tempfile.NamedTemporaryFile()
    print(file.name, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def names(home: Home) -> list[str]:
    return sorted(path.name for path in home.temporary.iterdir())


def test_what_python_and_its_children_put_aside_lies_in_the_home_for_its_owner_alone(home: Home) -> None:
    before = tempfile.gettempdir()

    with temporary_folder(home) as folder:
        with tempfile.NamedTemporaryFile() as file:
            assert Path(file.name).parent == folder
        asked = subprocess.run(["sh", "-c", "echo $TMPDIR"], capture_output=True, text=True, check=True)
        assert asked.stdout.strip() == str(folder)
        assert home.temporary in folder.parents
        assert folder.stat().st_mode & 0o077 == 0
        assert home.temporary.stat().st_mode & 0o077 == 0

    assert names(home) == []
    assert tempfile.gettempdir() == before
    assert os.environ.get("TMPDIR", before) == before


def test_a_folder_in_use_stays_and_that_of_a_killed_process_goes(home: Home) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", KEEPS, str(home.folder)], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    with other:
        assert other.stdout is not None
        file = Path(other.stdout.readline().strip())
        with temporary_folder(home):
            assert file.exists()
        assert file.exists()

        other.send_signal(signal.SIGKILL)
        other.wait()

    assert file.exists()
    with temporary_folder(home) as mine:
        assert [path for path in home.temporary.iterdir() if path.is_dir()] == [mine]
    assert names(home) == []


def test_an_error_leaves_nothing(home: Home) -> None:
    def fail() -> None:
        with temporary_folder(home) as folder:
            (folder / "big").write_text("x")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()

    assert names(home) == []
