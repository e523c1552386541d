"""The live page of a home, asked without a network: clients with the keys of each role."""

import asyncio
import re
import socket
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from recovery.actions.init import init
from recovery.home import keys
from recovery.home.settings import load_settings
from recovery.vocabulary.roles import Role
from recovery.web.app import application
from recovery.web.runner import Runner
from recovery.web.site import Site

with warnings.catch_warnings():  # it would rather have another httpx than the one that Prefect brings
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"
PEOPLE = ("anna", "ben")
LOOPBACK = "127.0.0.1"
NEAR = "192.168.1.23"  # a phone in the same network


class Live:
    """A home being served; each client is a browser or a program of its own."""

    def __init__(self, folder: Path, people: Sequence[str] | None = PEOPLE) -> None:
        if people is not None:  # else a home that is there
            init(folder, "Europe/Berlin", people)
        self.settings = load_settings(folder)
        self.site = Site(folder, PORT)
        self.runner = Runner(folder)
        self.app = application(self.site, self.runner)

    @property
    def inbox(self) -> Path:
        return self.settings.home.inbox

    def nobody(self, address: str = LOOPBACK, base: str = ORIGIN) -> TestClient:
        """A client without a key."""
        return TestClient(self.app, base, client=(address, 50_000), follow_redirects=False)

    def program(self, role: Role, *people: str, address: str = LOOPBACK) -> TestClient:
        """A client that shows a key in the header."""
        client = self.nobody(address)
        _, secret = keys.make(self.settings.home, keys.KEY, role, people)
        client.headers["authorization"] = f"Bearer {secret}"
        return client

    def browser(self, role: Role, *people: str, address: str = LOOPBACK) -> TestClient:
        """A client that came in with a code, and tells the origin as browsers do."""
        client = self.nobody(address)
        client.headers["origin"] = ORIGIN
        _, code = keys.make(self.settings.home, keys.CODE, role, people, lasts=keys.CODE_LASTS)
        assert client.post("/enter", data={"code": code}).status_code == 200
        return client

    @contextmanager
    def served(self, port: int = 0) -> Iterator[str]:
        """Its address while it is served to this computer, at any port that is free or at the one given."""
        with socket.create_server((LOOPBACK, port)) as listener:
            self.site.port = listener.getsockname()[1]
            config = uvicorn.Config(self.app, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
            thread.start()
            try:
                yield f"http://{LOOPBACK}:{self.site.port}"
            finally:
                server.should_exit = True
                thread.join(20)

    def owner(self) -> TestClient:
        """The owner's browser on the computer itself."""
        return self.browser(Role.OWNER)


def token(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="token" value="(\w+)"', page)
    assert found, page[:500]
    return found[1]


def send(client: TestClient, page: str, address: str, **fields: Any) -> Any:
    """Posts a form as the browser does that has this page open."""
    return client.post(address, data={"token": token(client.get(page).text), **fields})
