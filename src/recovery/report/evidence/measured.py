"""How often answers like these are wrong: figures of docs/calibration.md, as circles of a hundred.

`measured.csv` and `ways.csv` are written by `python -m tests.calibration.study table`, together with that document.
What is not in them was not measured and is not shown.
"""

import csv
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from recovery.report.evidence.booked import Booked
from recovery.vocabulary.bookings import GOOD_TIMES, Way
from recovery.words import evidence as words

OTHER_DAYS = (15, 47)  # of 100 people who book on pain, of half a year and more: calibration-one-look.md, by day
HUNDRED = 100
MIN_TRIED = 30  # people: of fewer a range says nearly nothing
ROOM = 1.1  # a figure of so many times a person's massages at most is told as that of people like them


class Measured(NamedTuple):
    """One figure of the study: a share of so many people, findings or ranges."""

    tried: int
    percent: float

    @property
    def at_least(self) -> int:
        """Whole ones of 100, the lower end of the 95% interval, rounded down."""
        return max(0, math.floor(self._ends[0] + 1e-9))

    @property
    def at_most(self) -> int:
        """The upper end, rounded up."""
        return min(HUNDRED, math.ceil(self.up_to - 1e-9))

    @property
    def up_to(self) -> float:
        """The upper end in percent, of as many as were simulated."""
        return self._ends[1]

    @property
    def _ends(self) -> tuple[float, float]:
        """The 95% interval in percent (Wilson 1927)."""
        share, z = self.percent / 100, 1.96
        middle = share + z * z / (2 * self.tried)
        half = z * math.sqrt(share * (1 - share) / self.tried + z * z / (4 * self.tried**2))
        scale = 1 + z * z / self.tried
        return 100.0 * (middle - half) / scale, 100.0 * (middle + half) / scale


class Missed(NamedTuple):
    """Of people to whom massages do something: whom an answer has not reached by so many massages."""

    massages: int
    of: Measured
    is_worth: bool  # what they do is just what would matter, else 0.4 of the day-to-day variation


class Wrong(NamedTuple):
    """One way to be wrong: a sentence, and of a hundred circles those filled and those only ringed."""

    sentence: str
    beside: str
    filled: int  # at least so many
    ringed: int  # after the filled ones: no more than both together

    @property
    def empty(self) -> int:
        """Circles of the hundred that are neither."""
        return HUNDRED - self.filled - self.ringed


def _read(name: str) -> list[dict[str, str]]:
    text = files("recovery.report.evidence").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def measured() -> dict[str, Measured]:
    """All figures of all ways to book by name."""
    return {row["name"]: Measured(int(row["count"]), float(row["percent"])) for row in _read("measured.csv")}


@cache
def of_way(way: str, figure: str) -> Measured | None:
    """A figure of one way to book; None where it was not measured."""
    return next((one for _, one in _of_way(way, figure)), None)


@cache
def missed(way: Way, *, has_main: bool) -> Sequence[Missed]:
    """By how many massages how many of a way are missed, the fewest massages first; empty where nobody was tried.

    Of an effect just worth having; where too few were tried with that, of one of 0.4 deviations.
    """
    both = [
        [Missed(int(massages), one, is_worth) for massages, one in _of_way(way, _named(figure, has_main=has_main))]
        for figure, is_worth in (("missed", True), ("missed of 0.4 deviations", False))
    ]
    enough = [found for found in both if found and found[0].of.tried >= MIN_TRIED]
    return next(iter(enough or filter(None, both)), [])


def _of_way(way: str, figure: str) -> Iterator[tuple[str, Measured]]:
    for row in _read("ways.csv"):
        if row["way"] == way and row["figure"] == figure:
            people = int(row["people"])
            yield row["massages"], Measured(people, 100 * int(row["count"]) / people)


def _named(figure: str, *, has_main: bool) -> str:
    return f"{figure} with a main number" if has_main else figure


