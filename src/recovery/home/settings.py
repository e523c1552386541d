"""What `recovery.toml` says, read once into one frozen dataclass."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.errors import HomeError, SettingsError
from recovery.home.folder import Home
from recovery.home.memory import LEAST_MEMORY_MB, MEMORY_MB, MOST_MEMORY_MB
from recovery.home.mends import MENDS, NO_MENDS, Mends, read_mends
from recovery.home.participants import NOT_TOLD, Part, parts_of
from recovery.home.people import names_to_people, person_named
from recovery.home.plans import PlanFile, plan_files
from recovery.home.table_mapping import KEYS, TableMapping, matches, parse_mapping
from recovery.vocabulary.families import PRIMARIES
from recovery.words.say import say

VALIDITY: Mapping[str, float] = {
    "min_worn_waking_min": 600.0,  # the field's rule of 10 h; GGIR's default would be 16 of 24 h
    "min_night_min": 180.0,  # a main sleep of 3 to 14 h makes a valid night
    "max_night_min": 840.0,
    "silent_days": 7.0,  # a source of which nothing is newer fell silent: `status` and the pages say so
}
FIRST_YEAR, LAST_YEAR = 2000, 2099  # before any wearable, and a date far ahead is a typing error
OWNER = "me"  # everything in the inbox that lies in no listed person's folder


@dataclass(frozen=True)
class Travel:
    """Days spent in another time zone; both dates count."""

    first: date
    last: date
    zone: str
    subject: str | None = None


@dataclass(frozen=True)
class Exclusion:
    """Days that count for nothing, and why; both dates count."""

    first: date
    last: date
    reason: str
    subject: str | None = None


@dataclass(frozen=True)
class Settings:
    """What `recovery.toml` says, with the defaults filled in."""

    home: Home
    home_time_zone: str = "UTC"
    people: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # names that logs have for a person
    shared_since: Mapping[str, date] = field(default_factory=dict)  # who agreed to stand on Clinic, by person
    parts: Mapping[str, Part] = field(default_factory=dict)  # arm and group in a study, by person
    travel: tuple[Travel, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    source_priority: tuple[str, ...] = ()
    validity: Mapping[str, float] = field(default_factory=lambda: dict(VALIDITY))
    goals: Mapping[str, float] = field(default_factory=dict)
    primaries: Mapping[str, str] = field(default_factory=lambda: dict(PRIMARIES))
    main: str | None = None  # the one of them that decides first; None = nobody named one
    log_complete_from: Mapping[str, date] = field(default_factory=dict)  # by the log's path, or its kind
    log_complete_until: Mapping[str, date] = field(default_factory=dict)
    tables: tuple[TableMapping, ...] = ()
    private_ignore: tuple[str, ...] = ()
    notify_command: tuple[str, ...] = ()
    memory_mb: float = MEMORY_MB  # that the private database may use
    plans: tuple[PlanFile, ...] = ()  # of trials, that lie in the home
    is_demo: bool = False  # the home holds invented data, and says so
    mends: Mends = NO_MENDS  # of inbox/mends.csv: what was said of rows that could not be read
    members: frozenset[str] | None = None  # of a shard: whom it works; None = everybody

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whose data are worked here: everybody's, and in a shard those of its people."""
        return tuple(name for name in self.everybody if self.members is None or name in self.members)

    @property
    def everybody(self) -> tuple[str, ...]:
        """Everyone whom recovery.toml knows, the owner first."""
        return (OWNER, *self.people)

    def part_of(self, person: str) -> Part:
        """The arm and the group of a person, as far as they are told."""
        return self.parts.get(person, NOT_TOLD)

    def shares(self, person: str, today: date) -> bool:
        """Whether a person has agreed that Clinic tells how far they are, counts and dates alone."""
        since = self.shared_since.get(person)
        return since is not None and since <= today

    @cached_property
    def names(self) -> dict[str, str]:
        """The person of each name that a log may have for one, for `people.person_named`."""
        return names_to_people({person: self.aliases.get(person, ()) for person in self.everybody})

    def subject_of(self, path: str) -> str:
        """Whose a path of the inbox is: a first folder named as a listed person or one's alias, else the owner's."""
        folder, separator, _ = path.partition("/")
        if not separator or folder in self.people:
            return folder if separator else OWNER
        return person_named(self.names, folder) or OWNER

    def is_elsewhere(self, folder: str) -> bool:
        """True if a folder of the inbox is that of a person whom another shard works: it is not looked into here."""
        person = self.subject_of(f"{folder}/")
        return self.members is not None and person != OWNER and person not in self.members

    def mapping_of(self, path: str) -> TableMapping | None:
        """How `[[tables]]` says a path of the inbox is to be read; of several the first counts."""
        return next((table for table in self.tables if matches(table.file, path)), None)

    def is_private(self, path: str) -> bool:
        """True if `[private]` says that a path of the inbox is never opened."""
        return any(matches(pattern, path) for pattern in self.private_ignore)


