"""What the columns of an unknown table measure, and in which unit: by their headings, and by what they hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from recovery.actions.columns import Column, is_number, moment, number, toml_text
from recovery.formats import log_cells
from recovery.home.table_mapping import COUNTS, MAX_COVERED_MIN, METRICS, units
from recovery.home.unit_words import UNIT_WORDS, unit_named
from recovery.vocabulary.plausible_days import LEAST_DAYS, day_range
from recovery.words.say import say

METRIC_WORDS: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (metric, re.compile(rf"\b({words})\b"))
    for metric, words in (
        ("hrv_rmssd_ms", "rmssd"),
        ("hrv_sdnn_ms", "sdnn"),
        ("resting_heart_rate_bpm", "(resting|rest|ruhe) ?(heart ?rate|hr|puls\\w*|herzfrequenz)|rhr|ruhepuls"),
        ("resting_heart_rate_bpm", "(heart ?rate|hr|puls) (at )?(rest(ing)?|ruhe)"),
        ("heart_rate_bpm", "heart ?rate|hr|bpm|puls|pulse|herzfrequenz|frequence cardiaque|frecuencia cardiaca"),
        ("spo2_share", "spo2|pulse ox|oxygen saturation|oxygen|sauerstoffsattigung|sattigung"),
        ("spo2_mean_share", "spo2|pulse ox|oxygen saturation|oxygen|sauerstoffsattigung|sattigung"),
        ("respiration_rate", "respirat\\w*( rate)?|breath\\w*( rate)?|atemfrequenz"),
        ("steps", "steps?( count)?|schritte?|pas|pasos|passi|stappen|skridt|passos"),
        ("distance_m", "distance|distanz|strecke|distancia|distanza|afstand"),
        ("floors", "floors?( climbed)?|stockwerke|etages?|etagen|flights"),
        ("active_energy_kcal", "active (energy|calories|kcal|kj)|aktive (energie|kalorien)|aktivitatskalorien"),
        ("active_energy_kcal", "activity (energy|calories)|energie active|calories actives?|kalorien aktiv"),
        ("active_energy_kcal", "(calorias|energia) activas?|(calorie|energia) attiv[ae]|actieve (calorieen|energie)"),
        # The tables of GGIR, which makes days and nights of raw acceleration.
        ("asleep_min", "dur spt sleep( min)?|sleep ?duration ?in ?spt"),
        ("in_bed_min", "spt ?duration|dur spt min"),
        ("still_min", "dur day total in min"),
        ("moderate_min", "dur day total mod min"),
        ("vigorous_min", "dur day total vig min"),
        ("waso_min", "waso"),
        ("deep_min", "deep( sleep)?|tiefschlaf|sommeil profond|sueno profundo|sonno profondo|diepe slaap"),
        ("rem_min", "rem( sleep)?|paradoxal|traumschlaf|dream (seconds|minutes|hours|sec|min|h)"),
        ("light_min", "light( sleep)?|core( sleep)?|sleep analysis core|leichtschlaf|sommeil leger"),
        ("light_min", "sueno (ligero|leve)|sonno leggero|lichte slaap"),
        ("awake_min", "awake|wach\\w*|eveil\\w*|despiert[oa]|svegli[oa]|wakker"),
        ("latency_min", "latency|onset delay|(time|minutes) to fall asleep|time before sleep|asleep after"),
        ("efficiency_share", "efficiency|effizienz"),
        ("asleep_min", "asleep|total sleep|sleep total|sleep analysis total"),
        ("asleep_min", "sleep (time|minutes|duration)|schlafdauer"),
        ("asleep_min", "(sleep|schlaf|sommeil|sueno|sonno|slaap) (h|hrs?|hours?|std|stunden|heures|horas|ore|min\\w*)"),
        ("asleep_min", "hours (of sleep|slept)|minutes (of sleep|slept)|slept"),
        ("in_bed_min", "in bed|time in bed"),
        ("awakenings", "awakenings?|wake ?ups|wakeups|(number|times|count) (of )?(wake ?ups?|woken|woke)|woke ups?"),
        ("nap_min", "naps?|nickerchen|siesta"),
        ("walking_speed_mps", "walking speed"),
    )
)  # fmt: skip
NO_MEASURE = re.compile(  # a goal of steps is no steps
    r"\bsteps? (length|per|rate|min|frequency)\b|\bschritt(lange|frequenz)\b|"
    r"\b(goals?|targets?|ziele?|objectif|objetivo|obiettivo|score|rating|limit|zone|percentile|rank|streak|baseline)\b"
)
MEAN = re.compile(
    r"\b(avg|average|mean|mittel\w*|durchschnitt\w*|schnitt|moyenne?|media|medio|promedio|gemiddelde?|snitt)\b"
)
ENDS_OF_A_RANGE = re.compile(
    r"\b(min|minimum|lowest|low|max|maximum|highest|high|peak|niedrigste\w*|hochste\w*|tiefste\w*|minima|maxima|"
    r"minimale?|maximale?|laagste|hoogste)\b"
)
HOURS = re.compile(r"[(\[] ?hrs? ?[)\]]", re.IGNORECASE)  # hours, and no heart rate
OF_A_MEAN = ("heart_rate_bpm", "resting_heart_rate_bpm", "respiration_rate", "spo2_share", "spo2_mean_share",
             "hrv_rmssd_ms", "hrv_sdnn_ms", "walking_speed_mps")  # fmt: skip
UNIT_HEADING = re.compile(r"\b(units?|uom|einheit(en)?|unites?|unidad(es)?|unita|eenheid|enhed|enhet)\b")
PLAIN_UNIT = re.compile(  # of what has no other unit than ours
    r"|counts?|steps?|floors?|bpm|rpm|brpm|(counts?|beats?|breaths?)?( ?/ ?| per )min(ute)?|1/min|-", re.IGNORECASE
)
MAX_CALORIES = 20_000.0  # more "cal" than this are calories; fewer are what people call kcal
CLOCK_DURATION = re.compile(r"\d{1,2}:[0-5]\d(?::[0-5]\d)?|\d{1,2} ?h(?: ?\d{1,2} ?m(?:in)?)?|\d{1,3} ?m(?:in)?")


class Measured(NamedTuple):
    """What columns of numbers measure: the line of each metric, the lines left open, and what goes before them."""

    kind: str
    chosen: Mapping[str, str]
    open_lines: Sequence[str]
    before: Sequence[str]

    def lines(self) -> list[str]:
        """The lines from covers_min on."""
        known = [say("# known here: {names}", names=", ".join(METRICS[self.kind]))] if self.open_lines else []
        return [*self.before, "[tables.columns]", *self.chosen.values(), *self.open_lines, *known]


def measured(
    kind: str,
    start: Sequence[Column],
    end: Column | None,
    formats: Sequence[str],
    numbers: Sequence[Column],
    columns: Sequence[Column] = (),
) -> Measured:
    """What each column of numbers measures, the open ones as comments; of several the mean, never an end of a range.

    Among all `columns` those of units are looked for.
    """
    beside = _units_beside(columns, numbers)
    best = best_of(kind, numbers)
    chosen: dict[str, str] = {}  # by metric: its line
    open_lines: list[str] = []
    for column in numbers:
        heading, metric = toml_text(column.heading), metric_of(kind, column.heading)
        if metric is None:
            open_lines.append(say("# {heading} = ...  # what does it measure? see below", heading=heading))
        elif metric in OF_A_MEAN and _rank(column.heading) == 2:
            open_lines.append(
                say(
                    "# {heading} = ...  # the least or the most of {metric}, which is no mean",
                    heading=heading,
                    metric=metric,
                )
            )
        elif best[metric] is not column:
            open_lines.append(
                say('# {heading} = "{metric}"  # another column is {metric} already', heading=heading, metric=metric)
            )
        elif column.heading in beside and (line := in_column(metric, column.heading, column, beside[column.heading])):
            if line.startswith("#"):
                open_lines.append(line)
            else:
                chosen[metric] = line
        elif unit := unit_of(metric, column):
            own = next(iter(units(metric)), "")
            chosen[metric] = f"{heading} = {toml_text(metric if unit in (own, '-') else f'{metric} in {unit}')}"
        else:
            known = ", ".join(units(metric))
            open_lines.append(
                say(
                    '# {heading} = "{metric} in ..."  # {known}: the heading does not tell',
                    heading=heading,
                    metric=metric,
                    known=known,
                )
            )
    before = covered_line(start, end, formats, chosen) if kind == "time" else []
    return Measured(kind, chosen, open_lines, before)


def _units_beside(columns: Sequence[Column], numbers: Sequence[Column]) -> dict[str, Column]:
    """By heading of a column of numbers the column of its units: named for it, or else the first one after it."""
    found: dict[str, Column] = {}
    for place, column in enumerate(columns):
        if column.kind != "text" or not UNIT_HEADING.search(words_of(column.heading)):
            continue
        before = [each for each in columns[:place] if each in numbers]
        name = UNIT_HEADING.sub(" ", log_cells.fold(re.sub(r"[_.]", " ", _apart(column.heading)))).strip()
        named = [each for each in numbers if name and name in words_of(each.heading)]
        for each in (named or before[-1:])[:1]:
            found[each.heading] = column
    return found


def in_column(metric: str, heading: str, column: Column, of_units: Column) -> str:
    """The line of a column whose unit stands beside it; '' where that says nothing that its heading does not."""
    known = units(metric)
    told = dict.fromkeys(cell for cell in of_units.cells if cell)
    strange = [cell for cell in told if not (unit_named(known, cell) if known else PLAIN_UNIT.fullmatch(cell))]
    heading = toml_text(heading)
    if (len(strange) == len(told) and known) or (strange and not known):
        return say(
            '# {heading} = "{metric}"  # the column {units!r} says {unit!r}, which is not known; known: {known}',
            heading=heading,
            metric=metric,
            units=of_units.heading,
            unit=strange[0][:30],
            known=", ".join(known) or say("no unit"),
        )
    largest = max((number(cell) for cell in column.cells if is_number(cell)), default=0.0)
    if not known or (set(told) == {"cal"} and largest < MAX_CALORIES):
        return ""
    return f"{heading} = {toml_text(f'{metric} in {{{of_units.heading}}}')}"


def best_of(kind: str, numbers: Sequence[Column]) -> dict[str, Column]:
    """The column of each metric: a mean before what says nothing, the least and the most last."""
    best: dict[str, Column] = {}
    for column in numbers:
        metric = metric_of(kind, column.heading)
        if metric and (metric not in best or _rank(column.heading) < _rank(best[metric].heading)):
            best[metric] = column
    return best


def _rank(heading: str) -> int:
    """0 for a mean, 1 for what says nothing, 2 for an end of a range."""
    words = words_of(_without_unit(heading))
    return 0 if MEAN.search(words) else 2 if ENDS_OF_A_RANGE.search(words) else 1


def metric_of(kind: str, heading: str) -> str | None:
    """The metric that a heading names, of those that rows of a kind may have; None where it names none."""
    words = words_of(HOURS.sub(" ", heading))
    if NO_MEASURE.search(words):
        return None
    return next((metric for metric, named in METRIC_WORDS if metric in METRICS[kind] and named.search(words)), None)


def is_duration(kind: str, column: Column) -> bool:
    """Whether a column of clocks, as 7:05 or 7h 5min, tells how long something lasted."""
    metric = metric_of(kind, column.heading)
    filled = [cell for cell in column.cells if cell]
    is_in_words = bool(filled) and all(map(CLOCK_DURATION.fullmatch, filled))
    return bool(metric and metric.endswith("_min")) and is_in_words


def words_of(heading: str) -> str:
    """A heading in folded words: as it stands, with its capitals apart, and with what stands in brackets."""
    forms = (heading, _apart(heading), re.sub(r"[()\[\]]", " ", heading))
    return " | ".join(log_cells.fold(re.sub(r"[_.]", " ", each)) for each in forms)


def _apart(heading: str) -> str:
    """TotalTimeInBed as Total Time In Bed."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)


