"""What each reader says of itself: the README's table and `recovery formats` are made of this."""

import re
from typing import NamedTuple

from recovery.readers import MAPPED, readers
from recovery.words.say import say

TIME_RULES = {
    True: "local time where the file tells no offset: your zone, and your travel",
    False: say("the file's own: UTC or with an offset"),
}


class Format(NamedTuple):
    """One reader in words."""

    name: str
    label: str
    takes: str  # the first sentence of its docstring
    time_rule: str
    details: str  # all of its docstring


def formats() -> list[Format]:
    """Every reader, sorted by its name; the one for any other table comes last."""
    return [
        Format(
            name,
            reader.LABEL,
            first_sentence(reader.__doc__ or ""),
            TIME_RULES[reader.USES_LOCAL_TIME],
            (reader.__doc__ or "").strip(),
        )
        for name, reader in sorted(readers().items(), key=lambda item: (item[0] == MAPPED, item[0]))
    ]


def first_sentence(text: str) -> str:
    """A text up to its first full stop or colon, on one line."""
    return re.split(r"(?<=[.:])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".:")
