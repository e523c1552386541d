"""The owner's page of keys: a phone is invited by a picture, a key is taken away."""

import html
import re

import pytest
from live import ORIGIN, Live, send

from recovery.home import keys
from recovery.home.keys import CODE, SESSION, known
from recovery.home.served import served_at
from recovery.vocabulary.roles import Role
from recovery.words import web as words

LAN = "https://192.168.1.10:8765"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    return Live(tmp_path_factory.mktemp("keys") / "home")


def test_an_invitation_is_a_picture_of_the_address_of_the_network_and_lets_one_phone_in(live: Live) -> None:
    owner = live.owner()
    with served_at(live.settings.home, [ORIGIN, LAN]):
        page = send(owner, "/keys", "/keys/invite", role="person", person="anna", note="her phone").text

    (link,) = re.findall(r"<li class=\"break\">(\S+)</li>", page)
    assert link.startswith(f"{LAN}/enter#")
    assert page.count("<svg") == 1
    assert "<title>" in page.partition("<svg")[2]
    phone = live.nobody()
    phone.headers["origin"] = ORIGIN
    assert phone.post("/enter", data={"code": link.partition("#")[2]}).status_code == 200
    assert phone.get("/people/anna").status_code == 200
    assert phone.get("/people/ben").status_code == 404
    assert phone.get("/keys").status_code == 403
    assert [(key.role, key.people, key.note) for key in known(live.settings.home) if key.note] == [
        (Role.PERSON, ("anna",), "her phone")
    ]


def test_where_no_phone_reaches_the_server_there_is_no_picture_but_a_sentence(live: Live) -> None:
    with served_at(live.settings.home, [ORIGIN]):
        page = html.unescape(send(live.owner(), "/keys", "/keys/invite", role="owner").text)

    assert words.NOT_FOR_PHONES in page
    assert "<svg" not in page
    assert f"{ORIGIN}/enter#" in page


def test_who_is_taken_away_is_out_from_the_next_request_on(live: Live) -> None:
    owner, anna = live.owner(), live.browser(Role.PERSON, "anna")
    (session,) = [key for key in known(live.settings.home) if key.kind == SESSION and key.people == ("anna",)][-1:]
    assert anna.get("/people/anna").status_code == 200

    assert send(owner, "/keys", f"/keys/{session.id}/revoke").status_code == 303

    assert anna.get("/people/anna").status_code == 401
    assert send(owner, "/keys", "/keys/no-such/revoke").status_code == 409


@pytest.mark.parametrize(
    "fields", [{"role": "app", "person": "anna"}, {"role": "person", "person": "nobody"}, {"role": "person"}, {}]
)
def test_no_code_is_made_for_who_cannot_come_in(live: Live, fields: dict[str, str]) -> None:
    owner = live.owner()
    before = [key for key in known(live.settings.home) if key.kind == CODE]

    assert send(owner, "/keys", "/keys/invite", **fields).status_code == 400

    assert [key for key in known(live.settings.home) if key.kind == CODE] == before


def test_a_note_is_text_and_no_secret_stands_on_the_list(live: Live) -> None:
    _, secret = keys.make(live.settings.home, keys.KEY, Role.APP, ["ben"], "<script>alert(1)</script>")

    page = live.owner().get("/keys").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert secret not in page
    assert not [key for key in known(live.settings.home) if key.sha256 in page]