def load_settings(folder: Path) -> Settings:
    """The settings of a home.

    Raises HomeError where there is no home, SettingsError with the key and what it should be where a value is off.
    """
    home = Home(folder)
    try:
        text = home.settings.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise HomeError(
            say("No home at {folder}: recovery.toml is missing.", folder=folder),
            say("Make one with: recovery init --home {folder}", folder=folder),
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(say("{settings} cannot be read: {error}.", settings=home.settings, error=error)) from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            say("{settings} is not valid TOML: {error}.", settings=home.settings, error=error),
            say("Mend that line and run again."),
        ) from None
    return with_mends(parse(home, raw))


def with_mends(settings: Settings) -> Settings:
    """The settings with what inbox/mends.csv says now; nothing of it where `[private]` keeps the file closed."""
    mends = NO_MENDS if settings.is_private(MENDS) else read_mends(settings.home)
    return replace(settings, mends=mends)


def parse(home: Home, raw: Mapping[str, Any]) -> Settings:
    """Settings from the parsed TOML; every wrong key or value is a SettingsError that names it."""
    known = {
        "home_time_zone", "people", "travel", "exclusions", "sources", "validity", "goals",
        "limits", "log_complete_from", "log_complete_until", "notify", "primary", "tables", "private",
    }  # fmt: skip
    for key in raw:
        if key not in known:
            raise SettingsError(
                say("recovery.toml: unknown key {key!r}.", key=key),
                say("Known keys: {names}.", names=", ".join(sorted(known))),
            )
    people = tuple(_person(name) for name in _table(raw, "people") if name != OWNER)
    settings = Settings(
        home=home,
        aliases=_aliases(raw),
        shared_since=_shared_since(raw),
        parts=parts_of(_table(raw, "people")),
        home_time_zone=_zone("home_time_zone", raw.get("home_time_zone", "UTC")),
        people=people,
        travel=_travel(raw, people),
        exclusions=_exclusions(raw, people),
        source_priority=tuple(
            dict.fromkeys(_texts(raw, "sources", "priority", say('a list of names, as ["garmin", "fitbit"]')))
        ),
        validity=_validity(raw),
        primaries=_primaries(raw),
        main=_main(raw),
        goals={name: _number(f"[goals] {name}", value) for name, value in _table(raw, "goals").items()},
        log_complete_from=_dates_of_logs(raw, "log_complete_from"),
        log_complete_until=_dates_of_logs(raw, "log_complete_until"),
        tables=tuple(parse_mapping(row, _zone) for row in _rows(raw, "tables", KEYS)),
        private_ignore=_ignored(raw),
        notify_command=_texts(raw, "notify", "command", say('a list of words, as ["mail", "-s", "recovery"]')),
        memory_mb=_memory_mb(raw),
        plans=plan_files(home.trials),
        is_demo=home.demo_mark.is_file(),
    )
    _ = settings.names  # an alias of two people is an error of the file, not of a log
    return settings


