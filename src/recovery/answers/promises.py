"""The answer to every promise of the article for one person, also where the data cannot tell.

Nothing is estimated here: an answer takes the verdict of the effect that measures it, or a weaker one. "Supported" is
said only of a main metric that was declared before, or of a randomised trial, and never of an "up to".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from recovery.answers.rows import Effect, PromiseAnswer, SubgroupEffect
from recovery.effects.boundaries import FAMILY, FIRST_LOOK, SINGLE_LOOK, boundary
from recovery.effects.gates import LEAD_P
from recovery.effects.lasting import days_better, is_better
from recovery.effects.multiplicity import MAX_Q
from recovery.effects.worth import MIN_USUAL_PAIN
from recovery.vocabulary.article import PAIN, PROMISES, Promise
from recovery.vocabulary.verdicts import (
    FOR_THE_BETTER,
    WITHOUT_BETTER_SIDE,
    Basis,
    Certainty,
    Verdict,
    Word,
    verdict_of,
)
from recovery.vocabulary.windows import MAIN, SINGLE_DAYS, TRIAL, Window
from recovery.words import numbers
from recovery.words import promises as words
from recovery.words.effects import text
from recovery.words.numbers import Change
from recovery.words.worth import too_little_pain

ENOUGH_SHARE = 0.5  # of the valid days of the best measured metric, for one that stands before it in the order
BUILD_UP = 3  # a lasting change is seen at a third to half of its size in the days that follow (methods.md, section 10)

OPEN = (Word.UNKNOWN, Certainty.TOO_EARLY)
REFUSED = (Word.UNKNOWN, Certainty.CANNOT_TELL)

Sizes = tuple[float, float, float]  # a change and its 95% interval


@dataclass(frozen=True)
class Known:
    """What is known of one person, and what metrics are called in a sentence."""

    effects: Mapping[tuple[str, str], Effect]  # by metric and window
    subgroups: Sequence[SubgroupEffect]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What is said with its reason, and the change it rests on; sizes are None where nothing was estimated."""

    direction: Word
    certainty: Certainty
    reason: str
    metric: str | None = None
    window: str | None = None
    observed: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    unit: str | None = None
    n_massages: int | None = None
    is_size_excluded: bool | None = None  # of a claim of a size: whether that size is outside the range
    basis: Basis = Basis.AFTER

    @property
    def verdict(self) -> Verdict:
        """What follows of direction and certainty."""
        return (
            verdict_of(self.direction, self.certainty, is_size_excluded=self.is_size_excluded)
            or Verdict.CANNOT_TELL_YET
        )

    def but(self, note: str, *, is_likely: bool) -> "Answer":
        """The same held back: likely, or too early to say."""
        if is_likely:
            return replace(self, certainty=Certainty.LIKELY, reason=text(self.reason, note))
        return replace(self, direction=Word.UNKNOWN, certainty=Certainty.TOO_EARLY, reason=text(self.reason, note))


def promise_answers(
    subject: str,
    effects: Sequence[Effect],
    names: Mapping[str, str],
    subgroups: Sequence[SubgroupEffect] = (),
    before_after: Sequence[tuple[float, float]] = (),
) -> list[PromiseAnswer]:
    """One row per promise of the article, in its order, whatever was found about the person.

    `effects` and `subgroups` are the person's rows; `names` what each metric is called in a sentence; `before_after`
    the pain (0 to 10) right before and right after each massage with both, which is quoted and decides nothing.
    """
    known = Known({(effect.metric, effect.window): effect for effect in effects}, subgroups, names)
    rows: list[PromiseAnswer] = []
    for ordinal, promise in enumerate(PROMISES, 1):
        answer = _answer(promise, known)
        if promise.claim_id == "pain_80" and before_after:
            answer = replace(answer, reason=text(answer.reason, words.raw_drop(before_after)))
        effect = known.effects.get((answer.metric or "", answer.window or ""))
        rows.append(
            PromiseAnswer(
                subject=subject,
                claim_id=promise.claim_id,
                ordinal=ordinal,
                claim=promise.claim,
                verdict=answer.verdict.value,
                direction=answer.direction,
                certainty=answer.certainty,
                basis=answer.basis,
                is_size_excluded=answer.is_size_excluded,
                reason=answer.reason,
                published_evidence=promise.published_evidence,
                metric=answer.metric,
                window=answer.window,
                claimed=promise.claimed,
                claimed_share=promise.claimed_share,
                observed=answer.observed,
                ci_low=answer.ci_low,
                ci_high=answer.ci_high,
                unit=answer.unit,
                n_massages=answer.n_massages,
                worth=effect.worth if effect else None,
                worth_source=effect.worth_source if effect and effect.worth is not None else None,
            )
        )
    return rows


