"""Who a name in a log is: a person of recovery.toml, or one of the names that `aliases` says of a person.

Names are compared without capitals, accents, spaces and punctuation, and 'Meyer, Anna' is 'Anna Meyer'. Nothing else is
guessed: 'Mrs Meyer' and 'A. Meyer' are other names, until they stand in `aliases`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from recovery.errors import SettingsError
from recovery.words.say import say


def plain_words(text: str) -> str:
    """A text without capitals, accents and punctuation, its words with one space between: 'Señor  B.' -> 'senor b'."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def names_to_people(aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The person of each name, for `person_named`; `aliases` has everybody, also who has no alias.

    Raises SettingsError where an alias is the name of two people, or has no letter. Two people whose own names are
    alike are told apart by their exact spelling only, see `person_named`.
    """
    owners: dict[str, set[str]] = {}
    for person in aliases:
        owners.setdefault(name_key(person), set()).add(person)
    found = {key: person for key, people in owners.items() for person in people if len(people) == 1}
    for person, names in aliases.items():
        for name in names:
            key = name_key(name)
            if not key:
                raise SettingsError(
                    say("recovery.toml: the alias {name!r} of {person} has no letter.", name=name, person=person)
                )
            other = next((one for one in (found.get(key), *owners.get(key, ())) if one not in (None, person)), None)
            if other:
                raise SettingsError(
                    say(
                        "recovery.toml: the name {name!r} is said to be of two people, {other} and {person}.",
                        name=name,
                        other=other,
                        person=person,
                    ),
                    say("Leave it in the aliases of one of them."),
                )
            found[key] = person
    return found | {f"={person}": person for person in aliases}  # no key has a "="


def person_named(names: Mapping[str, str], name: str) -> str | None:
    """The person whom a name of a log means, by `names_to_people`; None where nobody or more than one is meant."""
    return names.get(f"={name.strip()}") or names.get(name_key(name))


def name_key(name: str) -> str:
    """What names are compared by; '' where nothing in it is a letter or a digit."""
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma and "," not in first and plain_words(first) else name
    return plain_words(turned).replace(" ", "")
