"""What would have to change for an answer that was refused or left open."""

from collections.abc import Mapping, Sequence

from recovery.answers.rows import Effect
from recovery.effects import counts, dose, gates, jumps, trial, wear
from recovery.effects.judgement import BUILDS_UP, MIN_PAIRS
from recovery.vocabulary import windows
from recovery.vocabulary.families import Family
from recovery.vocabulary.verdicts import Verdict
from recovery.words import remedies as words

LYING = ("bed_rest_min", "daytime_lying_min", "is_bed_day", "bed_rest_hours")
BY_CLAIM = dict.fromkeys(("deep_tissue", "neck_shoulder", "injury", "muscles"), words.DESCRIBE_MASSAGES)
BY_CHECK = {
    gates.ENOUGH_DAYS: words.more_days(gates.MIN_VALID_DAYS),
    gates.ENOUGH_MASSAGES: words.more_massages(gates.MIN_MASSAGES),
    gates.ENOUGH_REFERENCE: words.LEAVE_DAYS_BETWEEN,
    gates.NUMBERS_VARY: words.more_variety(gates.MIN_EVENTS),
    gates.BALANCE: words.WEAR,
    gates.WEEKDAYS_VARY: words.SKIP_WEEKS,
    gates.ENOUGH_HISTORY: words.more_history(gates.MIN_HISTORY_DAYS),
    gates.LEAD: words.MORNING_PAIN,
    gates.PAIN_KNOWN: words.PAIN_BEFORE,
    gates.PAIN_TOLD: words.PAIN_BEFORE,
    gates.ONE_DEVICE: words.KEEP_TO_ONE_DEVICE,
    gates.COMPUTED: words.REPORT_IT,
    jumps.LEVEL_SHIFT: words.NAME_EXCLUSIONS,
    wear.WEAR: words.WEAR,
    dose.DOSES_VARY: words.VARY_MINUTES,
    counts.ENOUGH_EVENTS: words.more_events(gates.MIN_EVENTS),
    trial.ENOUGH_PAIRS: words.more_pairs(MIN_PAIRS),
    BUILDS_UP: words.FOUR_WEEK_BLOCKS,
    "one massage": words.MORE_MASSAGES,
}
BY_FAMILY: Mapping[str, str] = {
    Family.MOVEMENT: words.STEPS,
    Family.REST: words.HEART_RATE,
    Family.SLEEP: words.SLEEP,
    Family.DIARY: words.DIARY,
    Family.PHYSIOLOGY: words.PULSE,
    Family.GAIT: words.GAIT,
}


def of_effect(
    effect: Effect, failed: Sequence[str], *, has_morning_pain: bool, sooner: Sequence[str] = ()
) -> list[str]:
    """What would tell more, by the verdict and the names of the checks that failed; nothing where it is told.

    `sooner` says what other ways to book or to record would gain for this person.
    """
    if effect.verdict is None or effect.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
        return []
    if effect.window in windows.TRIAL:
        return [words.LONGER_TRIAL]
    if effect.is_worth_reachable is False and effect.verdict != Verdict.CANNOT_BE_TOLD:
        return []  # more days would not make it more
    found = [BY_CHECK[name] for name in failed if name in BY_CHECK and not (has_morning_pain and name == gates.LEAD)]
    if effect.verdict == Verdict.CANNOT_BE_TOLD:
        return [
            *dict.fromkeys(found or [words.MORE_MASSAGES]),
            *([words.TRIAL] if gates.WEEKDAYS_VARY in failed else []),
        ]
    if effect.massages_needed:
        found.append(words.MORE_MASSAGES)
    return [*dict.fromkeys(found), *sooner, words.TRIAL]


def to_measure(metric: str, family: str) -> str:
    """How to come by numbers of a metric that has none."""
    if metric in LYING:
        return words.RECORD_LYING
    return BY_FAMILY.get(family, words.MORE_MASSAGES)