def _answer(promise: Promise, known: Known) -> Answer:
    chosen = _chosen(promise, known)
    if chosen is None:
        reason = words.not_measured(promise.measured, promise.how_to_record)
        answer = Answer(*REFUSED, reason)
    elif promise.kind in ("some massages", "difference"):
        return _of_some(promise, chosen, known)
    elif promise.kind == "duration":
        return _duration(chosen, known)
    elif promise.kind == "up to":
        return _up_to(promise, chosen, known)
    else:
        answer = _weaker(promise, _inherited(chosen, known), chosen, known)
    return replace(answer, reason=text(answer.reason, *_beside(promise, answer, known)))


# Which number answers


def _chosen(promise: Promise, known: Known) -> Effect | None:
    """The effect of the first metric in the declared order that is answered and measured well enough.

    Well enough is at least half of the valid days of the best measured one; where none is answered, the refusal of the
    one with most days. The choice never looks at what was found. None where nothing was ever measured.
    """
    candidates = [effect for metric in promise.metrics if (effect := _decisive(promise, metric, known))]
    answered = [effect for effect in candidates if effect.estimate is not None]
    if answered:
        most = max(effect.n_days for effect in answered)
        return next(effect for effect in answered if effect.n_days >= ENOUGH_SHARE * most)
    return max(candidates, key=lambda effect: effect.n_days, default=None)


def _decisive(promise: Promise, metric: str, known: Known) -> Effect | None:
    """The effect of one metric in the promise's windows; where there is none, what refused the metric as a whole."""
    main = _main(metric, known)
    if main is None or main.n_days == 0:
        return None
    if not promise.windows:
        trial = _first(metric, TRIAL, known)
        return trial if trial and trial.estimate is not None else main
    found = _first(metric, promise.windows, known)
    if found:
        return found
    if main.estimate is None:
        return main
    return _without_size(main, words.TOO_LITTLE)


def _main(metric: str, known: Known) -> Effect | None:
    return _first(metric, MAIN, known)


def _first(metric: str, windows: Sequence[str], known: Known) -> Effect | None:
    """The first window with an estimate, else the first that was looked at."""
    found = [known.effects[metric, window] for window in windows if (metric, window) in known.effects]
    return next((effect for effect in found if effect.estimate is not None), found[0] if found else None)


# What may be said


def _inherited(effect: Effect, known: Known) -> Answer:
    """The effect's own verdict, none without a size; "supported" only of a declared metric, or by flipped coins."""
    reason = words.of_metric(known.names[effect.metric], effect.window, effect.reason)
    answer = _sized(effect, *_said(effect), reason)
    if answer.verdict is Verdict.SUPPORTED and not (effect.is_primary or effect.window in TRIAL):
        return answer.but(words.NOT_MAIN, is_likely=True)
    return answer


def _weaker(promise: Promise, answer: Answer, effect: Effect, known: Known) -> Answer:
    """The answer, held back where several numbers stand for a promise, or weeks do what a week does not show."""
    if promise.can_only_hint and answer.verdict is Verdict.SUPPORTED:
        return answer.but(words.SEVERAL_NUMBERS, is_likely=True)
    if promise.is_stood_in_for and answer.verdict is Verdict.SUPPORTED:
        return answer.but(words.STOOD_IN_FOR, is_likely=True)
    if promise.can_only_hint and answer.verdict is Verdict.CONTRADICTED:
        others = (_decisive(promise, metric, known) for metric in promise.metrics if metric != effect.metric)
        if any(other and other.verdict in (Verdict.SUPPORTED, Verdict.CONSISTENT) for other in others):
            return answer.but(words.ANOTHER_NUMBER, is_likely=False)
    if answer.direction in (Word.NO_BETTER, Word.NO_DIFFERENCE) and effect.window == Window.DOSE:
        most = {"up": effect.ci_high, "down": None if effect.ci_low is None else -effect.ci_low}.get(effect.better)
        if most is None or effect.worth is None or BUILD_UP * most >= effect.worth:
            return answer.but(words.SLOW, is_likely=False)
    return answer


