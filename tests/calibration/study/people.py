"""People of two years with four main metrics, to whom something happens and who book massages."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from recovery.effects import worth
from recovery.effects.booked_on_pain import Ratings
from recovery.effects.design import lagged, usual, winsorised, without_weekday_and_trend
from recovery.vocabulary.metrics import Direction

from . import bookings, pain
from .noise import KINDS, Random, rebuilt

DAYS = 728
LIVES = ("nothing", "recovery", "new job", "season", "device change")
PLAIN, FADING = np.array([0.0, 1.0, 1.0, 1.0]), np.exp(-np.arange(1, 91) / 30)
COURSES: dict[str, np.ndarray] = {  # on the days 0, 1, 2, ... of a massage
    "none": np.zeros(4),
    "worth": PLAIN,
    "half": 0.5 * PLAIN,
    "twice": 2 * PLAIN,
    "0.4 SD": 0.4 * PLAIN,
    "lasting": np.array([0.0, 1.1, 1.0, 0.9, 0.75, 0.6, 0.45, 0.35, 0.25, 0.15, 0.1]),
    "build-up": np.concatenate([[0.0], 0.22 * FADING]),
}
LASTS = 4  # days of a course, beyond which it lasts longer than is asked about
IN_DEVIATIONS = ("0.4 SD", "build-up")  # the others are in changes just worth having, as the program estimates them


@dataclass(frozen=True)
class Kind:
    """A metric as the program defines it, and how numbers about 0 with a variance of about 1 become its values."""

    metric: str
    unit: str
    better: Direction
    general: float | None  # change worth having, of the metric's header
    made: Callable[[Random, np.ndarray], Callable[[np.ndarray, float], np.ndarray]]  # of x: values for a lift
    is_night: bool = False

    @property
    def lags(self) -> tuple[int, ...]:
        return (0,) if self.is_night else (1, 2, 3)


def _steps(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    level = random.uniform(4500, 9000)
    return lambda lift, sign: np.maximum(np.round(level * np.exp(0.3 * x) + sign * lift), 50)


def _share(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    level = random.uniform(-0.4, 0.6)
    return lambda lift, sign: np.clip(1 / (1 + np.exp(-(level + 0.4 * x))) + sign * lift, 0.01, 0.99)


def _bed_minutes(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    level = random.uniform(60, 200)
    return lambda lift, sign: np.clip(np.round(level * np.exp(0.5 * x - 0.1) + sign * lift), 0, 1440)


def _bed_day(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    chance, drawn = 1 / (1 + np.exp(-(random.uniform(-1.6, -0.6) + 0.7 * x))), random.random(len(x))
    return lambda lift, sign: (drawn < chance + sign * lift).astype(float)


def _night(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    level = random.uniform(370, 460)
    return lambda lift, sign: np.clip(np.round(level + 52 * x - 12 * np.minimum(x, 0) ** 2 + sign * lift), 60, 780)


def _mood(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    level = random.uniform(2.8, 3.6)
    return lambda lift, sign: np.clip(np.round(level + 0.9 * x + sign * lift), 1, 5)


def _doses(random: Random, x: np.ndarray) -> Callable[[np.ndarray, float], np.ndarray]:
    from scipy.stats import poisson

    rate, drawn = random.uniform(0.6, 2.0) * np.exp(0.4 * x - 0.08), random.random(len(x))
    return lambda lift, sign: poisson.ppf(drawn, np.maximum(rate + sign * lift, 0.02))


STEPS = Kind("steps", "steps", "up", 600.0, _steps)
REST = (
    Kind("rest_share", "share", "down", None, _share),
    Kind("bed_rest_min", "min", "down", None, _bed_minutes),
    Kind("is_bed_day", "yes/no", "down", None, _bed_day),
)
NIGHT = Kind("asleep_min", "min", "up", 15.0, _night, is_night=True)
OF_DIARY = (Kind("mood", "points", "up", None, _mood), Kind("medication_doses", "doses", "down", None, _doses))


@dataclass(frozen=True)
class Outcome:
    """One main metric of a person; `values` are NaN on days that do not count."""

    metric: str
    unit: str
    better: Direction
    lags: tuple[int, ...]
    general: float | None
    values: np.ndarray
    is_massage: np.ndarray  # of nights on the date on which the night after it ends
    truth: float  # mean effect on the days `lags`, in the unit of the values
    deviation: float  # of the days without weekday, trend and effect
    sources: np.ndarray  # a number for the device of each day


@dataclass(frozen=True)
class Person:
    """All that the program would know of somebody, and what it would not: how the person was made."""

    dates: np.ndarray
    is_massage: np.ndarray
    ratings: Ratings
    outcomes: tuple[Outcome, ...]  # the main number is the first
    life: str
    noise: str
    diary: str

    @property
    def pain(self) -> np.ndarray:
        """Pain known before the massages of each day, as the program takes it: of the morning, or the day before."""
        if np.isfinite(self.ratings.morning).any():
            return self.ratings.morning
        return np.concatenate([[np.nan], self.ratings.whole_day[:-1]])

    def worth_of(self, outcome: Outcome, days: int) -> Callable[[float], float | None]:
        """The change worth having as the program finds it from the first so many days."""
        found = worth.usual(outcome.values[:days], outcome.is_massage[:days], self.dates[:days], outcome.lags)
        return lambda deviation: (
            worth.worth(
                outcome.metric, outcome.unit, outcome.better, found, deviation=deviation, general=outcome.general
            ).size
        )


def person(
    booking: str, effect: str, name: str, number: int, *, days: int = DAYS, real: np.ndarray | None = None
) -> Person:
    """One person, the same for the same name and number. `real` are residuals of real days to make the noise of."""
    random = np.random.default_rng([crc32(name.encode()), number])
    turn = number + crc32(name.encode()) % 60  # so that the first people of all cells are not alike
    life, kind = LIVES[turn % len(LIVES)], [*KINDS][turn // 2 % len(KINDS)]
    dates = np.datetime64("2023-01-02") + int(random.integers(0, 365)) + np.arange(days)
    weekday = (dates.astype(int) + 3) % 7
    is_holiday = _holidays(random, days)
    of = pain.felt(random, days, takes_medicine=turn % 3 == 0, falls=life == "recovery")
    goal = worth.relief_worth_having(of.usual)
    unit = of.deviation if effect in IN_DEVIATIONS else goal
    if effect == "build-up":  # which of many massages adds up to more than a change worth having
        unit = max(unit, 2 * goal)
    hour = bookings.hours(random, booking, days)
    if booking in bookings.BY_CALENDAR:
        is_massage = bookings.by_calendar(booking, random, days)
    else:
        spread = float(of.felt.std())
        urge = bookings.urge_of(booking, of.in_deviations, weekday, is_holiday)
        eases = unit * COURSES[effect] / spread if booking in bookings.BY_PAIN else np.zeros(1)
        is_massage = bookings.by_feeling(random, urge, eases, bookings.MASSAGES_A_YEAR * days / 365)
    diary = ("afternoon", "before")[turn % 2]
    ratings, of_pain = _diary(random, of, is_massage, hour, unit * COURSES[effect], diary, dates)
    is_pain_main = booking != "random" or turn % 3 == 0
    numbers = [STEPS, REST[turn % 3], NIGHT, *([] if is_pain_main else [OF_DIARY[turn % 3 - 1]])]
    others = []
    for one in numbers:
        made = _noise(random, days, kind, real, is_night=one.is_night)
        sign = 1.0 if one.better == "up" else -1.0
        x = sign * (
            made + _lived(random, life, weekday, is_holiday) - random.uniform(0, 0.3) * of.in_deviations.mean(1)
        )
        others.append(_outcome(random, one, x, is_massage, effect, dates, life))
    if booking in bookings.BY_PAIN:  # then pain is the number that goes first
        others = [of_pain, *others]
    elif is_pain_main:
        others = [*others, of_pain]
    return Person(dates, is_massage, ratings, tuple(others), life, "real" if real is not None else kind, diary)


def _diary(
    random: Random,
    of: pain.Felt,
    is_massage: np.ndarray,
    hour: np.ndarray,
    course: np.ndarray,
    diary: str,
    dates: np.ndarray,
) -> tuple[Ratings, Outcome]:
    """What is told of pain: the evening's number and the morning's, with the afternoon's or the one right before."""
    days = len(is_massage)
    relief = np.convolve(is_massage, course)[:days]
    told, without = pain.rated(of, relief), pain.rated(of, np.zeros(days))
    is_untold = pain.missing(random, of.in_deviations[:, 0])
    told = np.where(is_untold[:, None] | (random.random((days, 3)) < 0.04), np.nan, told)
    before = np.where(is_massage > 0, pain.right_before(random, of, relief, hour), np.nan)
    nothing = np.full(days, np.nan)
    ratings = Ratings(
        morning=told[:, 0],
        afternoon=told[:, 1] if diary == "afternoon" else nothing,
        whole_day=told[:, 2],
        before=nothing if diary == "afternoon" else before,
        hour=np.where(is_massage > 0, hour, np.nan),
    )
    if len(course) > LASTS:
        seen = np.where(np.isfinite(told[:, 2]), 0.0, np.nan)
        truth = truth_of_one_more(lambda lift: seen + pain.rated(of, lift)[:, 2], is_massage, (1, 2, 3), course)
    else:
        truth = truth_of(told[:, 2], without[:, 2], is_massage, (1, 2, 3))
    deviation = deviation_of(np.where(np.isfinite(told[:, 2]), without[:, 2], np.nan), dates)
    sources = np.zeros(days, dtype=np.int64)
    return ratings, Outcome("pain", "points", "down", (1, 2, 3), 2.0, told[:, 2], is_massage, truth, deviation, sources)


