"""A disk that takes no more while a real run publishes: one line and exit status 1. Stages before: tests/inbox."""

import resource
import subprocess
import sys
from pathlib import Path

import nights
import pytest

from recovery.home.settings import Settings

pytestmark = pytest.mark.slow


def run(settings: Settings, limit_bytes: int) -> subprocess.CompletedProcess[str]:
    """A run that may write no file larger than the limit; the kernel refuses as it does on a full disk."""
    return subprocess.run(
        [sys.executable, "-m", "recovery", "run", "--without-prefect", "--home", str(settings.home.folder)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )


def test_a_disk_that_takes_no_more_of_what_is_published_is_one_line(first_run: nights.FirstRun, tmp_path: Path) -> None:
    settings = first_run.copy(tmp_path / "home")
    settings.home.published.unlink()  # all but this was done before

    ended = run(settings, 6_000_000)

    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("recovery: ")
    assert "is full" in line or "A quota or a limit on the size of files" in line
    assert ended.stdout.splitlines()[-1] == "... publish"
    assert not settings.home.published.exists()
