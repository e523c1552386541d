"""A Prefect server of our own on 127.0.0.1: a passing one for a single run, a whole one for every night.

It ends with the process that started it, also when that is killed: Prefect's own temporary server would stay.
`python -m recovery.pipelines.server DESCRIPTOR [migrate]` is the server's process.
"""

import importlib.metadata
import json
import multiprocessing
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.error import HTTPError, URLError

from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.disk import must_have_room, open_private, private_folder
from recovery.home.folder import Home
from recovery.home.memory import collect_seldom
from recovery.pipelines import door, environment, server_database, server_records
from recovery.words.say import say

HOST = "127.0.0.1"
USUAL_PORT = 4200  # where people look for Prefect
PATIENCE_S = 180.0  # the first start makes the database: 5 s on two idle cores
GRACE_S = 4.0  # for what is being written; sqlite loses nothing by a hard end
DATABASE_BYTES = 4_000_000  # about what a new database of Prefect takes
MIGRATE = "migrate"  # to a server whose database is not of the installed version
MAX_LOG_BYTES = 1_000_000  # of what the server said; a new one is begun then
CLEANING: Mapping[str, str] = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(server_records.KEPT_S),
}
SPARE: Mapping[str, str] = {  # what a single run does not need; it saves a second of CPU
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
}


@contextmanager
def running(home: Home, *, is_passing: bool) -> Iterator[str]:
    """The address of the server: the user's where PREFECT_API_URL names one, else ours, for as long as this lasts."""
    if url := environment.api_url():
        if not _is_there(url):
            raise RecoveryError(
                say("No Prefect server answers at {url}.", url=url), say("Start it, or unset PREFECT_API_URL.")
            )
        yield url
        return
    # The port is ours before the server starts, which takes seconds: else two homes could take the same one, and the
    # second would talk to the server of the first.
    server_records.prune(home.prefect / "prefect.db")
    with _listening(usual=not is_passing) as listener:
        key = secrets.token_urlsafe(32)
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        with (
            environment.of_our_server(f"{address}/api", key),
            _kept_up(lambda: _start(home, listener, key, is_passing=is_passing)),
        ):
            _mark_migrated(home)
            with _known_to_the_owner(home, address, key) if not is_passing else nullcontext():
                yield environment.api_url()


def one_time_address(home: Home) -> str | None:
    """The address of our server's pages with a code that is good for one visit; None where no service of ours runs."""
    try:
        known = json.loads(home.door.read_text(encoding="utf-8"))
        address, key = str(known["address"]), str(known["key"])
        request = urllib.request.Request(  # noqa: S310 - our own address, from our own file
            address + door.CODE_PATH, method="POST", headers={"Authorization": door.credentials(key)}
        )
        with urllib.request.urlopen(request, timeout=10.0) as answer:  # noqa: S310 - our own address
            return f"{address}{door.ENTRY_PATH}?code={json.load(answer)['code']}"
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def _known_to_the_owner(home: Home, address: str, key: str) -> Iterator[None]:
    """Keeps address and key where only the owner of the home can read them."""
    home.door.unlink(missing_ok=True)
    with open_private(home.door, is_new=True) as stream:
        stream.write(json.dumps({"address": address, "key": key}).encode())
    try:
        yield
    finally:
        home.door.unlink(missing_ok=True)


@contextmanager
def _kept_up(start: Callable[[], "subprocess.Popen[bytes]"]) -> Iterator[None]:
    """A server that is started again should it end before its time."""
    process = start()
    is_over = threading.Event()

    def watch() -> None:
        nonlocal process
        while not is_over.wait(1.0):
            if process.poll() is not None and not is_over.is_set():
                _stop(process)  # closes its pipe
                process = start()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        try:
            _send_what_is_left()
        finally:
            is_over.set()
            watcher.join()
            _stop(process)


