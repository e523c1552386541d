"""The sentences of the checks: what was looked at before an effect was believed, and how it came out."""

from collections.abc import Sequence
from datetime import date, datetime

from recovery.words import numbers
from recovery.words.counts import DAY, MASSAGE, PERSON, Noun, counted, form
from recovery.words.say import say

DEVICE = Noun("device", "devices")
FIRMWARE = Noun("firmware version", "firmware versions")
PAIR = Noun("pair", "pairs")

NUMBERS_DIFFER = "The number differs from day to day."
NOTHING_TO_COMPARE = (
    "The measured days are nearly all just before or just after a massage: there are none to compare with."
)
NO_DAYS_TO_COMPARE = "There are no days after massages, or none away from them, to compare."
WEEKDAYS_DIFFER = "Massages fell on enough different weekdays, or weeks were skipped."
SAME_WEEKDAY = (
    "Massages fell on the same weekday nearly every week, so their effect cannot be told from that of the weekday; skip"
    " some weeks or change the day."
)
DAYS_BEFORE_ALIKE = "The three days before massages were like other days, so the dates did not visibly follow them."
FREE_OF_PAIN = "Massages did not visibly fall on days of other pain than usual."
ON_PAIN_ALLOWED_FOR = (
    "Massages fell on days of other pain than usual, so each is compared with days before which pain was alike."
)
ON_PAIN_NOT_ALLOWED_FOR = (
    "Massages fell on days of other pain than usual, and there are too few measured days to allow for it."
)
FREE_OF_OUTCOME = "Massages did not visibly fall after days on which this number was other than usual."
ON_OUTCOME_ALLOWED_FOR = (
    "Massages fell after days on which this number was other than usual, so each is compared with days before which it"
    " was alike."
)
ON_OUTCOME_NOT_ALLOWED_FOR = (
    "Massages fell after days on which this number was other than usual, and there are too few measured days to allow"
    " for it."
)
ONLY_MORNING_PAIN = (
    "Massages fell on days of other pain than usual, of which only the mornings are told, and pain that rises during"
    " the day hides a relief."
)
ONE_PAIN_AND_BEFORE = (
    "Massages fell on days of other pain than usual, of which the diary has one number a day, too few to tell what the"
    " massage did from how the pain went on."
)
ONE_PAIN_A_DAY = (
    "The diary has one number of pain a day, of which nobody knows whether it was told before the massage, so that a"
    " relief may hide."
)
DOSE_ON_PAIN = (
    "Massages fell on days of other pain than usual, so that more minutes in a week may follow pain, and what more of"
    " them do cannot be told."
)
PAIN_SELDOM_RATED = (
    "Pain was rated on too few days, or before too few massages, to know what led to them, so that a relief may hide."
)
PAIN_BEFORE_UNKNOWN = (
    "Massages fell on days of other pain than usual, and one number of pain a day does not tell how it was before the"
    " massage: what followed may have come anyway."
)
WORN_ON_ALL_DAYS = "The watch was worn equally long on nearly all days."
WORN_ALIKE = "The watch was worn about as long after massages as on other days."
TOO_FEW_FOR_A_JUMP = "There are too few days to look for a jump of the level."
NO_JUMP = "The level makes no lasting jump that nobody told of."
ONE_DEVICE = "One device measured all days that count."
OTHER_DEVICE_AFTER = (
    "The days after massages were measured by another device than the others, so the two cannot be compared."
)
DEVICE_FOLLOWS_MASSAGES = (
    "On days of the same device, those after massages cannot be told from the others: the device changed with the"
    " massages, or they fell on the same weekday."
)
NOT_CARRIED = "Nothing was found that a single massage could carry."
STAYS_WITHOUT_ANY = "Whichever massage is left out, the finding stays."

# Kinds of massage
EXPLORATORY = "Exploratory: one of several kinds looked at, none of them declared before."
KIND_ON_SAME_WEEKDAY = "Massages of this kind fell on the same weekday nearly every week, whose effect theirs may be."
OTHERS_ON_SAME_WEEKDAY = "The others fell on the same weekday nearly every week, so they are not compared with."
KIND_CHOSEN_BY_PAIN = (
    "There was another pain before massages of this kind than before the others, so what followed may have come anyway."
)
KIND_NOT_APART = "Massages of this kind cannot be told from the others and the days of the week."


def enough_days(days: int) -> str:
    return f"{days} days were measured well enough."


def too_few_days(days: int, needed: int) -> str:
    if not days:
        return say("No day was measured well enough; at least {needed} are needed.", needed=needed)
    if days == 1:
        return say("Only 1 day was measured well enough; at least {needed} are needed.", needed=needed)
    return say("Only {days} days were measured well enough; at least {needed} are needed.", days=days, needed=needed)


def enough_history(days: int) -> str:
    return f"{days} measured days allow for how you felt before massages."


def too_little_history(days: int, needed: int) -> str:
    return f"To allow for how you felt before each massage takes {needed} measured days; there are {days}."


def history_not_computed(reason: object) -> str:
    return f"How you felt before massages cannot be allowed for: {reason}."


