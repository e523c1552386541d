"""Each cell of the table of roles and actions, asked of the server; tests/vocabulary/test_may.py writes it out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live import Live, TestClient

from recovery.vocabulary.roles import Action, Role, may

ASK: dict[Action, Callable[[TestClient, str], Any]] = {
    Action.SEE: lambda client, person: client.get(f"/people/{person}"),
    Action.SEE_CLINIC: lambda client, _: client.get("/clinic"),
    Action.ADD_MASSAGE: lambda client, person: client.post(f"/people/{person}/massage", data={"minutes": "60"}),
    Action.ADD_DAY: lambda client, person: client.post(f"/people/{person}/day", data={"pain": "3"}),
    Action.UNDO: lambda client, person: client.post(f"/people/{person}/undo", data={"token": ""}),
    Action.CHANGE_LOG: lambda client, person: client.get(f"/people/{person}/lines/massages"),
    Action.MEND: lambda client, person: client.get(f"/people/{person}/needs"),
    Action.SEND_FILE: lambda client, person: client.post(f"/people/{person}/files", files={"files": ("a.csv", b"1")}),
    Action.SEE_FILES: lambda client, person: client.get(f"/people/{person}/files"),
    Action.DELIVER: lambda client, _: client.post("/deliver", content=b"{}", headers={"content-type": "text/json"}),
    Action.RUN: lambda client, _: client.get("/run"),
    Action.KEYS: lambda client, _: client.get("/keys"),
    Action.SEE_REMINDERS: lambda client, person: client.get(f"/people/{person}/reminders.ics"),
}
OF_NOBODY = (Action.SEE_CLINIC, Action.DELIVER, Action.RUN, Action.KEYS)  # whose address names no person
NOTHING_TO_UNDO = 409  # what who may undo hears first


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    return Live(tmp_path_factory.mktemp("roles") / "home")


@pytest.fixture(scope="module")
def clients(live: Live) -> dict[Role, TestClient]:
    return {role: live.program(role, *([] if role is Role.OWNER else ["anna"])) for role in Role}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_a_role_does_what_its_cell_says_and_nothing_else(
    live: Live, clients: dict[Role, TestClient], role: Role, action: Action
) -> None:
    before = snapshot(live.inbox)

    status = ASK[action](clients[role], "anna").status_code

    if may(role, action):
        assert status in (200, 201, 303, NOTHING_TO_UNDO if action is Action.UNDO else 200)
    else:
        assert status == 403
        assert snapshot(live.inbox) == before


@pytest.mark.parametrize("action", [action for action in Action if action not in OF_NOBODY])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_no_key_does_anything_for_another_person(
    live: Live, clients: dict[Role, TestClient], role: Role, action: Action
) -> None:
    before = snapshot(live.inbox)

    for person in ("ben", "me", "nobody", "anna%2F..%2Fben", "%2e%2e%2fben", "anna%00"):
        assert ASK[action](clients[role], person).status_code in (403, 404)

    assert snapshot(live.inbox) == before


def test_every_action_is_asked_for_by_some_route() -> None:
    assert set(ASK) == set(Action)