def _said(effect: Effect) -> tuple[Word, Certainty]:
    """What the effect says; where it says nothing, the most that its interval allows."""
    if effect.estimate is None:
        return REFUSED
    if effect.direction and effect.certainty and effect.direction not in WITHOUT_BETTER_SIDE:
        return Word(effect.direction), Certainty(effect.certainty)
    return (Word.A_LITTLE_BETTER, Certainty.LIKELY) if _is_better(effect) else OPEN


def _up_to(promise: Promise, effect: Effect, known: Known) -> Answer:
    """The mean change as a share of the usual beside the promised share.

    The usual is the mean of all days, those after massages among them: if massages help, that is less than it would be
    without them, and the share comes out too large rather than too small. Where the days before massages differed, the
    history-adjusted interval decides, and without one nothing is said.
    """
    size = _shown(effect)
    if size is None:
        return _inherited(effect, known)
    usual = effect.usual
    if usual is None or not isfinite(usual) or usual <= 0:
        return _inherited(_without_size(effect, words.NO_PAIN), known)
    if effect.metric in PAIN and effect.usual_without is not None and effect.usual_without < MIN_USUAL_PAIN:
        level = numbers.level(effect.usual_without, effect.unit, effect.metric)
        return replace(_sized(effect, *OPEN, too_little_pain(level)), is_size_excluded=False)
    claimed = promise.claimed_share or 0.0
    allowed_for, is_booked = _allowed_for(effect), _is_booked_by_feeling(effect, known)
    about = (Window(effect.window).phrase, usual, effect.unit, known.names[effect.metric])
    if is_booked and not allowed_for:
        reason = words.up_to_not_allowed_for(*about, *_relief(size, usual), claimed)
        return replace(_sized(effect, *OPEN, reason), is_size_excluded=False)
    size = allowed_for if is_booked and allowed_for else size
    low, most = _relief(size, usual)
    reason = words.up_to(*about, low, most, claimed)
    reason = words.with_history(reason) if is_booked else reason
    sized = replace(effect, shown_estimate=size[0], shown_low=size[1], shown_high=size[2])
    if most >= claimed:
        return replace(_sized(sized, *_at_most_likely(effect, is_better=low > 0), reason), is_size_excluded=False)
    beside = None if is_booked or not allowed_for else _relief(allowed_for, usual)[1]
    if note := _not_denied(effect, most, beside, claimed):
        return replace(_sized(sized, *OPEN, text(reason, note)), is_size_excluded=False)
    return replace(_sized(sized, *_said(effect), reason), is_size_excluded=True)


def _not_denied(effect: Effect, most: float, most_allowed_for: float | None, claimed: float) -> str:
    """Why a promised share outside the range is not denied all the same; '' where it is.

    `most` is the upper end of the relief, `most_allowed_for` that of the estimate beside it.
    """
    if effect.window not in TRIAL and effect.n_massages < FIRST_LOOK:
        return words.FIRST_RANGE
    if effect.window in MAIN and effect.is_building_up:
        return words.BUILDS_UP
    if effect.window == Window.DOSE and BUILD_UP * most >= claimed:
        return words.SLOW
    if most_allowed_for is not None and most_allowed_for >= claimed:
        return words.NOT_OUTSIDE_WITH_HISTORY
    return ""


def _at_most_likely(effect: Effect, *, is_better: bool) -> tuple[Word, Certainty]:
    """What the effect says of the better side; likely, where its range lies there and it says nothing."""
    if not is_better:
        return OPEN
    said = _said(effect)
    return said if said[0] in FOR_THE_BETTER else (Word.A_LITTLE_BETTER, Certainty.LIKELY)


def _shown(effect: Effect) -> Sizes | None:
    """The change with a range that excludes nothing too often, however often one looks.

    That of a main number and of a trial is so itself; another one is widened to the boundary of all looks.
    """
    found = _of_row(effect)
    if found is None or effect.window in TRIAL or (effect.is_primary and effect.window in MAIN):
        return found
    return _widened(found)


