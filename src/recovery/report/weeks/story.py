"""The story of a day: sentences, minutes, what was measured, written down and left out, and where numbers come from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from recovery.report.answers import Metric
from recovery.report.weeks.lanes import DAY_MIN, Lanes, lanes_by_date
from recovery.report.weeks.person import Day, Person
from recovery.report.weeks.reading import FATES, MonthRows, Row
from recovery.vocabulary.metrics import IN_WAKING_HOURS
from recovery.vocabulary.summed_metrics import OF_LEDGER, UNUSED
from recovery.vocabulary.units import unit_of
from recovery.words import nights, numbers
from recovery.words import weeks as words

NOT_SHOWN = (  # made of numbers that stand beside, or told in a sentence
    "active_hours", "is_bed_day", "midpoint_local", "mood_valence", "movement_rest_ratio", "onset_local",
    "regularity_index", "rest_share", "wake_local",
)  # fmt: skip
FIRST = (  # the others follow by name
    "steps", "distance_m", "moving_min", "still_min", "asleep_min", "in_bed_min", "deep_min", "light_min", "rem_min",
    "awakenings", "resting_heart_rate_bpm", "sleeping_heart_rate_bpm", "active_energy_kcal",
)  # fmt: skip
TRACED = ("steps", "asleep_min", "still_min")  # numbers whose origin is told
NOT_WHEN_NONE = ("nap_min", "vigorous_min", "moderate_min", "floors")
MOST_DAYS_AFTER = 7  # since a massage, that are told


class Limits(NamedTuple):
    """How much of a day is told; the database has all."""

    measured: int  # numbers
    left_out: int  # lines
    letters: int  # of one field that somebody wrote


GENEROUS, TIGHT = Limits(16, 6, 300), Limits(10, 3, 80)
MOST_LETTERS = 36_000  # told of the days of a month, before the tight limits hold: a page is to stay light


class Story(NamedTuple):
    """One day."""

    day: date
    anchor: str
    title: str
    sentences: list[str]
    lanes: Lanes | None
    measured: list[tuple[str, list[str]]]  # source, its numbers
    logged: list[tuple[str, str]]  # label, what was written
    left_out: list[str]
    origin: list[str]
    before: str  # anchors of the days beside it in the month; '' where there are none
    after: str
    metrics: list[str]  # that are shown of it


def anchor_of(day: date) -> str:
    """The name of a day's story in its page."""
    return f"d{day}"


def stories_of(person: Person, month_days: Sequence[date], rows: MonthRows) -> list[Story]:
    """The stories of the days of a month of which anything is known, oldest first."""
    told = [day for day in month_days if day in person.days and (person.days[day].is_known or day in rows.runs)]
    lanes = lanes_by_date(rows.runs)
    anchors = ["", *(anchor_of(day) for day in told), ""]

    def stories(limits: Limits) -> list[Story]:
        return [
            _story(person, day, rows, lanes.get(day), (anchors[place], anchors[place + 2]), limits)
            for place, day in enumerate(told)
        ]

    found = stories(GENEROUS)
    return found if sum(map(_letters, found)) <= MOST_LETTERS else stories(TIGHT)


def _letters(story: Story) -> int:
    """How much is told of a day besides its lanes."""
    measured = [level for _, levels in story.measured for level in levels]
    written = [text for _, text in story.logged]
    return sum(map(len, [*story.sentences, *measured, *written, *story.left_out, *story.origin]))


def _story(
    person: Person, day: date, rows: MonthRows, lanes: Lanes | None, beside: tuple[str, str], limits: Limits
) -> Story:
    values, of_day = rows.metrics.get(day, ()), rows.daily.get(day, {})
    logged = [*_logged_massages(rows.massages.get(day, ())), *_logged_day(rows.diary.get(day, {}))]
    return Story(
        day=day,
        anchor=anchor_of(day),
        title=words.day_title(day),
        sentences=[words.cut(sentence, 2 * limits.letters) for sentence in _sentences(person, day, rows, lanes)],
        lanes=lanes,
        measured=_measured(person.metrics, of_day, values, limits.measured),
        logged=[(label, words.cut(text, limits.letters)) for label, text in logged],
        left_out=[
            words.cut(line, 2 * limits.letters)
            for line in _left_out(person.metrics, rows.ledger.get(day, ()), limits.left_out)
        ],
        origin=[*_origin(person.metrics, day, rows)],
        before=beside[0],
        after=beside[1],
        metrics=[row["metric"] for row in values if row["metric"] not in NOT_SHOWN],
    )


