"""Where a study lies, and which of its people each shard works.

A study is a home whose people are worked in shards: homes of their own below `shards/`, with a private database each,
which read settings, inbox and plans of trials of the study. Who is worked where stands in `shards/people.json`, and
nobody is moved without having been told to.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from recovery.errors import HomeError, SettingsError
from recovery.home.disk import private_folder, remove, write_private
from recovery.home.folder import Home
from recovery.home.lock import note_of
from recovery.home.settings import OWNER, Settings
from recovery.words.say import say

PEOPLE_PER_SHARD = 20
NOBODY = "__HIVE_DEFAULT_PARTITION__"  # Hive's name of the folder of rows without a value


@dataclass(frozen=True)
class Moving:
    """Somebody on the way from one shard to another."""

    person: str
    former: str
    shard: str


@dataclass(frozen=True)
class Shards:
    """Who is worked in which shard."""

    people_per_shard: int = PEOPLE_PER_SHARD
    shard_of: Mapping[str, str] = field(default_factory=dict)  # by person; shards are named 001, 002, ...
    moving: tuple[Moving, ...] = ()  # begun, and not known to be done

    @property
    def members(self) -> dict[str, frozenset[str]]:
        """The people of each shard, of the first first."""
        names = sorted(set(self.shard_of.values()), key=int)
        return {name: frozenset(person for person, shard in self.shard_of.items() if shard == name) for name in names}

    def with_people(self, people: Sequence[str], per_shard: int | None = None) -> "Shards":
        """The same with all of these people, each where he was; new ones where there is room.

        Another number of people a shard than before moves as few as it can: `moving` has those to be moved. The owner,
        whom a study is mostly not about, takes no room.
        """
        size = per_shard or self.people_per_shard
        former = {person: shard for person, shard in self.shard_of.items() if person in people}
        is_dealt_anew = size != self.people_per_shard and bool(former)
        kept = _fitting(former, size, people) if is_dealt_anew else former
        count = Counter(shard for person, shard in kept.items() if person != OWNER)
        found = {}
        for person in people:
            found[person] = kept.get(person) or ("001" if person == OWNER else _with_room(count, size))
            if person not in kept and person != OWNER:
                count[found[person]] += 1
        moved = (Moving(one, former[one], now) for one, now in found.items() if former.get(one, now) != now)
        return Shards(size, found, (*self.moving, *moved))

    def with_moved(self, person: str, shard: str) -> "Shards":
        """The same with one person in another shard. Raises SettingsError where the person is in none."""
        former = self.shard_of.get(person)
        if former is None:
            raise SettingsError(
                say("No shard works {person}.", person=person),
                say("List the person as [people.{person}] and run: recovery cohort run", person=person),
            )
        if former == shard:
            return self
        moving = (*self.moving, Moving(person, former, shard))
        return replace(self, shard_of={**self.shard_of, person: shard}, moving=moving)

    def without(self, person: str) -> "Shards":
        """The same without a word of a person."""
        return replace(
            self,
            shard_of={one: shard for one, shard in self.shard_of.items() if one != person},
            moving=tuple(one for one in self.moving if one.person != person),
        )


@dataclass(frozen=True)
class Study:
    """Where everything of a study lies that is not of a home."""

    folder: Path

    @property
    def shards(self) -> Path:
        return self.folder / "shards"

    @property
    def people(self) -> Path:
        """Who is worked in which shard."""
        return self.shards / "people.json"

    @property
    def published(self) -> Path:
        """The published relations as Parquet: a folder each, and in it one of each person."""
        return self.folder / "published"

    @property
    def database(self) -> Path:
        """The published relations as views and tables."""
        return self.folder / "cohort.duckdb"

    @property
    def is_begun(self) -> bool:
        """Whether the folder was ever worked as a study."""
        return self.people.is_file()

    def run_note(self) -> str:
        """What the run that holds the study wrote of itself; '' where none is at work, or this is another folder."""
        try:
            return note_of(Home(self.folder).lock).read_text(encoding="utf-8")
        except OSError:
            return ""

    def home_of(self, shard: str) -> Home:
        """The home of a shard."""
        return Home(self.shards / shard, self.folder)

    def read(self) -> Shards:
        """Who is worked in which shard, as it stands.

        Raises HomeError where that cannot be read: whoever dealt anew would read everything anew.
        """
        if not self.is_begun:
            return Shards()
        try:
            found = json.loads(self.people.read_text(encoding="utf-8"))
            return Shards(
                int(found["people_per_shard"]),
                {str(person): f"{int(shard):03}" for person, shard in found["shard_of"].items()},
                tuple(Moving(*map(str, one)) for one in found["moving"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise HomeError(
                say("{path} cannot be read: {error}.", path=self.people, error=error),
                say(
                    "Restore it from a backup, or remove the folder {shards}: all is then read anew.",
                    shards=self.shards,
                ),
            ) from None

    def deal(self, people: Sequence[str], per_shard: int | None = None) -> Shards:
        """Who is worked in which shard now, of these people: as `Shards.with_people`, and noted."""
        former = self.read()
        shards = former.with_people(people, per_shard)
        if shards != former or not self.is_begun:
            self.write(shards)
        return shards

    def write(self, shards: Shards) -> None:
        """Notes who is worked in which shard."""
        private_folder(self.shards)
        moving = [[one.person, one.former, one.shard] for one in shards.moving]
        content = {"people_per_shard": shards.people_per_shard, "shard_of": dict(shards.shard_of), "moving": moving}
        write_private(self.people, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    def settings_of(self, settings: Settings, shard: str, members: Iterable[str]) -> Settings:
        """The settings of a study as a shard has them: for its own people, and nobody is told of its runs."""
        return replace(settings, home=self.home_of(shard), members=frozenset(members), notify_command=())

    def relation(self, name: str) -> Path:
        """The folder of a published relation."""
        return self.published / name

    def partitions(self, folder_name: str) -> list[Path]:
        """The folder of that name of each relation, where it is there: `subject=anna`, `shard=001`."""
        if not self.published.is_dir():
            return []
        found = (relation / folder_name for relation in sorted(self.published.iterdir()))
        return [path for path in found if path.is_dir()]


def is_study(home: Home) -> bool:
    """Whether a folder was worked in shards alone, never as a home."""
    return Study(home.folder).is_begun and not home.published.is_file()


def run_command(home: Home) -> str:
    """What a run of a folder is begun with; the folder itself is told of a study alone."""
    return f"recovery cohort run {home.folder}" if is_study(home) else "recovery run"


def must_be_home(home: Home) -> None:
    """HomeError where a folder was worked in shards alone, never as a home: there are no pages of it."""
    if is_study(home):
        raise HomeError(
            say("{folder} is a study in shards, which has no pages.", folder=home.folder),
            say(
                "Work it with: recovery cohort run {folder} (every night from cron, if you like). For pages, work it as"
                " one home: recovery run --home {folder}",
                folder=home.folder,
            ),
        )


def partition(column: str, value: str | None) -> str:
    """The name of the folder of a value as Hive writes it: percent-encoded, so that no name leads elsewhere."""
    return f"{column}={NOBODY if value is None else quote(value, safe='')}"


def erase_person(study: Study, person: str) -> None:
    """Removes all that is published of a person, the file over all people, and the word of his shard."""
    for path in study.partitions(partition("subject", person)):
        remove(path)
    remove(study.database)
    if study.is_begun:
        study.write(study.read().without(person))


def _fitting(former: Mapping[str, str], size: int, people: Sequence[str]) -> dict[str, str]:
    """Who may stay: in as few shards as it takes, and in each no more than it holds."""
    count = len([person for person in people if person != OWNER])
    names = sorted(set(former.values()), key=int)[: max(1, -(-count // size))]
    kept: dict[str, str] = {}
    room = dict.fromkeys(names, size)
    for person in people:
        shard = former.get(person, "")
        if person == OWNER and shard in names:
            kept[person] = shard
        elif room.get(shard, 0):
            kept[person] = shard
            room[shard] -= 1
    return kept


def _with_room(count: Mapping[str, int], size: int) -> str:
    """The first shard that holds fewer people than it may; a new one where there is none."""
    number = 1
    while count.get(f"{number:03}", 0) >= size:
        number += 1
    return f"{number:03}"