def _allowed_for(effect: Effect) -> Sizes | None:
    """The same with what went before massages allowed for; None where it was not."""
    found = _sizes(effect.adjusted_estimate, effect.adjusted_ci_low, effect.adjusted_ci_high)
    if found is None or effect.adjusted_estimate == effect.estimate:
        return found and _shown(effect)
    return _widened(found)


def _widened(found: Sizes) -> Sizes:
    estimate, low, high = found
    factor = boundary(FAMILY) / SINGLE_LOOK
    return estimate, estimate - factor * (estimate - low), estimate + factor * (high - estimate)


def _relief(found: Sizes, usual: float) -> tuple[float, float]:
    """The interval of a change as a share of the usual, with less as positive."""
    return -found[2] / usual, -found[1] / usual


def _duration(first: Effect, known: Known) -> Answer:
    """How many days in a row, from the day after, the change can be told from nothing.

    The days are not corrected for how you felt when you booked, and several are looked at: the verdict on the days
    together must point the same way before anything is said of single ones.
    """
    if first.estimate is None:
        return _inherited(first, known)
    singles = [known.effects.get((first.metric, Window.of_day(day))) for day in SINGLE_DAYS[1:]]
    days = days_better((_interval(single) for single in singles), first.better)
    together = _main(first.metric, known)
    said = _said(together) if together else OPEN
    verdict = verdict_of(*said)
    reason = words.lasts(known.names[first.metric], days, is_last_looked_at=not any(singles[days : days + 1]))
    if days and said[0] in FOR_THE_BETTER and not _is_booked_by_feeling(first, known):
        said = said[0], Certainty.LIKELY
        reason = text(reason, words.HOW_LONG)
    elif not days and verdict is Verdict.CONTRADICTED and first.metric in PAIN:
        reason = text(reason, words.NONE_COULD_LAST)
    else:
        said = OPEN
        reason = text(reason, words.EXCLUDED_TOGETHER if verdict is Verdict.CONTRADICTED else words.NOT_SURE)
    return Answer(
        *said,
        text(reason, words.NO_BUILD_UP),
        first.metric,
        Window.of_day(max(days, 1)),
        float(days),
        unit="days",
        n_massages=first.n_massages,
    )


def _of_some(promise: Promise, chosen: Effect, known: Known) -> Answer:
    """What massages of a kind did, or did more than the others: exploratory, so at most consistent."""
    main = _main(chosen.metric, known) or chosen
    kinds = [row for row in known.subgroups if row.metric == main.metric and _is_of_kind(promise, row)]
    measured = [row for row in kinds if row.estimate is not None]
    if not measured:
        if main.estimate is None:
            return _inherited(main, known)
        if not kinds:
            return Answer(*REFUSED, words.no_such_massage(promise.how_to_record_kind))
        most = max(kinds, key=lambda row: (row.n_massages, row.level))
        return Answer(
            *REFUSED,
            f"{words.kind(most.attribute, most.level)}: {most.reason}",
            n_massages=most.n_massages,
        )
    order = list(promise.levels)
    row = min(measured, key=lambda row: (order.index(row.attribute), -row.n_massages, row.level))
    unit, when = main.unit, Window(main.window).phrase
    own = (row.estimate, row.ci_low, row.ci_high)
    difference = (row.difference, row.difference_ci_low, row.difference_ci_high)
    is_asked = promise.kind == "difference"
    reason = words.of_kind(
        words.kind(row.attribute, row.level),
        row.n_massages,
        when,
        known.names[row.metric],
        _in_words(own, unit, row.metric),
        _in_words(difference, unit, row.metric),
        is_asked=is_asked,
    )
    if is_asked and row.difference is None:
        return Answer(*REFUSED, reason, n_massages=row.n_massages)
    observed, low, high = difference if is_asked else own
    said, note = _hint(row, (low, high), main, known)
    reason = text(reason, note)
    return Answer(*said, reason, row.metric, main.window, observed, low, high, unit, row.n_massages)


