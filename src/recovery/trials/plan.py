"""A drawn trial as text: one line of JSON, a plan in Markdown, a massage log to tick off, a calendar."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar

from recovery.effects.judgement import MIN_PAIRS
from recovery.effects.trial_power import MAX_POWER_PAIRS, MIN_POWER_DAYS, WANTED_POWER, Power
from recovery.effects.trial_schedule import Schedule
from recovery.formats.log_headings import MASSAGE_COLUMNS
from recovery.vocabulary.weekdays import WEEKDAYS
from recovery.vocabulary.worth import WorthFrom
from recovery.words import numbers
from recovery.words import trials as words
from recovery.words.effects import text
from recovery.words.say import say


class Declared(NamedTuple):
    """What is declared of one main number before the trial begins."""

    metric: str
    better: str  # up, down, none
    days_after: tuple[int, ...]  # the set hour; the night after it has 1, the date on which it ends
    goal: float | None  # change worth having, in the metric's unit; None where it follows from the days before


TOLD_PRICE = 0.01  # of power: what leaving days out costs is said from here on


@dataclass(frozen=True)
class Plan:
    """A drawn trial of one person."""

    subject: str
    schedule: Schedule
    weekday: str  # of WEEKDAYS
    start_time: time  # wall clock of time_zone
    time_zone: str
    massage_min: int
    primaries: tuple[str, ...]  # metrics declared in advance
    seed: int
    declared: tuple[Declared, ...] | None = ()  # of the primaries; None in a plan made before plans held them
    excluded: tuple[date, ...] = ()  # dates of the trial that were excluded when it was drawn

    @property
    def text(self) -> str:
        """The plan as one line of JSON: what the hash is of."""
        drawn = self.schedule
        schedule: dict[str, object] = {
            "format": "recovery trial 1" if self.declared is None else "recovery trial 2",
            "subject": self.subject,
            "start": drawn.start.isoformat(),
            "pairs": drawn.pairs,
            "weeks_per_block": drawn.weeks_per_block,
            "weekday": self.weekday,
            "time": f"{self.start_time:%H:%M}",
            "time_zone": self.time_zone,
            "minutes": self.massage_min,
            "primaries": list(self.primaries),
            "seed": self.seed,
            "weeks_with_massage": [week for week, is_one in enumerate(drawn.is_massage_week, 1) if is_one],
        }
        if self.declared is not None:
            schedule |= {
                "outcomes": [{**one._asdict(), "days_after": list(one.days_after)} for one in self.declared],
                "looks_after_pairs": list(drawn.looks),
                "excluded": [day.isoformat() for day in self.excluded],
            }
        return json.dumps(schedule, separators=(",", ":"), ensure_ascii=False) + "\n"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def name(self) -> str:
        """`18:00 on Tuesdays`, for sentences."""
        return f"{self.start_time:%H:%M} on {WEEKDAYS[self.weekday]}s"


class Measure(NamedTuple):
    """A primary metric of the person: what power there is to see it change, or why that cannot be told."""

    metric: str
    family: str
    unit: str
    power: Power | None
    reason: str = ""
    worth_from: WorthFrom = WorthFrom.METRIC
    worth_source: str = ""  # where the change worth having comes from, in words


def files(plan: Plan, measures: Sequence[Measure], committed_utc: datetime) -> list[tuple[str, bytes]]:
    """Names and contents of what is written for the person."""
    start = plan.schedule.start
    return [
        ("plan.md", plan_text(plan, measures, committed_utc).encode()),
        ("schedule.json", plan.text.encode()),
        (f"massages-{start}.csv", _csv(plan).encode()),
        (f"massages-{start}.ics", _calendar(plan, committed_utc)),
    ]


def power_lines(measures: Sequence[Measure], pairs: int) -> list[str]:
    """What the power is, a line for each metric."""
    return [_power_line(measure, pairs) for measure in measures]


def _power_line(measure: Measure, pairs: int) -> str:
    found, metric, unit = measure.power, measure.metric, measure.unit
    if found is None:
        return words.power_not_known(metric, measure.reason)
    if found.pairs_needed is None:
        needed = words.not_enough(MAX_POWER_PAIRS)
    else:
        is_enough = found.pairs_needed <= pairs and found.power >= WANTED_POWER
        needed = words.enough(found.pairs_needed) if is_enough else words.takes(found.pairs_needed)
    is_assumed = found.is_worthwhile_assumed
    is_exact = measure.worth_from.is_exact and not is_assumed
    worth = numbers.size(found.worthwhile, unit, metric, is_exact=is_exact)
    detectable = "" if found.detectable is None else numbers.size(found.detectable, unit, metric)
    power = words.power(metric, worth, found.power, pairs, detectable, needed, is_assumed=is_assumed)
    price = ""
    if found.power_with_all_days - found.power >= TOLD_PRICE:
        price = words.price(found.power, found.power_with_all_days, is_weekly=found.weeks_per_block == 1)
    return text(power, price, "" if is_assumed else measure.worth_source)


def _csv(plan: Plan) -> str:
    """The scheduled massages as lines of a massage log.

    Their status is `planned`, which the log's reader passes over and names: left empty it would mean attended.
    """
    columns = [column for column in MASSAGE_COLUMNS if column != "end"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for week, (slot, is_massage) in enumerate(zip(plan.schedule.slots, plan.schedule.is_massage_week, strict=True), 1):
        if is_massage:
            row = {
                "date": slot.isoformat(),
                "start": f"{plan.start_time:%H:%M}",
                "minutes": plan.massage_min,
                "status": "planned",
                "note": say("trial of {start}, week {week}", start=plan.schedule.start, week=week),
            }
            writer.writerow(row)
    return out.getvalue()


def _calendar(plan: Plan, committed_utc: datetime) -> bytes:
    """The scheduled massages as a calendar, in the home's zone.

    They are tentative: a calendar that is exported into the inbox does not tell which of them took place.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//recovery//plan-trial//EN")
    calendar.add("version", "2.0")
    zone = ZoneInfo(plan.time_zone)
    for week, (slot, is_massage) in enumerate(zip(plan.schedule.slots, plan.schedule.is_massage_week, strict=True), 1):
        if not is_massage:
            continue
        event = icalendar.Event()
        event.add("uid", f"{plan.sha256[:16]}-{week}@recovery")
        event.add("dtstamp", committed_utc.replace(tzinfo=UTC))
        event.add("dtstart", datetime.combine(slot, plan.start_time, zone))
        event.add("duration", timedelta(minutes=plan.massage_min))
        event.add("summary", say("Massage (trial, week {week})", week=week))
        event.add("status", "TENTATIVE")
        event.add("description", say("Drawn by lot. Log it when it has taken place: recovery log massage."))
        calendar.add_component(event)
    year = timedelta(days=366)  # so that both changes of the clock are there
    calendar.add_missing_timezones(plan.schedule.start - year, plan.schedule.last_date + year)
    return bytes(calendar.to_ical())


