"""The days around a massage as bars that anybody can read, beside the answer they belong to.

The title, the sentence and the strong line are the answer of Today, from the same row of `effects`. The bars are plain
means, so the figure says what both give over the shaded days, and which of them counts where they part.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import duckdb

from recovery.answers.rows import Effect
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report.evidence.ticks import nice_ticks
from recovery.report.today import measured
from recovery.report.today.said import Told, told
from recovery.report.weeks.person import Person
from recovery.report.weeks.reading import Row
from recovery.vocabulary.families import MAIN_FAMILIES
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.units import unit_of
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Certainty, Word
from recovery.vocabulary.windows import AROUND_DAYS, DAYS_AFTER, main_window
from recovery.words import around as words
from recovery.words import numbers
from recovery.words import page as page_words
from recovery.words import today as today_words
from recovery.words.around import Found
from recovery.words.said import label, of_drawn_weeks

WIDTH, LEFT, STEP, BAR, MIDDLE, HALF = 372.0, 56.0, 21.0, 14.0, 104.0, 78.0
LEAST_DAYS = 3  # of the week before that have a mean, to compare with
WORTH_ROOM = 1.25  # the picture is at least so much taller than a change that would matter: noise then looks small
MOST_REACH = 3.0  # an interval longer than so many bars is cut: of a few massages it would flatten all others


class Tick(NamedTuple):
    """A line of the scale."""

    y: float
    label: str


class Scale(NamedTuple):
    """How a number is told: a value of the tables times `factor` is in this unit."""

    factor: float
    unit: str
    metric: str

    def change(self, value: float) -> str:
        """A change in words; what is less than half of the finest step is none."""
        said = abs(self.factor * value) * unit_of(self.unit, self.metric).factor
        if said < numbers.FINEST.get(self.unit, 0.0) / 2:
            return numbers.NO_CHANGE
        return numbers.change_alone(self.factor * value, self.unit, self.metric)

    def span(self, low: float, high: float) -> str:
        """A range in words."""
        return numbers.span(self.factor * low, self.factor * high, self.unit, self.metric)


class Figure(NamedTuple):
    """One main number around massages."""

    metric: str
    family: str
    title: str
    answer: str  # the sentence of Today's answer
    explained: str  # what the bars are, and what they give beside the answer
    is_apart: bool  # whether both part, so that it has to be said at once
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
    if "around_massage" not in person.relations:
        return []
    waking_min = measured.waking_min(connection, person.subject)
    days = _days(connection, person)
    found = []
    for family, metric in _main_metrics(settings, person):
        effect = person.answers.main(metric)
        one = told(effect, person.metrics[metric].title, waking_min) if effect else None
        if metric in days and (figure := _figure(person, family, metric, days[metric], one)):
            found.append(_beside_drawn(figure, one, person, waking_min))
    return found


def _beside_drawn(figure: Figure, one: Told | None, person: Person, waking_min: float | None) -> Figure:
    """A figure with the reason where Today tells the number of drawn weeks alone."""
    drawn = person.answers.drawn(figure.metric)
    change = told(drawn, "", waking_min).change if drawn else None
    if change is None or one is None or one.change is None:
        return figure
    return figure._replace(explained=f"{figure.explained} {of_drawn_weeks(one.change.size, change.size)}")


def _days(connection: duckdb.DuckDBPyConnection, person: Person) -> dict[str, dict[int, Row]]:
    """By metric and day the mean change against the week before each massage, as the pictures of Today have it."""
    has_interval = "ci_high" in person.relations.get("around_massage_summary", set())
    half_width = (
        "(select ci_high - mean from around_massage_summary as summary where summary.subject = around.subject"
        " and summary.metric = around.metric and summary.day_offset = around.day_offset)"
    )
    rows = query.rows(
        connection,
        "select around.subject, around.metric, around.day_offset, avg(around.change) as change, count(*) as n,"
        f" avg(around.baseline) as baseline, {half_width if has_interval else 'null'} as half_width"
        " from around_massage as around where around.subject = $1 and around.is_valid and not around.overlaps_another"
        " and around.change is not null and around.day_offset between -7 and 7"
        " group by around.subject, around.metric, around.day_offset order by around.metric, around.day_offset",
        [person.subject],
    )
    found: dict[str, dict[int, Row]] = {}
    for row in rows:
        found.setdefault(row["metric"], {})[row["day_offset"]] = row
    return found


def _main_metrics(settings: Settings, person: Person) -> Iterator[tuple[str, str]]:
    """By family its main number: the one that was answered, else the one of recovery.toml."""
    answered = {
        effect.family: effect.metric for effect in person.answers.judged() if effect.is_primary and effect.family
    }
    for family in MAIN_FAMILIES:
        metric = answered.get(family) or settings.primaries.get(family)
        if metric in person.metrics:
            yield str(family), str(metric)


def _figure(person: Person, family: str, metric: str, days: Mapping[int, Row], one: Told | None) -> Figure | None:
    before = [days[day] for day in AROUND_DAYS if day < 0 and day in days]
    if len(before) < LEAST_DAYS:
        return None
    known = person.metrics[metric]
    scale = Scale(one.factor, one.unit, one.metric) if one else Scale(1.0, known.unit, metric)
    shaded = one.window.lags if one else main_window(is_nightly=known.is_nightly).lags
    sizes = one.effect.sizes if one else None
    changes = {day: float(row["change"]) for day, row in days.items()}
    ends = {
        day: (changes[day] - row["half_width"], changes[day] + row["half_width"])
        for day, row in days.items()
        if row["half_width"] is not None
    }
    reach = _reach(changes, ends, sizes.estimate if sizes else None, one.effect.worth if one else None)
    in_shade = [days[day] for day in shaded if day in days]
    picture = _weighted(in_shade, "change") if in_shade else None
    drawn = scale.factor * unit_of(scale.unit, scale.metric).factor

    def y(value: float) -> float:
        return round(MIDDLE - max(-1.0, min(1.0, value / reach)) * HALF, 1)

    found = _found(one.effect if one else None)
    title = words.finding(metric, known.title, found, one.sure if one else Sure.TOO_EARLY)
    near = [(page_words.day_around(day), scale.change(changes[day])) for day in (0, *DAYS_AFTER) if day in changes]
    level = _level(scale, _weighted(before, "baseline"), known.unit, metric)
    return Figure(
        metric=metric,
        family=family,
        title=title,
        answer=_answer(one, found),
        explained=_explained(scale, level, picture, one),
        is_apart=picture is not None and sizes is not None and not sizes.low <= picture <= sizes.high,
        label=words.picture(title, near),
        on="".join(_bar(day, y(change), y(0.0)) for day, change in sorted(changes.items()) if day in shaded),
        off="".join(_bar(day, y(change), y(0.0)) for day, change in sorted(changes.items()) if day not in shaded),
        may="".join(f"M{_x(day) + BAR / 2:g} {y(low):g}V{y(high):g}" for day, (low, high) in sorted(ends.items())),
        ticks=[
            Tick(y(tick / drawn), f"{'+' if tick > 0 else '−'}{numbers.figure(abs(tick))}")
            for tick in nice_ticks(-reach * drawn, reach * drawn, 4)
            if tick and abs(tick) <= reach * drawn
        ],
        answer_y=y(sizes.estimate) if sizes and found not in (Found.REFUSED, Found.NONE) else None,
        shaded=(_x(shaded[0]) - (STEP - BAR) / 2, STEP * len(shaded)),
        up=words.more_is(known.better, metric),
        down=words.less_is(known.better),
        rows=[
            (
                page_words.day_around(day),
                scale.change(change),
                scale.span(*ends[day]) if day in ends else "",
                f"{days[day]['n']:,}",
            )
            for day, change in sorted(changes.items())
        ],
    )


def _level(scale: Scale, base: float, unit: str, metric: str) -> str:
    """What was usual in the week before; a share of the day as the minutes of it."""
    if scale.factor != 1.0:
        return numbers.level(scale.factor * base, scale.unit, scale.metric)
    return numbers.level(base, "steps" if metric == "steps" else unit, metric)


def _x(day: int) -> float:
    return LEFT + (day + 7) * STEP


def _bar(day: int, y: float, zero: float) -> str:
    height = y - zero if abs(y - zero) >= 1 else -1.0
    return f"M{_x(day):g} {zero:g}h{BAR:g}v{height:.1f}h-{BAR:g}z"


def _weighted(rows: Sequence[Row], column: str) -> float:
    """The mean over the days, each with as many massages as it has."""
    return float(sum(row[column] * row["n"] for row in rows) / sum(row["n"] for row in rows))


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


def _answer(one: Told | None, found: Found) -> str:
    """The answer in the words of Today."""
    if one is None or found is Found.NONE:
        return words.NO_ANSWER
    if one.change is None or found is Found.REFUSED:
        return words.CANNOT_BE_TOLD
    said = label(one.direction, one.sure)
    if found is Found.OPEN:
        return words.answer(said, today_words.open_short(one.alone))
    is_none = one.direction is Word.NO_BETTER
    sentence = (
        today_words.same_short(one.change)
        if one.direction is Word.NO_DIFFERENCE
        else today_words.changed_short(one.window, one.change, adds_up=one.adds_up, is_likely_none=is_none)
    )
    return words.answer(said, " ".join([sentence, *one.beside]))


def _explained(scale: Scale, level: str, picture: float | None, one: Told | None) -> str:
    sizes = one.effect.sizes if one else None
    if one is None or picture is None or sizes is None:
        return words.bars(level)
    of_picture, of_answer = scale.change(picture), scale.change(sizes.estimate)
    if not sizes.low <= picture <= sizes.high:
        return words.bars_apart(level, of_picture, of_answer)
    is_given_history = one.effect.estimate == one.effect.adjusted_estimate
    return words.bars_beside(level, of_picture, of_answer, is_given_history=is_given_history)
