"""The sentences of the page Weeks: a day in words, its story, what was left out, and the days around a massage."""

from collections.abc import Mapping, Sequence
from datetime import date

from recovery.vocabulary.units import unit_of
from recovery.words import numbers
from recovery.words.counts import DAY, MASSAGE, Noun, counted, listed, number
from recovery.words.effects import first_up
from recovery.words.numbers import figure
from recovery.words.say import say
from recovery.words.terminal import printable

LONGEST = 300  # letters of what somebody wrote; the database has all
STEPS = "steps"
READING = Noun("reading", "readings")

# The frame of the page

TITLE = say("My weeks")
TAP_A_DAY = say("Tap a day for its story.")
NOTHING_YET = say("Nothing is known of any day yet. Your first export fills this page.")
NO_MASSAGES = say("No massage is written down yet. Write down the first one, and it shows here as a diamond.")
NO_NIGHTS = say("No night was recorded yet, so the days have no dashed bar.")
NO_DIARY = say("You have not told your pain yet, so the days have no number. One tap a day is enough.")
EMPTY_MONTH = say("Nothing was recorded or written down in this month.")
KEY, CALENDAR, STORIES, AROUND, OTHER_MONTHS, GLANCE = (
    say("What the signs mean"), say("Calendar"), say("The story of a day"), say("Around a massage"),
    say("Other months"), say("A year and a half at a glance"),
)  # fmt: skip
PAIN_KEY, MASSAGE_KEY = say("Pain"), say("massage")
STEPS_KEY = say("solid bar: steps (full: 15,000)")
SLEEP_KEY = say("dashed bar: sleep of the night before (full: 10 hours)")
HATCHED_KEY = say("hatched: nothing recorded")
UNKNOWN_KEY = say("perhaps a massage: a line of your list could not be read")
DAY_BEFORE, DAY_AFTER, TO_CALENDAR = say("Day before"), say("Day after"), say("Calendar")
MINUTES_OF_DAY, TOTALS, LOGGED, LEFT_OUT, ORIGIN = (
    say("The minutes of the day"), say("What was measured"), say("What you wrote down"), say("What was left out"),
    say("Where do these numbers come from?"),
)  # fmt: skip
MEANINGS = say("What the numbers mean")
ONE_DAY = say(
    "The bars of a day go from midnight to midnight. A night belongs to the day on which it ends, so sleep late in the"
    " evening counts for the next day."
)
GLANCE_KEY = say(
    "One square a day, Monday on top, coloured by pain as in the calendar. Empty: not told. Diamond: massage."
)
PAIN_STEPS = ("0-2", "3", "4", "5", "6", "7+")
NOT_A_MONTH = say("That is no month of a year. A month is written like 2026-10.")
WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"), say("Sunday"),
)  # fmt: skip
LANES: Mapping[str, str] = {
    "moving": say("Moving"),
    "brisk": say("of it briskly"),
    "still": say("Awake, at rest"),
    "asleep": say("Asleep"),
    "awake_in_bed": say("Awake in bed"),
    "massage": say("Massage"),
    "rest_unknown": say("Night, not recorded"),
    "unknown": say("Not known"),
    "not_worn": say("Watch off"),
}
FATES: Mapping[str, str] = {  # what became of what a source reported and the day does not count
    "counted_by_other": say("another device counts for these hours"),
    "same": say("it was told twice"),
    "cut": say("it overlaps another record of the same device"),
    "rejected": say("it cannot be right, or cannot be used"),
    "outside": say("the day is left out, or the date cannot be right"),
    "unaccounted": say("we cannot say where it went, which is our fault"),
}
RECORDS: Mapping[str, str] = {  # records that the ledger counts
    "heart_rate_bpm": say("of the heart rate"),
    "is_worn": say("of whether it was worn"),
    "stress": say("of stress"),
    "spo2_share": say("of oxygen"),
    "respiration_rate": say("of breathing"),
    "hrv_rmssd_ms": say("of heart rate variability"),
    "hrv_sdnn_ms": say("of heart rate variability"),
    "resting_heart_rate_bpm": say("of the resting heart rate"),
}
AMOUNTS: Mapping[str, str] = {  # minutes that the ledger adds up under names that are no metrics
    "awake_min": say("awake at night"),
    "lying_min": say("in bed"),
    "unknown_min": say("of a night, not measured"),
    "activity_min": say("of recorded activities"),
}
DIARY: Mapping[str, str] = {
    "pain": say("Pain"),
    "pain_morning": say("Pain in the morning"),
    "pain_afternoon": say("Pain in the afternoon"),
    "medication": say("Medicine"),
    "medication_doses": say("Doses of medicine"),
    "bed_rest_hours": say("Hours in bed by day"),
    "doctor_visits": say("Visits to a doctor"),
    "mood": say("Mood"),
    "could_do_daily_activities": say("Could do daily activities"),
    "other_treatment": say("Another treatment"),
    "day_off": say("Day off"),
    "illness": say("Ill"),
    "travel": say("Travelling"),
    "note": say("Note"),
}
YES_NO = ("could_do_daily_activities", "other_treatment", "day_off", "illness", "travel")
MASSAGE_LOG: Mapping[str, str] = {
    "technique": say("Kind"),
    "areas": say("Where"),
    "muscles": say("Muscles"),
    "pressure": say("Pressure"),
    "therapist": say("By"),
    "cause": say("Cause"),
    "note": say("Note"),
}
SHORT_TITLES: Mapping[str, str] = {
    "distance_m": say("Distance"),
    "moving_min": say("Moving"),
    "still_min": say("Awake, at rest"),
    "asleep_min": say("Asleep"),
    "in_bed_min": say("In bed"),
    "active_energy_kcal": say("Energy"),
    "moderate_min": say("Brisk"),
    "vigorous_min": say("Vigorous"),
    "waso_min": say("Awake at night"),
    "daytime_lying_min": say("Lying by day"),
    "evening_heart_rate_bpm": say("Heart rate in the evening"),
}
VENDORS: Mapping[str, str] = {
    "diary": say("your diary"),
    "inferred": say("worked out from heart rate and movement"),
    "whoop": "WHOOP",
    "hae": "Health Auto Export",
    "mi_fitness": "Mi Fitness",
    "autosleep": "AutoSleep",
    "actigraph": "ActiGraph",
}


