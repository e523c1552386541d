"""What the study must show: each question with its bound, the cells and figures that answer it, and what was before."""

from collections.abc import Callable
from dataclasses import dataclass

from .bookings import BY_CALENDAR

BY_PAIN = ("same morning", "same afternoon", "rising")


@dataclass(frozen=True)
class Question:
    """One row of the table. Figures are shares, bounds percent; a cell belongs to it where `is_asked` says so."""

    title: str
    figure: str
    of: str  # the part of the people; '*' each metric as a cell of its own
    is_asked: Callable[[str, str, str], bool]  # layer, booking, effect
    least: float | None = None
    most: float | None = None
    aim: str = ""
    before: str = ""  # as it was when issue 11 was written
    by_metric: bool = False  # whether cells are told apart by metric too


def _of(name: str, effect: str, *bookings: str) -> Callable[[str, str, str], bool]:
    return lambda layer, booking, of: layer == name and of == effect and (not bookings or booking in bookings)


def _with_effect(layer: str, booking: str, effect: str) -> bool:
    return layer == "a" and effect in ("worth", "twice", "0.4 SD", "lasting")  # half of one is taken back in half


def _of_real_pain(layer: str, booking: str, effect: str) -> bool:
    return layer == "real pain"


def _of_a_watch(layer: str, booking: str, effect: str) -> bool:
    return layer in ("real days", "real noise") and effect == "none"


def _of_path(layer: str, booking: str, effect: str) -> bool:
    return layer == "b" and effect == "none"


def _any_of_looks(layer: str, booking: str, effect: str) -> bool:
    return layer == "a" and effect != "build-up"


QUESTIONS: tuple[Question, ...] = (
    Question(
        "any main metric ever a finding in two years of looks, no effect, one named as the main number",
        "ever a finding", "", _of("a", "none"), most=5, aim="3-5", before="7 to 11 (Holm)",
    ),
    Question(
        "the same, nobody named one",
        "no main: ever a finding", "", _of("a", "none"), most=5, aim="3-5", before="7 to 11",
    ),
    Question(
        "any main metric ever a finding by the whole path of the program at seven looks, no effect",
        "ever a finding", "", _of_path, most=5, aim="3-5", before="7 to 11",
    ),
    Question(
        'any main metric ever "no better", "worse" or "no difference" (contradicted), effect exactly worth having',
        "ever denied", "", _of("a", "worth"), most=5, aim="3", before="32",
    ),
    Question(
        "any main metric ever contradicted by the whole path at seven looks, effect exactly worth having",
        "ever denied", "", _of("b", "worth"), most=5, aim="3", before="32",
    ),
    Question(
        "true findings taken back",
        "finding taken back", "", _with_effect, most=3, aim="1", before="69 to 90",
    ),
    Question(
        "pain booked on a morning, an afternoon or a rising flare: the interval says worse, no effect",
        "interval says worse", "pain", _of("a", "none", *BY_PAIN), most=6.5, aim="5", before="29 to 58",
    ),
    Question(
        "the same: a true effect at the goal is left out",
        "interval leaves out the change worth having", "pain", _of("a", "worth", *BY_PAIN), most=6.5, aim="5",
        before="15 to 42",
    ),
    *(
        Question(
            f"real pain, drawn dates, {booking}: worse or better, no effect",
            "says worse or better", "pain", _of("real pain", "none", booking), most=most, aim="5", before=before,
        )
        for booking, most, before in (
            ("random", 6.5, "2"), ("same bad day", 6.5, "35"), ("afternoon", 10.0, "65"),
            ("after a bad day", 6.5, "2"), ("one weekday", 6.5, "3"),
        )
    ),
    Question(
        "real pain, drawn dates: 30% of the usual pain taken off on three days is denied",
        "ever denied", "", _of("real pain", "worth"), most=5, aim="3", before="2 to 54",
    ),
    Question(
        "the same: interval of one look holds the truth, with and without an effect",
        "interval holds the truth", "pain", _of_real_pain, least=93, aim="95", before="28 to 98",
    ),
    Question(
        "one number on real days of a watch, or with noise made of them: ever a finding, no effect",
        "ever a finding", "", _of_a_watch, most=5, aim="3-5", before="-",
    ),
    Question(
        "slow build-up ever denied",
        "ever denied", "", _of("a", "build-up"), most=5, aim="2", before="24",
    ),
    Question(
        "interval of one look (95%) holds the truth, each booking, effect and metric",
        "interval holds the truth", "*", _any_of_looks, least=93, aim="95", before="90 to 97; of pain 35 to 65",
        by_metric=True,
    ),
    Question(
        "range that is shown holds the truth, each booking, effect and metric",
        "range shown holds the truth", "*", _any_of_looks, least=93, aim="95", before="-", by_metric=True,
    ),
    Question(
        "interval of the dose of pain holds the truth, no effect",
        "dose holds the truth", "pain", _of("b", "none"), least=93, aim="95", before="50 to 67",
    ),
    *(
        Question(
            f"power of a finding of the main number, +0.4 SD, {title}, {weeks} weeks",
            f"main found in {weeks} weeks", "", _of("a", "0.4 SD", booking), least=least, aim=aim, before=before,
        )
        for booking, title, weeks, least, aim, before in (
            ("random", "weekly at irregular dates", 26, 30, "45", "-"),
            ("random", "weekly at irregular dates", 52, 75, "85", "84"),
            ("weekday", "one weekday with skips", 52, 18, "35", "1"),
            ("weekday", "one weekday with skips", 103, 42, "60", "6"),
            ("fortnightly", "fortnightly", 52, 35, "50", "-"),
        )
    ),
    Question(
        '"N more massages": an answer is there within N, effect worth having',
        "reached within N", "", _of("a", "worth"), least=70, most=90, aim="75-85", before="10 to 48",
    ),
    Question(
        "the same, each promise by itself (several of one person: ± is too small)",
        "reached within N, each promise", "", _of("a", "worth"), least=70, most=90, aim="75-85",
    ),
    Question(
        "level jump claimed where there is none",
        "jump claimed", "", _of("levels", "none"), most=2, aim="1", before="28 to 82",
    ),
    Question(
        "level of the nominal 5% with the fixed seed of each metric, dates unlike pain (4.5-5.5)",
        "interval leaves out 0", "*",
        _of("a", "none", *BY_CALENDAR),
        least=4.5, most=5.5, before="3.4 to 6.7", by_metric=True,
    ),
)  # fmt: skip