def _dates_of_logs(raw: Mapping[str, Any], key: str) -> dict[str, date]:
    """A date for each log, by its path or its kind, all in the years that a log may speak of."""
    found = {path: _date(f"[{key}] {path}", value) for path, value in _table(raw, key).items()}
    for path, day in found.items():
        _check_year(f"[{key}] {path}", day)
    return found


def _aliases(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The names that logs have for each person, beside the name of the folder."""
    found: dict[str, tuple[str, ...]] = {}
    for person, value in _table(raw, "people").items():
        if not isinstance(value, dict):
            raise SettingsError(
                say("recovery.toml: people must be written as [people.{person}], once for each.", person=person)
            )
        _check_names(f"[people.{person}]", value, ("aliases", "shared_since", "arm", "group"))
        aliases = value.get("aliases", [])
        if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
            raise SettingsError(
                say(
                    "recovery.toml: [people.{person}] aliases must be a list of names, as {example}.",
                    person=person,
                    example='["Mrs M.", "M., Anna"]',
                )
            )
        if aliases:
            found[person] = tuple(aliases)
    return found


def _shared_since(raw: Mapping[str, Any]) -> dict[str, date]:
    """Since when a person agrees to stand on Clinic; of who does not there is no date."""
    found = {}
    for person, value in _table(raw, "people").items():
        if "shared_since" in value:
            key = f"[people.{person}] shared_since"
            found[person] = _date(key, value["shared_since"])
            _check_year(key, found[person])
    return found


def _travel(raw: Mapping[str, Any], people: Sequence[str]) -> tuple[Travel, ...]:
    return tuple(
        Travel(
            *_dates("[travel]", row),
            zone=_zone("[travel] zone", row.get("zone")),
            subject=_subject("[travel]", row, people),
        )
        for row in _rows(raw, "travel", ("from", "to", "zone", "person"))
    )


def _exclusions(raw: Mapping[str, Any], people: Sequence[str]) -> tuple[Exclusion, ...]:
    return tuple(
        Exclusion(
            *_dates("[exclusions]", row),
            reason=str(row.get("reason") or say("no reason told")),
            subject=_subject("[exclusions]", row, people),
        )
        for row in _rows(raw, "exclusions", ("from", "to", "reason", "person"))
    )


def _validity(raw: Mapping[str, Any]) -> dict[str, float]:
    """The thresholds of valid days and nights, with the defaults filled in."""
    validity = dict(VALIDITY)
    for name, value in _table(raw, "validity").items():
        if name not in VALIDITY:
            raise SettingsError(
                say("recovery.toml: [validity] {name!r} is unknown.", name=name), f"Known: {', '.join(VALIDITY)}."
            )
        validity[name] = _number(f"[validity] {name}", value)
    return validity


def _memory_mb(raw: Mapping[str, Any]) -> float:
    limits = _table(raw, "limits")
    for name in limits:
        if name != "memory_mb":
            raise SettingsError(
                say("recovery.toml: [limits] {name!r} is unknown.", name=name), say("Known: memory_mb.")
            )
    memory_mb = _number("[limits] memory_mb", limits.get("memory_mb", MEMORY_MB))
    if not LEAST_MEMORY_MB <= memory_mb <= MOST_MEMORY_MB:
        raise SettingsError(
            say(
                "recovery.toml: [limits] memory_mb must lie between {least} and {most}.",
                least=LEAST_MEMORY_MB,
                most=MOST_MEMORY_MB,
            )
        )
    return memory_mb


def _ignored(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The patterns of files that are never opened."""
    expected = say('a list of patterns, as ["diary*", "old/*"]')
    patterns = _texts(raw, "private", "ignore", expected)
    if not all(pattern.strip(" /") for pattern in patterns):
        raise SettingsError(say("recovery.toml: [private] ignore must be {expected}.", expected=expected))
    return tuple(pattern.strip() for pattern in patterns)


def _primaries(raw: Mapping[str, Any]) -> dict[str, str]:
    """The main metric of each family; whether such a metric exists is asked where the metrics are known."""
    chosen = {
        family: metric for family, metric in _table(raw, "primary", *PRIMARIES, "main").items() if family != "main"
    }
    for family, metric in chosen.items():
        if not isinstance(metric, str):
            raise SettingsError(
                say(
                    "recovery.toml: [primary] {family} must be a metric's name, not {metric!r}.",
                    family=family,
                    metric=metric,
                )
            )
    return {**PRIMARIES, **chosen}


def _main(raw: Mapping[str, Any]) -> str | None:
    """The one main metric that decides first; it is that of a family too."""
    main = _table(raw, "primary").get("main")
    metrics = _primaries(raw).values()
    if main is not None and main not in metrics:
        raise SettingsError(
            say(
                "recovery.toml: [primary] main must be one of {names}, not {metric!r}.",
                names=", ".join(metrics),
                metric=main,
            )
        )
    return main


def days_between(first: date, last: date) -> list[date]:
    """Every date from first to last, both counted."""
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def _table(raw: Mapping[str, Any], key: str, *known: str) -> Mapping[str, Any]:
    """A table of the file; with names, only these may stand in it."""
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise SettingsError(say("recovery.toml: {key} must be a table, written as [{key}].", key=key))
    if known:
        _check_names(f"[{key}]", value, known)
    return value


def _texts(raw: Mapping[str, Any], table: str, key: str, expected: str) -> tuple[str, ...]:
    """The list of texts under the only key of a table; empty where there is none."""
    texts = _table(raw, table, key).get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise SettingsError(
            say("recovery.toml: [{table}] {key} must be {expected}.", table=table, key=key, expected=expected)
        )
    return tuple(texts)


def _rows(raw: Mapping[str, Any], key: str, known: Sequence[str]) -> list[Mapping[str, Any]]:
    value = raw.get(key, [])
    if isinstance(value, dict):  # [travel] with rows = [...] or one entry
        value = value.get("rows", [value] if value else [])
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise SettingsError(say("recovery.toml: {key} must be written as [[{key}]], once for each entry.", key=key))
    for row in value:
        _check_names(f"[[{key}]]", row, known)
    return value


def _check_names(key: str, table: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in table:
        if name not in known:
            raise SettingsError(
                say("recovery.toml: {key} has an unknown key {name!r}.", key=key, name=name),
                f"Known: {', '.join(known)}.",
            )


def _subject(key: str, row: Mapping[str, Any], people: Sequence[str]) -> str | None:
    """Whom an entry is about; None = everybody."""
    person = row.get("person")
    if person is None or person in (OWNER, *people):
        return person
    raise SettingsError(
        say("recovery.toml: {key} person {person!r} is not known.", key=key, person=person),
        say("Use one of {names}, or list the person as [people.NAME].", names=", ".join((OWNER, *people))),
    )


def _person(name: str) -> str:
    if "/" in name or "\\" in name or name in ("", ".", ".."):
        raise SettingsError(
            say("recovery.toml: [people.{name}] cannot be a folder of the inbox.", name=name),
            say("Use a plain folder name."),
        )
    return name


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise SettingsError(say("recovery.toml: {key} must be a number, not {value!r}.", key=key, value=value))
    return float(value)


def _date(key: str, value: object) -> date:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise SettingsError(
            say("recovery.toml: {key} must be a date as 2026-05-01, not {value!r}.", key=key, value=value)
        ) from None


def _dates(key: str, row: Mapping[str, Any]) -> tuple[date, date]:
    first = _date(f"{key} from", row.get("from"))
    last = _date(f"{key} to", row.get("to", row.get("from")))
    if last < first:
        raise SettingsError(
            say("recovery.toml: {key} ends on {last}, before it begins on {first}.", key=key, last=last, first=first)
        )
    for day in (first, last):
        _check_year(key, day)
    return first, last


def _check_year(key: str, day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise SettingsError(
            say(
                "recovery.toml: {key} {day} is not in the years {first_year} to {last_year}.",
                key=key,
                day=day,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )


def _zone(key: str, value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            say("recovery.toml: {key} must be a time zone as 'Europe/Berlin', not {value!r}.", key=key, value=value)
        ) from None
