"""What Prefect reads of its environment: all it keeps lies in the home, and it reports to nobody.

What the user set stays: PREFECT_API_URL above all, and any other of these.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from recovery.home.disk import private_folder
from recovery.home.folder import Home

DEFAULTS: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",  # Prefect's client looks for it when it is imported
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the command prints its own lines
    "PREFECT_LOGGING_LEVEL": "INFO",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",  # what is logged before the flow begins
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # `server.running` starts ours, which dies with its run
    "PREFECT_CLIENT_METRICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


def before_prefect() -> None:
    """Sets the defaults; where no home is known yet, a passing folder stands in for `~/.prefect`."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not api_url() or is_local_api():  # the lines name files, which are nobody else's business
        os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "recovery")
    if "PREFECT_HOME" not in os.environ and "prefect" not in sys.modules:
        passing = tempfile.mkdtemp(prefix="recovery-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        os.environ["PREFECT_HOME"] = passing


def use(home: Home) -> None:
    """Prefect keeps what it keeps in this home from now on."""
    os.environ["PREFECT_HOME"] = str(private_folder(home.prefect))
    reread()


def reread() -> None:
    """Makes Prefect see a changed environment."""
    import prefect.context

    prefect.context.refresh_global_settings_context()


@contextmanager
def of_our_server(url: str, key: str) -> Iterator[None]:
    """Prefect's client talks to our own server, and knows its key, for as long as this lasts."""
    variables = {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": key}
    former = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    reread()
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        reread()


def api_url() -> str:
    """The server the user named, or ours where it runs; empty where there is none."""
    return os.environ.get("PREFECT_API_URL", "")


def is_local_api() -> bool:
    """Whether the server is on this machine: figures of health go to no other."""
    return (urlsplit(api_url()).hostname or "") in ("127.0.0.1", "localhost", "::1")