def source(name: str) -> str:
    """A source as people call it: 'garmin:3900000002' is 'Garmin (3900000002)'."""
    vendor, _, device = name.partition(":")
    called = VENDORS.get(vendor) or " ".join(word.capitalize() for word in vendor.replace("_", " ").split())
    return written(f"{called} ({device})" if device else called)


def sources(names: str) -> str:
    """Sources as the tables list them, 'a, b', in a sentence."""
    return listed([source(name) for name in names.split(", ") if name])


def written(text: object) -> str:
    """What somebody wrote, without control characters, cut where it is very long."""
    return cut(printable(f"{text:g}" if isinstance(text, float) else str(text)), LONGEST)


def cut(text: str, letters: int) -> str:
    """At most about so many letters; the database has all."""
    return text if len(text) <= letters + 4 else f"{text[:letters]} ..."


def yes_no(value: float) -> str:
    """A field of yes and no."""
    return say("yes") if value else say("no")


# Days and months


def day_name(day: date) -> str:
    """As 'Wednesday 21 October'."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B}"


def day_title(day: date) -> str:
    """As 'Wednesday 21 October 2026'."""
    return f"{day_name(day)} {day.year}"


def month_name(first: date) -> str:
    """As 'October 2026'."""
    return f"{first:%B} {first.year}"


def earlier(first: date) -> str:
    return say("Earlier: {month}", month=month_name(first))


def later(first: date) -> str:
    return say("Later: {month}", month=month_name(first))


def newest(first: date) -> str:
    return say("Newest: {month}", month=month_name(first))


def month_alone(first: date) -> str:
    """As 'October', where the year stands beside."""
    return f"{first:%B}"


def heading(first: date, massages: int) -> str:
    return say("{month}: {massages}. {tap}", month=month_name(first), massages=of_massages(massages), tap=TAP_A_DAY)


def of_massages(count: int) -> str:
    """As '3 massages', 'no massage'."""
    return counted(count, MASSAGE) if count else say("no massage")


def no_such_month(first: date, months: Sequence[date]) -> str:
    if not months:
        return NOTHING_YET
    return say(
        "Nothing is known of {month}. There is something from {oldest} to {newest}.",
        month=month_name(first),
        oldest=month_name(months[0]),
        newest=month_name(months[-1]),
    )


def month_summary(massages: int, pain: float | None, steps: float | None, asleep: float | None) -> str:
    """As '3 massages, pain 4.5, 9,600 steps a day, asleep for 7 h 20 a night': what there is of it."""
    facts = [of_massages(massages)]
    if pain is not None:
        facts.append(say("pain {value} on average", value=points(pain)))
    if steps is not None:
        facts.append(say("{steps} a day", steps=numbers.level(steps, STEPS)))
    if asleep is not None:
        facts.append(say("{duration} asleep a night", duration=duration(asleep)))
    return ", ".join(facts)


def in_words(day: date, massages: int, pain: float | None, steps: float | None, asleep: float | None) -> str:
    """A day of the calendar in words, as the text of its link."""
    facts = [day_name(day)]
    if massages:
        facts.append(MASSAGE.one if massages == 1 else counted(massages, MASSAGE))
    facts.append(say("pain not told") if pain is None else say("pain {value}", value=points(pain)))
    facts.append(say("no steps measured") if steps is None else numbers.level(steps, STEPS))
    facts.append(say("no night measured") if asleep is None else say("slept {duration}", duration=duration(asleep)))
    return ", ".join(facts)


def nothing_in_words(day: date) -> str:
    return say("{day}, nothing known", day=day_name(day))


def points(value: float) -> str:
    """A rating of 0 to 10, to a tenth."""
    return figure(round(value, 1) or 0.0)


def duration(minutes: float) -> str:
    """As '6 h 25', '50 minutes': to the minute, since a day is measured to the minute."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return say("{count} min", count=rest)
    return say("{hours} h {rest}", hours=hours, rest=f"{rest:02d}") if rest else say("{hours} h", hours=hours)


