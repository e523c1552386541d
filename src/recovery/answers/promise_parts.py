"""What an answer to a promise is made of: what is known of one person, and what one effect allows to be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recovery.answers.rows import Effect, SubgroupEffect
from recovery.effects.gates import LEAD_P
from recovery.effects.lasting import is_better
from recovery.vocabulary.verdicts import WITHOUT_BETTER_SIDE, Basis, Certainty, Verdict, Word, verdict_of
from recovery.vocabulary.windows import MAIN, TRIAL
from recovery.words import promises as words
from recovery.words.effects import text

BUILD_UP = 3  # a lasting change is seen at a third to half of its size in the days that follow (methods.md, section 10)
OPEN = (Word.UNKNOWN, Certainty.TOO_EARLY)
REFUSED = (Word.UNKNOWN, Certainty.CANNOT_TELL)


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


def main_of(metric: str, known: Known) -> Effect | None:
    return first_of(metric, MAIN, known)


def first_of(metric: str, windows: Sequence[str], known: Known) -> Effect | None:
    """The first window with an estimate, else the first that was looked at."""
    found = [known.effects[metric, window] for window in windows if (metric, window) in known.effects]
    return next((effect for effect in found if effect.estimate is not None), found[0] if found else None)


def inherited(effect: Effect, known: Known) -> Answer:
    """The effect's own verdict, none without a size; "supported" only of a declared metric, or by flipped coins."""
    reason = words.of_metric(known.names[effect.metric], effect.window, effect.reason)
    answer = sized(effect, *said_of(effect), reason)
    if answer.verdict is Verdict.SUPPORTED and not (effect.is_primary or effect.window in TRIAL):
        return answer.but(words.NOT_MAIN, is_likely=True)
    return answer


def said_of(effect: Effect) -> tuple[Word, Certainty]:
    """What the effect says; where it says nothing, the most that its interval allows."""
    if effect.estimate is None:
        return REFUSED
    if effect.direction and effect.certainty and effect.direction not in WITHOUT_BETTER_SIDE:
        return Word(effect.direction), Certainty(effect.certainty)
    return (Word.A_LITTLE_BETTER, Certainty.LIKELY) if is_better_for(effect) else OPEN


def sized(effect: Effect, direction: Word, certainty: Certainty, reason: str) -> Answer:
    estimate, low, high = effect.sizes or (None, None, None)
    return Answer(
        direction, certainty, reason, effect.metric, effect.window, estimate, low, high, effect.unit,
        effect.n_massages, basis=Basis(effect.basis or Basis.AFTER),
    )  # fmt: skip


def without_size(effect: Effect, reason: str) -> Effect:
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


def interval_of(effect: Effect | None) -> tuple[float, float] | None:
    if effect is None or effect.ci_low is None or effect.ci_high is None:
        return None
    return effect.ci_low, effect.ci_high


def is_better_for(effect: Effect) -> bool:
    return is_better(interval_of(effect), effect.better)


def is_booked_by_feeling(effect: Effect, known: Known) -> bool:
    """Whether the days before massages differed already, or nobody looked; a drawn schedule does not ask."""
    if effect.window in TRIAL:
        return False
    main = main_of(effect.metric, known)
    return main is None or main.lead_p is None or main.lead_p < LEAD_P