def enough_massages(usable: int, massages: int, *, is_nightly: bool) -> str:
    return f"{usable} of {massages} massages have measured {_days(is_nightly)} after them."


def too_few_massages(usable: int, massages: int, needed: int, *, is_nightly: bool) -> str:
    after, so_many = _days(is_nightly), counted(massages, MASSAGE)
    if not usable:
        return say(
            "None of {massages} has measured {after} after it; at least {needed} are needed.",
            massages=so_many,
            after=after,
            needed=needed,
        )
    if usable == 1:
        return say(
            "Only 1 of {massages} has measured {after} after it; at least {needed} are needed.",
            massages=so_many,
            after=after,
            needed=needed,
        )
    return say(
        "Only {usable} of {massages} have measured {after} after them; at least {needed} are needed.",
        usable=usable,
        massages=so_many,
        after=after,
        needed=needed,
    )


def enough_reference(days: int) -> str:
    return f"{days} measured days lie away from any massage."


def too_little_reference(days: int, needed: int) -> str:
    if not days:
        return say(
            "No measured day lies away from any massage; at least {needed} are needed to compare.", needed=needed
        )
    if days == 1:
        return say(
            "Only 1 measured day lies away from any massage; at least {needed} are needed to compare with.",
            needed=needed,
        )
    return say(
        "Only {days} measured days lie away from any massage; at least {needed} are needed to compare with.",
        days=days,
        needed=needed,
    )


def numbers_alike(days: int, needed: int) -> str:
    if not days:
        return say("The number is the same on all days; at least {needed} others are needed to compare.", needed=needed)
    return say(
        "The number is the same on all days but {days}; at least {needed} others are needed to compare.",
        days=days,
        needed=needed,
    )


def measured_alike(after: float, other: float, *, is_nightly: bool) -> str:
    return (
        f"{numbers.percent(after)} of the {_days(is_nightly)} after massages and {numbers.percent(other)} of the others"
        " were measured."
    )


def measured_otherwise(after: float, other: float, *, is_nightly: bool) -> str:
    return (
        f"{numbers.percent(after)} of the {_days(is_nightly)} after massages and {numbers.percent(other)} of the others"
        " were measured: what is missing differs around massages, so the two cannot be compared."
    )


def measured_beside(gap: float, other: float, *, passed: bool, is_nightly: bool) -> str:
    """Of pain: how much was measured after massages, against days with as much pain before."""
    after = min(max(other + gap, 0.0), 1.0)
    if passed:
        return say(
            "With as much pain before, {after} of the {days} after massages and {other} of the others were measured.",
            after=numbers.percent(after),
            days=_days(is_nightly),
            other=numbers.percent(other),
        )
    return say(
        "With as much pain before, {after} of the {days} after massages and {other} of the others were measured: what"
        " is missing differs around massages, so the two cannot be compared.",
        after=numbers.percent(after),
        days=_days(is_nightly),
        other=numbers.percent(other),
    )


def pain_told(days: int, massages: int) -> str:
    return f"Pain before is known of {massages} massages and on {days} days in all, so what led to them is allowed for."


def arms_measured_alike(with_massage: float, without: float, *, is_nightly: bool) -> str:
    """Of a trial: how much was measured in the weeks drawn for a massage and in the weeks without."""
    return say(
        "{with_massage} of the {days} looked at were measured in weeks drawn for a massage, {without} in weeks "
        "without.",
        with_massage=numbers.percent(with_massage),
        days=_days(is_nightly),
        without=numbers.percent(without),
    )


def arms_measured_otherwise(with_massage: float, without: float, *, is_nightly: bool) -> str:
    return say(
        "{with_massage} of the {days} looked at were measured in weeks drawn for a massage, {without} in weeks "
        "without: what is missing goes with the draw, so the two cannot be compared.",
        with_massage=numbers.percent(with_massage),
        days=_days(is_nightly),
        without=numbers.percent(without),
    )


def days_before_differ(*, is_above: bool) -> str:
    return (
        f"The three days before massages already lay {'above' if is_above else 'below'} the others: you may have booked"
        " by how things went, and what followed may have come anyway."
    )


def enough_events(events: int) -> str:
    return f"{events} were counted."


def too_few_events(events: int, needed: int) -> str:
    return f"Only {events} were counted; at least {needed} are needed."


def doses_vary(doses: int, deviation_min: float) -> str:
    return f"{doses} different weekly minutes, differing by {_minutes(deviation_min)} as a rule."


def doses_alike(doses: int, deviation_min: float, needed: int, needed_min: float) -> str:
    return (
        f"Weekly minutes of massage hardly vary ({doses} different, differing by {_minutes(deviation_min)} as a rule;"
        f" {needed} and {_minutes(needed_min)} are needed), so more cannot be compared with less."
    )


def worn_otherwise(difference_min: float) -> str:
    than = "longer" if difference_min > 0 else "shorter"
    return (
        f"The watch was worn {_minutes(abs(difference_min))} a day {than} after massages, and what it counts follows"
        " the time it is worn."
    )


def jump(since: object, change: str) -> str:
    return (
        f"From about {since} on the number is {change}, for good, as after a change of device or algorithm; that time"
        " was given a level of its own."
    )