def _outcome(
    random: Random, kind: Kind, x: np.ndarray, is_massage: np.ndarray, effect: str, dates: np.ndarray, life: str
) -> Outcome:
    """A metric of the person, with the effect on top; the size of a change worth having is that without the effect."""
    days, values_of = len(x), kind.made(random, x)
    course, sign = COURSES[effect], 1.0 if kind.better == "up" else -1.0
    if kind.is_night:
        is_massage, course = lagged(is_massage, 1), course[1:]
    sources = np.zeros(days, dtype=np.int64)
    scale = np.ones(days)
    if life == "device change" and kind.metric in ("steps", "asleep_min"):
        change = int(random.uniform(0.3, 0.7) * days)
        sources[change:], scale[change:] = 1, random.choice([0.88, 1.15])
    without = scale * values_of(np.zeros(days), sign)
    is_off = random.random(days) < 1 / (1 + np.exp(3.0 + 0.5 * x))
    for day in np.flatnonzero(random.random(days) < 0.004):
        is_off[day : day + int(random.integers(2, 9))] = True
    seen = np.where(is_off, np.nan, without)
    deviation = deviation_of(seen / scale, dates)
    size = kind.general or 0.3 * deviation
    size = deviation if effect in IN_DEVIATIONS else size

    def seen_with(lift: np.ndarray) -> np.ndarray:
        return np.where(is_off, np.nan, scale * values_of(sign * lift, sign))

    values = seen_with(np.convolve(is_massage, sign * size * course)[:days])
    if len(course) > LASTS:
        truth = truth_of_one_more(seen_with, is_massage, kind.lags, sign * size * course)
    else:
        truth = truth_of(values, without, is_massage, kind.lags)
    return Outcome(
        kind.metric, kind.unit, kind.better, kind.lags, kind.general, values, is_massage, truth, deviation, sources
    )


