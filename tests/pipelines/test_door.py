"""Nobody comes to Prefect's server without the key: not another user of the machine, not a page in a browser."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

import chromium
import httpx
import psutil
import pytest
import websockets

from recovery.pipelines.door import CODE_PATH, COOKIE, ENTRY_PATH, Door, credentials

OTHER = "http://evil.example"
PATHS = [
    "/", "/dashboard", "/ui-settings", "/docs", "/openapi.json", "/api/docs", "/api/health", "/api/version",
    "/api/admin/settings", "/api/admin/version", "/api/ready", "/runs", "/v2/", "/api/events/in",
]  # fmt: skip
CHANGES = [
    ("POST", "/api/flows/filter"),
    ("POST", "/api/flow_runs/filter"),
    ("POST", "/api/deployments/filter"),
    ("POST", "/api/artifacts/filter"),
    ("POST", "/api/logs/filter"),
    ("POST", "/api/events/filter"),
    ("POST", "/api/deployments/00000000-0000-0000-0000-000000000000/create_flow_run"),
    ("PATCH", "/api/deployments/00000000-0000-0000-0000-000000000000"),
    ("POST", "/api/deployments/00000000-0000-0000-0000-000000000000/schedules"),
    ("DELETE", "/api/deployments/00000000-0000-0000-0000-000000000000"),
    ("POST", "/api/admin/database/clear"),
]
SOCKETS = ["/api/events/in", "/api/events/out", "/api/logs/out", "/api/task_runs/subscriptions/scheduled"]


@pytest.fixture
def key(prefect_server: str) -> str:
    return os.environ["PREFECT_API_AUTH_STRING"]


@pytest.fixture
def outside(prefect_server: str) -> Iterator[httpx.Client]:
    """Somebody on this machine who knows the address and nothing else."""
    with httpx.Client(base_url=prefect_server.removesuffix("/api"), timeout=30) as client:
        yield client


@pytest.fixture
def owner(outside: httpx.Client, key: str) -> httpx.Client:
    outside.headers["Authorization"] = credentials(key)
    return outside


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_read_without_the_key(outside: httpx.Client, path: str) -> None:
    answer = outside.get(path)

    assert answer.status_code == 401
    assert "key" in answer.text
    assert "prefect" not in answer.text.lower()


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_nothing_is_asked_or_changed_without_the_key(outside: httpx.Client, method: str, path: str) -> None:
    assert outside.request(method, path, json={}).status_code == 401
    assert outside.request(method, path, json={}, headers={"Authorization": credentials("guess")}).status_code == 401


def test_the_homes_own_client_comes_in(owner: httpx.Client) -> None:
    assert owner.get("/api/health").json() is True
    assert owner.post("/api/deployments/filter", json={}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.nip.example:4200", ""])
def test_another_host_is_refused_even_with_the_key(owner: httpx.Client, host: str) -> None:
    assert owner.get("/api/health", headers={"Host": host}).status_code in (400, 421)


def test_another_origin_is_refused_even_with_the_key(owner: httpx.Client) -> None:
    for origin in (OTHER, "null", "http://127.0.0.1:1"):
        answer = owner.get("/api/health", headers={"Origin": origin})
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    preflight = owner.options("/api/flows/filter", headers={"Origin": OTHER, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 403
    assert owner.get("/api/health", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_no_answer_allows_another_origin(owner: httpx.Client) -> None:
    answer = owner.get("/api/health")

    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"


def enter(browser: httpx.Client, owner: httpx.Client) -> str:
    """A browser comes by a one-time address; its code."""
    code = str(owner.post(CODE_PATH).json()["code"])
    answer = browser.get(ENTRY_PATH, params={"code": code}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"
    return code


def test_a_code_is_good_once_and_becomes_a_cookie(owner: httpx.Client) -> None:
    origin = str(owner.base_url).rstrip("/")
    with httpx.Client(base_url=origin, timeout=30) as browser:
        code = enter(browser, owner)

        assert browser.get("/").status_code == 200
        assert browser.get("/ui-settings").json()["auth"] is None  # else the page would ask for the key and store it
        assert browser.post("/api/deployments/filter", json={}, headers={"Origin": origin}).status_code == 200
        assert browser.post("/api/deployments/filter", json={}).status_code == 403  # a form of another page tells none
        assert browser.post("/api/deployments/filter", json={}, headers={"Origin": OTHER}).status_code == 403
        assert browser.post(CODE_PATH, headers={"Origin": origin}).status_code == 401  # only the key makes codes
    with httpx.Client(base_url=owner.base_url) as late:
        assert late.get(ENTRY_PATH, params={"code": code}).status_code == 401
        assert late.get(ENTRY_PATH).status_code == 401
        assert late.get("/", headers={"Cookie": f"{COOKIE}=guess"}).status_code == 401


def test_a_code_lapses_after_ten_minutes() -> None:
    now = 0.0
    door = Door(_never, "key", 4200, clock=lambda: now)
    code = json.loads(_asked(door, "POST", CODE_PATH, authorization=credentials("key"))[1])["code"]

    now = 601.0

    assert _asked(door, "GET", ENTRY_PATH, query=f"code={code}")[0] == 401


def test_a_header_told_twice_is_refused() -> None:
    door = Door(_never, "key", 4200)

    assert _asked(door, "GET", "/", host="127.0.0.1:4200", more=[(b"host", b"evil.example")])[0] == 421
    assert _asked(door, "GET", "/", authorization=credentials("no"), more=[(b"authorization", b"Basic x")])[0] == 401


@pytest.mark.parametrize("path", SOCKETS)
def test_no_websocket_opens_to_who_has_no_key(prefect_server: str, path: str) -> None:
    address = prefect_server.replace("http", "ws").removesuffix("/api") + path

    async def first_answer(introduction: dict[str, str] | str, **options: object) -> str:
        async with websockets.connect(address, subprotocols=["prefect"], **options) as socket:  # type: ignore[arg-type]
            await socket.send(introduction if isinstance(introduction, str) else json.dumps(introduction))
            return str(await asyncio.wait_for(socket.recv(), 15))

    for introduction in ({"type": "auth", "token": "guess"}, {"type": "auth"}, {"type": "subscribe"}, "[", "[]"):
        with pytest.raises(websockets.exceptions.ConnectionClosed):
            asyncio.run(first_answer(introduction))
    for origin in (OTHER, "null"):
        with pytest.raises(websockets.exceptions.InvalidStatus, match="403"):
            asyncio.run(first_answer({"type": "auth"}, origin=origin))
    own = {"type": "auth", "token": os.environ["PREFECT_API_AUTH_STRING"]}
    assert json.loads(asyncio.run(first_answer(own)))["type"] == "auth_success"


def test_a_person_who_came_in_hears_the_events_of_the_own_origin_alone(owner: httpx.Client) -> None:
    origin = str(owner.base_url).rstrip("/")
    with httpx.Client(base_url=origin, timeout=30) as browser:
        enter(browser, owner)
        session = browser.cookies[COOKIE]
    address = origin.replace("http", "ws") + "/api/events/out"

    async def introduced(origin: str | None) -> str:
        headers = {"Cookie": f"{COOKIE}={session}"}
        async with websockets.connect(
            address,
            subprotocols=["prefect"],
            origin=origin,
            additional_headers=headers,  # type: ignore[arg-type]
        ) as socket:
            await socket.send(json.dumps({"type": "auth", "token": None}))
            return str(await asyncio.wait_for(socket.recv(), 15))

    assert json.loads(asyncio.run(introduced(origin)))["type"] == "auth_success"
    for other in (OTHER, None):
        with pytest.raises(websockets.exceptions.InvalidStatus, match="403"):
            asyncio.run(introduced(other))


def test_the_key_stands_in_no_argument_and_in_no_log(prefect_server: str, key: str, tmp_path: Path) -> None:
    servers = [
        child for child in psutil.Process().children(recursive=True) if "recovery.pipelines.server" in child.cmdline()
    ]

    assert servers
    for server in servers:
        assert key not in " ".join(server.cmdline())
        assert key not in " ".join(f"{name}={value}" for name, value in server.environ().items())
    logs = Path(os.environ["PREFECT_HOME"]).parent / "logs"
    assert not [path for path in logs.glob("*") if key.encode() in path.read_bytes()]


PAGE = """<!doctype html><meta charset=utf-8><body><script>
const api = 'http://127.0.0.1:PORT/api', told = [];
const ask = (path, body) => fetch(api + path, {method: 'POST', credentials: 'include',
    headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)})
  .then(answer => answer.text()).then(text => told.push('READ ' + text), () => told.push('refused'));
