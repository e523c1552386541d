"""The answer to a promise of "up to" a share: never supported, and denied where the share lies outside the range."""

from dataclasses import replace
from math import isfinite

from recovery.answers.promise_parts import (
    BUILD_UP,
    OPEN,
    Answer,
    Known,
    inherited,
    is_booked_by_feeling,
    said_of,
    sized,
    without_size,
)
from recovery.answers.rows import Effect, Sizes, sizes_of
from recovery.effects.boundaries import FAMILY, FIRST_LOOK, SINGLE_LOOK, boundary
from recovery.effects.worth import MIN_USUAL_PAIN
from recovery.vocabulary.article import PAIN, Promise
from recovery.vocabulary.verdicts import FOR_THE_BETTER, Certainty, Word
from recovery.vocabulary.windows import MAIN, TRIAL, Window
from recovery.words import numbers
from recovery.words import promises as words
from recovery.words.effects import text
from recovery.words.worth import too_little_pain


def up_to(promise: Promise, effect: Effect, known: Known) -> Answer:
    """The mean change as a share of the usual beside the promised share.

    The usual is the mean of all days, those after massages among them: if massages help, that is less than it would be
    without them, and the share comes out too large rather than too small. Where the days before massages differed, the
    history-adjusted interval decides, and without one nothing is said.
    """
    size = _shown(effect)
    if size is None:
        return inherited(effect, known)
    usual = effect.usual
    if usual is None or not isfinite(usual) or usual <= 0:
        return inherited(without_size(effect, words.NO_PAIN), known)
    if effect.metric in PAIN and effect.usual_without is not None and effect.usual_without < MIN_USUAL_PAIN:
        level = numbers.level(effect.usual_without, effect.unit, effect.metric)
        return replace(sized(effect, *OPEN, too_little_pain(level)), is_size_excluded=False)
    claimed = promise.claimed_share or 0.0
    allowed_for, is_booked = _allowed_for(effect), is_booked_by_feeling(effect, known)
    about = (Window(effect.window).phrase, usual, effect.unit, known.names[effect.metric])
    if is_booked and not allowed_for:
        reason = words.up_to_not_allowed_for(*about, *_relief(size, usual), claimed)
        return replace(sized(effect, *OPEN, reason), is_size_excluded=False)
    size = allowed_for if is_booked and allowed_for else size
    low, most = _relief(size, usual)
    reason = words.up_to(*about, low, most, claimed)
    reason = words.with_history(reason) if is_booked else reason
    told = replace(effect, shown_estimate=size[0], shown_low=size[1], shown_high=size[2])
    if most >= claimed:
        return replace(sized(told, *_at_most_likely(effect, is_better=low > 0), reason), is_size_excluded=False)
    beside = None if is_booked or not allowed_for else _relief(allowed_for, usual)[1]
    if note := _not_denied(effect, most, beside, claimed):
        return replace(sized(told, *OPEN, text(reason, note)), is_size_excluded=False)
    return replace(sized(told, *said_of(effect), reason), is_size_excluded=True)


def _not_denied(effect: Effect, most: float, most_allowed_for: float | None, claimed: float) -> str:
    """Why a promised share outside the range is not denied all the same; '' where it is.

    `most` is the upper end of the relief, `most_allowed_for` that of the estimate beside it.
    """
    if effect.window not in TRIAL and effect.massages_that_count < FIRST_LOOK:
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
    said = said_of(effect)
    return said if said[0] in FOR_THE_BETTER else (Word.A_LITTLE_BETTER, Certainty.LIKELY)


def _shown(effect: Effect) -> Sizes | None:
    """The change with a range that excludes nothing too often, however often one looks.

    That of a main number and of a trial is so itself; another one is widened to the boundary of all looks.
    """
    found = effect.sizes
    if found is None or effect.window in TRIAL or (effect.is_primary and effect.window in MAIN):
        return found
    return _widened(found)


def _allowed_for(effect: Effect) -> Sizes | None:
    """The same with what went before massages allowed for; None where it was not."""
    found = sizes_of(effect.adjusted_estimate, effect.adjusted_ci_low, effect.adjusted_ci_high)
    if found is None or effect.adjusted_estimate == effect.estimate:
        return found and _shown(effect)
    return _widened(found)


def _widened(found: Sizes) -> Sizes:
    estimate, low, high = found
    factor = boundary(FAMILY) / SINGLE_LOOK
    return Sizes(estimate, estimate - factor * (estimate - low), estimate + factor * (high - estimate))


def _relief(found: Sizes, usual: float) -> tuple[float, float]:
    """The interval of a change as a share of the usual, with less as positive."""
    return -found.high / usual, -found.low / usual
