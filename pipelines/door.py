"""The door before Prefect's server: nobody comes in without the key, and no page of another origin.

Loopback is shared by every user of the machine and by every page in a browser, so each request must show

- a `Host` that is this server's own (else another name could be pointed at 127.0.0.1),
- no `Origin` but this server's own, and one with everything that changes something where a cookie vouches,
- the key: as `Authorization`, which only the home's own client knows, or as the cookie of a person who came with a
  one-time code.

A code is made by whoever has the key, is good for one visit within ten minutes, and is exchanged for a cookie that
scripts cannot read. Behind the door Prefect checks the same key again (PREFECT_SERVER_API_AUTH_STRING).
"""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

CODE_PATH = "/door/code"  # POST with the key: a new one-time code
ENTRY_PATH = "/door/enter"  # GET with ?code=: the cookie
COOKIE = "recovery_door"
CODE_LASTS_S = 600.0
MAX_SESSIONS = 20  # of one person's browsers; the oldest goes
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def credentials(key: str) -> str:
    """The value of the header `Authorization` that shows the key."""
    return f"Basic {base64.b64encode(key.encode()).decode()}"


class Door:
    """An ASGI application that lets through to `app` what shows the key."""

    def __init__(self, app: App, key: str, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.key = key
        self.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self.clock = clock
        self.codes: dict[str, float] = {}  # one-time code -> when it lapses
        self.sessions: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or refuses it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Incoming(scope["headers"])
        by_key, by_cookie = self._has_key(headers), self._has_cookie(headers)
        if refusal := self._refusal(scope, headers, is_by_key=by_key, is_by_cookie=by_cookie):
            await _refuse(scope, send, *refusal)
        elif scope["type"] == "http" and scope["path"] == CODE_PATH:
            await self._give_code(scope, send, is_by_key=by_key)
        elif scope["type"] == "http" and scope["path"] == ENTRY_PATH:
            await self._enter(scope, send)
        elif by_key or by_cookie:
            await self._pass(scope, receive, send)
        elif scope["type"] == "websocket" and headers.one("origin") is None:
            await self.app(scope, self._if_introduced(receive), send)
        else:
            await _refuse(
                scope, send, 401, "This server answers only those who have its key: recovery nightly --address"
            )

    def _refusal(
        self, scope: Scope, headers: "Incoming", *, is_by_key: bool, is_by_cookie: bool
    ) -> tuple[int, str] | None:
        """Status and reason where who asks, or from where, is wrong whatever is asked for."""
        if headers.one("host") not in self.hosts:
            return 421, "This server has another name."
        origin = headers.one("origin")
        if origin is not None and origin not in self.origins:
            return 403, "Another origin may not ask."
        if headers.one("sec-fetch-site") in ("cross-site", "same-site") and scope.get("path") != ENTRY_PATH:
            return 403, "Another site may not ask."
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if is_by_cookie and not is_by_key and changes and origin is None:
            return 403, "A change must tell its origin."
        return None

    def _has_key(self, headers: "Incoming") -> bool:
        shown = headers.one("authorization") or ""
        return hmac.compare_digest(shown.encode(), credentials(self.key).encode())

    def _has_cookie(self, headers: "Incoming") -> bool:
        told = headers.cookie(COOKIE)
        return told is not None and any(hmac.compare_digest(told.encode(), known.encode()) for known in self.sessions)

    async def _give_code(self, scope: Scope, send: Send, *, is_by_key: bool) -> None:
        if not is_by_key or scope["method"] != "POST":
            await _refuse(scope, send, 401, "Only the key makes a code.")
            return
        now = self.clock()
        self.codes = {code: until for code, until in self.codes.items() if until > now}
        code = secrets.token_urlsafe(24)
        self.codes[code] = now + CODE_LASTS_S
        await _answer(send, 200, json.dumps({"code": code}).encode(), [(b"content-type", b"application/json")])

    async def _enter(self, scope: Scope, send: Send) -> None:
        """Exchanges a code for a cookie; the same words for a wrong, a used and a lapsed one."""
        (code,) = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("code", [""])[:1]
        until = self.codes.pop(code, None) if scope["method"] == "GET" else None
        if until is None or until <= self.clock():
            await _refuse(
                scope, send, 401, "This address was used or is too old. A new one: recovery nightly --address"
            )
            return
        session = secrets.token_urlsafe(32)
        self.sessions = [*self.sessions, session][-MAX_SESSIONS:]
        cookie = f"{COOKIE}={session}; HttpOnly; SameSite=Strict; Path=/"
        await _answer(
            send,
            200,  # not a redirect: a browser that came from elsewhere would not send a strict cookie along
            b'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/">'
            b'<title>Prefect</title><a href="/">Prefect</a>',
            [(b"content-type", b"text/html; charset=utf-8"), (b"set-cookie", cookie.encode())],
        )

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """On to Prefect with the key, without the cookie."""
        kept: Headers = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"authorization", b"cookie", b"origin", b"accept-encoding")  # no use on one machine
        ]
        inner = {**scope, "headers": [*kept, (b"authorization", credentials(self.key).encode())]}
        if scope["type"] == "websocket":
            await self.app(inner, self._with_key(receive), send)
        elif scope["path"].endswith("/ui-settings"):
            await self.app(inner, receive, _Rewritten(send))
        else:
            await self.app(inner, receive, _private(send))

    def _if_introduced(self, receive: Receive) -> Receive:
        """Ends a websocket whose first message does not hold the key: Prefect's subscribers send no header."""

        def checked(message: Message) -> Message:
            if _is_introduction(message.get("text") or "", self.key):
                return message
            return {"type": "websocket.disconnect", "code": 1008}

        return _with_first(receive, checked)

    def _with_key(self, receive: Receive) -> Receive:
        """Puts the key into the first message, in which Prefect's own page and client introduce themselves."""
        return _with_first(
            receive, lambda message: {**message, "text": _introduced(message.get("text") or "", self.key)}
        )


