"""Text of others in Markdown: it is shown as it stands, and nothing in it is markup."""

import re

from recovery.words.terminal import printable

PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")  # what a backslash makes literal (CommonMark 2.4)
LEADING = re.compile(r"^ +")  # four would begin a block of code


def literal(text: str) -> str:
    r"""The text as one line of Markdown that shows it, as `\<b\>`; control characters are written out."""
    shown = PUNCTUATION.sub(r"\\\g<0>", printable(text))
    return LEADING.sub(lambda spaces: "&#32;" * len(spaces[0]), shown)
