"""One card for each family: the verdict as a word, why, and what would tell more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from recovery.answers.rows import Effect, EffectCheck
from recovery.report import amounts, remedies
from recovery.report.answers import Answers
from recovery.report.bars import Bar, bar, sizes
from recovery.vocabulary.families import MAIN_FAMILIES, Family
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import Window

NOT_JUDGED, NO_DATA = "no verdict", "no data"
NOT_WORKED_OUT = "What your massages did has not been worked out yet; the next `recovery run` does it."


class Mark(NamedTuple):
    """How a verdict looks: never by colour alone, also by word, sign and the line around it."""

    word: str
    kind: str  # CSS class
    sign: str


MARKS = {verdict: Mark(verdict, verdict.short, verdict.sign) for verdict in Verdict}


class Card(NamedTuple):
    """The answer on one metric."""

    family: str
    title: str
    metric: str
    mark: Mark
    change: str  # the estimate and its interval in words, or ''
    reason: str
    bar: Bar | None
    facts: list[tuple[str, str]]
    remedies: list[str]
    checks: Sequence[EffectCheck]
    numbers: list[tuple[str, str]]  # for the folded details
    effect: Effect | None


def mark(verdict: str | None) -> Mark:
    """The look of a verdict of the published tables."""
    if verdict is None:
        return Mark(NOT_JUDGED, "unjudged", "·")
    return MARKS[Verdict(verdict)]


def cards(answers: Answers, primaries: Mapping[str, str], attended: int) -> list[Card]:
    """One card for each family; without an answer it says what is missing."""
    found = []
    for family in MAIN_FAMILIES:
        effect = _primary(answers, family)
        if effect:
            found.append(card(answers, effect, family.label))
        else:
            found.append(_without_answer(answers, family, primaries.get(family, ""), attended))
    return found


def card(answers: Answers, effect: Effect, family: str) -> Card:
    """The card of one row of `effects`."""
    checks = answers.checks.get((effect.metric, effect.window), ())
    return Card(
        family=family,
        title=answers.title(effect.metric),
        metric=effect.metric,
        mark=mark(effect.verdict),
        change=change_in_words(effect),
        reason=effect.reason,
        bar=bar(effect),
        facts=_facts(effect),
        remedies=remedies.of_effect(effect, answers.failed(effect), has_morning_pain=answers.has_morning_pain),
        checks=checks,
        numbers=_numbers(effect, answers.shrunken.get((effect.metric, effect.window))),
        effect=effect,
    )


def change_in_words(effect: Effect) -> str:
    """'640 steps more a day on the three days after a massage (95% interval: ...).', or '' where refused."""
    told = sizes(effect)
    if told is None:
        return ""
    said = amounts.change(told.estimate, effect.unit, effect.metric)
    if effect.window in (Window.DAYS, Window.TRIAL_DAYS):
        said += " a day"
    when = Window(effect.window).phrase
    return f"{said} {when} (95% interval: {amounts.span(told.low, told.high, effect.unit, effect.metric)})."


def headline(found: Sequence[Card], trial: Iterable[Card], attended: int, *, is_worked_out: bool) -> list[str]:
    """What can be said today, in sentences; the first is the one that matters."""
    if attended == 0:
        return [
            "No attended massage is in the log yet, so nothing can be said about what massages do.",
            "Log them with `recovery log massage`, or put a list of them into the inbox.",
        ]
    if not is_worked_out:
        return [NOT_WORKED_OUT]
    said = [f"Your randomised weeks say of {one.title.lower()}: {one.mark.word}." for one in trial]
    of: dict[str, list[Card]] = {}
    for one in found:
        of.setdefault(one.mark.kind, []).append(one)
    said += [
        f"Your data support that massages do good to {_place(one)} ({one.title.lower()}): {_short(one)}."
        for one in of.get("supported", [])
    ]
    for one in of.get("contradicted", []):
        verb = "got worse after massages" if _is_worse(one) else "did not get better by as much as is worth having"
        said.append(f"Your data say that {one.title.lower()} {verb}: {_short(one)}.")
    said += [
        f"{one.title} looks better after massages, which is not shown: {_short(one)}."
        for one in of.get("consistent", [])
    ]
    if "undecided" in of:
        said.append(f"Of {_listed(of['undecided'])} your data cannot tell yet.")
    if "refused" in of:
        said.append(f"Of {_listed(of['refused'])} these data cannot tell.")
    said += [
        f"{one.title} has no better way, so it gets no verdict: {_short(one)}."
        for one in of.get("unjudged", [])
        if one.effect
    ]
    if without := [one for one in found if one.effect is None]:
        said.append(f"Of {_listed(without)} there are no data.")
    return said


def _place(one: Card) -> str:
    """What gets better, as part of a sentence."""
    return Family(one.family.lower()).place


def _primary(answers: Answers, family: Family) -> Effect | None:
    return next((effect for effect in answers.judged() if effect.is_primary and effect.family == family), None)


def _without_answer(answers: Answers, family: Family, metric: str, attended: int) -> Card:
    title = answers.title(metric) if metric else "no main metric"
    if answers.is_worked_out:
        reason = f"Nothing was measured or told of it: {title.lower()} is the main number of {family}."
        helps = [remedies.to_measure(metric, family)]
    else:
        reason, helps = NOT_WORKED_OUT, []
    if attended == 0:
        helps.append(remedies.LOG_MASSAGES)
    return Card(
        family=family.label,
        title=title,
        metric=metric,
        mark=Mark(NO_DATA, "unjudged", "·"),
        change="",
        reason=reason,
        bar=None,
        facts=[],
        remedies=helps,
        checks=(),
        numbers=[],
        effect=None,
    )


def _short(one: Card) -> str:
    """The change alone, with how sure it is."""
    effect = one.effect
    told = sizes(effect) if effect else None
    if effect is None or told is None:
        return "no size can be given"
    size = amounts.change(told.estimate, effect.unit, effect.metric)
    return f"{size} (95% interval: {amounts.span(told.low, told.high, effect.unit, effect.metric)})"


def _is_worse(one: Card) -> bool:
    """The whole interval lies on the bad side."""
    return one.bar is not None and one.bar.high < 50


def _listed(found: Sequence[Card]) -> str:
    names = [_place(one) for one in found]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _facts(effect: Effect) -> list[tuple[str, str]]:
    """What a reader weighs the answer by."""
    unit, metric = effect.unit, effect.metric
    facts = []
    if effect.usual is not None:
        facts.append(("Usual", amounts.level(effect.usual, unit, metric)))
    if effect.estimate is not None and effect.worthwhile is not None and effect.better != "none":
        assumed = " (assumed: nobody has said)" if effect.is_worthwhile_assumed else ""
        facts.append(("Change worth having", f"{amounts.size(effect.worthwhile, unit, metric)}{assumed}"))
    if effect.smallest_detectable is not None:
        facts.append(("Smallest findable change", amounts.size(effect.smallest_detectable, unit, metric)))
    facts.append(("Looked at", f"{effect.n_massages:,} massages, {effect.n_days:,} measured days"))
    if effect.massages_needed:
        facts.append(("To tell", f"about {effect.massages_needed:,} more massages at this spacing"))
    return facts


def _numbers(effect: Effect, shrunken: float | None) -> list[tuple[str, str]]:
    """Probabilities and second estimates, for those who want them."""
    numbers = [
        (name, amounts.probability(value))
        for name, value in (
            ("p of the estimate", effect.p_value),
            ("p among the main numbers of the families (Holm)", effect.holm_p),
            ("q among the exploratory numbers (Benjamini-Hochberg)", effect.q_value),
            ("p of the days before massages", effect.lead_p),
            ("p of massages re-dated within their weeks", effect.permutation_p),
            ("p of bookings re-drawn", effect.redrawn_p),
        )
        if value is not None
    ]
    adjusted = (effect.adjusted_estimate, effect.adjusted_ci_low, effect.adjusted_ci_high)
    if (told := [value for value in adjusted if value is not None]) and len(told) == len(adjusted):
        estimate = amounts.change(told[0], effect.unit, effect.metric)
        interval = amounts.span(told[1], told[2], effect.unit, effect.metric)
        numbers.append(("With what went before massages allowed for", f"{estimate} ({interval})"))
    if effect.lowest_without_one is not None and effect.highest_without_one is not None:
        interval = amounts.span(effect.lowest_without_one, effect.highest_without_one, effect.unit, effect.metric)
        numbers.append(("With each massage left out in turn", interval))
    if shrunken is not None:
        estimate = amounts.change(shrunken, effect.unit, effect.metric)
        numbers.append(
            ("Pulled towards the mean of all people", f"{estimate}, a second number; no verdict rests on it")
        )
    return numbers