def pair_lines(plan: Plan) -> list[str]:
    """One line a pair: the dates with a massage, the dates without."""
    drawn = plan.schedule
    lines = []
    for pair in range(drawn.pairs):
        weeks = range(2 * pair * drawn.weeks_per_block, 2 * (pair + 1) * drawn.weeks_per_block)
        with_one = [drawn.slots[week] for week in weeks if drawn.is_massage_week[week]]
        without = [drawn.slots[week] for week in weeks if not drawn.is_massage_week[week]]
        lines.append(words.pair(pair + 1, with_one, without))
    return lines


def warnings(plan: Plan) -> list[str]:
    """What speaks against the plan as it is, in plain words."""
    pairs = plan.schedule.pairs
    if pairs < MIN_PAIRS:
        return [words.too_few_pairs(pairs, MIN_PAIRS)]
    return [words.NO_ROOM_FOR_A_GAP] if pairs == MIN_PAIRS else []


def plan_text(plan: Plan, measures: Sequence[Measure], committed_utc: datetime) -> str:
    """The plan as Markdown, by the items of CENT 2015 that can be told in advance."""
    drawn = plan.schedule
    block = (
        "week"
        if drawn.weeks_per_block == 1
        else say("block of {weeks_per_block} weeks", weeks_per_block=drawn.weeks_per_block)
    )
    power = power_lines(measures, drawn.pairs) or [
        say("cannot be told: {min_power_days} valid days are needed.", min_power_days=MIN_POWER_DAYS)
    ]
    rows = [
        ("1a", "Title", say("N-of-1 trial: massage and none, in randomised pairs of weeks, one person")),
        ("2b", "Question", say("Do the days after a massage differ from the same days of weeks without one?")),
        (
            "3a",
            "Design",
            (
                say(
                    "{pairs} pairs, each of one {block} with massages and one without; {weeks} weeks from "
                    "{start} to {last_date}; no run-in. Between two hours set lie seven days, of which the three "
                    "after each hour are looked at: the rest of the week is the wash-out and is left out, as is the "
                    "first week of a block of several",
                    pairs=drawn.pairs,
                    block=block,
                    weeks=drawn.weeks,
                    start=drawn.start,
                    last_date=drawn.last_date,
                )
            ),
        ),
        (
            "5",
            "Intervention",
            say(
                "massage of {massage_min} min at {name} ({time_zone}); else none",
                massage_min=plan.massage_min,
                name=plan.name,
                time_zone=plan.time_zone,
            ),
        ),
        (
            "6a",
            say("Outcomes, declared in advance"),
            say(
                "{names}: mean of days +1 to +3, of sleep the night after; all others are exploratory",
                names=", ".join(map(_declared, plan.declared or ())) or ", ".join(plan.primaries),
            ),
        ),
        ("7a", say("Sample size"), " ".join(power)),
        ("7b", say("Looks before the end"), _looks(drawn)),
        (
            "8a",
            say("How it was drawn"),
            (
                say(
                    "seed {seed} of the system's randomness; in pair i the first {block} holds the massages if "
                    "the first byte of the SHA-256 of `{seed}/i` is even",
                    seed=plan.seed,
                    block=block,
                )
            ),
        ),
        ("8b", "Restriction", say("one block of each pair, by a fair coin")),
        ("8c", "Sequence", "above"),
        ("9", "Concealment", say("none: the person sees the whole schedule from the start")),
        ("10", say("Who drew"), say("`recovery plan-trial`; the person, or a therapist, carries it out")),
        ("11a", "Blinding", say("none: pain and mood are open to expectation, steps and sleep less so")),
        (
            "12a",
            "Analysis",
            (
                say(
                    "weeks count as drawn, whatever took place (intention to treat); the coins are flipped anew "
                    "and the sum of whitened residuals compared; 95% interval from the same test; Holm over the "
                    "outcomes above"
                )
            ),
        ),
        (
            "12c",
            say("Carry-over, trend, memory"),
            _carry_over(drawn.weeks_per_block),
        ),
        ("13", "Deviations", say("massages that were missed, moved or came in weeks without are counted and told")),
        ("19", "Harms", say("not collected: write them into the note of the massage")),
        (
            "23",
            "Registration",
            say(
                "none public; SHA-256 above, committed {committed_utc:%Y-%m-%d %H:%M} UTC", committed_utc=committed_utc
            ),
        ),
        ("24", "Protocol", say("this file and schedule.json")),
        ("25", "Funding", say("not asked")),
    ]
    table = "\n".join(f"| {item} | {name} | {text.rstrip('.')} |" for item, name, text in rows)
    sequence = "\n".join(f"- {line}" for line in pair_lines(plan))
    notes = "".join(f"\n**{warning}**\n" for warning in warnings(plan))
    return f"""\
# Trial of {plan.subject}, {drawn.start} to {drawn.last_date}

A coin decided for each pair which {block} holds a massage. Keep to it where you can; where you cannot, carry on: the
week counts as it was drawn.
{notes}
SHA-256 of `schedule.json` (check it with `sha256sum schedule.json`):

    {plan.sha256}

## Weeks

Each week begins on the day named, which is also that of the massage.

{sequence}

## When a massage has taken place

Log it (`recovery log massage --date ... --start {plan.start_time:%H:%M} --minutes {plan.massage_min}`), or write
`attended` in its line of `massages-{drawn.start}.csv` and copy that file into the inbox. These files are not in the
inbox because a planned massage is not one that happened.

## By the items of CENT 2015

| Item | | |
| --- | --- | --- |
{table}

The others (results, numbers analysed, limitations) are told by `effects` when the last week is over.
"""


def _declared(one: Declared) -> str:
    """A main number with what is declared of it."""
    if one.goal is None:
        return say("{metric} (better {better}, goal by the days before)", metric=one.metric, better=one.better)
    return say("{metric} (better {better}, goal {goal:g})", metric=one.metric, better=one.better, goal=one.goal)


def _looks(drawn: Schedule) -> str:
    early = ", ".join(map(str, drawn.looks[:-1]))
    if not early:
        return say("none: no answer is computed before the last week is over")
    return say(
        "after {early} pairs, by the spending of O'Brien and Fleming, re-flipping among the flips that are not yet "
        "rejected; nothing is said in between",
        early=early,
    )


def _carry_over(weeks_per_block: int) -> str:
    if weeks_per_block > 1:
        return say(
            "weekday and trend are taken out; days may remember each other without making the test wrong; the first "
            "week of each block is left out, for what the block before leaves behind"
        )
    return say(
        "weekday and trend are taken out; days may remember each other without making the test wrong; the interval "
        "allows for a change that lasts into the next week, not for one that lasts longer: blocks of 3 or 4 weeks do"
    )