# The story of a day


def massage(start: str, details: Sequence[str]) -> str:
    """The sentence of one massage; `start` is '' where its hour was not told."""
    if start and details:
        return say("Massage at {start}: {details}.", start=start, details=", ".join(details))
    if start:
        return say("Massage at {start}.", start=start)
    if details:
        return say("Massage, the hour not told: {details}.", details=", ".join(details))
    return say("Massage, the hour not told.")


def pain_around(before: float | None, after: float | None) -> str:
    """Pain before and after a massage; '' where neither was told."""
    if before is not None and after is not None:
        return say("Pain {before} before it and {after} right after.", before=points(before), after=points(after))
    if before is not None:
        return say("Pain {before} before it.", before=points(before))
    return "" if after is None else say("Pain {after} right after it.", after=points(after))


def not_attended(status: str) -> str:
    return say("A massage was written down that did not take place ({status}).", status=status)


def goes_on_until(end: str) -> str:
    return say("The massage that began the evening before went on until {end}.", end=end)


def after_massage(days: int) -> str:
    if days == 1:
        return say("The day after a massage.")
    return say("{days} after a massage.", days=counted(days, DAY))


def pain(value: float, when: str) -> str:
    """`when` is the column of the diary that tells it."""
    if when == "pain_morning":
        return say("Pain in the morning: {value} of 10.", value=points(value))
    if when == "pain_afternoon":
        return say("Pain in the afternoon: {value} of 10.", value=points(value))
    return say("Pain of the day: {value} of 10.", value=points(value))


PAIN_NOT_TOLD = say("Pain was not told.")
NO_STEPS = say("No steps were measured.")


def steps(value: float, usual: float | None) -> str:
    """Steps beside those of a usual day."""
    told = numbers.level(value, STEPS)
    if not usual:
        return say("{steps}.", steps=told)
    whole, usual_whole = round(value, -2), round(usual, -2)
    difference, beside = number(round(abs(whole - usual_whole))), number(round(usual_whole))
    if abs(value - usual) < usual / 10:
        return say("{steps}, about as on your usual day ({usual}).", steps=told, usual=beside)
    if value > usual:
        return say(
            "{steps}: {difference} more than on your usual day ({usual}).",
            steps=told,
            difference=difference,
            usual=beside,
        )
    return say(
        "{steps}: {difference} fewer than on your usual day ({usual}).", steps=told, difference=difference, usual=beside
    )


def slept(asleep: float, onset: str, wake: str) -> str:
    return say(
        "Slept {asleep} in the night before, from {onset} to {wake}.", asleep=duration(asleep), onset=onset, wake=wake
    )


def napped(asleep: float) -> str:
    return say("Slept {asleep} by day.", asleep=duration(asleep))


NIGHT_INFERRED = say(
    "The night before was not recorded, only worked out from heart rate and movement; it does not count as sleep."
)
NO_NIGHT = say("No sleep was recorded in the night before.")
NIGHT_NOT_COMPLETE = say("More of the night before may come with the next export.")


def excluded(reason: str) -> str:
    return say("This day is left out of all comparisons, as your settings say: {reason}.", reason=reason)


