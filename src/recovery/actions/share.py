"""The file by which a client lets a clinic know how far they are: counts and dates, made here, handed over by hand."""

import hashlib
import hmac
import secrets
from pathlib import Path

from recovery.errors import HomeError
from recovery.formats.client_counts import HEAD, MAX_NAME, Counts, as_json, is_name
from recovery.home.clock import today
from recovery.home.disk import private_folder, write_private
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import query
from recovery.published.client_counts import counts_of
from recovery.words.say import say

ID_DIGITS = 16


def share(settings: Settings, person: str, client: str, target: Path, *, withdrawn: bool = False) -> Counts:
    """Writes the counts of a person to a file, under a name that they choose; with `withdrawn` that they share no more.

    Raises HomeError where nothing is published, the name is none, or another file lies there.
    """
    if not is_name(client):
        raise HomeError(
            say("This name cannot be shown: {client!r}.", client=client[:60]),
            say("Use at most {most} plain letters, as Client A.", most=MAX_NAME),
        )
    _must_be_free(settings.home, target)
    day = today(settings.home_time_zone)
    found = Counts("", client, day, withdrawn=True)
    if not withdrawn:
        with query.published(settings.home) as connection:
            (found,) = counts_of(connection, [person], day)
    counts = found._replace(id=_id_of(settings.home, person), client=client)
    write_private(target, as_json(counts))
    return counts


def _id_of(home: Home, person: str) -> str:
    """Under what a clinic knows a person again; it says nothing of them."""
    if not home.share_key.is_file():
        private_folder(home.private)
        write_private(home.share_key, secrets.token_bytes(32))
    return hmac.new(home.share_key.read_bytes(), person.encode(), hashlib.sha256).hexdigest()[:ID_DIGITS]


def _must_be_free(home: Home, target: Path) -> None:
    """Raises HomeError where the file would lie in a folder of the home, or replace what is no file of counts."""
    real = target.resolve()
    if any(real.is_relative_to(folder.resolve()) for folder in (home.inbox, home.private, home.checks, home.pages)):
        raise HomeError(
            say("{path} lies in a folder that belongs to the home.", path=target), say("Give a file outside it.")
        )
    if not target.parent.is_dir():
        raise HomeError(say("There is no folder {folder}.", folder=target.parent), say("Make it first."))
    if target.is_file():
        with target.open("rb") as stream:
            is_ours = bool(HEAD.match(stream.read(100)))
        if is_ours:
            return
    if target.exists() or target.is_symlink():
        raise HomeError(say("{path} is there already.", path=target), say("Name another file."))
