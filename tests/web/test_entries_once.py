"""An entry that a device sends again, since it heard no answer, is written once."""

import json
from pathlib import Path

import pytest
from live import Live, send

from recovery.actions.log_entries import entries
from recovery.vocabulary.roles import Role
from recovery.web.once import Once


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "home")


def massages(live: Live, person: str = "anna") -> int:
    return len(entries(live.settings, person, "massages").entries)


def test_the_same_entry_again_is_written_once_also_after_a_new_start(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")
    entry = {"date": "2026-03-01", "start": "17:00", "entry": "11d5"}

    for _ in range(2):
        assert send(anna, "/people/anna", "/people/anna/massage", **entry).status_code == 303
    live.app.app.state.once = Once(live.settings.home)  # type: ignore[attr-defined]
    assert send(anna, "/people/anna", "/people/anna/massage", **entry).status_code == 303
    assert massages(live) == 1

    send(anna, "/people/anna", "/people/anna/massage", **entry | {"entry": "11d6"})
    assert massages(live) == 2


def test_an_entry_that_was_refused_may_come_again(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")

    assert send(anna, "/people/anna", "/people/anna/day", date="no day", pain="3", entry="a").status_code >= 400
    assert send(anna, "/people/anna", "/people/anna/day", date="2026-03-01", pain="3", entry="a").status_code == 303

    assert len(entries(live.settings, "anna", "diary").entries) == 1


def test_an_entry_that_comes_again_in_a_new_session_is_written_once(live: Live) -> None:
    entry = {"date": "2026-03-01", "start": "17:00", "entry": "11d5"}
    for _ in range(2):  # the cookie was gone meanwhile, and the phone was invited again
        phone = live.browser(Role.PERSON, "anna")
        assert send(phone, "/people/anna", "/people/anna/massage", **entry).status_code == 303

    assert massages(live) == 1


def test_names_of_entries_of_one_person_are_not_those_of_another(live: Live) -> None:
    for person in ("anna", "ben"):
        client = live.browser(Role.PERSON, person)
        send(client, f"/people/{person}", f"/people/{person}/massage", date="2026-03-01", start="17:00", entry="same")

    assert (massages(live, "anna"), massages(live, "ben")) == (1, 1)


def test_what_is_kept_is_private_bounded_and_names_nothing(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recovery.web.once.KEPT", 3)
    once = Once(live.settings.home)
    for number in range(5):
        with once.first("key", f"entry {number}" * 50) as is_new:
            assert is_new

    assert len(json.loads(once.path.read_text())) == 3
    assert "entry" not in once.path.read_text()
    assert once.path.stat().st_mode & 0o777 == 0o600
    once.path.write_text("{damaged")
    with once.first("key", "x") as is_new:
        assert is_new


def test_the_empty_form_tells_nothing_of_anybody(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")

    page = anna.get("/offline").text

    assert "anna" not in page
    assert 'name="token"' not in page
    assert live.nobody().get("/offline").status_code == 401
    assert anna.get("/worker.js").headers["content-type"].startswith("text/javascript")


def test_other_apps_share_files_where_it_is_clear_whose_they_are(live: Live) -> None:
    assert live.nobody().get("/recovery.webmanifest").status_code == 401
    manifest = live.browser(Role.PERSON, "anna").get("/recovery.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert manifest.json()["share_target"]["action"] == "/people/anna/shared"
    assert "share_target" not in live.owner().get("/recovery.webmanifest").json()
    assert "share_target" not in live.browser(Role.THERAPIST, "anna").get("/recovery.webmanifest").json()
    assert live.nobody().get(manifest.json()["icons"][0]["src"]).status_code == 200
