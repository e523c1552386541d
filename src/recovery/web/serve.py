"""Listens and serves until it is told to stop."""

import asyncio
import logging
import socket
import ssl
import traceback
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.disk import private_folder
from recovery.home.folder import Home
from recovery.home.served import served_at
from recovery.home.settings import Settings
from recovery.web.app import application
from recovery.web.arriving import remove_unfinished
from recovery.web.nightly import nightly
from recovery.web.runner import Runner
from recovery.web.site import Site
from recovery.web.snapshot import Snapshots
from recovery.web.warm import kept_warm
from recovery.words.say import say

USUAL_PORT = 8765
LOOPBACK = "127.0.0.1"
FIRST_REQUEST_S = 15.0  # from the connection to the end of its headers
LOOK_S = 0.3  # for a signal
Announce = Callable[[Sequence[str]], None]

BACKLOG = 2048  # as uvicorn has it
LOG_BYTES, LOGS_KEPT = 1_000_000, 3


class Place(NamedTuple):
    """Where to listen, and under which names."""

    port: int | None = None  # None = the usual one, or any where that is taken
    is_lan: bool = False  # for the whole network, not only for this computer
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    certificate_key: Path | None = None
    nightly_at: tuple[str, ...] = ()  # when to run the job, as 04:30; () = not by itself


def serve(settings: Settings, place: Place, announce: Announce) -> None:
    """Serves a home until a signal comes; `announce` hears the addresses once it listens.

    Raises LockedError where the home is served already, RecoveryError where the port is taken or the certificate cannot
    be used, Stopped at the end.
    """
    home = settings.home
    _check_certificate(place)
    with _listening(place) as listener:
        port = listener.getsockname()[1]
        site = Site(
            home.folder,
            port,
            frozenset(name.lower() for name in place.names),
            is_tls=place.certificate is not None,
            is_proxied=bool(place.names) and not place.is_lan,
            nightly_at=place.nightly_at,
        )
        found = addresses(place, port)
        runner = Runner(home.folder)
        with served_at(home, found), logged(home):
            remove_unfinished(settings)
            announce(found)
            try:
                with stop.only_noted():
                    snapshots = Snapshots(site)
                    server = _server(application(site, runner, snapshots), place)
                    jobs = (nightly(site, runner, place.nightly_at), kept_warm(snapshots))
                    asyncio.run(_until_stopped(server, listener, jobs))
            finally:
                runner.stop()
    stop.check()


def addresses(place: Place, port: int) -> list[str]:
    """Where the page can be opened, loopback first."""
    scheme = "https" if place.certificate else "http"
    found = [f"{scheme}://{LOOPBACK}:{port}"]
    if not place.is_lan:
        return [*found, *(f"https://{name}" for name in place.names)]
    own = _own_address()
    found += [f"{scheme}://{name}:{port}" for name in (*place.names, own) if name]
    return found


@contextmanager
def logged(home: Home) -> Iterator[None]:
    """Writes the log of the server: methods, kinds of pages and results, no names, no addresses, no keys."""
    path = private_folder(home.logs) / "serve.log"
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")
    handler.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("recovery.web")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


class _WithoutMessages(logging.Formatter):
    """Of an error the kind and where it came from: its message may hold names, paths and values."""

    def formatException(  # noqa: N802 - the name is that of the library
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, where = ei
        return "".join(traceback.format_tb(where)) + (kind.__name__ if kind else "")


class _Prompt(H11Protocol):
    """A connection that is closed where nobody asks anything: else silent ones would use up all there can be."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(FIRST_REQUEST_S, self._close_if_silent)

    def _close_if_silent(self) -> None:
        if self.cycle is None:  # no request has come whole
            self.transport.close()


class _Server(uvicorn.Server):
    """Uvicorn's, but that signals are ours."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: ASGIApp, place: Place) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            http=_Prompt,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # anybody on this computer could tell any address
            timeout_keep_alive=5,
            timeout_graceful_shutdown=3,
            ssl_certfile=place.certificate,
            ssl_keyfile=place.certificate_key,
        )
    )


async def _until_stopped(server: _Server, listener: socket.socket, jobs: Iterable[Coroutine[None, None, None]]) -> None:
    served = asyncio.create_task(server.serve(sockets=[listener]))
    beside = [asyncio.create_task(job) for job in jobs]
    while not stop.requested() and not served.done():
        await asyncio.wait([served], timeout=LOOK_S)
    server.should_exit = True
    for task in beside:
        task.cancel()
    await served


@contextmanager
def _listening(place: Place) -> Iterator[socket.socket]:
    ports: Sequence[int] = (USUAL_PORT, 0) if place.port is None else (place.port,)
    host = "0.0.0.0" if place.is_lan else LOOPBACK  # noqa: S104 - on purpose, see the command
    for port in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(BACKLOG)  # before the addresses are told
        except OSError:
            listener.close()
            continue
        with listener:
            yield listener
        return
    raise RecoveryError(
        say("Port {port} of this computer is taken.", port=place.port), say("Name another with --port, or none.")
    )


def _check_certificate(place: Place) -> None:
    if place.certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(place.certificate, place.certificate_key)
    except (OSError, ssl.SSLError) as error:
        raise RecoveryError(
            say("The certificate {path} cannot be used: {error}.", path=place.certificate, error=error),
            say("Give a PEM file with --certificate, and its key with --certificate-key."),
        ) from None


def _own_address() -> str:
    """The address of this computer in its network; '' where it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # of a net for documentation: only the route is looked up
        except OSError:
            return ""
        return str(asked.getsockname()[0])
