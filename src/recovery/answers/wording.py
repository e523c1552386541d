"""The sentences of the claims: sizes with their units, and when a change was looked for."""

import re
from collections.abc import Sequence

from recovery.answers.rows import Effect, SubgroupEffect
from recovery.effects.wording import change, interval, number
from recovery.vocabulary.windows import MAIN, Window


def in_short(effect: Effect, name: str) -> str:
    """A number that does not decide, as part of a list; `name` is what the metric is called."""
    when = f" {Window(effect.window).phrase}" if effect.window not in MAIN else ""
    label = f"{name}{when}"
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


def sentence(effect: Effect, name: str) -> str:
    """The reason of an effect, with what it is about and when; `name` is what the metric is called."""
    reason = re.sub(r"^After a massage\b", Window(effect.window).phrase, effect.reason)
    joint = "," if re.match(r"(on|in|for|after)\b", reason, re.I) else ":"  # it begins with the window itself
    return f"{name[0].upper()}{name[1:]}{joint} {reason[:1].lower()}{reason[1:]}"


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
