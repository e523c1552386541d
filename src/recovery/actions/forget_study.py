"""Erases a person, or the data of one file, of a study: in its shards, in itself, and in what is published.

Each database is treated as that of a home (`forget`). What was forgotten is remembered in the study, which tells every
shard, so that nothing comes back with a person who is listed again and put into another one.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from recovery import warehouse
from recovery.actions import forget
from recovery.errors import HomeError
from recovery.home import lock
from recovery.home.disk import remove
from recovery.home.settings import OWNER, Settings
from recovery.home.study import Study, erase_person, partition

NAME = "recovery forget"


def forget_subject(settings: Settings, subject: str) -> list[Path]:
    """Erases all of one person; returns the files of the inbox that the user must delete."""
    study = Study(settings.home.folder)
    left = _forget(study, settings, subject, lambda of: forget.forget_subject(of, subject))
    erase_person(study, subject)
    return left


def forget_file(settings: Settings, path: Path | str) -> list[Path]:
    """Erases what one file said; returns the files of the inbox that the user must delete.

    The person's Parquet files go with it, and the next run writes them anew.
    Raises HomeError where nothing is known of the file.
    """
    study = Study(settings.home.folder)
    subject = settings.subject_of(forget.in_inbox(settings, path))
    return _forget(study, settings, subject, lambda of: forget.forget_file(of, path), may_be_unknown=True)


def _forget(
    study: Study,
    settings: Settings,
    subject: str,
    erase: Callable[[Settings], list[Path]],
    *,
    may_be_unknown: bool = False,
) -> list[Path]:
    left: set[Path] = set()
    unknown: list[HomeError] = []
    asked = 0
    people = {subject}
    for one in (*_that_know(study, settings, subject), settings):
        asked += 1
        with lock.held(one, NAME):
            try:
                left |= set(erase(one))
            except HomeError as error:
                if not may_be_unknown:
                    raise
                unknown.append(error)
                continue
        people |= one.members or set()
    if len(unknown) == asked:
        raise unknown[0]
    gone = {partition("subject", one) for one in ({subject} if subject != OWNER else people)}
    for name in sorted({*gone, partition("subject", OWNER), partition("subject", None)}):
        for path in study.partitions(name):
            remove(path)
    remove(study.database)
    remove(settings.home.private / "cohort-state")
    return sorted(left)


def _that_know(study: Study, settings: Settings, subject: str) -> Iterator[Settings]:
    """The shards of a person, and those that read a list which names the person, as settings."""
    shards = study.read()
    own = {shards.shard_of.get(subject)}
    own |= {shard for one in shards.moving if one.person == subject for shard in (one.former, one.shard)}
    for name, members in shards.members.items():
        of_shard = study.settings_of(settings, name, members)
        if not of_shard.home.work.is_file():
            continue
        with closing(warehouse.open_work(of_shard.home.work)) as connection:
            is_named = connection.execute("from raw.deliveries where subject = ? limit 1", [subject]).fetchall()
        if name in own or is_named or subject == OWNER:
            yield of_shard