def _sentences(person: Person, day: date, rows: MonthRows, lanes: Lanes | None) -> Iterator[str]:
    shown, of_day = person.days[day], rows.daily.get(day, {})
    massages = rows.massages.get(day, ())
    for row in massages:
        yield from _massage(row)
    if late := rows.late.get(day):
        yield words.goes_on_until(_clock(late))
    since = of_day.get("days_since_massage")
    if not shown.massages and since is not None and 0 < since <= MOST_DAYS_AFTER:
        yield words.after_massage(since)
    if shown.is_unknown:
        for row in rows.unknown.get(day, ()):
            yield words.perhaps_massage(words.written(row["place"]), words.written(row["path"]))
    if shown.pain is not None:
        yield words.pain(shown.pain, shown.pain_from)
    elif person.has_pain:
        yield words.PAIN_NOT_TOLD
    yield words.NO_STEPS if shown.steps is None else words.steps(shown.steps, person.usual_steps)
    if person.has_nights:
        yield from _night(shown, of_day, rows.nights.get(day, ()))
    if lanes and lanes.length != DAY_MIN:
        yield words.hours_of_day(lanes.length)
    yield from _validity(of_day)


def _massage(row: Row) -> Iterator[str]:
    if row["status"] != "attended":
        yield words.not_attended(words.written(row["status"] or "?"))
        return
    start = row["start_local"]
    minutes = row["massage_min"]
    details = [numbers.level(minutes, "min")] if minutes else []
    details += [words.written(row[column]) for column in ("technique", "areas") if row.get(column)]
    yield words.massage(_clock(start) if start else "", details)
    if pain := words.pain_around(row.get("pain_before"), row.get("pain_after")):
        yield pain


def _night(shown: Day, of_day: Row, found: Sequence[Row]) -> Iterator[str]:
    main = [row for row in found if row["ordinal"] == 1]
    if main and shown.asleep_min is not None:
        yield words.slept(shown.asleep_min, _of_midnight(main[0]["onset_local"]), _of_midnight(main[0]["wake_local"]))
        if of_day.get("is_night_complete") is False:
            yield words.NIGHT_NOT_COMPLETE
    elif shown.asleep_min is None:
        yield words.NIGHT_INFERRED if of_day.get("night_status") == "inferred" else words.NO_NIGHT
    naps = sum(row["asleep_min"] or 0.0 for row in found if row["ordinal"] != 1)
    if naps:
        yield words.napped(naps)


def _validity(of_day: Row) -> Iterator[str]:
    if of_day.get("excluded_for"):
        yield words.excluded(words.written(of_day["excluded_for"]))
    elif of_day.get("incomplete_sources"):
        yield words.not_over(words.sources(of_day["incomplete_sources"]))
    elif of_day.get("is_valid_day") is False:
        yield words.not_compared(of_day.get("worn_waking_min"))


def _measured(
    metrics: Mapping[str, Metric], of_day: Row, values: Sequence[Row], most: int
) -> list[tuple[str, list[str]]]:
    """By source the numbers of a day in words, the diary's left out: they stand as they were written."""
    found: dict[str, list[str]] = {}
    place = {metric: number for number, metric in enumerate(FIRST)}
    for row in sorted(values, key=lambda row: (place.get(row["metric"], len(FIRST)), row["metric"])):
        metric = row["metric"]
        if metric in NOT_SHOWN or row["source"] == "diary" or metric not in metrics:
            continue
        if (not row["value"] and metric in NOT_WHEN_NONE) or sum(map(len, found.values())) == most:
            continue
        title = words.short_title(metric, metrics[metric].title)
        level = _level(row["value"], row["unit"], metric).removesuffix(f" {title.lower()}")
        told = words.measured(title, level)
        if metric in IN_WAKING_HOURS and of_day.get("rest_from_hour") is not None:
            told = words.in_hours(told, of_day["rest_from_hour"], of_day["rest_to_hour"])
        found.setdefault(row["source"] or "", []).append(told)
    return [(words.sources(source), levels) for source, levels in found.items()]


