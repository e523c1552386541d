"""The cells of the study: how people book, what a massage does, and how many people are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from .bookings import ALL

A_BOOKING, A_DOUBTFUL_BOOKING, AN_EFFECT, A_PATH, A_PATH_OF_PAIN = 1000, 2000, 300, 200, 400
DOUBTFUL = ("random", "weekday", "same afternoon")
# Their results are told last and apart. Nothing in the program or in this study may be chosen because of them.
HOLD_OUT = ("holidays", "good weekends")

EFFECTS = {  # what else is asked of a booking, beside no effect and one exactly worth having
    "random": ("half", "twice", "0.4 SD", "lasting", "build-up"),
    "weekday": ("0.4 SD", "build-up"),
    "fortnightly": ("0.4 SD",),
    "course": ("build-up",),
    "same morning": ("half",),
    "same afternoon": ("half", "lasting"),
}
PATHS = (  # layer b
    ("random", "none"),
    ("random", "worth"),
    ("random", "0.4 SD"),
    ("weekday", "none"),
    ("course", "build-up"),
    ("flare", "none"),
    ("same afternoon", "none"),
    ("same afternoon", "worth"),
)


@dataclass(frozen=True)
class Cell:
    """People who book alike and to whom massages do the same; the name tells who they are, for good."""

    layer: str
    booking: str
    effect: str
    people: int  # that are asked for
    days: int = 728

    @property
    def name(self) -> str:
        return f"{self.layer}/{self.booking}/{self.effect}"

    @property
    def is_hold_out(self) -> bool:
        return self.booking in HOLD_OUT


def cells(layer: str) -> Iterator[Cell]:
    """The cells of the layers `a` and `b`; those of real days depend on which are there."""
    if layer == "a":
        for booking in ALL:
            yield Cell("a", booking, "none", A_DOUBTFUL_BOOKING if booking in DOUBTFUL else A_BOOKING)
            yield Cell("a", booking, "worth", A_BOOKING)
            for effect in EFFECTS.get(booking, ()):
                yield Cell("a", booking, effect, AN_EFFECT)
    if layer == "b":
        for booking, effect in PATHS:
            yield Cell("b", booking, effect, A_PATH_OF_PAIN if booking == "same afternoon" else A_PATH)
