"""Keys of the live page: random, kept as hashes, once, revoked."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recovery.errors import HomeError
from recovery.home import keys
from recovery.home.folder import Home
from recovery.home.keys import CODE, KEY, SESSION, KeyRefusedError
from recovery.vocabulary.roles import Role


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_only_hashes_are_kept_for_the_owner_alone(home: Home) -> None:
    key, secret = keys.make(home, KEY, Role.APP, ["me"], "phone")
    _, other = keys.make(home, KEY, Role.APP, ["me"])

    assert secret != other
    assert len(secret) >= 43
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o600
    assert secret not in home.keys.read_text()
    assert keys.known(home)[0].id == key.id
    assert keys.known(home)[0].sha256 == keys.digest(secret)


@pytest.mark.parametrize(
    ("role", "people"),
    [(Role.OWNER, ["me"]), (Role.PERSON, []), (Role.PERSON, ["a", "b"]), (Role.APP, []), (Role.THERAPIST, [])],
)
def test_a_key_is_for_people_as_its_role_says(home: Home, role: Role, people: list[str]) -> None:
    with pytest.raises(KeyRefusedError, match="cannot be for"):
        keys.make(home, KEY, role, people)


def test_a_code_becomes_a_session_once_within_its_time(home: Home) -> None:
    _, code = keys.make(home, CODE, Role.PERSON, ["anna"], "phone", keys.CODE_LASTS)
    _, late = keys.make(home, CODE, Role.PERSON, ["anna"], lasts=keys.CODE_LASTS)

    found = keys.exchange(home, code)

    assert found is not None
    session, secret = found
    assert (session.kind, session.role, session.people, session.note) == (SESSION, Role.PERSON, ("anna",), "phone")
    assert keys.digest(secret) == session.sha256
    assert keys.exchange(home, code) is None
    assert keys.exchange(home, secret) is None
    assert keys.exchange(home, "guess") is None
    assert keys.exchange(home, late, datetime.now(UTC) + timedelta(minutes=11)) is None


def test_the_oldest_session_goes_where_there_are_too_many(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_SESSIONS", 2)
    made = [keys.exchange(home, keys.make(home, CODE, Role.OWNER, lasts=keys.CODE_LASTS)[1]) for _ in range(3)]

    assert [key.id for key in keys.known(home)] == [session.id for session, _ in filter(None, made)][1:]


def test_a_key_is_revoked_and_all_keys_of_a_person_are(home: Home) -> None:
    first, _ = keys.make(home, KEY, Role.PERSON, ["anna"])
    both, _ = keys.make(home, KEY, Role.THERAPIST, ["anna", "ben"])
    owner, _ = keys.make(home, KEY, Role.OWNER)
    keys.make(home, SESSION, Role.THERAPIST, ["anna"])

    keys.revoke_person(home, "anna")

    assert [(key.id, key.people) for key in keys.known(home)] == [(both.id, ("ben",)), (owner.id, ())]
    keys.revoke(home, both.id)
    assert [key.id for key in keys.known(home)] == [owner.id]
    with pytest.raises(KeyRefusedError, match="no key"):
        keys.revoke(home, first.id)


def test_a_home_without_keys_has_none_and_forgetting_makes_none(home: Home) -> None:
    keys.revoke_person(home, "anna")

    assert keys.known(home) == []
    assert not home.keys.exists()


def test_the_day_of_use_is_noted(home: Home) -> None:
    key, _ = keys.make(home, KEY, Role.OWNER)

    keys.note_use(home, key.id, "2026-05-01")

    assert keys.known(home)[0].used == "2026-05-01"


@pytest.mark.parametrize("content", ["", "{", "{}", "[1]", '[{"id": 1}]'])
def test_a_damaged_file_says_so(home: Home, content: str) -> None:
    home.keys.parent.mkdir()
    home.keys.write_text(content)

    if content == "{}":
        assert keys.known(home) == []
    else:
        with pytest.raises(HomeError, match="damaged"):
            keys.known(home)
