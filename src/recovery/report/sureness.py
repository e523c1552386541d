"""How sure an answer is shown to be, on every page alike: its dots, its word, and what is told beside them."""

from recovery.answers.rows import Effect
from recovery.vocabulary.sureness import Doubt, Sure, doubts_in, sure_of
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Certainty, Word
from recovery.words import said


def sure(effect: Effect) -> Sure:
    """What the dots show of a row; of one about which nothing is said, too early."""
    return sure_of(Certainty(effect.certainty), _doubts(effect)) if effect.certainty else Sure.TOO_EARLY


def beside(effect: Effect) -> list[str]:
    """A sentence for each dot that a clear answer lacks; none where it lacks none."""
    is_ruled_out = _word(effect) in (Word.NO_DIFFERENCE, Word.NO_BETTER)
    return [said.doubted(doubt, is_ruled_out=is_ruled_out) for doubt in _doubts(effect)]


def weighs(effect: Effect) -> bool:
    """Whether the checks that do not pass make an answer less sure than clear."""
    return Doubt.CHECKS in _doubts(effect) or effect.certainty != Certainty.CLEAR


def _doubts(effect: Effect) -> tuple[Doubt, ...]:
    """Those of the row; of a version that published none, the range of a finding that reaches no change."""
    if effect.certainty != Certainty.CLEAR:
        return ()
    if effect.doubts is not None:
        return doubts_in(effect.doubts)
    found = effect.sizes
    goes_a_way = _word(effect) in (*FOR_THE_BETTER, *FOR_THE_WORSE)
    return (Doubt.RANGE,) if goes_a_way and found is not None and found.low <= 0 <= found.high else ()


def _word(effect: Effect) -> Word:
    return Word(effect.direction) if effect.direction else Word.UNKNOWN
