"""What an export app posts: stored unread for the person of the key, once, within limits."""

import hashlib
import stat
from pathlib import Path

import pytest
from live import NEAR, Live

from recovery.home import keys
from recovery.vocabulary.roles import Role
from recovery.web import deliver
from recovery.words import web as words

BODY = b'{"data": {"metrics": []}}'
JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "home")


def delivered(live: Live, person: str = "") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (live.inbox / person / "delivered").glob("*")}


def test_a_post_is_stored_unread_for_the_person_of_the_key(live: Live) -> None:
    answer = live.program(Role.APP, "anna", address=NEAR).post("/deliver", content=BODY, headers=JSON)

    name = f"{hashlib.sha256(BODY).hexdigest()[:40]}.json"
    assert (answer.status_code, answer.text) == (201, words.DELIVERED)
    assert delivered(live, "anna") == {name: BODY}
    assert delivered(live) == delivered(live, "ben") == {}
    assert stat.S_IMODE((live.inbox / "anna" / "delivered" / name).stat().st_mode) == 0o600


def test_the_same_again_costs_nothing(live: Live) -> None:
    app = live.program(Role.APP, "anna")
    app.post("/deliver", content=BODY, headers=JSON)
    (path,) = (live.inbox / "anna" / "delivered").iterdir()
    before = path.stat()

    answers = [app.post("/deliver", content=BODY, headers=JSON) for _ in range(20)]

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, words.HAD_ALREADY)}
    assert [path] == list(path.parent.iterdir())
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert live.app.app.state.quota.taken[keys.known(live.settings.home)[0].id] == (len(BODY), 1)  # type: ignore[attr-defined]


def test_any_bytes_are_stored_as_they_came(live: Live) -> None:
    app = live.program(Role.APP, "me")

    for body in (b"not json at all", b"\x00\xff", b"[" * 100_000):
        assert app.post("/deliver", content=body, headers=JSON).status_code == 201

    assert len(delivered(live)) == 3


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "text/html"}, BODY, 415),
        ({"content-type": "multipart/form-data; boundary=b"}, BODY, 415),
        ({}, BODY, 415),
        ({**JSON, "content-encoding": "gzip"}, BODY, 415),
        (JSON, b"", 400),
    ],
)
def test_what_is_no_delivery_leaves_nothing(live: Live, headers: dict[str, str], body: bytes, status: int) -> None:
    assert live.program(Role.APP, "me").post("/deliver", content=body, headers=headers).status_code == status
    assert delivered(live) == {}


def test_a_post_that_is_too_long_is_refused_told_or_not(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "MOST_BYTES", 10)
    app = live.program(Role.APP, "me")

    assert app.post("/deliver", content=b"x" * 11, headers=JSON).status_code == 413
    assert app.post("/deliver", content=iter([b"x" * 6, b"x" * 6]), headers=JSON).status_code == 413
    assert delivered(live) == {}


def test_a_key_delivers_as_much_as_its_quota(live: Live) -> None:
    live.app.app.state.quota.most_bytes = 30  # type: ignore[attr-defined]
    app = live.program(Role.APP, "me")

    assert [app.post("/deliver", content=BODY + bytes([n]), headers=JSON).status_code for n in (1, 2)] == [201, 413]
    assert len(delivered(live)) == 1


def test_a_page_cannot_post_there(live: Live) -> None:
    assert live.owner().post("/deliver", content=BODY, headers=JSON).status_code == 403
    assert live.nobody().post("/deliver", content=BODY, headers=JSON).status_code == 401


def test_the_key_of_somebody_who_is_no_more_in_the_settings_stores_nothing(live: Live) -> None:
    app = live.program(Role.APP, "anna")
    live.settings.home.settings.write_text('home_time_zone = "Europe/Berlin"\n')

    assert app.post("/deliver", content=BODY, headers=JSON).status_code == 404
    assert not (live.inbox / "anna" / "delivered").exists()