def ways_to_be_wrong(booked: Booked, *, has_main: bool) -> list[Wrong]:
    """What was measured of people who book like this one, the commonest question first.

    `has_main`: recovery.toml names one number to decide first.
    """
    way, known, found = booked.way, measured(), list[Wrong]()
    all_found = _named("found", has_main=has_main)
    one = of_way(way, all_found) if way else known.get(all_found)
    if one:
        likely, worse = (of_way(way, _named(name, has_main=has_main)) if way else None for name in ("likely", "worse"))
        told = words.found_without_effect(
            _span(one), _span(likely) if likely else None, _span(worse) if worse else None
        )
        found.append(_wrong(told, words.simulated_people(one.tried), one))
    if way and (by := missed(way, has_main=has_main)):
        now, later = _around(by, booked.massages)
        told = words.missed_with_effect(
            words.effect_tried(way, is_worth=now.is_worth),
            now.massages,
            _span(now.of),
            (later.massages, _span(later.of)) if later else None,
        )
        found.append(_wrong(told, words.missed_circles(now.of.tried, now.massages), now.of))
    if way in words.BY_CALENDAR and (one := of_way(GOOD_TIMES, all_found)):
        found.append(_wrong(words.in_good_times(_span(one)), words.simulated_people(one.tried), one))
    low, high = OTHER_DAYS
    found.append(Wrong(words.other_days(low, high), words.OTHER_DAYS_CIRCLES, low, high - low))
    if one := known.get("denied"):
        found.append(_wrong(words.denied(_span(one)), words.simulated_people(one.tried), one))
    if one := known.get("taken back"):
        found.append(_wrong(words.taken_back(_span(one)), words.simulated_findings(one.tried), one))
    if one := known.get("build-up denied"):
        found.append(_wrong(words.build_up_denied(_span(one)), words.simulated_people(one.tried), one))
    return found


def how_booked(booked: Booked, *, has_main: bool) -> list[str]:
    """Of whom the figures are, and of what the study has none."""
    if booked.way is None:
        return [words.ALL_WAYS]
    may_differ = bool(booked.followed) and booked.way in words.BY_CALENDAR
    told = [(words.BY_CALENDAR if may_differ else words.LIKE_YOU)[booked.way]]
    if may_differ:
        told.append(words.no_figure(booked.followed))
    if not booked.is_pain_known:
        told.append(words.PAIN_NOT_KNOWN)
    if not missed(booked.way, has_main=has_main):
        told.append(words.NOBODY_TO_MISS)
    return told


def first_look(*, has_main: bool) -> str:
    """How often the first looks bring an answer, over all ways to book that were tried; '' where none was."""
    of_ways = [tried for way in Way if (tried := missed(way, has_main=has_main))]
    if not of_ways:
        return ""
    told = []
    for number in range(min(map(len, of_ways))):
        of_number = [by[number] for by in of_ways]
        found = [round(HUNDRED - one.of.percent) for one in of_number]
        massages = 10 * round(sum(one.massages for one in of_number) / len(of_number) / 10)
        told.append((massages, min(found), max(found)))
    return words.first_look_only(told[0], told[1:], is_worth=all(one.is_worth for by in of_ways for one in by))


def sentences() -> list[str]:
    """Figures that need no circles."""
    known = measured()
    found = []
    if one := known.get("range holds"):
        found.append(words.range_holds(math.floor(one.percent), one.tried))
    if one := known.get("by lot found"):
        found.append(words.by_lot_found(math.ceil(one.percent - 1e-9), one.tried))
    return found


def _around(by: Sequence[Missed], massages: int) -> tuple[Missed, Missed | None]:
    """The figure of about so many massages, or of the fewest, and the next one."""
    place = max((place for place, one in enumerate(by) if one.massages <= ROOM * massages), default=0)
    return by[place], by[place + 1] if place + 1 < len(by) else None


def _wrong(sentence: str, beside: str, one: Measured) -> Wrong:
    return Wrong(sentence, beside, one.at_least, one.at_most - one.at_least)


def _span(one: Measured) -> tuple[int, int]:
    return one.at_least, one.at_most
