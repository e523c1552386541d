"""What would have to change for an answer that was refused or left open."""

from collections.abc import Mapping, Sequence

from recovery.answers.rows import Effect
from recovery.effects import counts, dose, gates, levels, trial, wear
from recovery.effects.judgement import MIN_PAIRS
from recovery.vocabulary import windows
from recovery.vocabulary.families import Family
from recovery.vocabulary.verdicts import Verdict

LOG_MASSAGES = "Log your massages with `recovery log massage`, or put a list of them into the inbox."
TRIAL = (
    "Let a coin choose the weeks: `recovery plan-trial --start DATE --pairs 8 --weekday tue --at 18:00` draws them and"
    " tells how much they can show."
)
LONGER_TRIAL = "Plan another trial with more pairs of weeks: `recovery plan-trial` tells how many can show how much."
MORNING_PAIN = "Write the pain of each morning, before any massage, into the diary (column `pain_morning`)."
MORE_MASSAGES = "Go on, and log every massage: the more there are, the narrower the interval gets."
SKIP_WEEKS = "Skip the massage in some weeks, or change its weekday, so that it can be told from the day of the week."
LYING = ("bed_rest_min", "daytime_lying_min", "is_bed_day", "bed_rest_hours")
TELL_LYING = (
    "Tell bed rest in the diary (column `bed_rest_hours`), or record it with a bed sensor or a posture sensor: a wrist"
    " does not see lying."
)
TELL_MASSAGES = "Fill in technique, pressure, areas, muscles and cause of each massage in the log, and vary them."
BY_CLAIM = {
    "deep_tissue": TELL_MASSAGES,
    "neck_shoulder": TELL_MASSAGES,
    "injury": TELL_MASSAGES,
    "muscles": TELL_MASSAGES,
}
WEAR = "Wear the device as much after massages as on other days."

BY_CHECK = {
    gates.ENOUGH_DAYS: f"Measure more days: at least {gates.MIN_VALID_DAYS} that count are needed.",
    gates.ENOUGH_MASSAGES: (
        f"Log more massages: at least {gates.MIN_MASSAGES} with measured days or nights after them are needed."
    ),
    gates.ENOUGH_REFERENCE: "Leave more than three days between some massages, so that there are days to compare with.",
    gates.NUMBERS_VARY: (
        f"Record on: a number can only answer once it differed from its usual on {gates.MIN_EVENTS} days."
    ),
    gates.BALANCE: WEAR,
    gates.WEEKDAYS_VARY: SKIP_WEEKS,
    gates.ENOUGH_HISTORY: f"Measure on: from {gates.MIN_HISTORY_DAYS} days how you felt before can be allowed for.",
    gates.LEAD: MORNING_PAIN,
    gates.ONE_DEVICE: "Keep to one device: each new one begins at a level of its own, which takes weeks to tell.",
    gates.COMPUTED: "Please report it; the log in .recovery/logs says where it failed.",
    levels.LEVEL_SHIFT: (
        "If an illness, a holiday or another treatment explains the jump, name its days in `[exclusions]`"
        " of recovery.toml."
    ),
    wear.WEAR: WEAR,
    dose.DOSES_VARY: "Have longer massages in some weeks and shorter ones in others, and log their minutes.",
    counts.ENOUGH_EVENTS: f"Record on: at least {gates.MIN_EVENTS} are needed to compare.",
    trial.ENOUGH_PAIRS: f"Plan a trial of at least {MIN_PAIRS} pairs of weeks, and measure all of them.",
    "one massage": MORE_MASSAGES,
}
BY_FAMILY: Mapping[str, str] = {
    Family.MOVEMENT: "Put exports of a watch, a band or a phone that counts steps into the inbox.",
    Family.REST: "Put exports of a watch or a band with a heart rate into the inbox; a wrist alone does not see lying.",
    Family.SLEEP: "Wear a device at night that records sleep, and put its exports into the inbox.",
    Family.DIARY: "Keep the diary: a line a day with `recovery log day`, pain of the morning included.",
    Family.PHYSIOLOGY: "Wear a device that records heart rate, and put its exports into the inbox.",
    Family.GAIT: "Put exports of a phone or watch that measures walking into the inbox.",
}


def of_effect(effect: Effect, failed: Sequence[str], *, has_morning_pain: bool) -> list[str]:
    """What would tell more, by the verdict and the names of the checks that failed; nothing where it is told."""
    if effect.verdict is None or effect.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
        return []
    if effect.window in windows.TRIAL:
        return [LONGER_TRIAL]
    found = [BY_CHECK[name] for name in failed if name in BY_CHECK and not (has_morning_pain and name == gates.LEAD)]
    if effect.verdict == Verdict.CANNOT_BE_TOLD:
        return [*dict.fromkeys(found or [MORE_MASSAGES]), *([TRIAL] if gates.WEEKDAYS_VARY in failed else [])]
    if effect.massages_needed:
        found.append(MORE_MASSAGES)
    return [*dict.fromkeys(found), TRIAL]


def to_measure(metric: str, family: str) -> str:
    """How to come by numbers of a metric that has none."""
    if metric in LYING:
        return TELL_LYING
    return BY_FAMILY.get(family, MORE_MASSAGES)
