"""The feed of reminders: who may ask for it, and how a calendar shows its key."""

from pathlib import Path

import pytest
from live import Live

from recovery.home import keys
from recovery.vocabulary.roles import Role

FEED = "/reminders.ics"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    return Live(tmp_path_factory.mktemp("reminders") / "home")


def test_a_calendar_is_asked_for_a_password_which_is_its_key(live: Live) -> None:
    _, secret = keys.make(live.settings.home, keys.KEY, Role.CALENDAR, ["anna"])
    calendar = live.nobody()

    asked = calendar.get(FEED)
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic")
    assert "www-authenticate" not in calendar.get("/people/anna").headers  # a browser would ask for a password
    answer = calendar.get(FEED, auth=("anything", secret))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VCALENDAR" in answer.text
    assert "anna" not in answer.text


@pytest.mark.parametrize("password", ["", "wrong", "é" * 300, "a:b"])
def test_a_wrong_password_opens_nothing(live: Live, password: str) -> None:
    assert live.nobody(address=f"192.168.2.{len(password)}").get(FEED, auth=("me", password)).status_code in (401, 429)


def test_what_is_no_base64_is_no_password(live: Live) -> None:
    answer = live.nobody(address="192.168.3.1").get(FEED, headers={"authorization": "Basic !!!"})

    assert answer.status_code == 401


def test_the_feed_is_a_calendars_alone_and_a_person_takes_the_file(live: Live) -> None:
    anna = live.browser(Role.PERSON, "anna")

    assert anna.get(FEED).status_code == 404
    assert anna.get("/people/anna/reminders.ics").status_code == 200
    assert live.program(Role.CALENDAR, "anna").get("/people/anna").status_code == 403


def test_after_a_person_is_forgotten_their_calendar_hears_nothing(live: Live, tmp_path: Path) -> None:
    other = Live(tmp_path / "home")
    _, secret = keys.make(other.settings.home, keys.KEY, Role.CALENDAR, ["anna"])

    keys.revoke_person(other.settings.home, "anna")

    assert other.nobody().get(FEED, auth=("me", secret)).status_code == 401