const listen = path => new Promise(done => {
  const socket = new WebSocket(api.replace('http', 'ws') + path, ['prefect']);
  socket.onopen = () => done(told.push('OPEN ' + path));
  socket.onerror = () => done(told.push('refused'));
});
(async () => {
  await ask('/artifacts/latest/filter', {});
  await ask('/flow_runs/filter', {});
  await ask('/deployments/', {name: 'planted'});
  await fetch(api + '/flow_runs/filter', {method: 'POST', mode: 'no-cors', body: '{}'}).catch(() => 0);
  for (const path of ['/events/in', '/events/out', '/logs/out']) await listen(path);
  await fetch('/told', {method: 'POST', body: told.join('|')});
})();
</script>"""


def test_a_page_of_another_origin_reads_nothing_and_starts_nothing(owner: httpx.Client, tmp_path: Path) -> None:
    """In a real browser, as any page that somebody has open while the service runs."""
    page = PAGE.replace("PORT", str(owner.base_url.port))

    assert chromium.report_of(page, tmp_path / "profile") == "|".join(["refused"] * 6)

    names = [found["name"] for found in owner.post("/api/deployments/filter", json={}).json()]
    assert "planted" not in names


def test_a_person_sees_prefects_pages_by_the_printed_address(owner: httpx.Client, tmp_path: Path) -> None:
    code = owner.post(CODE_PATH).json()["code"]

    shown = chromium.dom(f"{str(owner.base_url).rstrip('/')}{ENTRY_PATH}?code={code}", tmp_path / "profile")

    assert "Flow Runs" in shown or "Dashboard" in shown
    assert "auth" not in shown.lower().partition("<body")[2] or "password" not in shown.lower()


async def _never(*_: object) -> None:
    raise AssertionError("it came through")


def _asked(
    door: Door, method: str, path: str, host: str = "127.0.0.1:4200", authorization: str = "", query: str = "",
    more: list[tuple[bytes, bytes]] | None = None,
) -> tuple[int, bytes]:  # fmt: skip
    """Status and body of what the door itself answers."""
    headers = [(b"host", host.encode()), *(more or [])]
    if authorization:
        headers.append((b"authorization", authorization.encode()))
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": headers}
    messages: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        messages.append(message)

    asyncio.run(door(scope, _never, send))  # type: ignore[arg-type]
    return messages[0]["status"], messages[1]["body"]  # type: ignore[return-value]
