"""Tells the command of `[notify]` in recovery.toml how a run ended; what it does with that is the user's business."""

import json
import logging
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from recovery.home.settings import Settings

TIMEOUT_S = 60


def _is_the_owners(path: Path) -> bool:
    """True if nobody but this user (or root) can have written what the settings say: they name a command to run."""
    with suppress(OSError):
        state = path.stat()
        if state.st_uid in (os.getuid(), 0) and not state.st_mode & 0o022:
            return True
    logging.getLogger("recovery").warning("[notify] is left alone: %s can be written by others", path)
    return False


def send(settings: Settings, outcome: Mapping[str, object]) -> bool:
    """Runs the command with the outcome as JSON on standard input and its status in RECOVERY_STATUS.

    A command that fails or hangs is noted in the log and does not fail the run.
    False where there is none, or it failed.
    """
    if not settings.notify_command or not _is_the_owners(settings.home.settings):
        return False
    message = {"home": str(settings.home.folder), **outcome}
    try:
        subprocess.run(  # noqa: S603 - the user's own command, from their own settings
            list(settings.notify_command),
            input=json.dumps(message, ensure_ascii=False),
            text=True,
            check=True,
            timeout=TIMEOUT_S,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "RECOVERY_STATUS": str(message.get("status", "")),
                "RECOVERY_MESSAGE": str(message.get("message", "")),
                "RECOVERY_HOME": str(settings.home.folder),
            },
        )
    except (OSError, subprocess.SubprocessError) as error:
        logging.getLogger("recovery").warning("the command of [notify] failed: %s", error)
        return False
    return True
