"""The looks at each main number: when an answer was first said, whether it stands, and a picture of the ranges."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.effects.looks import Event
from recovery.published import query
from recovery.vocabulary.verdicts import Certainty, Word
from recovery.words import evidence as words
from recovery.words import said

WIDTH, HEIGHT, EDGE = 340, 96, 6
ROOM = 1.1  # of the scale beyond the newest range that it has to show
EARLY = 3.0  # newest ranges wide, at most: the first ones are far wider and are cut


class Look(NamedTuple):
    """One look, as it is published; sizes in the number's unit."""

    local_date: date
    n_massages: int
    word: str
    certainty: str
    event: str
    low: float | None
    high: float | None
    worth: float | None


class Range(NamedTuple):
    """The range of one look, turned so that better is up."""

    place: int
    low: float
    high: float
    stands: bool  # whether an answer stood


class Picture(NamedTuple):
    """The ranges of all looks as two paths; y grows downwards, better is up."""

    stood: str  # of looks at which an answer stood
    open: str
    zero_y: float
    worth_y: float | None
    label: str


class History(NamedTuple):
    """The looks at one number."""

    told: list[str]  # sentences, oldest first
    picture: Picture | None


def looks_of(connection: duckdb.DuckDBPyConnection, subject: str) -> dict[str, list[Look]]:
    """The looks of one person by metric, oldest first; empty where an earlier version published none."""
    if not query.has_column(connection, "looks", "event"):
        return {}
    found: dict[str, list[Look]] = {}
    for metric, *columns in connection.execute(
        "select metric, local_date, n_massages, word, certainty, event, low, high, worth from looks where subject = ?"
        " order by metric, look",
        [subject],
    ).fetchall():
        found.setdefault(metric, []).append(Look(*columns))
    return found


def history(title: str, better: str, looks: Sequence[Look]) -> History:
    """What the looks at one number say; `better` is up, down or none."""
    return History(list(_told(looks)), _picture(title, better, looks))


def _told(looks: Sequence[Look]) -> Iterator[str]:
    last = None
    for place, look in enumerate(looks):
        if (told := _of_event(look)) is not None:
            last = place
            yield words.look(look.local_date, look.n_massages, told)
    if last is None:
        yield words.nothing_said(len(looks))
    elif looks[last].event not in (Event.WITHDRAWN, Event.NO_LONGER_RULED_OUT):
        yield words.still_stands(len(looks) - 1 - last)


def _of_event(look: Look) -> str | None:
    """What a look changed, as the end of a sentence; None where it changed nothing."""
    label = said.LABELS[Word(look.word)].lower()
    match look.event:
        case Event.FOUND:
            return words.found(label)
        case Event.FOUND_AGAIN:
            return words.found_again(label)
        case Event.WITHDRAWN:
            return words.withdrawn()
        case Event.RULED_OUT:
            return words.ruled_out(label)
        case Event.WITHDRAWN_AND_RULED_OUT:
            return words.withdrawn_and_ruled_out(label)
        case Event.NO_LONGER_RULED_OUT:
            return words.no_longer_ruled_out()
    return None


def _picture(title: str, better: str, looks: Sequence[Look]) -> Picture | None:
    """None where fewer than two looks have a range."""
    ranges = [found for place, look in enumerate(looks) if (found := _range(place, look, better))]
    if len(ranges) < 2:
        return None
    worth = (looks[-1].worth or 0.0) if better != "none" else 0.0
    reach = EARLY * max(abs(ranges[-1].low), abs(ranges[-1].high), ROOM * worth)
    top = max(min(max(one.high for one in ranges), reach), ROOM * worth, 0.0)
    bottom = min(max(min(one.low for one in ranges), -reach), 0.0)

    def y(value: float) -> float:
        share = (top - max(bottom, min(top, value))) / ((top - bottom) or 1.0)
        return round(EDGE + share * (HEIGHT - 2 * EDGE), 1)

    def path(*, stands: bool) -> str:
        step = (WIDTH - 2 * EDGE) / len(looks)
        drawn = [one for one in ranges if one.stands == stands]
        return "".join(f"M{EDGE + (one.place + 0.5) * step:.1f} {y(one.high):g}V{y(one.low):g}" for one in drawn)

    return Picture(
        path(stands=True),
        path(stands=False),
        y(0.0),
        y(worth) if worth else None,
        words.looks_drawn(title, len(looks), looks[0].local_date, looks[-1].local_date),
    )


def _range(place: int, look: Look, better: str) -> Range | None:
    if look.low is None or look.high is None:
        return None
    low, high = (-look.high, -look.low) if better == "down" else (look.low, look.high)
    return Range(place, low, high, look.word != Word.UNKNOWN and look.certainty == Certainty.CLEAR)
