"""Tells the command of `[notify]` in recovery.toml how a run ended; what it does with that is the user's business.

The command is remembered in the home, so that a recovery.toml that was broken since cannot silence it.
"""

import json
import logging
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from recovery.home.disk import write_private
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.words.terminal import printable

TIMEOUT_S = 60

log = logging.getLogger("recovery")


def send(settings: Settings, outcome: Mapping[str, object]) -> bool:
    """Runs the command with the outcome as JSON on standard input and its status in RECOVERY_STATUS.

    A command that fails or hangs is noted in the log and does not fail the run.
    False where there is none, or it failed.
    """
    if not settings.notify_command or not _is_the_owners(settings.home.settings):
        return False
    return _call(settings.notify_command, settings.home, outcome)


def remember(settings: Settings) -> None:
    """Keeps the command for a night on which recovery.toml is broken; forgets it where there is none any more."""
    home = settings.home
    if not settings.notify_command or not _is_the_owners(home.settings):
        home.notify.unlink(missing_ok=True)
    elif _remembered(home) != settings.notify_command:
        write_private(home.notify, json.dumps(list(settings.notify_command)))


def send_by_last_valid(home: Home, outcome: Mapping[str, object]) -> bool:
    """Runs the command that was last valid, where recovery.toml cannot be read now and nobody else can write it."""
    command = _remembered(home)
    if not command or (home.settings.exists() and not _is_the_owners(home.settings)):
        return False
    return _call(command, home, outcome)


def _remembered(home: Home) -> tuple[str, ...] | None:
    if not home.notify.is_file() or not _is_the_owners(home.notify):
        return None
    with suppress(OSError, ValueError):
        command = json.loads(home.notify.read_text(encoding="utf-8"))
        if isinstance(command, list) and command and all(isinstance(word, str) for word in command):
            return tuple(command)
    return None


def _is_the_owners(path: Path) -> bool:
    """True if nobody but this user (or root) can have written what a file says: it names a command to run."""
    with suppress(OSError):
        state = path.stat()
        if state.st_uid in (os.getuid(), 0) and not state.st_mode & 0o022:
            return True
    log.warning("[notify] is left alone: %s can be written by others", path)
    return False


def _call(command: Sequence[str], home: Home, outcome: Mapping[str, object]) -> bool:
    message = {"home": str(home.folder), **outcome}
    try:
        subprocess.run(  # noqa: S603 - the user's own command, from their own settings
            list(command),
            input=json.dumps(message, ensure_ascii=False),
            text=True,
            errors="backslashreplace",  # a name of odd bytes
            check=True,
            timeout=TIMEOUT_S,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "RECOVERY_STATUS": str(message.get("status", "")),
                "RECOVERY_MESSAGE": printable(str(message.get("message", "")), keep_lines=True),
                "RECOVERY_HOME": str(home.folder),
            },
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.warning("the command of [notify] failed: %s", error)
        return False
    return True