def _hint(
    row: SubgroupEffect, asked: tuple[float | None, float | None], main: Effect, known: Known
) -> tuple[tuple[Word, Certainty], str]:
    """What a kind of massage allows to be said, and why; `asked` is the interval that the promise is about."""
    own = replace(main, estimate=row.estimate, ci_low=row.ci_low, ci_high=row.ci_high)
    if _is_booked_by_feeling(main, known):
        return OPEN, words.BOOKED_BY_FEELING
    if not (_is_better(own) and _is_better(replace(main, ci_low=asked[0], ci_high=asked[1]))):
        return OPEN, words.NOT_CERTAIN
    if row.q_value is None or row.q_value > MAX_Q:
        return OPEN, words.MANY_KINDS
    if _is_small(own):
        return OPEN, words.TOO_SMALL
    is_worth = row.estimate is not None and main.worth is not None and abs(row.estimate) >= main.worth
    return (Word.BETTER if is_worth else Word.A_LITTLE_BETTER, Certainty.LIKELY), words.NOT_DRAWN


def _is_of_kind(promise: Promise, row: SubgroupEffect) -> bool:
    """Whether a word of the level begins like one that the promise names."""
    beginnings = promise.levels.get(row.attribute, ())
    return any(re.search(rf"\b{re.escape(beginning)}", row.level.casefold()) for beginning in beginnings)


# What is said beside it


def _beside(promise: Promise, answer: Answer, known: Known) -> Iterator[str]:
    """One sentence on the numbers that do not decide."""
    metrics = [metric for metric in (*promise.metrics, *promise.beside) if metric != answer.metric]
    others = [effect for metric in metrics if (effect := _decisive(promise, metric, known))]
    if answer.metric and answer.observed is not None:
        windows = (*promise.windows, *([Window.DAY_0] if promise.can_only_hint else []))
        own = [known.effects.get((answer.metric, window)) for window in windows if window != answer.window]
        others = [*(effect for effect in own if effect and effect.estimate is not None), *others]
    if others:
        yield words.also_looked_at([_in_short(effect, known) for effect in others])


def _in_short(effect: Effect, known: Known) -> str:
    found = _in_words(_of_row(effect) or (None, None, None), effect.unit, effect.metric)
    return words.in_short(known.names[effect.metric], effect.window, found, effect.verdict)


# The same everywhere


def _sized(effect: Effect, direction: Word, certainty: Certainty, reason: str) -> Answer:
    estimate, low, high = _of_row(effect) or (None, None, None)
    return Answer(
        direction, certainty, reason, effect.metric, effect.window, estimate, low, high, effect.unit,
        effect.n_massages, basis=Basis(effect.basis or Basis.AFTER),
    )  # fmt: skip


def _of_row(effect: Effect) -> Sizes | None:
    """The change and its range as they are shown."""
    shown = _sizes(effect.shown_estimate, effect.shown_low, effect.shown_high)
    return shown or _sizes(effect.estimate, effect.ci_low, effect.ci_high)


def _without_size(effect: Effect, reason: str) -> Effect:
    """The same refused."""
    return replace(
        effect,
        estimate=None,
        ci_low=None,
        ci_high=None,
        shown_estimate=None,
        shown_low=None,
        shown_high=None,
        direction=Word.UNKNOWN,
        certainty=Certainty.CANNOT_TELL,
        verdict=Verdict.CANNOT_BE_TOLD,
        reason=reason,
    )


def _interval(effect: Effect | None) -> tuple[float, float] | None:
    if effect is None or effect.ci_low is None or effect.ci_high is None:
        return None
    return effect.ci_low, effect.ci_high


def _is_better(effect: Effect) -> bool:
    return is_better(_interval(effect), effect.better)


def _is_small(effect: Effect) -> bool:
    """Whether a change for the better is less than is worth having, as `judgement.judge` has it."""
    size = _sizes(effect.estimate, effect.ci_low, effect.ci_high)
    if size is None or effect.worth is None:
        return False
    most = max(abs(size[1]), abs(size[2]))
    return most < effect.worth and abs(size[0]) < effect.worth / 2


def _is_booked_by_feeling(effect: Effect, known: Known) -> bool:
    """Whether the days before massages differed already, or nobody looked; a drawn schedule does not ask."""
    if effect.window in TRIAL:
        return False
    main = _main(effect.metric, known)
    return main is None or main.lead_p is None or main.lead_p < LEAD_P


def _sizes(estimate: float | None, low: float | None, high: float | None) -> Sizes | None:
    return None if estimate is None or low is None or high is None else (estimate, low, high)


def _in_words(sizes: tuple[float | None, float | None, float | None], unit: str, metric: str) -> Change | None:
    size = _sizes(*sizes)
    return None if size is None else numbers.change(*size, unit, metric)
