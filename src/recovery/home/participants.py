"""What `recovery.toml` says of who takes part in a study: the arm and the subgroup of each person."""

from collections.abc import Mapping
from typing import NamedTuple

from recovery.errors import SettingsError
from recovery.words.say import say
from recovery.words.terminal import printable

MOST_LETTERS = 40  # an arm is a word or two, and stands in tables and sentences


class Part(NamedTuple):
    """The arm of a person, and the group they are counted with beside it; None where nothing is told."""

    arm: str | None = None
    subgroup: str | None = None


NOT_TOLD = Part()


def parts_of(people: Mapping[str, Mapping[str, object]]) -> dict[str, Part]:
    """The parts of those of whom `[people.NAME]` tells one.

    Raises SettingsError where an arm or a group is no word: empty, longer than 40 letters, with characters that nobody
    sees, or `all`, which stands for everybody.
    """
    found = {}
    for person, told in people.items():
        part = Part(*(_word(person, key, told[key]) if key in told else None for key in ("arm", "group")))
        if part != NOT_TOLD:
            found[person] = part
    return found


def _word(person: str, key: str, value: object) -> str:
    if isinstance(value, str):
        word = value.strip()
        if 0 < len(word) <= MOST_LETTERS and word == printable(word) and word != "all":
            return word
    raise SettingsError(
        say(
            "recovery.toml: [people.{person}] {key} must be a name of at most {letters} letters, not {value!r}.",
            person=person,
            key=key,
            letters=MOST_LETTERS,
            value=value,
        )
    )
