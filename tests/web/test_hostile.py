"""What a hostile visitor tries: passwords beside the feed, damage in files of the owner, errors that tell of others."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import NEAR, Live

from recovery.errors import SettingsError
from recovery.home import keys
from recovery.vocabulary.roles import Role
from recovery.web.arriving import safe_name
from recovery.web.serve import logged
from recovery.words import web as words

NAME = "Xaver Quell"  # invented; stands where it must not be read


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    return Live(tmp_path_factory.mktemp("hostile") / "home")


@pytest.fixture
def damaged(live: Live) -> Iterator[Live]:
    """Settings with a mistake that names somebody."""
    good = live.settings.home.settings.read_text()
    live.settings.home.settings.write_text(f'{good}\n[people."{NAME}"]\nalias = "x"\n')
    yield live
    live.settings.home.settings.write_text(good)


def test_a_password_opens_the_feed_of_calendars_and_nothing_else(live: Live) -> None:
    # A browser shows a password again by itself, also with a form that another page made it send.
    _, secret = keys.make(live.settings.home, keys.KEY, Role.OWNER)
    browser = live.nobody()
    before = len(keys.known(live.settings.home))

    assert browser.get("/keys", auth=("me", secret)).status_code == 401
    assert browser.post("/keys/invite", data={"role": "owner"}, auth=("me", secret)).status_code == 401
    assert browser.get("/reminders.ics", auth=("me", secret)).status_code == 404  # no calendar's key
    assert len(keys.known(live.settings.home)) == before


@pytest.mark.parametrize("address", ["/", "/people/anna", "/people/nobody", "/reminders.ics", "/recovery.webmanifest"])
def test_what_is_wrong_with_the_settings_is_told_to_the_owner_alone(damaged: Live, address: str) -> None:
    for client in (
        damaged.program(Role.PERSON, "anna"),
        damaged.program(Role.THERAPIST, "anna"),
        damaged.program(Role.CALENDAR, "anna"),
    ):
        assert NAME not in client.get(address).text
    assert words.SETTINGS_UNREADABLE in damaged.program(Role.PERSON, "anna").get("/people/anna").text
    assert NAME in damaged.program(Role.OWNER).get("/").text


def test_the_log_holds_the_place_of_an_error_and_not_what_it_says(live: Live) -> None:
    log = logging.getLogger("recovery.web")
    with logged(live.settings.home):
        try:
            raise SettingsError(NAME)
        except SettingsError:
            log.exception("something failed")
    text = (live.settings.home.logs / "serve.log").read_text()

    assert NAME not in text
    assert "SettingsError" in text
    assert Path(__file__).name in text


@pytest.mark.parametrize(
    "bad", [b"\xff\xfe", b"[" * 100_000, b'{"a": 1}', b"[1]", None], ids=["bytes", "deep", "object", "number", "naive"]
)
def test_damaged_keys_are_answered_as_a_page_with_its_headers(live: Live, bad: bytes | None) -> None:
    owner = live.program(Role.OWNER)
    good = live.settings.home.keys.read_bytes()
    live.settings.home.keys.write_bytes(good.replace(b"+00:00", b"") if bad is None else bad)
    try:
        answer = owner.get("/")
    finally:
        live.settings.home.keys.write_bytes(good)

    assert answer.status_code == 503
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_key_counts_where_its_use_cannot_be_noted(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    person = live.program(Role.PERSON, "anna")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys, "note_use", full)

    assert person.get("/people/anna").status_code == 200


def test_a_right_code_does_not_wait_for_wrong_ones_that_anybody_can_post(live: Live) -> None:
    outsider = live.nobody(NEAR)
    statuses = [outsider.post("/enter", data={"code": f"wrong {number}"}).status_code for number in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    _, code = keys.make(live.settings.home, keys.CODE, Role.PERSON, ["anna"], lasts=keys.CODE_LASTS)

    assert outsider.post("/enter", data={"code": code}).status_code == 200


def test_a_wrong_code_writes_nothing(live: Live) -> None:
    live.program(Role.OWNER)
    before = live.settings.home.keys.stat()

    live.nobody("192.168.7.7").post("/enter", data={"code": "wrong"})

    assert live.settings.home.keys.stat().st_ino == before.st_ino
    assert live.settings.home.keys.stat().st_mtime_ns == before.st_mtime_ns


def test_a_name_of_a_file_cannot_turn_the_text_around() -> None:
    assert safe_name("walks\u202evsc.exe") == "walksvsc.exe"
    assert safe_name("\u200b.\u200b.csv") == "csv"


def test_a_rating_with_a_comma_is_taken_also_for_a_day_that_has_a_line(live: Live) -> None:
    person = live.program(Role.PERSON, "anna")

    statuses = [
        person.post("/people/anna/day", data={"date": "2026-03-02", "pain": pain}).status_code for pain in ("4", "5,5")
    ]

    assert statuses == [303, 303]
