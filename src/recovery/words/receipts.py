"""What a run came to, in the terminal: what was loaded and left out, the checks, a headline for each person."""

from collections.abc import Mapping, Sequence
from datetime import date

from recovery.words import numbers
from recovery.words.counts import DAY, FILE, MASSAGE, RECORD, counted, number
from recovery.words.say import say

NOTHING_YET = "The inbox holds nothing yet: drop your exports there and run again."
NOTHING_NEW = "Nothing new was read."
IN_ALL = "In all:"
ASKED = "Asked of your lists and calendars:"
ALL_NAMED_BY = "recovery status --all"
USUAL_DAY: Mapping[str, tuple[str, str]] = {  # metric: its unit, and how its mean stands in a list
    "steps": ("steps", "{}"),
    "still_min": ("min", "{} still"),
    "asleep_min": ("min", "{} asleep"),
    "resting_heart_rate_bpm": ("bpm", "a resting heart rate of {}"),
    "pain": ("points", "{} of pain"),
}


def still_written(paths: Sequence[str]) -> str:
    return say("Nothing new was read yet; files that are still being written: {count}.", count=len(paths))


def waiting(path: str) -> str:
    return say("{path} is still being written, the next run reads it.", path=path)


def new(files: int, records: int) -> str:
    return f"New: {counted(files, FILE)}, {counted(records, RECORD)}."


def loaded(label: str, files: int, records: int, first: date | None, last: date | None) -> str:
    span = f", {first} to {last}" if first else ""
    return f"{label}: {counted(files, FILE)}, {counted(records, RECORD)}{span}"


def not_loaded(by_status: Sequence[tuple[str, int]]) -> str:
    listed = ", ".join(f"{number(count)} {status}" for status, count in by_status)
    return f"Not loaded: {listed} (recovery status says which)"


def rejected(count: int) -> str:
    return f'Rejected rows or files: {number(count)} (recovery query "from rejected" says why)'


def checks(passed: int, count: int) -> str:
    return f"Checks: {passed} of {count} hold."


def data(days: int, first: date | None, last: date | None) -> str:
    return f"{counted(days, DAY)} with data from {first} to {last}" if days else "no day with data yet"


def massages(attended: int, latest: date | None) -> str:
    return f"{counted(attended, MASSAGE)}, the last on {latest}" if attended else "no massage in the log yet"


def usual_day(means: Mapping[str, tuple[float, int]], days: int, last: date | None) -> str:
    """The mean of the valid days among so many up to `last`; '' where none of the metrics that are told has one.

    `means` has for each metric its mean and on how many days it rests.
    """
    listed = [
        f"{form.format(numbers.level(means[metric][0], unit, metric))} ({counted(means[metric][1], DAY)})"
        for metric, (unit, form) in USUAL_DAY.items()
        if metric in means
    ]
    if not listed:
        return ""
    return say(
        "Of the {days} days up to {last}, the last with data, the valid ones had on average {listed}.",
        days=days,
        last=last,
        listed=", ".join(listed),
    )


def person(subject: str, data: str, massages: str, usual_day: str) -> str:
    """The headline of one person."""
    return f"{subject}: {data}; {massages}.{f' {usual_day}' if usual_day else ''}"