def devices(sources: int, levels: int) -> str:
    versions = f" with {counted(levels, FIRMWARE)}" if levels > sources else ""
    return f"{counted(sources, DEVICE)} measured{versions}; each got its own level."


def told_by_weekday(devices: int) -> str:
    return f"Weekday and trend tell {devices} of them already."


def merged(versions: int) -> str:
    return f"{counted(versions, FIRMWARE)} with too few days count as the one before."


def dropped(days: int, needed: int) -> str:
    return f"{counted(days, DAY)} of devices with fewer than {needed} days are left out."


def no_device(needed: int) -> str:
    return f"No device measured {needed} days, and no two measure alike."


def carried_by_one(date: object) -> str:
    return f"Without the massage of {date} the finding is gone: it hangs on that one."


def carried_by_any(carrying: int, massages: int) -> str:
    return f"Leaving out a single one of {carrying} of the {massages} massages takes the finding away."


def too_few_of_kind(massages: int, needed: int) -> str:
    such = form(Noun("massage was", "massages were"), massages)
    return f"Only {massages} {such} of this kind, with measured days after; at least {needed} are needed."


def too_few_others(massages: int, needed: int) -> str:
    return f"Only {massages} others tell their kind; to compare takes {needed}."


def enough_pairs(usable: int, pairs: int, left_out: Sequence[int], *, is_nightly: bool) -> str:
    return f"{usable} of {pairs} pairs have measured {_days(is_nightly)} in both their halves{_but(left_out)}."


def too_few_pairs(usable: int, pairs: int, left_out: Sequence[int], needed: int, *, is_nightly: bool) -> str:
    return (
        f"Only {usable} of {pairs} pairs have measured {_days(is_nightly)} in both their halves{_but(left_out)}; at"
        f" least {needed} are needed."
    )


def kept_to(scheduled: int, attended: int, moved: int, in_control_weeks: int) -> str:
    """How the massages of a trial lie in its weeks."""
    elsewhere = f", {moved} on another day of their week" if moved else ""
    if not in_control_weeks:
        return f"{attended} of {scheduled} massages took place on the day set{elsewhere}, none in weeks without."
    return (
        f"{attended} of {scheduled} massages took place on the day set{elsewhere}; {in_control_weeks} fell in weeks"
        " without."
    )


def as_committed(start: date, at_utc: datetime) -> str:
    return say(
        "The plan of the trial of {start} is the one that was committed at {at_utc:%Y-%m-%d %H:%M} UTC: seed, weeks, "
        "main numbers, goals, directions, windows and looks give the same SHA-256.",
        start=start,
        at_utc=at_utc,
    )


def as_committed_of_old(start: date, at_utc: datetime) -> str:
    """Of plans that an earlier version made."""
    return say(
        "The plan of the trial of {start} is the one that was committed at {at_utc:%Y-%m-%d %H:%M} UTC: seed, weeks, "
        "hour and main numbers give the same SHA-256. Goals, directions and windows stood in no plan then and are not "
        "checked.",
        start=start,
        at_utc=at_utc,
    )


def not_as_committed(start: date, committed: str, now: str) -> str:
    return say(
        "The plan of the trial of {start} is not the one that was committed: its SHA-256 is {now}, and {committed} was "
        "written down. Something was changed since, so there is no answer; compare schedule.json with the hash you "
        "kept.",
        start=start,
        now=now[:16],
        committed=committed[:16],
    )


def committed_when(start: date, at_utc: datetime, *, is_before: bool) -> str:
    if is_before:
        return say("The trial of {start} was committed before its first hour.", start=start)
    return say(
        "The trial of {start} was committed at {at_utc:%Y-%m-%d %H:%M} UTC, when its first hour had passed: what is "
        "known already cannot be drawn, so there is no answer.",
        start=start,
        at_utc=at_utc,
    )


NOT_LEFT_OUT_LATER = "No day of the trial was excluded after it had been drawn."


def left_out_later(days: Sequence[date]) -> str:
    return say(
        "{days} of the trial excluded in recovery.toml after it had been drawn, the first {first}: who excludes days "
        "when the numbers are known may choose the answer.",
        days=counted(len(days), DAY),
        first=days[0],
    )


def enough_people(people: int, refused: int) -> str:
    return f"{counted(people, PERSON)} with an estimate, {refused} without."


def too_few_people(people: int, refused: int, needed: int) -> str:
    return (
        f"Only {counted(people, PERSON)} with an estimate, {refused} without; at least {needed} are needed to say how"
        " much people differ."
    )


def not_computed(error: str) -> str:
    return f"It could not be computed, which is our fault and not yours ({error})."


def _days(is_nightly: bool) -> str:
    return "nights" if is_nightly else "days"


def _minutes(minutes: float) -> str:
    return numbers.size(minutes, "min") if minutes else "0 minutes"


def _but(left_out: Sequence[int]) -> str:
    """The pairs that were left out, in brackets."""
    return f" (not {form(PAIR, len(left_out))} {', '.join(map(str, left_out))})" if left_out else ""