def _with_first(receive: Receive, change: Callable[[Message], Message]) -> Receive:
    """What a websocket receives, with its first message changed."""
    is_first = True

    async def received() -> Message:
        nonlocal is_first
        message = await receive()
        if message["type"] == "websocket.receive" and is_first:
            is_first = False
            return change(message)
        return message

    return received


class Incoming:
    """The headers of a request; what is there twice counts as wrong."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self.raw = [(name.lower(), value.decode("latin-1")) for name, value in raw]

    def one(self, name: str) -> str | None:
        """The value of a header, None where it is missing; an impossible one where it is told twice."""
        values = [value for key, value in self.raw if key == name.encode()]
        return values[0].strip() if len(values) == 1 else "told twice" if values else None

    def cookie(self, name: str) -> str | None:
        """The value of a cookie, or None."""
        try:
            jar = SimpleCookie("; ".join(value for key, value in self.raw if key == b"cookie"))
        except CookieError:
            return None
        return jar[name].value if name in jar else None


class _Rewritten:
    """Answers Prefect's page that it need not ask for a password: the door has asked."""

    def __init__(self, send: Send) -> None:
        self.send = _private(send)
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self.body
        with suppress(ValueError):  # an error page stays as it is
            body = json.dumps({**json.loads(self.body), "auth": None}).encode()
        assert self.start is not None  # noqa: S101 - ASGI: the start comes first
        headers = [(name, value) for name, value in self.start["headers"] if name.lower() != b"content-length"]
        await self.send({**self.start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self.send({"type": "http.response.body", "body": body})


def _private(send: Send) -> Send:
    """Without a word of other origins, and kept by no cache."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, value) for name, value in message["headers"] if not name.lower().startswith(b"access-control-")
            ]
            message = {**message, "headers": [*headers, *GUARDS]}
        await send(message)

    return sent


GUARDS: Headers = [
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


def _is_introduction(text: str, key: str) -> bool:
    try:
        message = json.loads(text)
    except ValueError:
        return False
    token = message.get("token") if isinstance(message, dict) and message.get("type") == "auth" else None
    return isinstance(token, str) and hmac.compare_digest(token.encode(), key.encode())


def _introduced(text: str, key: str) -> str:
    try:
        message = json.loads(text)
    except ValueError:
        return text
    if isinstance(message, dict) and message.get("type") == "auth":
        return json.dumps({**message, "token": key})
    return text


async def _answer(send: Send, status: int, body: bytes, headers: Headers) -> None:
    guards = [*GUARDS, (b"cache-control", b"no-store"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *guards]})
    await send({"type": "http.response.body", "body": body})


async def _refuse(scope: Scope, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})  # before it is accepted: HTTP 403
        return
    await _answer(send, status, f"{reason}\n".encode(), [(b"content-type", b"text/plain; charset=utf-8")])
