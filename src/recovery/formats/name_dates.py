"""Files whose date stands in their name alone: two with the same content are two days, not one told twice.

Google Fit's quarter hours are such files: of days without a step all rows are alike.
"""

import hashlib
import re

DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?: ?\(\d+\))?\.csv$", re.IGNORECASE)
# Below the headings a time of day stands first, without a date.
TIMES_OF_DAY = re.compile(rb'[^\n]{1,4000}\n"?\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:?\d\d|Z)?"?[,;\t]')


def date_in_name(name: str) -> str:
    """The date at the end of a name such as `2026-05-04.csv` or `2026-05-04 (1).csv`; '' where there is none."""
    match = DATED.search(name)
    return match[1] if match else ""


def identity(name: str, head: bytes, sha256: str) -> str:
    """What tells this content from others: its SHA-256, and for a file whose rows have no date that of its name too."""
    day = date_in_name(name)
    if not day or not TIMES_OF_DAY.match(head):
        return sha256
    return hashlib.sha256(f"{sha256} {day}".encode()).hexdigest()
