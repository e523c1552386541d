"""The days around a massage as bars that anybody can read, beside the answer they belong to.

The title, the sentence and the thick line are the answer of Today, from the same row of `effects`. The bars are plain
means, so the figure says what both give over the shaded days, and which of them counts where they part.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import duckdb

from recovery.answers.rows import Effect
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report.answers import has
from recovery.report.bars import in_words
from recovery.report.evidence.ticks import nice_ticks
from recovery.report.weeks.person import Person
from recovery.report.weeks.reading import Row
from recovery.vocabulary.families import MAIN_FAMILIES
from recovery.vocabulary.units import unit_of
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Certainty, Word
from recovery.vocabulary.windows import AROUND_DAYS, DAYS_AFTER, Window
from recovery.words import around as words
from recovery.words import numbers
from recovery.words import page as page_words
from recovery.words.around import Found
from recovery.words.said import label

WIDTH, LEFT, STEP, BAR, MIDDLE, HALF = 372.0, 56.0, 21.0, 14.0, 104.0, 78.0
LEAST_DAYS = 3  # of the week before that have a mean, to compare with
WORTH_ROOM = 1.25  # the picture is at least so much taller than a change that would matter: noise then looks small
MOST_REACH = 3.0  # an interval longer than so many bars is cut: of a few massages it would flatten all others


class Tick(NamedTuple):
    """A line of the scale."""

    y: float
    label: str


class Figure(NamedTuple):
    """One main number around massages."""

    metric: str
    family: str
    title: str
    answer: str  # the sentence of Today's answer
    explained: str  # what the bars are, and what they give beside the answer
    label: str  # the picture in a sentence
    on: str  # the bars of the shaded days, those of the others, and the lines of where they may lie, as SVG paths
    off: str
    may: str
    ticks: list[Tick]
    answer_y: float | None
    shaded: tuple[float, float]  # x and width
    up: str
    down: str
    rows: list[tuple[str, str, str, str]]  # day, against the week before, where it may well lie, massages


def figures(connection: duckdb.DuckDBPyConnection, settings: Settings, person: Person) -> list[Figure]:
    """The figures of the main numbers; a number with too few days around massages has none."""
    if not has(connection, "around_massage_summary"):
        return []
    means: dict[str, dict[int, Row]] = {}
    for row in query.rows(
        connection,
        "select * from around_massage_summary where subject = $1 and mean is not null order by metric, day_offset",
        [person.subject],
    ):
        means.setdefault(row["metric"], {})[row["day_offset"]] = row
    return [
        figure
        for family, metric in _main_metrics(settings, person)
        if metric in means and (figure := _figure(person, family, metric, means[metric]))
    ]


def _main_metrics(settings: Settings, person: Person) -> Iterator[tuple[str, str]]:
    """By family its main number: the one that was answered, else the one of recovery.toml."""
    answered = {
        effect.family: effect.metric for effect in person.answers.judged() if effect.is_primary and effect.family
    }
    for family in MAIN_FAMILIES:
        metric = answered.get(family) or settings.primaries.get(family)
        if metric in person.metrics:
            yield str(family), str(metric)


def _figure(person: Person, family: str, metric: str, means: Mapping[int, Row]) -> Figure | None:
    before = [means[day] for day in AROUND_DAYS if day < 0 and day in means]
    if len(before) < LEAST_DAYS:
        return None
    base = _weighted(before)
    known = person.metrics[metric]
    shaded = [0] if known.is_nightly else [*DAYS_AFTER]
    effect = person.answers.main(metric)
    sizes = effect.sizes if effect else None
    changes = {day: row["mean"] - base for day, row in means.items() if day in AROUND_DAYS}
    ends = {day: (row["ci_low"] - base, row["ci_high"] - base) for day, row in means.items() if _has_interval(row)}
    reach = _reach(changes, ends, sizes.estimate if sizes else None, effect.worth if effect else None)
    factor = unit_of(known.unit, metric).factor
    in_shade = [means[day] for day in shaded if day in means]
    picture = _weighted(in_shade) - base if in_shade else None

    def y(value: float) -> float:
        return round(MIDDLE - max(-1.0, min(1.0, value / reach)) * HALF, 1)

    def told(value: float) -> str:
        return numbers.change_alone(value, known.unit, metric)

    title = words.finding(metric, known.title, _found(effect))
    return Figure(
        metric=metric,
        family=family,
        title=title,
        answer=_answer(effect),
        explained=_explained(known.unit, metric, base, picture, effect),
        label=words.picture(
            title,
            [(page_words.day_around(day), told(changes[day])) for day in (0, *DAYS_AFTER) if day in changes],
        ),
        on="".join(_bar(day, y(change), y(0.0)) for day, change in sorted(changes.items()) if day in shaded),
        off="".join(_bar(day, y(change), y(0.0)) for day, change in sorted(changes.items()) if day not in shaded),
        may="".join(f"M{_x(day) + BAR / 2:g} {y(low):g}V{y(high):g}" for day, (low, high) in sorted(ends.items())),
        ticks=[
            Tick(y(tick / factor), f"{'+' if tick > 0 else '−'}{numbers.figure(abs(tick))}")
            for tick in nice_ticks(-reach * factor, reach * factor, 4)
            if tick and abs(tick) <= reach * factor
        ],
        answer_y=y(sizes.estimate) if sizes and _found(effect) not in (Found.REFUSED, Found.NONE) else None,
        shaded=(_x(shaded[0]) - (STEP - BAR) / 2, STEP * len(shaded)),
        up=words.more_is(known.better, metric),
        down=words.less_is(known.better),
        rows=[
            (
                page_words.day_around(day),
                told(change),
                numbers.span(*ends[day], known.unit, metric) if day in ends else "",
                f"{means[day]['n']:,}",
            )
            for day, change in sorted(changes.items())
        ],
    )


def _x(day: int) -> float:
    return LEFT + (day + 7) * STEP


def _bar(day: int, y: float, zero: float) -> str:
    height = y - zero if abs(y - zero) >= 1 else -1.0
    return f"M{_x(day):g} {zero:g}h{BAR:g}v{height:.1f}h-{BAR:g}z"


def _has_interval(row: Row) -> bool:
    return row.get("ci_low") is not None and row.get("ci_high") is not None


def _weighted(rows: Sequence[Row]) -> float:
    """The mean over the days, each with as many massages as it has."""
    return float(sum(row["mean"] * row["n"] for row in rows) / (sum(row["n"] for row in rows) or 1))


def _reach(
    changes: Mapping[int, float],
    ends: Mapping[int, tuple[float, float]],
    estimate: float | None,
    worth: float | None,
) -> float:
    """How far the scale goes either way."""
    tallest = max(*(abs(change) for change in changes.values()), abs(estimate or 0.0), WORTH_ROOM * (worth or 0.0), 0.0)
    longest = max((abs(end) for pair in ends.values() for end in pair), default=0.0)
    return 1.05 * max(tallest, min(longest, MOST_REACH * tallest)) or 1.0


def _found(effect: Effect | None) -> Found:
    """What the answer says of the number itself: up, down, the same, open."""
    if effect is None or effect.direction is None or effect.certainty is None:
        return Found.NONE
    if effect.certainty == Certainty.CANNOT_TELL:
        return Found.REFUSED
    direction = Word(effect.direction)
    if direction is Word.UNKNOWN:
        return Found.OPEN
    if direction in (Word.MORE, Word.LESS):
        return Found.UP if direction is Word.MORE else Found.DOWN
    if direction in FOR_THE_BETTER or direction in FOR_THE_WORSE:
        return Found.UP if (direction in FOR_THE_BETTER) == (effect.better != "down") else Found.DOWN
    return Found.NOT_BETTER if direction is Word.NO_BETTER else Found.SAME


def _answer(effect: Effect | None) -> str:
    found = in_words(effect) if effect else None
    if effect is None or effect.certainty is None:
        return words.NO_ANSWER
    if found is None or effect.certainty == Certainty.CANNOT_TELL:
        return words.CANNOT_BE_TOLD
    said = label(Word(effect.direction or Word.UNKNOWN), Certainty(effect.certainty))
    return words.answer(said, found, Window(effect.window).phrase)


def _explained(unit: str, metric: str, base: float, picture: float | None, effect: Effect | None) -> str:
    level = numbers.level(base, unit, metric)
    sizes = effect.sizes if effect else None
    if picture is None or sizes is None:
        return words.bars(level)
    of_picture = numbers.change_alone(picture, unit, metric)
    of_answer = numbers.change_alone(sizes.estimate, unit, metric)
    if sizes.low <= picture <= sizes.high:
        is_given_history = effect is not None and effect.estimate == effect.adjusted_estimate
        return words.bars_beside(level, of_picture, of_answer, is_given_history=is_given_history)
    return words.bars_apart(level, of_picture, of_answer)
