"""Makes a home folder: settings with comments, the inbox with templates of both logs, the private folder."""

import json
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.actions.log import DIARY_LOG, DIARY_TEMPLATE, MASSAGE_LOG, MASSAGE_TEMPLATE
from recovery.errors import HomeError, SettingsError
from recovery.home.disk import private_folder, write_private
from recovery.home.folder import Home
from recovery.home.memory import MEMORY_MB
from recovery.home.settings import OWNER, VALIDITY, load_settings, parse
from recovery.vocabulary.families import PRIMARIES
from recovery.words.say import say

SETTINGS = """\
# Settings of this home. Lines that begin with # are comments: take the # away to use one.

# Where you live; it decides which local day a minute belongs to where an export tells no offset.
home_time_zone = {zone}

# Further people. Each has a folder of that name in the inbox; everything else in the inbox is yours ("me"). A list with
# a column client, patient or name gives each row to the person it names; aliases are the other names that lists have.
{people}
# [people.me]
# aliases = ["M., Anna", "Mrs M."]
# shared_since = 2026-05-01  # this person agrees that Clinic tells how far they are; take it away to withdraw
# arm = "massage"  # in a study: the arm the person was given, and a group they are counted with (docs/cohort-data.md)
# group = "women"

# Days in another time zone, both dates included; once for each journey. `person` only if it was not everybody.
# [[travel]]
# from = 2026-07-01
# to = 2026-07-14
# zone = "America/New_York"
# person = "client1"

# Days that are to count for nothing: illness, holiday, injury, another treatment. They are shown, and marked.
# A change counts from the day of the next run: what was said after the massages before it stays as it was.
# [[exclusions]]
# from = 2026-02-03
# to = 2026-02-09
# reason = "flu"
# person = "client1"

# Devices are never added up: for each hour, night or day one source counts, the one that covers it best; an hour is cut
# where a watch is taken off or put on. Which one first, if several cover it alike? A name is a whole source (`source`
# of daily_metrics), or all of it before a ':'.
[sources]
# priority = ["garmin", "fitbit", "apple:watch6-2", "apple"]

# When a day or a night is valid. Invalid days are published too, and marked.
[validity]
{validity}

# How much memory the database may use. What does not fit goes to the disk; a run that needs more says so.
[limits]
# memory_mb = {memory_mb:g}

# The smallest change worth having, in the metric's unit, where it is not to be what `effects` says (worth_source).
[goals]
# pain = 1
# steps = 800
# asleep_min = 15

# The one number of each family that may show an effect. Choose before you look: of many numbers some change by chance.
# `main` is the one of them that decides first, so that fewer massages show it; without it the four share alike.
# A change counts from the day of the next run: what is named after having looked decides nothing of what was seen.
[primary]
# main = "steps"
{primaries}

# A log vouches for the days from its first to its last entry ("no entry" then means "no massage"). If you had no other
# massage since an earlier date, or up to a later one, say so: the log's path below inbox/ and the date.
[log_complete_from]
# "massages.csv" = 2026-01-01

[log_complete_until]
# "massages.csv" = 2026-11-01

# A table that no reader knows: say what its columns measure. `recovery map FILE` looks at a file and proposes this.
# [[tables]]
# file = "tracker*.csv"  # below inbox/; * stands for anything, a name alone is looked for in every folder
# source = "tracker"
# time = "When"  # or date = "Day" for whole days, or sleep_start = "Bed" and sleep_end = "Up" for nights
# date_format = "%d.%m.%Y %H:%M"  # unless ISO; also "unix s", "unix ms"
# zone = "Europe/Berlin"  # of times without an offset, if it was not your own
# covers_min = 1  # how long a row counts; or end = "Until"
# columns = {{ "Step count" = "steps", "Distance" = "distance_m in km" }}  # "distance_m in {{Unit}}": each row tells it
# Diaries with a row for each region, massages, taps of a tracker (docs/diaries.md): name the rows and what they say.
# where = {{ "Region" = "back" }}  # columns = {{ "Rating" = "pain in 0-100" }}; several kinds of row: [[tables.rows]]

# Files that are never opened, by name or by path below inbox/. What was loaded of them before: recovery forget.
[private]
# ignore = ["letters*", "old/*"]

# A command to run after every nightly job; a summary is handed to it on standard input.
[notify]
# command = ["mail", "-s", "recovery", "me@localhost"]
"""
SETTINGS_HELP = {
    "min_worn_waking_min": say("waking minutes a day must be worn (the field's rule is 10 h)"),
    "min_night_min": say("minutes the main sleep of a valid night lasts at least"),
    "max_night_min": say("and at most"),
    "silent_days": say("`status` and the pages warn when a source told nothing for longer"),
}


