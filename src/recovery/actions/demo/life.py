"""An invented person's year and a half, minute by minute: walks, nights, pain, massages. The same at every call."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from recovery.home import clock
from recovery.home.settings import days_between

ZONE = "Europe/Berlin"
FIRST, LAST = date(2025, 4, 30), date(2026, 10, 31)  # 550 days with three changes of the clocks
SEED = 20260531
MINUTE = timedelta(minutes=1)

HOLIDAY = (date(2025, 8, 9), date(2025, 8, 17))  # nothing was recorded
FLU = (date(2026, 2, 3), date(2026, 2, 7))
UNRECORDED = (
    HOLIDAY,
    (date(2025, 11, 20), date(2025, 11, 23)),  # the charger was lost
    (date(2026, 1, 9), date(2026, 1, 10)),  # between the two watches
    (date(2026, 5, 14), date(2026, 5, 14)),
)
# What the invented massages do, for the first evenings after one: the page should find about this.
RELIEF_DAYS = 4
USUAL_PAIN = 5.5
RELIEF_PAIN, RELIEF_MOVEMENT_SHARE = 0.9, 0.15
TRIAL_HOUR, TRIAL_MASSAGE_MIN = 18, 60

Ints = npt.NDArray[np.int64]


class Nature(NamedTuple):
    """How an invented person is, and from when to when they live; what is not given is as in the ordinary demo."""

    seed: int = SEED
    first: date = FIRST
    last: date = LAST
    usual_pain: float = USUAL_PAIN
    relief_pain: float = RELIEF_PAIN  # on the day after a massage, less on each that follows
    relief_movement_share: float = RELIEF_MOVEMENT_SHARE
    pace: float = 1.0  # how much the person walks
    bedtime: float = 22.8  # hour of the clock
    waits_days: int = 5  # at least, between two massages
    books: float = 0.3  # share of the days after that on which one is booked
    forgets: float = 0.08  # share of the evenings on which nothing is written in the diary
    holiday: tuple[date, date] = HOLIDAY
    flu: tuple[date, date] = FLU
    unrecorded: tuple[tuple[date, date], ...] = UNRECORDED
    trial: tuple[date, date] | None = None  # from when to when massages are on `drawn` dates alone
    drawn: frozenset[date] = frozenset()


class Night(NamedTuple):
    """Levels of sleep as a watch records them, each from a minute on; 1 awake, 2 light, 3 deep, 4 REM."""

    minutes: Sequence[int]
    levels: Sequence[int]
    end: int


class Massage(NamedTuple):
    """One line of the massage log."""

    start: datetime  # wall clock
    minutes: int
    technique: str
    pressure: int
    status: str
    pain_before: int | None
    pain_after: int | None


class Life(NamedTuple):
    """Minutes are counted from the first midnight; `midnights` holds that of each day and of the day after the last."""

    begin_utc: datetime
    days: Sequence[date]
    midnights: Sequence[int]
    steps: Ints
    heart_bpm: Ints
    stress: Ints  # -2 = moving, -1 = off the wrist
    is_worn: npt.NDArray[np.bool_]
    nights: Mapping[date, Night]
    massages: Sequence[Massage]
    diary: Sequence[Mapping[str, Any]]

    def instant(self, minute: int) -> datetime:
        """Naive UTC."""
        return self.begin_utc + int(minute) * MINUTE


def live(nature: Nature | None = None) -> Life:
    """The whole of it; of the ordinary demo where no other person is given."""
    return _Living(nature or Nature()).live()


class _Living:
    """The state that one day hands to the next."""

    def __init__(self, nature: Nature) -> None:
        self.nature = nature
        self.chance = np.random.default_rng(nature.seed)
        self.days = days_between(nature.first, nature.last)
        self.begin_utc = clock.to_utc(datetime.combine(nature.first, time()), ZONE)
        self.midnights = [
            self.minute(datetime.combine(day, time())) for day in [*self.days, nature.last + timedelta(days=1)]
        ]
        count = self.midnights[-1]
        self.steps = np.zeros(count, np.int64)
        self.is_asleep = np.zeros(count, bool)
        self.is_worn = np.ones(count, bool)
        self.nights: dict[date, Night] = {}
        self.massages: list[Massage] = []
        self.diary: list[Mapping[str, Any]] = []
        self.pain = nature.usual_pain
        self.booked = nature.first
        self.relief_since: date | None = None

    def minute(self, wall: datetime) -> int:
        return int((clock.to_utc(wall, ZONE) - self.begin_utc) / MINUTE)

    def wall(self, day: date, hour: float) -> int:
        """The minute at which the clock shows an hour of a day; 24 and more lie in the next."""
        return self.minute(datetime.combine(day, time()) + timedelta(minutes=round(hour * 60)))

    def live(self) -> Life:
        nature = self.nature
        bed = self.wall(nature.first - timedelta(days=1), nature.bedtime)
        for day in self.days:
            is_ill = _is_within(day, nature.flu)
            wake = self.wall(day, 6.8 + self.chance.normal(0, 0.4) + 1.0 * (day.weekday() > 4) + 1.5 * is_ill)
            self.sleep(day, bed, wake)
            bed = self.wall(day, nature.bedtime + self.chance.normal(0, 0.5) + 0.5 * (day.weekday() in (4, 5)) - is_ill)
            relief = self.relief(day)
            self.pain += 0.35 * (nature.usual_pain - self.pain) - nature.relief_pain * relief + self.chance.normal(0, 1)
            self.pain = float(np.clip(self.pain, 0, 10))
            drive = 1 + nature.relief_movement_share * relief - 0.03 * (self.pain - nature.usual_pain)
            self.walk(day, wake, bed, (0.2 if is_ill else drive) * nature.pace)
            self.massage(day, is_ill)
            self.wear(day)
            self.write(day)
        heart, stress = self.body()
        return Life(
            self.begin_utc, self.days, self.midnights, self.steps, heart, stress, self.is_worn, self.nights,
            self.massages, self.diary,
        )  # fmt: skip

    def relief(self, day: date) -> float:
        """1 on the day after a massage, less on each that follows."""
        if self.relief_since is None:
            return 0.0
        after = (day - self.relief_since).days
        return max(0.0, 1 - (after - 1) / RELIEF_DAYS) if after > 0 else 0.0

    def sleep(self, day: date, bed: int, wake: int) -> None:
        here = bed + int(self.chance.gamma(3, 5))
        minutes: list[int] = []
        levels: list[int] = []
        while here < wake - 10:
            for level, usual in ((2, 25), (3, 28 if len(minutes) < 9 else 8), (2, 20), (4, 18)):
                minutes.append(here)
                levels.append(level)
                here += max(4, int(self.chance.normal(usual, 6)))
            if self.chance.random() < 0.15 + 0.05 * self.pain:
                minutes.append(here)
                levels.append(1)
                here += 2 + int(self.chance.exponential(4 + self.pain))
        kept = [index for index, minute in enumerate(minutes) if minute < wake]
        first = max(0, minutes[0])
        self.is_asleep[first:wake] = True
        if minutes[0] >= 0 and self.chance.random() > 0.03:  # some nights the watch lay on the table
            self.nights[day] = Night([minutes[index] for index in kept], [levels[index] for index in kept], wake)

    def walk(self, day: date, wake: int, bed: int, drive: float) -> None:
        starts = self.chance.integers(wake + 15, bed - 30, self.chance.poisson(15 * drive))
        lengths = np.clip(self.chance.gamma(1.6, 4.5, len(starts)), 1, 30).astype(int)
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            pace = np.clip(self.chance.normal(82, 14), 30, 125)
            walked = self.chance.normal(pace, 8, length).clip(1, 150).astype(np.int64)
            self.steps[start : start + length] = walked[: max(0, len(self.steps) - start)]  # to the last midnight
        if day.weekday() == 6 and drive > 0.5:
            start = self.wall(day, 14 + self.chance.normal(0, 0.5))
            self.steps[start : start + 30] = self.chance.normal(108, 6, 30).astype(np.int64)
        errands = self.chance.integers(wake + 10, bed, round(90 * drive))
        few = self.chance.integers(3, 30, len(errands))
        is_lived = errands < len(self.steps)
        self.steps[errands[is_lived]] += few[is_lived]

    def massage(self, day: date, is_ill: bool) -> None:
        """About one a week, on any day but Sunday, so that weekdays do not pass for an effect; none in the holiday."""
        nature = self.nature
        is_drawn = nature.trial is not None and _is_within(day, nature.trial)
        waited = (day - self.booked).days
        if _is_within(day, nature.holiday) or (is_drawn and day not in nature.drawn):
            return
        if not is_drawn and (day.weekday() == 6 or waited < nature.waits_days):
            return
        if not is_drawn and self.chance.random() > nature.books:
            return
        self.booked = day
        hour = float(self.chance.choice([10.0, 17.5, 18.0, 18.5]))
        length = int(self.chance.choice([45, 60, 60, 90]))
        status = "cancelled" if is_ill else str(self.chance.choice(["attended"] * 16 + ["cancelled", "no-show"]))
        if is_drawn:
            hour, length = float(TRIAL_HOUR), TRIAL_MASSAGE_MIN
            status = "attended" if status == "no-show" else status
        before = round(self.pain)
        came = status == "attended"
        after = max(0, before - int(self.chance.integers(1, 4)))
        self.massages.append(
            Massage(
                datetime.combine(day, time()) + timedelta(hours=hour),
                length,
                str(self.chance.choice(["deep tissue", "swedish", "thai"])),
                int(self.chance.integers(2, 6)),
                status,
                before if came else None,
                after if came else None,
            )
        )
        if came:
            start = self.wall(day, hour)
            self.steps[start : start + length] = 0
            self.relief_since = day

    def wear(self, day: date) -> None:
        start = self.wall(day, float(self.chance.uniform(7.5, 20)))
        self.is_worn[start : start + 45] = self.chance.random() < 0.6  # in the shower, on the charger
        if self.chance.random() < 0.03:
            self.is_worn[self.wall(day, 12) : self.wall(day, 24)] = False
        if any(_is_within(day, gap) for gap in self.nature.unrecorded):
            self.is_worn[self.midnights[self.days.index(day)] : self.wall(day, 24)] = False
            self.nights.pop(day, None)

    def write(self, day: date) -> None:
        """The evening's line of the diary, in most evenings."""
        if _is_within(day, self.nature.holiday) or self.chance.random() < self.nature.forgets:
            return
        pain = round(self.pain)
        morning = int(np.clip(pain + self.chance.integers(-1, 3), 0, 10))
        hurts = pain >= 7
        self.diary.append(
            {
                "date": day.isoformat(),
                "pain": pain,
                "pain_morning": morning if self.chance.random() < 0.8 else "",
                "medication": "ibuprofen" if hurts else "",
                "doses": int(self.chance.integers(1, 4)) if hurts else 0,
                "bed_rest_hours": round(float(self.chance.uniform(0.5, 3)), 1) if hurts else 0,
                "doctor_visits": int(self.chance.random() < 0.02),
                "mood": int(np.clip(round(5 - pain / 2.5 + self.chance.normal(0, 0.7)), 1, 5)),
                "could_do_daily_activities": int(pain < 8),
                "note": "in bed with the flu" if _is_within(day, self.nature.flu) else "",
            }
        )

    def body(self) -> tuple[Ints, Ints]:
        """Heart rate and stress of each minute."""
        count = len(self.steps)
        noise = self.chance.normal(0, 3, count)
        heart = np.where(self.steps > 0, 74 + 0.35 * self.steps, np.where(self.is_asleep, 54, 68)) + noise
        stress = np.where(self.is_asleep, 15, 32) + 2 * noise
        stress = np.where(self.steps > 20, -2, stress.clip(1, 95))
        off = ~self.is_worn
        self.steps[off] = 0
        return heart.astype(np.int64), np.where(off, -1, stress).astype(np.int64)


def _is_within(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day <= span[1]
