"""The run that was started from the page: its steps as they come, and how it ended. One at a time."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from recovery.words import web as words

MOST_STEPS = 300
COMMAND = (sys.executable, "-m", "recovery.web.job_process")


class Progress(NamedTuple):
    """How far a run is; `version` changes with anything of it."""

    version: int = 0
    is_running: bool = False
    steps: tuple[str, ...] = ()
    done: int = 0  # bytes read, of `total`
    total: int = 0
    seconds_left: float | None = None  # of reading; how long the rest takes is not known
    end: str = ""
    is_done: bool = False


class Runner:
    """Starts the job in a process of its own and hears what it says."""

    def __init__(self, folder: Path, command: Sequence[str] = COMMAND) -> None:
        self.folder, self.command = folder, command
        self.progress = Progress()
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> bool:
        """Starts a run; False where one of ours is going."""
        with self.lock:
            if self.progress.is_running:
                return False
            self.progress = Progress(self.progress.version + 1, is_running=True)
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours
                [*self.command, str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                umask=0o077,
                start_new_session=True,  # Ctrl-C comes to us, and we end it
            )
        threading.Thread(target=self._hear, args=(self.process,), daemon=True, name="run").start()
        return True

    def stop(self) -> None:
        """Ends the run; what was published before still stands."""
        process = self.process
        if process and process.poll() is None:
            process.terminate()

    def _hear(self, process: "subprocess.Popen[str]") -> None:
        begun = time.monotonic()
        assert process.stdout is not None  # noqa: S101 - it was asked for
        with process:
            for line in process.stdout:
                try:
                    told = json.loads(line)
                except ValueError:
                    continue
                self._note(told, time.monotonic() - begun)
        now = self.progress  # only now another may begin
        end = now.end or words.RUN_FAILED  # it was killed
        self.progress = now._replace(version=now.version + 1, is_running=False, seconds_left=None, end=end)

    def _note(self, told: dict[str, object], seconds: float) -> None:
        now = self.progress
        if "step" in told:
            steps = (*now.steps, str(told["step"]))[-MOST_STEPS:]
            now = now._replace(steps=steps, seconds_left=None)
        elif "done" in told:
            done, total = int(str(told["done"])), int(str(told["total"]))
            left = seconds * (total - done) / done if done else None
            now = now._replace(done=done, total=total, seconds_left=left)
        elif "end" in told:
            now = now._replace(end=str(told["end"]), is_done=bool(told["is_done"]))
        self.progress = now._replace(version=now.version + 1)
