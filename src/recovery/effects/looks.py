"""What is said of a number that is looked at again and again: when a finding is made, kept, withdrawn, made anew.

A look comes with each massage whose days after it are complete. What is said then depends on the look and on what was
said before, by this table. `better` is a finding, `excluded` says that a change worth having is ruled out, `open` is
no answer. The columns: does the interval at the boundary lie above 0, with every check and at least half of a change
worth having (crosses); where does the estimate lie (under half of it: small; between; at least all of it: worth); is
what is small gone for a finding that stands (gone); is a change worth having ruled out at the boundary (ruled out).

    before    crosses, worth   crosses, between   worth     between   between,   small     small,    small,
                                                                      ruled out            gone      ruled out
    open      better           better             open      open      excluded   open      open      excluded
    better    better           better             better    better    better     better    open      excluded
    excluded  better           better             open      excluded  excluded   excluded  excluded  excluded

A finding keeps the direction it was made with; the checks that counted are those of that look. It is made where the
estimate is at least half of a change worth having, and goes where the data say that it is less: where the estimate
falls under half and a change worth having lies outside the range of that look alone (one-sided 95%, so what is ruled
out is always gone), or where it falls under a quarter. So one that was made just above half does not go with the next
bad day. It may come again by crossing anew. An exclusion goes where the estimate reaches a change worth having. Where
the number gets better over the massages nothing new is ruled out: the columns "ruled out" are those without
(`builds_up`); an exclusion that stands goes once it got better by all of a change worth having (`has_built_up`). Nor is
anything new ruled out where a benefit that builds up over weeks may be worth having (`may_build_up`): a number that got
worse for certain is likely worse then. A finding is not touched by that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from recovery.effects.direction import HALF, QUARTER, direction
from recovery.effects.hull import interval_at, z_above, z_below
from recovery.effects.regression import Estimate
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Certainty, Verdict, Word, verdict_of

LEFT_OUT = 1.645  # z of a change worth having that lies outside the one-sided 95% range of one look


class Standing(StrEnum):
    """What stands after a look."""

    OPEN = "open"
    BETTER = "better"
    EXCLUDED = "excluded"


class Event(StrEnum):
    """What a look did to what stood before."""

    NONE = "none"
    FOUND = "found"
    FOUND_AGAIN = "found again"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    RULED_OUT = "ruled out"
    WITHDRAWN_AND_RULED_OUT = "withdrawn and ruled out"
    NO_LONGER_RULED_OUT = "no longer ruled out"


@dataclass(frozen=True)
class Look:
    """One look at one number: what is weighed, sizes in the number's unit, `worth` above 0."""

    estimate: Estimate
    better: Direction
    worth: float
    boundary: float  # of a finding
    exclusion_boundary: float
    checks_passed: bool  # every check of this look, the weeks gate among them
    may_exclude: bool = True  # whether the design allows to say that a change worth having is ruled out
    may_be_worse: bool = True  # whether it may be said that the number got worse
    builds_up: bool = False  # whether the number gets better over the massages, which days after one cannot deny
    has_built_up: bool = False  # whether it did so by all of a change worth having
    may_build_up: bool = False  # whether a benefit that builds up over weeks may be worth having

    @property
    def size(self) -> float:
        """The estimate, towards better."""
        return self.estimate.estimate if self.better == "up" else -self.estimate.estimate

    @property
    def is_small(self) -> bool:
        return self.size < HALF * self.worth

    @property
    def is_gone(self) -> bool:
        """Whether a finding that stands is withdrawn."""
        is_less = z_below(self.estimate, self.worth, self.better) >= LEFT_OUT
        return self.size < QUARTER * self.worth or (self.is_small and is_less)

    @property
    def is_worth_having(self) -> bool:
        return self.size >= self.worth

    @property
    def crosses(self) -> bool:
        """Whether a finding is made."""
        return self.checks_passed and not self.is_small and z_above(self.estimate, 0.0, self.better) >= self.boundary

    @property
    def rules_out(self) -> bool:
        """Whether a change worth having is ruled out."""
        if self.builds_up or self.may_build_up or not self.may_exclude:
            return False
        return z_below(self.estimate, self.worth, self.better) >= self.exclusion_boundary

    @property
    def interval(self) -> tuple[float, float]:
        """The interval at the boundary, in the unit of the number and its own direction."""
        return interval_at(self.estimate, self.boundary)

    @property
    def towards_better(self) -> tuple[float, float]:
        """Its ends with better as positive."""
        low, high = self.interval
        return (low, high) if self.better == "up" else (-high, -low)


@dataclass(frozen=True)
class Said:
    """What is said after a look."""

    standing: Standing = Standing.OPEN
    event: Event = Event.NONE
    word: Word = Word.UNKNOWN
    certainty: Certainty = Certainty.TOO_EARLY
    was_found: bool = False  # ever so far

    @property
    def verdict(self) -> Verdict | None:
        """What follows of word and certainty for the claim that massages make the number better."""
        return verdict_of(self.word, self.certainty)


def said(looks: Iterable[Look]) -> Iterator[Said]:
    """What is said after each look, the first one first."""
    before = Said()
    for look in looks:
        before = after_look(before, look)
        yield before


def after_look(before: Said, look: Look) -> Said:
    """What is said after one more look; the table of the module."""
    standing, event = _standing(before, look)
    was_found = before.was_found or standing is Standing.BETTER
    now = replace(before, standing=standing, event=event, was_found=was_found)
    if standing is Standing.BETTER:
        is_kept = event is Event.KEPT
        word = before.word if is_kept else Word.BETTER if look.is_worth_having else Word.A_LITTLE_BETTER
        return replace(now, word=word, certainty=Certainty.CLEAR)
    word = _word(look, is_ruled_out=standing is Standing.EXCLUDED)
    if word is Word.UNKNOWN:
        return replace(now, word=word, certainty=Certainty.TOO_EARLY)
    is_clear = standing is Standing.EXCLUDED and word not in FOR_THE_BETTER
    if word in FOR_THE_WORSE:
        is_clear = is_clear and look.checks_passed
    return replace(now, word=word, certainty=Certainty.CLEAR if is_clear else Certainty.LIKELY)


def _standing(before: Said, look: Look) -> tuple[Standing, Event]:
    stood = before.standing
    if stood is Standing.BETTER and not look.is_gone:
        return Standing.BETTER, Event.KEPT
    if look.crosses:
        return Standing.BETTER, Event.FOUND_AGAIN if before.was_found else Event.FOUND
    if stood is Standing.EXCLUDED:
        if look.is_worth_having or look.has_built_up:
            return Standing.OPEN, Event.NO_LONGER_RULED_OUT
        return Standing.EXCLUDED, Event.KEPT
    if look.rules_out:
        is_withdrawn = stood is Standing.BETTER
        return Standing.EXCLUDED, Event.WITHDRAWN_AND_RULED_OUT if is_withdrawn else Event.RULED_OUT
    return Standing.OPEN, Event.WITHDRAWN if stood is Standing.BETTER else Event.NONE


def _word(look: Look, *, is_ruled_out: bool) -> Word:
    """Which way, where no finding stands. 0 and a change worth having inside the interval say nothing."""
    low, high = look.towards_better
    return direction(look.size, low, high, look.worth, is_ruled_out=is_ruled_out, may_be_worse=look.may_be_worse)
