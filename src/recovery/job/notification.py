"""Tells the command of `[notify]` in recovery.toml how a run ended; what it does with that is the user's business."""

import json
import logging
import os
import subprocess
from collections.abc import Mapping

from recovery.home.settings import Settings

TIMEOUT_S = 60


def send(settings: Settings, outcome: Mapping[str, object]) -> bool:
    """Runs the command with the outcome as JSON on standard input and its status in RECOVERY_STATUS.

    A command that fails or hangs is noted in the log and does not fail the run.
    False where there is none, or it failed.
    """
    if not settings.notify_command:
        return False
    told = {"home": str(settings.home.folder), **outcome}
    try:
        subprocess.run(  # noqa: S603 - the user's own command, from their own settings
            list(settings.notify_command),
            input=json.dumps(told, ensure_ascii=False),
            text=True,
            check=True,
            timeout=TIMEOUT_S,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "RECOVERY_STATUS": str(told.get("status", "")),
                "RECOVERY_MESSAGE": str(told.get("message", "")),
                "RECOVERY_HOME": str(settings.home.folder),
            },
        )
    except (OSError, subprocess.SubprocessError) as error:
        logging.getLogger("recovery").warning("the command of [notify] failed: %s", error)
        return False
    return True