def _level(value: float, unit: str, metric: str) -> str:
    if unit == "min" and not metric.endswith("_local"):
        return words.duration(value)
    return numbers.level(value, unit, metric)


def _logged_massages(massages: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """What the list of massages tells beyond the sentence."""
    for row in massages:
        for column, label in words.MASSAGE_LOG.items():
            if column not in ("technique", "areas") and row.get(column) not in (None, ""):
                yield label, words.written(row[column])


def _logged_day(row: Row) -> Iterator[tuple[str, str]]:
    for column, label in words.DIARY.items():
        value = row.get(column)
        if value is None or value == "" or column == "pain":  # a sentence tells it
            continue
        yield label, words.yes_no(value) if column in words.YES_NO else words.written(value)


def _left_out(metrics: Mapping[str, Metric], ledger: Sequence[Row], most: int) -> list[str]:
    """What sources reported and the day does not count; what no metric is made of was not asked for."""
    lines = []
    for row in ledger:
        for fate in FATES:
            reason = row.get("reason") or "" if fate in ("rejected", "outside") else ""
            if not row[fate] or (fate == "rejected" and UNUSED in reason):
                continue
            metric = row["metric"]
            title = metrics[metric].title if metric in metrics else metric.replace("_", " ")
            unit = metrics[metric].unit if metric in metrics and metric in OF_LEDGER else ""
            lines.append(words.left_out(row[fate], metric, unit, title, row["source"], fate, words.written(reason)))
    return lines if len(lines) <= most else [*lines[:most], words.more_lines(len(lines) - most)]


def _origin(metrics: Mapping[str, Metric], day: date, rows: MonthRows) -> Iterator[str]:
    """What `recovery explain` tells of the main numbers of a day."""
    values = {row["metric"]: row for row in rows.metrics.get(day, ())}
    found: dict[tuple[str, str], list[str]] = {}
    for metric in TRACED:
        if (row := values.get(metric)) and metric in metrics:
            title = words.short_title(metric, metrics[metric].title)
            exact = _exact(row["value"], row["unit"], metric).removesuffix(f" {title.lower()}")
            told = words.measured(title, exact)
            found.setdefault((row["source"] or "", row["resolution"] or ""), []).append(told)
    for (source, resolution), parts in found.items():
        yield words.numbers_from(parts, source, resolution)
    for metric in TRACED:
        entries = [entry for entry in rows.ledger.get(day, ()) if entry["metric"] == metric and metric in OF_LEDGER]
        if len(entries) > 1 and metric in metrics:
            reported = [(entry["source"], entry["reported"]) for entry in entries]
            yield words.beside(metrics[metric].title, reported, sum(entry["counted"] for entry in entries))
    of_day = rows.daily.get(day, {})
    if of_day.get("worn_min") is not None:
        yield words.worn(of_day["worn_min"])
    if of_day.get("night_status") == "unknown":  # of the others a sentence tells
        yield nights.night_before(of_day["night_status"], of_day["night_confidence"])
    paths = rows.files.get(day, ())
    if paths:
        yield words.files([row["path"] for row in paths], paths[0]["count"] - len(paths))


def _exact(value: float, unit: str, metric: str) -> str:
    """A number as it was counted, with its noun."""
    return f"{numbers.figure(round(value, 2))} {unit_of(unit, metric).noun}".rstrip()


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def _of_midnight(minutes: float | None) -> str:
    """Minutes from the midnight that begins the day, negative the evening before, as a clock shows them."""
    return "?" if minutes is None else f"{int(minutes) // 60 % 24}:{int(minutes) % 60:02d}"
