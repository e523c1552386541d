"""How often answers like these are wrong: figures of docs/calibration.md, as circles of a hundred.

`measured.csv` is written by `python -m tests.calibration.study table`, together with that document. What is not in it
was not measured and is not shown.
"""

import csv
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from recovery.words import evidence as words

OTHER_DAYS = (15, 47)  # of 100 people who book on pain, of half a year and more: calibration-one-look.md, by day
HUNDRED = 100


class Measured(NamedTuple):
    """One figure of the study: a share of so many people, findings or ranges."""

    tried: int
    percent: float

    @property
    def up_to(self) -> float:
        """The upper end of its 95% interval in percent (Wilson 1927), of as many as were simulated."""
        share, z = self.percent / 100, 1.96
        middle = share + z * z / (2 * self.tried)
        half = z * math.sqrt(share * (1 - share) / self.tried + z * z / (4 * self.tried**2))
        return 100.0 * (middle + half) / (1 + z * z / self.tried)


class Wrong(NamedTuple):
    """One way to be wrong: a sentence, and of a hundred circles those filled and those only ringed."""

    sentence: str
    beside: str
    filled: int
    ringed: int  # after the filled ones: more cannot be ruled out

    @property
    def empty(self) -> int:
        """Circles of the hundred that are neither."""
        return HUNDRED - self.filled - self.ringed


@cache
def measured() -> dict[str, Measured]:
    """All figures by name."""
    text = files("recovery.report.evidence").joinpath("measured.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Measured(int(row["count"]), float(row["percent"])) for row in csv.DictReader(text.splitlines())
    }


def ways_to_be_wrong(*, has_main: bool) -> list[Wrong]:
    """What was measured, the commonest question first; `has_main`: recovery.toml names one number to decide first."""
    found = []
    known = measured()
    if one := known.get("found with a main number" if has_main else "found"):
        found.append(_wrong(words.found_without_effect(_whole(one.percent)), words.simulated_people(one.tried), one))
    low, high = OTHER_DAYS
    found.append(Wrong(words.other_days(low, high), words.OTHER_DAYS_CIRCLES, low, high - low))
    if one := known.get("denied"):
        found.append(_wrong(words.denied(_whole(one.percent)), words.simulated_people(one.tried), one))
    if one := known.get("taken back"):
        found.append(_wrong(words.taken_back(_whole(one.percent)), words.simulated_findings(one.tried), one))
    if one := known.get("build-up denied"):
        found.append(_wrong(words.build_up_denied(_whole(one.percent)), words.simulated_people(one.tried), one))
    return found


def sentences() -> list[str]:
    """Figures that need no circles."""
    known = measured()
    found = []
    if one := known.get("range holds"):
        found.append(words.range_holds(math.floor(one.percent), one.tried))
    if one := known.get("by lot found"):
        found.append(words.by_lot_found(_whole(one.percent), one.tried))
    return found


def _wrong(sentence: str, beside: str, one: Measured) -> Wrong:
    filled = _whole(one.percent)
    return Wrong(sentence, beside, filled, max(0, math.ceil(one.up_to) - filled))


def _whole(percent: float) -> int:
    """Whole circles, rounded up: never fewer than were wrong."""
    return math.ceil(percent - 1e-9)
