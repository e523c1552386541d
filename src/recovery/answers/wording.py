"""The sentences of the claims: sizes with their units, and when a change was looked for."""

import re
from collections.abc import Mapping, Sequence

from recovery.answers.article import LABELS, MAIN
from recovery.answers.rows import Effect, SubgroupEffect
from recovery.effects.wording import change, interval, number

WHEN: Mapping[str, str] = {
    "days_1_3": "on the three days after a massage",
    "night_0": "in the night after a massage",
    "day_0": "on the day of a massage",
    "week_1_7": "in the week after a massage",
    "dose_7": "for each hour of massage in the week before",
    "trial_days_1_3": "on the three days after a massage of the randomised trial",
    "trial_night_0": "in the night after a massage of the randomised trial",
}


def in_short(effect: Effect) -> str:
    """A number that does not decide, as part of a list."""
    when = f" {WHEN[effect.window]}" if effect.window not in MAIN else ""
    label = f"{LABELS[effect.metric]}{when}"
    if effect.estimate is None:
        return f"{label}, which cannot be told"
    verdict = f": {effect.verdict}" if effect.verdict else ""
    size = found(effect.estimate, effect.ci_low, effect.ci_high, effect.unit).replace("95% interval ", "")
    return f"{label} {size}{verdict}"


def raw_drop(before_after: Sequence[tuple[float, float]]) -> str:
    """The drop that the log of massages tells, with why it proves nothing."""
    before = sum(pair[0] for pair in before_after) / len(before_after)
    after = sum(pair[1] for pair in before_after) / len(before_after)
    count = f"{len(before_after)} {plural('massage', len(before_after))}"
    return (
        f"Right after {count} you wrote {number(after)} points of pain, right before {number(before)}: most of such a "
        "raw drop also happens without massage, so it decides nothing."
    )


def sentence(effect: Effect) -> str:
    """The reason of an effect, with what it is about and when."""
    label = LABELS[effect.metric]
    reason = re.sub(r"^After a massage\b", WHEN.get(effect.window, "after a massage"), effect.reason)
    joint = "," if re.match(r"(on|in|for|after)\b", reason, re.I) else ":"  # it begins with the window itself
    return f"{label[0].upper()}{label[1:]}{joint} {reason[:1].lower()}{reason[1:]}"


def kind(row: SubgroupEffect) -> str:
    """Technique deep tissue."""
    return f"{row.attribute.capitalize()} {row.level}"


def found(estimate: float | None, low: float | None, high: float | None, unit: str) -> str:
    """As '1.2 points less (95% interval 2 to 0.4 less)'."""
    if estimate is None:
        return "is not told"
    words = change(estimate, unit)
    return words if low is None or high is None else f"{words} (95% interval {interval(low, high, unit)})"


def plural(noun: str, count: int) -> str:
    """The noun for so many of them."""
    return noun if count == 1 else f"{noun}s"