def _without_unit(heading: str) -> str:
    """A heading without a rate in brackets, as (count/min), where min is no minimum."""
    return re.sub(r"[(\[][^)\]]*(?:/|\bper) ?min[^)\]]*[)\]]", " ", heading)


def unit_of(metric: str, column: Column) -> str:
    """The unit by the heading, or by the range of a share; '-' where there is only one, '' where it is open."""
    known = units(metric)
    largest = max((number(cell) for cell in column.cells if is_number(cell)), default=0.0)
    if column.kind in ("clock", "text"):
        return next(iter(known), "")
    found = unit_named(known, column.unit) if known and column.unit else _named_unit(known, column.heading)
    if found == "cal" and largest < MAX_CALORIES:
        return "kcal"
    if found:
        return found
    if metric.startswith("hrv_"):
        return "s" if largest <= 1 else "ms"
    if metric.endswith("_share"):
        return "%" if largest > 1 else "share"
    if metric == "active_energy_kcal":
        return "kcal"
    return "-" if not known else ""


def _named_unit(known: Mapping[str, float], heading: str) -> str:
    """The unit that a heading names: one in brackets or at its end before a word elsewhere."""
    in_brackets = re.findall(r"[(\[]([^)\]]*)[)\]]", heading)
    pieces = [*in_brackets, heading.replace("_", " "), _apart(heading).replace("_", " ")]
    for piece in pieces:
        words = [word.lower() for word in re.findall(r"[A-Za-z/%]+", piece)]
        named = [UNIT_WORDS.get(word, word) for word in reversed(words)]
        found = next((unit for name in named for unit in known if unit.lower() == name), "")
        if found:
            return found
    return ""