def truth_of(values: np.ndarray, without: np.ndarray, is_massage: np.ndarray, lags: tuple[int, ...]) -> float:
    """The mean effect of one massage on its days, as it came out after rounding and limits, where none lasts longer."""
    after = np.sum([lagged(is_massage, lag) for lag in lags], axis=0)
    is_after = (after > 0) & np.isfinite(values)
    if not is_after.any():
        return 0.0
    return float(np.sum((values - without)[is_after]) / np.sum(after[is_after]))


def truth_of_one_more(
    with_lift: Callable[[np.ndarray], np.ndarray], is_massage: np.ndarray, lags: tuple[int, ...], course: np.ndarray
) -> float:
    """The same of an effect that lasts: what these days are, less what they would be without this one massage.

    Where years of massages left no bad days, one more takes none away. `with_lift` gives the values, NaN where none
    count, of what all massages add up to on each day; `course` is that of one massage.
    """
    days, changes = len(is_massage), []
    values = with_lift(np.convolve(is_massage, course)[:days])
    for day in np.flatnonzero(is_massage > 0):
        fewer = is_massage.copy()
        fewer[day] = 0.0
        after = [day + lag for lag in lags if day + lag < days]
        changes.append((values - with_lift(np.convolve(fewer, course)[:days]))[after])
    found = np.concatenate([np.zeros(0), *changes])
    return float(np.nanmean(found)) if np.isfinite(found).any() else 0.0


def deviation_of(values: np.ndarray, dates: np.ndarray) -> float:
    is_observed = np.isfinite(values)
    kept = winsorised(values, usual(dates))
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    return float(np.std(left[is_observed]))


def _noise(random: Random, days: int, kind: str, real: np.ndarray | None, *, is_night: bool) -> np.ndarray:
    if real is not None:
        return rebuilt(random, days, real)
    made = KINDS[kind](random, days)
    if is_night:  # nights are less alike from one to the next
        made = 0.6 * made + 0.8 * random.standard_normal(days)
    return made


def _lived(random: Random, life: str, weekday: np.ndarray, is_holiday: np.ndarray) -> np.ndarray:
    """What happens to the number, towards better as positive."""
    days = len(weekday)
    time = np.arange(days)
    week = random.uniform(0.2, 0.5) * random.standard_normal(7)
    out = week[weekday] + random.uniform(0, 0.8) * is_holiday
    if life == "recovery":
        out = out + random.uniform(0.4, 1.0) * (1 - np.exp(-time / random.uniform(90, 300)))
    elif life == "new job":
        change = int(random.uniform(0.2, 0.8) * days)
        other = random.uniform(-0.8, 0.8) + random.uniform(0.2, 0.5) * random.standard_normal(7)[weekday]
        out = np.where(time < change, out, other + random.uniform(0, 0.8) * is_holiday)
    elif life == "season":
        out = out + random.uniform(0.3, 0.7) * np.sin(2 * np.pi * (time / 365.25 + random.random()))
    return np.asarray(out)


def _holidays(random: Random, days: int) -> np.ndarray:
    """Two to three holidays a year, of 7 to 16 days."""
    out = np.zeros(days, dtype=bool)
    for start in np.flatnonzero(random.random(days) < 2.5 / 365):
        out[start : start + int(random.integers(7, 17))] = True
    return out
