"""The sentences of the pages of the checks."""

from datetime import datetime

from recovery.words.say import say

HEADINGS = (say("result"), say("what must hold"), say("offending rows"))
HEADINGS_OF_ROWS = (say("person"), say("where"), say("what stood there"))
TITLE = say("Checks")
ALL = say("All checks")


def title_of(relation: str) -> str:
    return say("Checks of {relation}", relation=relation)


def summary(count: int, failed: int) -> str:
    return say(
        "Great Expectations made {count:,} checks; {held:,} hold, {failed:,} do not."
        " A critical one that fails keeps the last good snapshot in place; a warning is worth a look."
        " A table that has not changed is not checked again.",
        count=count,
        held=count - failed,
        failed=failed,
    )


def checked(checked_utc: datetime, run_id: str) -> str:
    return say("Checked {time:%Y-%m-%d %H:%M} UTC in run {run_id}.", time=checked_utc, run_id=run_id)


def checked_in(run_id: str) -> str:
    return say("Checked by Great Expectations in run {run_id}.", run_id=run_id)


def first_rows(observed: str, shown: int) -> str:
    return say("{observed}; the first {shown}:", observed=observed, shown=shown)


def outcome(severity: str, *, is_met: bool) -> str:
    return say("holds") if is_met else severity
