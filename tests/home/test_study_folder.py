"""Which person of a study is worked in which shard, and how folders are named."""

from pathlib import Path

import pytest

from recovery.errors import HomeError, SettingsError
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.home.study import Moving, Shards, Study, partition

PEOPLE = ("me", "a", "b", "c", "d", "e")


def sizes(shards: Shards) -> dict[str, int]:
    return {name: len(members - {"me"}) for name, members in shards.members.items()}


def test_people_fill_shards_in_their_order_and_the_owner_takes_no_room() -> None:
    dealt = Shards().with_people(PEOPLE, 2)

    assert dealt.members == {"001": {"me", "a", "b"}, "002": {"c", "d"}, "003": {"e"}}
    assert dealt.moving == ()


def test_nobody_is_moved_by_who_comes_or_goes() -> None:
    dealt = Shards().with_people(PEOPLE, 2)

    later = dealt.with_people(("me", "new", "b", "c", "d", "e", "last"))

    assert later.members == {"001": {"me", "new", "b"}, "002": {"c", "d"}, "003": {"e", "last"}}
    assert later.moving == ()


@pytest.mark.parametrize(("size", "moved"), [(1, 2), (2, 0), (3, 1), (5, 3)])
def test_another_size_moves_as_few_as_it_can(size: int, moved: int) -> None:
    dealt = Shards().with_people(PEOPLE, 2)

    again = dealt.with_people(PEOPLE, size)

    assert max(sizes(again).values()) <= size
    assert len(again.moving) == moved
    assert all(again.shard_of[one.person] == one.shard != one.former for one in again.moving)


def test_who_is_on_the_way_stays_so_until_the_move_is_done(tmp_path: Path) -> None:
    study = Study(tmp_path)
    study.write(Shards().with_people(PEOPLE, 2).with_moved("a", "002"))

    found = study.read().with_people(PEOPLE)

    assert found.moving == (Moving("a", "001", "002"),)
    assert found.members["002"] == {"a", "c", "d"}
    assert study.people.stat().st_mode & 0o777 == 0o600
    assert study.shards.stat().st_mode & 0o777 == 0o700


def test_a_person_whom_no_shard_works_cannot_be_moved() -> None:
    with pytest.raises(SettingsError, match="No shard works x"):
        Shards().with_moved("x", "001")


@pytest.mark.parametrize("text", ["", "[]", '{"people_per_shard": 2, "shard_of": {"a": "../x"}, "moving": []}'])
def test_a_broken_word_of_the_shards_deals_nobody_anew(tmp_path: Path, text: str) -> None:
    study = Study(tmp_path)
    study.shards.mkdir()
    study.people.write_text(text)

    with pytest.raises(HomeError, match=r"people\.json cannot be read"):
        study.read()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("anna", "subject=anna"),
        ("../x", "subject=..%2Fx"),
        ("a=b*[c]%20", "subject=a%3Db%2A%5Bc%5D%2520"),
        ("Žofie D'or", "subject=%C5%BDofie%20D%27or"),
        (None, "subject=__HIVE_DEFAULT_PARTITION__"),
    ],
)
def test_no_name_of_a_person_leads_out_of_the_folder(name: str | None, folder: str) -> None:
    assert partition("subject", name) == folder


def test_a_shard_reads_the_inbox_of_its_study_but_for_the_folders_of_others(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path), people=("a", "b"), notify_command=("mail",))

    shard = Study(tmp_path).settings_of(settings, "002", {"b"})

    assert shard.home.inbox == tmp_path / "inbox"
    assert shard.home.work == tmp_path / "shards" / "002" / ".recovery" / "work.duckdb"
    assert shard.home.forgotten_key == settings.home.forgotten_key
    assert shard.subjects == ("b",)
    assert [shard.is_elsewhere(name) for name in ("a", "b", "lists")] == [True, False, False]
    assert not any(settings.is_elsewhere(name) for name in ("a", "b", "lists"))
    assert shard.notify_command == ()  # the study tells, once