def doubts(metric: str, values: Sequence[float]) -> list[str]:
    """What looks wrong about the values of days of a metric, and in which unit they are likely; [] where nothing."""
    limits = day_range(metric)
    if limits is None or not values:
        return []
    middle, most = median(values), max(values)
    if middle <= limits.usual_high and (middle >= limits.usual_low or len(values) < LEAST_DAYS):
        if most <= limits.high:
            return []
        return [
            say(
                "{metric}: a day has up to {most:,.6g}; nobody's has more than {high:,.6g}",
                metric=metric,
                most=most,
                high=limits.high,
            )
        ]
    fitting = [
        unit
        for unit, factor in units(metric).items()
        if factor != 1 and limits.usual_low <= middle * factor <= limits.usual_high
    ]
    advice = say(" Is it in {units}?", units=" or ".join(fitting)) if fitting else ""
    return [
        say(
            "{metric}: the middle day has {middle:,.6g}; people's lie between {low:,.6g} and {high:,.6g}.{advice}",
            metric=metric,
            middle=middle,
            low=limits.usual_low,
            high=limits.usual_high,
            advice=advice,
        )
    ]


def covered_line(
    start: Sequence[Column], end: Column | None, formats: Sequence[str], metrics: Iterable[str]
) -> list[str]:
    """The line that says how many minutes a row counts, where that is needed."""
    if end is not None or not any(metric in COUNTS for metric in metrics):
        return []
    minutes = _covered(start, formats)
    please_check = say("covers_min = 1  # how many minutes a row counts: please check")
    return [f"covers_min = {minutes:g}" if minutes else please_check]


def _covered(start: Sequence[Column], formats: Sequence[str]) -> float | None:
    """The minutes between most rows, where most are equally far apart."""
    if len(formats) != 1:
        return None
    moments = []
    for cells in zip(*(column.cells for column in start), strict=True):
        try:
            moments.append(moment(" ".join(cells), formats[0]))
        except ValueError:
            continue
    steps = [(after - before) / timedelta(minutes=1) for before, after in pairwise(moments) if after > before]
    if not steps:
        return None
    minutes = median(steps)
    is_regular = sum(step == minutes for step in steps) > len(steps) / 2
    return minutes if is_regular and 0 < minutes <= MAX_COVERED_MIN else None
