"""The answer to every promise of the article for one person, also where the data cannot tell.

Nothing is estimated here: an answer takes the verdict of the effect that measures it, or a weaker one. "Supported" is
said only of a main metric that was declared before, or of a randomised trial, and never of an "up to".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from recovery.answers.promise_parts import (
    BUILD_UP,
    OPEN,
    REFUSED,
    Answer,
    Known,
    first_of,
    inherited,
    interval_of,
    is_better_for,
    is_booked_by_feeling,
    main_of,
    said_of,
    without_size,
)
from recovery.answers.promise_up_to import up_to
from recovery.answers.rows import Effect, PromiseAnswer, SubgroupEffect, sizes_of
from recovery.effects.lasting import days_better, is_better
from recovery.effects.multiplicity import MAX_Q
from recovery.vocabulary.article import PAIN, PROMISES, Promise
from recovery.vocabulary.verdicts import (
    FOR_THE_BETTER,
    Certainty,
    Verdict,
    Word,
    verdict_of,
)
from recovery.vocabulary.windows import SINGLE_DAYS, TRIAL, Window
from recovery.words import numbers
from recovery.words import promises as words
from recovery.words.effects import text
from recovery.words.numbers import Change

ENOUGH_SHARE = 0.5  # of the valid days of the best measured metric, for one that stands before it in the order


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
        return up_to(promise, chosen, known)
    else:
        answer = _weaker(promise, inherited(chosen, known), chosen, known)
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
    main = main_of(metric, known)
    if main is None or main.n_days == 0:
        return None
    if not promise.windows:
        trial = first_of(metric, TRIAL, known)
        return trial if trial and trial.estimate is not None else main
    found = first_of(metric, promise.windows, known)
    if found:
        return found
    if main.estimate is None:
        return main
    return without_size(main, words.TOO_LITTLE)


# What may be said


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


def _duration(first: Effect, known: Known) -> Answer:
    """How many days in a row, from the day after, the change can be told from nothing.

    The days are not corrected for how you felt when you booked, and several are looked at: the verdict on the days
    together must point the same way before anything is said of single ones.
    """
    if first.estimate is None:
        return inherited(first, known)
    singles = [known.effects.get((first.metric, Window.of_day(day))) for day in SINGLE_DAYS[1:]]
    days = days_better((interval_of(single) for single in singles), first.better)
    together = main_of(first.metric, known)
    said = said_of(together) if together else OPEN
    verdict = verdict_of(*said)
    later = [
        day for day, one in zip(SINGLE_DAYS[1:], singles, strict=True) if is_better(interval_of(one), first.better)
    ]
    is_last = not any(singles[days : days + 1])
    reason = words.lasts(known.names[first.metric], days, later, is_last_looked_at=is_last)
    if days and said[0] in FOR_THE_BETTER and not is_booked_by_feeling(first, known):
        said = said[0], Certainty.LIKELY
        reason = text(reason, words.HOW_LONG)
    elif not days and verdict is Verdict.CONTRADICTED and first.metric in PAIN:
        reason = text(reason, words.NONE_COULD_LAST)
    else:
        said = OPEN
        if verdict is Verdict.CONTRADICTED:
            reason = text(reason, words.EXCLUDED_TOGETHER)
        elif days:
            reason = text(reason, words.NOT_SURE)
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
    main = main_of(chosen.metric, known) or chosen
    kinds = [row for row in known.subgroups if row.metric == main.metric and _is_of_kind(promise, row)]
    measured = [row for row in kinds if row.estimate is not None]
    if not measured:
        if main.estimate is None:
            return inherited(main, known)
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
    if is_booked_by_feeling(main, known):
        return OPEN, words.BOOKED_BY_FEELING
    if not (is_better_for(own) and is_better_for(replace(main, ci_low=asked[0], ci_high=asked[1]))):
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
    found = _in_words(effect.sizes or (None, None, None), effect.unit, effect.metric)
    return words.in_short(known.names[effect.metric], effect.window, found, effect.verdict)


# The same everywhere


def _is_small(effect: Effect) -> bool:
    """Whether a change for the better is less than is worth having, as `judgement.judge` has it."""
    size = effect.one_look
    if size is None or effect.worth is None:
        return False
    most = max(abs(size.low), abs(size.high))
    return most < effect.worth and abs(size.estimate) < effect.worth / 2


def _in_words(sizes: tuple[float | None, float | None, float | None], unit: str, metric: str) -> Change | None:
    size = sizes_of(*sizes)
    return None if size is None else numbers.change(*size, unit, metric)