class Made(NamedTuple):
    """What `init` made, what was there already, and people who are not in the settings that were."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]
    missing_people: tuple[str, ...]
    time_zone: str


def init(folder: Path, time_zone: str, people: Sequence[str] = ()) -> Made:
    """Makes or completes the home at `folder`; overwrites nothing.

    Raises SettingsError for a person whose name cannot be a folder, HomeError where the folder cannot be made.
    """
    home = Home(folder)
    if OWNER in people:
        raise SettingsError(
            say("{name!r} is the owner of the home and needs no folder.", name=OWNER),
            say("Name the other people alone, as --people anna,ben."),
        )
    text = settings_text(time_zone, people)
    parse(home, tomllib.loads(text))  # a bad name must stop us before anything is made
    made: list[Path] = []
    kept: list[Path] = []
    try:
        for path in (home.folder, home.inbox, home.private):
            _make_folder(path, made)
        _make_file(home.settings, text, made, kept)
        settings = load_settings(folder)
        for inbox in (home.inbox, *(home.inbox / person for person in settings.people)):
            _make_folder(inbox, made)
            _make_file(inbox / MASSAGE_LOG, MASSAGE_TEMPLATE, made, kept)
            _make_file(inbox / DIARY_LOG, DIARY_TEMPLATE, made, kept)
    except OSError as error:
        raise HomeError(
            say(
                "The home {folder} cannot be made: {strerror} ({filename}).",
                folder=folder,
                strerror=error.strerror,
                filename=error.filename,
            ),
            say("Choose a folder that you may write to, with --home."),
        ) from None
    missing = tuple(name for name in people if name not in settings.people)
    return Made(tuple(made), tuple(kept), missing, settings.home_time_zone)


def settings_text(time_zone: str, people: Sequence[str] = ()) -> str:
    """A recovery.toml in which every key is explained."""
    tables = "".join(f"[people.{json.dumps(name, ensure_ascii=False)}]\n" for name in people)
    validity = "\n".join(f"# {key} = {value:g}  # {SETTINGS_HELP[key]}" for key, value in VALIDITY.items())
    primaries = "\n".join(f'# {family} = "{metric}"' for family, metric in PRIMARIES.items())
    return SETTINGS.format(
        zone=json.dumps(time_zone),
        people=tables or "# [people.client1]\n",
        validity=validity,
        primaries=primaries,
        memory_mb=MEMORY_MB,
    )


def is_zone(name: str) -> bool:
    """True if the name is one of the IANA time zones."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def system_zone() -> str:
    """This machine's IANA time zone; UTC where it does not say."""
    from_environment = os.environ.get("TZ", "").lstrip(":")
    target = os.path.realpath("/etc/localtime")
    _, found, linked = target.partition("/zoneinfo/")
    for name in (from_environment, linked if found else "", _first_line(Path("/etc/timezone"))):
        name = name.removeprefix("posix/").removeprefix("right/")
        if name and is_zone(name):
            return name
    return "UTC"


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _make_folder(path: Path, made: list[Path]) -> None:
    if not path.is_dir():
        private_folder(path)
        made.append(path)


def _make_file(path: Path, text: str, made: list[Path], kept: list[Path]) -> None:
    """Writes a file of ours where there is none."""
    if path.exists():
        kept.append(path)
        return
    write_private(path, text)
    made.append(path)
