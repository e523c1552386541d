"""What comes before every page: host, origin, keys, waiting, headers, the log."""

import logging
from pathlib import Path

import pytest
from live import LOOPBACK, NEAR, PORT, Live, TestClient
from starlette.websockets import WebSocketDisconnect

from recovery.home import keys
from recovery.vocabulary.roles import Role

EVIL = "http://evil.example"


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "home")


def test_nobody_sees_a_page_without_a_key_on_loopback_too(live: Live) -> None:
    for path in ("/", "/people/me", "/people/anna", "/run", "/nothing"):
        answer = live.nobody().get(path)
        assert answer.status_code == 401
        assert "anna" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "localhost", "", "127.0.0.1:x"]
)
def test_another_host_is_refused_whoever_asks(live: Live, host: str) -> None:
    assert live.owner().get("/", headers={"host": host}).status_code == 421


def test_own_names_are_answered(live: Live) -> None:
    for host in (f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"):
        assert live.nobody().get("/", headers={"host": host}).status_code == 401
    in_lan = live.nobody(NEAR, base=f"http://192.168.1.5:{PORT}")
    assert in_lan.get("/").status_code == 401  # the address that the connection came in at
    assert (
        live.nobody(NEAR, base=f"http://192.168.1.5:{PORT}").get("/", headers={"host": "192.168.1.6:8765"}).status_code
        == 421
    )


@pytest.mark.parametrize("origin", [EVIL, "null", "http://127.0.0.1:1", f"https://127.0.0.1:{PORT}"])
def test_a_page_of_another_origin_changes_and_reads_nothing(live: Live, origin: str) -> None:
    owner = live.owner()

    for method in ("GET", "POST", "OPTIONS"):
        answer = owner.request(method, "/people/me", headers={"origin": origin})
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_another_site_may_only_follow_a_link(live: Live) -> None:
    owner = live.owner()
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert (
        owner.get("/people", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}).status_code == 403
    )
    assert owner.get("/", headers={"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}).status_code == 403
    assert live.nobody().get("/", headers=followed).status_code == 401
    assert owner.post("/people/me/day", headers=followed).status_code == 403


def test_a_change_by_a_cookie_tells_its_origin(live: Live) -> None:
    owner = live.owner()
    del owner.headers["origin"]

    assert owner.post("/people/me/day", data={"pain": "3"}).status_code == 403


def test_every_answer_is_kept_nowhere_and_runs_no_foreign_script(live: Live) -> None:
    for client, path in (
        (live.owner(), "/"),
        (live.nobody(), "/"),
        (live.nobody(), "/enter"),
        (live.nobody(), "/static/live.css"),
    ):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe-inline'; img" in policy  # of styles' attributes alone
        assert policy.count("unsafe") == 1
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "server" not in headers


def test_a_code_is_good_once_and_gives_a_cookie_that_no_script_reads(live: Live) -> None:
    _, code = keys.make(live.settings.home, keys.CODE, Role.OWNER, lasts=keys.CODE_LASTS)
    from_disk = {"origin": "null", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    first = live.nobody().post("/enter", data={"code": code}, headers=from_disk)
    again = live.nobody().post("/enter", data={"code": code})

    cookie = first.headers["set-cookie"]
    assert (first.status_code, again.status_code) == (200, 401)
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie  # plain loopback
    assert code not in cookie


def test_behind_a_proxy_with_tls_the_cookie_is_secure_and_the_origin_is_https(live: Live) -> None:
    live.site.names, live.site.is_proxied = frozenset({"back.example"}), True
    _, code = keys.make(live.settings.home, keys.CODE, Role.OWNER, lasts=keys.CODE_LASTS)
    headers = {"host": "back.example", "origin": "https://back.example"}

    entered = live.nobody().post("/enter", data={"code": code}, headers=headers)

    assert "Secure" in entered.headers["set-cookie"]
    assert (
        live.nobody().post("/enter", data={}, headers={**headers, "origin": "http://back.example"}).status_code == 403
    )


def test_the_secrets_of_each_kind_open_only_their_own_door(live: Live) -> None:
    home = live.settings.home
    secrets = {
        kind: keys.make(home, kind, Role.OWNER, lasts=keys.CODE_LASTS)[1]
        for kind in (keys.KEY, keys.CODE, keys.SESSION)
    }

    def status(kind: str) -> tuple[int, int]:
        by_header = live.nobody().get("/", headers={"authorization": f"Bearer {secrets[kind]}"})
        by_cookie = live.nobody().get("/", headers={"cookie": f"{live.site.cookie}={secrets[kind]}"})
        return by_header.status_code, by_cookie.status_code

    assert status(keys.KEY) == (200, 401)
    assert status(keys.SESSION) == (401, 200)
    assert status(keys.CODE) == (401, 401)
    assert live.nobody().get(f"/?key={secrets[keys.KEY]}").status_code == 401


def test_a_revoked_key_opens_nothing_from_the_next_request_on(live: Live) -> None:
    client = live.owner()
    assert client.get("/").status_code == 200

    (session,) = keys.known(live.settings.home)
    keys.revoke(live.settings.home, session.id)

    assert client.get("/").status_code == 401


def guess(client: TestClient, count: int) -> list[int]:
    return [client.get("/", headers={"authorization": f"Bearer guess{n}"}).status_code for n in range(count)]


def test_who_guesses_keys_waits_longer_and_longer_and_the_owner_on_loopback_never(live: Live) -> None:
    now = 1000.0
    live.site.failures.clock = lambda: now
    owner, person = live.owner(), live.browser(Role.PERSON, "anna", address=NEAR)

    assert guess(live.nobody(NEAR), 8) == [401] * 5 + [429] * 3
    refused = live.nobody(NEAR).get("/", headers={"authorization": "Bearer guess"})
    assert refused.headers["retry-after"] == "1"
    assert person.get("/").status_code == 429  # a right key tells nothing while its address waits
    assert guess(live.nobody(), 8) == [401] * 5 + [429] * 3  # of this computer
    assert owner.get("/").status_code == 200
    now += 61
    assert person.get("/").status_code == 303
    assert guess(live.nobody(NEAR), 2) == [401, 429]
    now += 3
    assert guess(live.nobody(NEAR), 1) == [401]
    assert live.nobody(NEAR).get("/", headers={"authorization": "Bearer guess"}).headers["retry-after"] == "4"


def test_one_wrong_key_from_many_addresses_waits_too(live: Live) -> None:
    statuses = [
        live.nobody(f"192.168.1.{n}").get("/", headers={"authorization": "Bearer old"}).status_code for n in range(7)
    ]

    assert statuses == [401] * 5 + [429] * 2


def test_behind_a_proxy_each_address_waits_for_itself(live: Live) -> None:
    live.site.names, live.site.is_proxied = frozenset({"back.example"}), True
    owner, host = live.owner(), {"host": "back.example"}

    def ask(address: str) -> int:
        headers = {**host, "x-forwarded-for": f"203.0.113.9, {address}", "authorization": f"Bearer {address}"}
        return live.nobody().get("/", headers=headers).status_code

    assert [ask("198.51.100.1") for _ in range(6)] == [401] * 5 + [429]
    assert ask("198.51.100.2") == 401
    assert guess(live.nobody(), 1) == [401]  # who tells an address without the name of the proxy is not believed
    spoofed = {"x-forwarded-for": "198.51.100.1"}
    assert owner.get("/", headers=spoofed).status_code == 200
    by_proxy = {**host, **spoofed, "origin": "https://back.example"}
    assert owner.get("/", headers=by_proxy).status_code == 429  # from outside the owner is not "here"


def test_codes_cannot_be_guessed_fast(live: Live) -> None:
    statuses = [live.nobody(NEAR).post("/enter", data={"code": f"{n}"}).status_code for n in range(7)]

    assert statuses == [401] * 5 + [429] * 2
    assert live.owner().get("/").status_code == 200  # a code of loopback


def test_many_requests_leave_the_memory_flat_and_the_owner_is_answered(live: Live) -> None:
    owner = live.owner()
    for number in range(3_000):
        live.site.failures.note(f"10.{number // 256}.{number % 256}.1", f"key{number}")
        live.site.rate.takes(f"key{number}")

    assert len(live.site.failures.counts) <= 2_000
    assert len(live.site.rate.left) <= 2_000
    assert owner.get("/").status_code == 200


def test_a_key_that_asks_too_often_is_slowed_down(live: Live) -> None:
    now = 0.0
    live.site.rate.clock = lambda: now
    person = live.browser(Role.PERSON, "anna")
    (session,) = keys.known(live.settings.home)
    live.site.rate.left[session.id] = (1.0, now)

    assert [person.get("/").status_code for _ in range(2)] == [303, 429]
    now += 1
    assert person.get("/").status_code == 303


def test_the_log_tells_neither_keys_nor_people_nor_addresses(live: Live, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "recovery.web")
    program = live.program(Role.PERSON, "anna")
    owner = live.owner()

    program.get("/people/anna?note=secretword")
    owner.get("/people/ben/nothing")
    live.nobody(NEAR).get("/people/anna", headers={"authorization": "Bearer guessedkey"})

    told = caplog.text
    assert "GET" in told
    secrets = [program.headers["authorization"].partition(" ")[2], owner.cookies[live.site.cookie]]
    for word in (*secrets, "anna", "ben", "secretword", "guessedkey", NEAR, LOOPBACK):
        assert word not in told


def test_static_files_are_a_list_and_lead_nowhere_else(live: Live) -> None:
    assert live.nobody().get("/static/live.css").status_code == 200
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/site.py", "live.css/", "nothing"):
        assert live.nobody().get(f"/static/{name}").status_code in (401, 404)


def test_a_form_that_is_too_long_is_refused(live: Live) -> None:
    assert live.nobody().post("/enter", data={"code": "x" * 70_000}).status_code == 413
    assert live.nobody().post("/enter", content="&".join(f"a{n}=1" for n in range(200))).status_code == 400


def test_no_websocket_opens(live: Live) -> None:
    with pytest.raises(WebSocketDisconnect), live.owner().websocket_connect("/"):
        pass