def not_over(names: str) -> str:
    return say("More of this day may come with the next export ({names}).", names=names)


def not_compared(worn: float | None) -> str:
    if worn is None:
        return say("This day is not compared with others: too little of it is known.")
    return say(
        "This day is not compared with others: the device was worn for {worn} of the time you were up.",
        worn=duration(worn),
    )


def perhaps_massage(place: str, path: str) -> str:
    return say(
        "Whether you had a massage is not known: {place} of {path} could not be read and may be of this day.",
        place=place,
        path=path,
    )


def hours_of_day(length: int) -> str:
    """Of a day that had other than 24 hours."""
    if length in (23 * 60, 25 * 60):
        return say("The clocks changed, so this day had {hours} hours.", hours=length // 60)
    return say("On your clock this day had {length}, since the time zone changed.", length=duration(length))


# Where numbers come from


def measured(title: str, level: str) -> str:
    return say("{title}: {level}", title=title, level=level)


def in_hours(told: str, from_hour: int, to_hour: int) -> str:
    """Of a number that is counted in some hours of the day alone."""
    return say("{told} (from {start}:00 to {end}:00)", told=told, start=from_hour % 24, end=to_hour % 24 or 24)


def left_out(amount: float, metric: str, unit: str, title: str, name: str, fate: str, reason: str) -> str:
    """What a source reported and the day does not count, and why."""
    what = _amount(amount, metric, unit, title)
    if reason:
        return say(
            "{what}, {source}: {why} ({reason}).", what=what, source=source(name), why=FATES[fate], reason=reason
        )
    return say("{what}, {source}: {why}.", what=what, source=source(name), why=FATES[fate])


def _amount(amount: float, metric: str, unit: str, title: str) -> str:
    """As '3,200 steps', '40 min awake at night', '12 readings of the heart rate'."""
    if metric in RECORDS:
        return f"{counted(round(amount), READING)} {RECORDS[metric]}"
    if metric in AMOUNTS:
        return f"{duration(amount)} {AMOUNTS[metric]}"
    if metric.endswith("_min"):
        return say("{title}: {amount}", title=title, amount=duration(amount))
    if unit:
        noun = unit_of(unit, metric).noun or unit
        return f"{number(round(amount)) if amount >= 10 else figure(round(amount, 2))} {noun}"
    return say("{title}: {count}", title=title, count=counted(round(amount), READING))


NOTHING_LEFT_OUT = say("Nothing: all that your devices reported of this day is counted.")


def more_lines(count: int) -> str:
    return say("and {count} more", count=number(count))


RESOLUTIONS: Mapping[str, str] = {
    "minute": say("minute by minute"),
    "interval": say("in longer pieces"),
    "day": say("as one number for the day"),
}


def numbers_from(told: Sequence[str], names: str, resolution: str) -> str:
    """As 'Garmin, minute by minute: Steps: 2,581 steps; Minutes awake and still: 210 minutes.'"""
    return say(
        "{source}, {resolution}: {numbers}.",
        source=first_up(sources(names)),
        resolution=RESOLUTIONS.get(resolution, resolution),
        numbers="; ".join(told),
    )


def short_title(metric: str, title: str) -> str:
    """What a number is called in a list of many."""
    return SHORT_TITLES.get(metric, title)


def beside(title: str, reported: Sequence[tuple[str, float]], counted_amount: float) -> str:
    """What several sources reported of one number, and what counts of it."""
    return say(
        "{title}: {reported}. Counted: {counted}.",
        title=title,
        reported=listed([f"{source(name)} {number(round(amount))}" for name, amount in reported]),
        counted=number(round(counted_amount)),
    )


def worn(minutes: float) -> str:
    return say("The device was worn for {worn} of this day.", worn=duration(minutes))


def files(paths: Sequence[str], more: int) -> str:
    """Files with records around a day."""
    shown = [written(path) for path in paths]
    if more:
        return say("Files around this day: {paths} and {more} more.", paths=", ".join(shown), more=number(more))
    return say("Files around this day: {paths}.", paths=listed(shown))


EXPLAIN = say("Everything behind one number of one day, in a terminal: `recovery explain steps 2026-10-21`")


def strip(first: date, last: date, massages: int, pain: float | None) -> str:
    """Half a year of days at a glance, in a sentence."""
    facts = [of_massages(massages)]
    if pain is not None:
        facts.append(say("pain {value} on average", value=points(pain)))
    return say("{first} to {last}: {facts}.", first=month_name(first), last=month_name(last), facts=", ".join(facts))