def _start(home: Home, listener: socket.socket, key: str, *, is_passing: bool) -> "subprocess.Popen[bytes]":
    """The server's process, once it answers."""
    log = private_folder(home.logs) / "prefect-server.log"
    port = listener.getsockname()[1]
    with log.open("wb" if log.exists() and log.stat().st_size > MAX_LOG_BYTES else "ab") as stream:
        process = subprocess.Popen(  # noqa: S603 - this interpreter and this module
            [sys.executable, "-m", "recovery.pipelines.server", str(listener.fileno()), *_to_migrate(home)],
            pass_fds=[listener.fileno()],
            env=_environment(home, port, is_passing=is_passing),
            stdin=subprocess.PIPE,  # closed by the system when we end, which ends the server
            stdout=stream,
            stderr=stream,
            umask=0o077,
            start_new_session=True,  # a signal to the whole group ends us, and we end the server when it was told
        )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    process.stdin.write(key.encode() + b"\n")  # neither in the arguments nor in the environment, which `ps` shows
    process.stdin.flush()
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if _answers(f"http://{HOST}:{port}/api/health", key):
            return process
        time.sleep(0.1)
    _stop(process)
    must_have_room(home.folder, DATABASE_BYTES)
    raise RecoveryError(say("Prefect's server did not start."), say("What it said is in {log}.", log=log))


def _environment(home: Home, port: int, *, is_passing: bool) -> dict[str, str]:
    variables = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING")
    }
    variables |= {
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_UI_API_URL": "/api",  # under whichever of its names the server was opened
        "PREFECT_UI_STATIC_DIRECTORY": str(home.prefect / "ui"),  # else Prefect writes into its own installation
        "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",  # `_migrate` does
    }
    variables = {**CLEANING, **variables}
    if is_passing:
        variables |= {name: value for name, value in SPARE.items() if value}
    return variables


def _to_migrate(home: Home) -> Sequence[str]:
    """What the server is told where its database is to be made, or to be brought to the installed version."""
    return () if _migrated(home).exists() and (home.prefect / "prefect.db").exists() else (MIGRATE,)


def _migrated(home: Home) -> Path:
    """Says that the database is of the installed version, so that its migrations are left out."""
    return home.prefect / f".migrated-{importlib.metadata.version('prefect')}"


def _mark_migrated(home: Home) -> None:
    _migrated(home).touch(mode=0o600)


def _listening(*, usual: bool) -> socket.socket:
    """A listening socket: on the usual port where that is free and wanted, else on any."""
    for port in (USUAL_PORT, 0) if usual else (0,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        return listener
    raise RecoveryError(
        say("No port of 127.0.0.1 is free for Prefect's server."), say("Name a server with PREFECT_API_URL.")
    )


def _answers(address: str, key: str) -> bool:
    request = urllib.request.Request(address, headers={"Authorization": door.credentials(key)})  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=2.0) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _is_there(url: str) -> bool:
    """Whether somebody answers, whatever they say: a server may ask for a key that only Prefect knows to send."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=10.0):  # noqa: S310 - the user's own address
            return True
    except HTTPError:
        return True
    except (URLError, OSError, ValueError):
        return False


def _send_what_is_left() -> None:
    """Events and log lines travel in the background; the server must live until they have arrived."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=5)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(timeout=GRACE_S + 1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with_the_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(0)  # a connection that a killed run left open would hold the server for minutes


def _migrated_apart() -> None:
    """Brings the database to the installed version in a fork: what migrations leave in memory would stay, 60 MB.

    It must be made before there are threads.
    """
    import prefect.server.database  # once, for both  # noqa: F401

    process = multiprocessing.get_context("fork").Process(target=_bring_database_up_to_date)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _bring_database_up_to_date() -> None:
    stop.end_with_the_parent()
    server_database.bring_up_to_date()


def main(descriptor: int, *, is_to_migrate: bool) -> None:
    """Serves what comes to a listening socket, given by its file descriptor, until standard input is closed.

    The first line of standard input is the key that the door asks for.
    """
    import uvicorn

    collect_seldom()
    key = sys.stdin.buffer.readline().strip().decode()
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = key  # before Prefect is imported and reads it
    if is_to_migrate:
        _migrated_apart()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    from prefect.server.api.server import create_app

    listener = socket.socket(fileno=descriptor)
    guarded = door.Door(create_app(), key, listener.getsockname()[1])
    config = uvicorn.Config(guarded, log_level="error", lifespan="on", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]), is_to_migrate=MIGRATE in sys.argv[2:])
