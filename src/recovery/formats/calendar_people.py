"""Whose a massage of a calendar is: of whom the title, the categories, the description or the invitation names.

A calendar that lies in a person's folder is theirs. In one outside the folders an event that names one person and
nobody else is that person's; one that names several, or names somebody in words that leave open whose massage it was
("Massage with Bob"), is nobody's. What names nobody known is the owner's, unless strangers are invited: where
recovery.toml has several people, one of them may be meant by another name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import icalendar

from recovery.formats.calendar_titles import CANCELLED_WORDS
from recovery.formats.entries import Context
from recovery.formats.log_cells import NotReadableError
from recovery.formats.massage_words import MASSAGE_WORDS
from recovery.home.people import person_named, plain_words
from recovery.home.settings import OWNER
from recovery.words.say import say

MAX_NAME_WORDS = 4
_BETWEEN = re.compile(r"(?:[^\w'’.]|_)+|\.(?!\w)|\\[nN]")
_GENITIVE = re.compile(r"['’](?:s|S)?$")
_LABELLED = re.compile(
    r"^\W*(?:client|customer|patient|kundin|kunde|klientin|klient|patientin|gast|guest|invitee|teilnehmer|booked for|"
    r"cliente|paciente|paziente|klant|pacjent|for|für)\s*(?:name)?\s*[:=]\s*(\S[^\n]{0,80}?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
# Words beside a name that leave no doubt whose massage it was.
_PLAIN_WORDS = (
    "for fur pour para per voor til dla min mins minuten minutes minutos h std uhr am pm termin appointment session "
    "treatment behandlung seance cita thai sport sports deep tissue swedish hot stone stones back rucken ganzkorper "
    "full body klassisch relax relaxing aroma the der die das de la le"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())


class _Invited(NamedTuple):
    guests: Mapping[str, str | None]  # who is invited by name, and which person that is; None for a stranger
    organizer: str | None
    is_nobody_else: bool  # all of these are one person


class _Naming(NamedTuple):
    people: frozenset[str]
    is_plain: bool  # no other words stand beside the names


def whose(component: icalendar.Event, calendar: str, owners: frozenset[str], context: Context) -> str:
    """The person whose massage an event is.

    `calendar` is what the calendar or its file is called, `owners` are the addresses of whom it belongs to. Raises
    NotReadableError where the event may be somebody else's.
    """
    names = context.names
    belongs = _belongs_to(calendar, owners, names)
    own = next(iter(belongs)) if len(belongs) == 1 and context.subject == OWNER else context.subject
    title = _named(str(component.get("SUMMARY", "")), names)
    kinds = [_named(kind, names) for kind in _categories(component)]
    labels = [label[1] for label in _LABELLED.finditer(str(component.get("DESCRIPTION", "")))]
    labelled = {label: person_named(names, label) for label in labels}
    invited = _invited(component, owners, own, names)
    told = {*title.people, *(one for kind in kinds for one in kind.people), *filter(None, labelled.values())}
    people = {*told, *filter(None, [*invited.guests.values(), invited.organizer])}
    if context.subject != OWNER:
        if people - {context.subject}:
            raise _of_another(people - {context.subject}, context.subject)
        return context.subject
    if belongs and not people <= belongs:
        raise _not_told([*sorted(people), *sorted(belongs)])
    if not people:
        strangers = [name for name, person in {**labelled, **invited.guests}.items() if person is None]
        if len(belongs) > 1 or (strangers and not belongs and len(set(names.values())) > 1):
            raise _not_told([*strangers, *sorted(belongs)])
        return own
    is_plain = told <= {OWNER} or (title.is_plain and None not in labelled.values())
    is_alone = len(people) == 1 and (bool(told) or invited.is_nobody_else)
    if people != {OWNER} and not (is_plain and is_alone):
        raise _not_told(sorted(people))
    return next(iter(people))


def attendees(component: icalendar.Event) -> Sequence[icalendar.vCalAddress]:
    """The people who are invited; rooms are none."""
    found = component.get("ATTENDEE", [])
    return [
        one
        for one in (found if isinstance(found, list) else [found])
        if str(one.params.get("CUTYPE", "")).upper() not in ("ROOM", "RESOURCE")
    ]


def address_of(value: object) -> str:
    """'anna@example.com' of 'mailto:Anna@example.com'."""
    return re.sub("^mailto:", "", str(value).strip(), flags=re.IGNORECASE).lower()


def _name_and_address(value: object) -> tuple[str, str]:
    if value is None:
        return "", ""
    return str(getattr(value, "params", {}).get("CN", "")).strip('"'), address_of(value)


def _invited(component: icalendar.Event, owners: frozenset[str], own: str, names: Mapping[str, str]) -> _Invited:
    """Who is invited to an event and by whom; the addresses of `owners` are those of `own`."""

    def known(name: str, address: str) -> str | None:
        return _person_of(name, address, names) or (own if address in owners else None)

    people = [_name_and_address(one) for one in attendees(component)]
    guests = {name or address: known(name, address) for name, address in people if name or address}
    name, address = _name_and_address(component.get("ORGANIZER"))
    organizer = known(name, address) if name or address else None
    everybody = {*guests.values(), *([organizer] if name or address else [])}
    return _Invited(guests, organizer, len(everybody) == 1 and None not in everybody)


def _person_of(name: str, address: str, names: Mapping[str, str]) -> str | None:
    known = next((person for text in (name, address) if text and (person := person_named(names, text))), None)
    by_address = person_named(names, address.partition("@")[0]) if address else None
    return known or (by_address if by_address != OWNER else None)  # me@example.com is anybody's


def _belongs_to(calendar: str, owners: frozenset[str], names: Mapping[str, str]) -> frozenset[str]:
    """The people whose names a calendar or its file bears."""
    by_address = {person for address in owners if (person := _person_of("", address, names))}
    return _named(calendar, names).people | by_address


def _categories(component: icalendar.Event) -> Iterator[str]:
    found = component.get("CATEGORIES", [])
    for several in found if isinstance(found, list) else [found]:
        yield from (str(kind) for kind in several.cats)


def _named(text: str, names: Mapping[str, str]) -> _Naming:
    """The people whom a text names, and whether the rest of it leaves open what they have to do with the massage."""
    tokens = [token for token in _BETWEEN.split(text) if token]
    people: set[str] = set()
    rest: list[str] = []
    place = 0
    while place < len(tokens):
        for count in range(min(MAX_NAME_WORDS, len(tokens) - place), 0, -1):
            gram = tokens[place : place + count]
            if person := _person_in(gram, names):
                people.add(person)
                break
        else:
            count = 1
            token = tokens[place]
            rest.append(token)
            if token.endswith("s") and len(token) > 3 and (person := person_named(names, token[:-1])):
                people.add(person)  # 'Annas Massage', but also another 'Annas': so it is no plain word
        place += count
    return _Naming(frozenset(people), all(_is_plain(token) for token in rest) or not people)


def _person_in(gram: Sequence[str], names: Mapping[str, str]) -> str | None:
    text = _GENITIVE.sub("", " ".join(gram))
    if len(text) < 2 and f"={text}" not in names:
        return None
    return person_named(names, text) or (person_named(names, f"{gram[1]} {gram[0]}") if len(gram) == 2 else None)


def _is_plain(token: str) -> bool:
    word = plain_words(token)
    return (
        not word
        or word in _PLAIN
        or any(letter.isdigit() for letter in word)
        or bool(MASSAGE_WORDS.search(word) or CANCELLED_WORDS.search(word))
    )


def _of_another(people: set[str], owner: str) -> NotReadableError:
    return NotReadableError(
        say(
            "the event names {people}, but its calendar lies in the folder of {owner}",
            people=", ".join(sorted(people)),
            owner=owner,
        )
    )


def _not_told(names: Sequence[str]) -> NotReadableError:
    return NotReadableError(
        say(
            "the event names {names}, and does not tell whose massage it was; put the calendar into the folder of its"
            " person, or write the names into the aliases of their people in recovery.toml",
            names=", ".join(dict.fromkeys(name[:60] for name in names if name)),
        )
    )
