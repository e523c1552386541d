"""Which pages a home has, where each lies, and how the pages of one person lead to each other."""

import hashlib
import re
from enum import StrEnum
from typing import NamedTuple

RESERVED = frozenset({"con", "prn", "aux", "nul"}) | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Page(StrEnum):
    """The pages of one person, and the two over all people: who needs a word, and the mean of all."""

    TODAY = "today"
    WEEKS = "weeks"
    EVIDENCE = "evidence"
    SHEET = "sheet"
    CLINIC = "clinic"
    PEOPLE = "people"


OF_A_PERSON = (Page.TODAY, Page.WEEKS, Page.EVIDENCE, Page.SHEET)


class Links(NamedTuple):
    """The addresses of one person's pages, as seen from one of them."""

    today: str
    weeks: str
    evidence: str
    sheet: str
    of_month: str  # ends with the month and `after`
    after: str = ""
    clinic: str = ""  # of who sees several people; a page on the disk never tells of others

    def month(self, month: str) -> str:
        """The weeks of a month, as '2026-03'."""
        return f"{self.of_month}{month}{self.after}"


def file_links(folder: str = "") -> Links:
    """The links of pages on the disk; `folder` is the way from the page to the others, as 'report/me/'."""
    today, weeks, evidence, sheet = (f"{folder}{page}.html" for page in OF_A_PERSON)
    return Links(today, weeks, evidence, sheet, f"{folder}{Page.WEEKS}-", ".html")


def served_links(base: str, clinic: str = "") -> Links:
    """The links of pages of the server; `base` is the address of the person."""
    weeks, evidence, sheet = (f"{base}/{page}" for page in OF_A_PERSON[1:])
    return Links(base, weeks, evidence, sheet, f"{weeks}/", clinic=clinic)


def month_file(month: str) -> str:
    """The name of the page of a month."""
    return f"{Page.WEEKS}-{month}.html"


def folder_of(person: str) -> str:
    """The name of a person's folder of pages: the name itself where every system takes it, else a safe one."""
    if PLAIN_NAME.fullmatch(person) and person not in RESERVED:
        return person
    plain = re.sub(r"[^a-z0-9]+", "-", person.lower()).strip("-")[:30]
    return f"{plain or 'person'}-{hashlib.sha256(person.encode()).hexdigest()[:8]}"
