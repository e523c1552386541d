"""The checks of the main answers: which did not pass, and all of them side by side."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.answers.rows import EffectCheck
from recovery.words import evidence as words
from recovery.words.effects import first_up


class Row(NamedTuple):
    """One check of all main numbers that it was asked of."""

    name: str
    states: list[bool | None]  # for each main number: passed, failed, or not asked
    sentences: list[str]


class Failed(NamedTuple):
    """What several numbers did not pass for the same reason."""

    checks: int  # one of each number
    sentence: str


class Checked(NamedTuple):
    """All checks of the main answers."""

    titles: list[str]  # of the numbers, in the order of `Row.states`
    rows: list[Row]
    passed: int
    asked: int
    failed: list[Failed]  # each with the numbers that it is about; their checks sum to those that did not pass


def checked(found: Mapping[str, Sequence[EffectCheck]]) -> Checked:
    """`found` are the checks of each main number by its title, in the order of the answers."""
    titles = list(found)
    by_name: dict[str, dict[str, EffectCheck]] = {}
    for title, checks in found.items():
        for check in checks:
            by_name.setdefault(check.name, {})[title] = check
    every = [check for checks in found.values() for check in checks]
    return Checked(
        titles=titles,
        rows=[
            Row(
                first_up(name),
                [asked[title].passed if title in asked else None for title in titles],
                [asked[title].sentence if title in asked else "" for title in titles],
            )
            for name, asked in by_name.items()
        ],
        passed=sum(check.passed for check in every),
        asked=len(every),
        failed=_failed(found),
    )


def _failed(found: Mapping[str, Sequence[EffectCheck]]) -> list[Failed]:
    """The same sentence of several numbers is told once."""
    of: dict[str, list[str]] = {}
    for title, checks in found.items():
        for check in checks:
            if not check.passed:
                of.setdefault(check.sentence, []).append(title)
    return [Failed(len(titles), words.failed_for(titles, sentence)) for sentence, titles in of.items()]
