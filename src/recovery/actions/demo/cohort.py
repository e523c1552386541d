"""`demo.cohort.write`: a study folder of several invented people, the same for the same seed.

A person depends on the seed and the own number alone: `P007` is the same among ten people and among two hundred.
People differ in pain, bedtime, pace, in what a massage does to them and how long they stay, in how often they write
the diary, and in what they wear. In each pair of people a coin of the seed decides who has massages weekly and who
fortnightly. One of each three draws weeks by lot, where they stay, and keeps to them, as `recovery plan-trial` would
have drawn them a week before: `draw_trials` commits that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from recovery.actions.demo import files as written
from recovery.actions.demo import fitbit
from recovery.actions.demo.life import LAST, TRIAL_HOUR, TRIAL_MASSAGE_MIN, ZONE, Life, Nature, live
from recovery.actions.demo.watches import Watch, monitoring_body, sleep_file
from recovery.effects.trial_schedule import Schedule, coins
from recovery.errors import HomeError
from recovery.formats.fit.encode import framed_all
from recovery.home.settings import Settings, load_settings
from recovery.trials import draw
from recovery.vocabulary.weekdays import weekday_of
from recovery.words.say import say

ARMS = ("weekly", "fortnightly")
WAITS_DAYS = (5, 11)  # between two massages, by arm
GROUPS = ("under 50", "50 and over")
FEW_DAYS, MOST_DAYS, MOST_PEOPLE = 28, 3650, 9999
DAYS = 365
SEED = 1
ZIP_LEVEL = 1  # to make a year of minutes small takes longer than to invent it
GARMIN, FITBIT, NOTHING = "garmin", "fitbit", "nothing"
WEARS = (GARMIN, FITBIT, NOTHING)
WEAR_SHARES = (0.55, 0.35, 0.10)
PRODUCTS = (2348, 3291, 3869)
EFFECT_PAIN, EFFECT_MOVEMENT = (0.7, 0.4), (0.10, 0.08)  # mean and spread over people, on the day after a massage
# Of who draws weeks: more, so that some 20 pairs of weeks show it, and a reader sees what "because" looks like.
EFFECT_PAIN_OF_DRAWN = (1.8, 0.2)
TRIAL_OF = 3  # of so many people one draws weeks by lot, if they stay to the end
BEFORE_TRIAL_DAYS = 60
FEWEST_PAIRS, MOST_PAIRS = 8, 20
ABOUT = f"""\
Everything in this folder is invented: none of these people exists, nobody wore these watches or had these massages.

`recovery demo --people` wrote it from a seed. On the day after a massage there is on average {EFFECT_PAIN[0]:g} points
less pain and {EFFECT_MOVEMENT[0]:.0%} more walking, more or less of it for each person. Where weeks are drawn by lot it
is {EFFECT_PAIN_OF_DRAWN[0]:g} points less pain, so that few weeks show it. All that was put in, so that there is
something to find. It says nothing about real massages.
"""


@dataclass(frozen=True)
class Invented:
    """One of the people, before the days are lived."""

    name: str
    arm: str
    group: str
    wears: str  # garmin, fitbit, nothing
    has_diary: bool
    nature: Nature
    watches: tuple[tuple[date, Watch], ...]  # each from its first day on
    trial: Schedule | None = None
    trial_seed: int = 0


def write(folder: Path, people: int, days: int = DAYS, seed: int = SEED) -> None:
    """Writes the study folder: `recovery.toml`, and a folder of the inbox for each person.

    Raises HomeError where the folder holds anything that is not a demo's, or cannot be written.
    """
    all_of_them = [invented(number, days, seed) for number in range(1, people + 1)]
    inbox = (
        (f"{one.name}/{path}", content) for one in all_of_them for path, content in _exports(one, live(one.nature))
    )
    written.write_home(folder, ABOUT, _settings(all_of_them), inbox)
    draw_trials(load_settings(folder), all_of_them)


def draw_trials(settings: Settings, people: Sequence[Invented]) -> None:
    """Commits the trials that the people kept to, a week before each began.

    Raises HomeError where the folder holds trials of other people.
    """
    for one in people:
        if one.trial is None:
            continue
        start = one.trial.start
        folder = settings.home.trials / one.name / start.isoformat()
        drawn_utc = datetime.combine(start - timedelta(days=7), time(12))
        plan = draw.draw(
            settings,
            one.name,
            start=start,
            pairs=one.trial.pairs,
            weekday=weekday_of(start),
            start_time=time(TRIAL_HOUR),
            massage_min=TRIAL_MASSAGE_MIN,
            weeks_per_block=1,
            now_utc=drawn_utc,
            seed=one.trial_seed,
        )
        if not folder.exists():
            draw.commit(settings, plan, [], drawn_utc)
        elif (folder / "schedule.json").read_text(encoding="utf-8") != plan.text:
            raise HomeError(
                say("{folder} holds the trial of somebody else.", folder=folder),
                say("Choose an empty folder with --home."),
            )


def invented(number: int, days: int, seed: int) -> Invented:
    """The person of a number from 1 on: how they are, what they wear, and what a massage does to them."""
    chance = np.random.default_rng([seed, number])
    coin = int(np.random.default_rng([seed, 0, (number + 1) // 2]).integers(2))
    arm = (number + coin) % 2
    first = LAST - timedelta(days=days - 1)
    is_early = chance.random() < 0.15  # who leaves the study before its end
    last = first + timedelta(days=int(days * chance.uniform(0.4, 0.9))) if is_early else LAST
    nature = Nature(
        seed=int(chance.integers(2**31)),
        first=first,
        last=last,
        usual_pain=float(chance.uniform(3.5, 6.5)),
        relief_pain=max(0.0, float(chance.normal(*EFFECT_PAIN))),
        relief_movement_share=float(chance.normal(*EFFECT_MOVEMENT)),
        pace=float(chance.uniform(0.6, 1.4)),
        bedtime=float(chance.uniform(21.8, 23.6)),
        waits_days=WAITS_DAYS[arm],
        forgets=float(chance.choice([0.05, 0.1, 0.4])),
        holiday=_span(chance, first, last, 9),
        flu=_span(chance, first, last, 5),
        unrecorded=(_span(chance, first, last, 4), _span(chance, first, last, 1)),
    )
    trial, trial_seed, relief_pain = _trial(number, days, seed) if not is_early else (None, 0, 0.0)
    if trial:
        slots = zip(trial.slots, trial.is_massage_week, strict=True)
        drawn = frozenset(slot for slot, is_massage in slots if is_massage)
        nature = nature._replace(trial=(trial.start, trial.last_date), drawn=drawn, relief_pain=relief_pain)
    old, new = chance.choice(PRODUCTS, 2).tolist()
    changed = first + timedelta(days=int(days * chance.uniform(0.3, 0.7)))
    watches = [(first, Watch(old, 3_800_000_000 + 2 * number, 4.1, has_stress=False))]
    if chance.random() < 0.3:
        watches.append((changed, Watch(new, 3_800_000_001 + 2 * number, 11.2, has_stress=True)))
    return Invented(
        name=f"P{number:03}",
        arm=ARMS[arm],
        group=str(chance.choice(GROUPS)),
        wears=str(chance.choice(WEARS, p=WEAR_SHARES)),
        has_diary=bool(chance.random() < 0.9),
        nature=nature,
        watches=tuple(watches),
        trial=trial,
        trial_seed=trial_seed,
    )


def _trial(number: int, days: int, seed: int) -> tuple[Schedule | None, int, float]:
    """The weeks that somebody draws, the seed of their coins, and what a massage then does to the pain.

    None of who draws none, or stays too short for it.
    """
    chance = np.random.default_rng([seed, number, 1])
    pairs = min(MOST_PAIRS, (days - BEFORE_TRIAL_DAYS - 7) // 14)
    lot = int(np.random.default_rng([seed, 0, 1, (number - 1) // TRIAL_OF]).integers(TRIAL_OF))
    if pairs < FEWEST_PAIRS or (number - 1) % TRIAL_OF != lot:
        return None, 0, 0.0
    start = LAST - timedelta(days=days - 1 - BEFORE_TRIAL_DAYS)
    start += timedelta(days=(int(chance.integers(6)) - start.weekday()) % 7)  # no Sunday
    drawn = int(chance.integers(2**draw.SEED_BITS))
    return Schedule(start, 1, coins(drawn, pairs)), drawn, float(chance.normal(*EFFECT_PAIN_OF_DRAWN))


def _span(chance: np.random.Generator, first: date, last: date, length: int) -> tuple[date, date]:
    begin = first + timedelta(days=int(chance.integers(max(1, (last - first).days - length))))
    return begin, begin + timedelta(days=length - 1)


def _settings(people: Sequence[Invented]) -> str:
    parts = [f'# Settings of an invented study (see "INVENTED DATA.txt").\nhome_time_zone = "{ZONE}"\n']
    parts += [f'[people.{one.name}]\narm = "{one.arm}"\ngroup = "{one.group}"\n' for one in people]
    parts += [
        f'[[exclusions]]\nfrom = {span[0]}\nto = {span[1]}\nreason = "{reason}"\nperson = "{one.name}"\n'
        for one in people
        for span, reason in ((one.nature.flu, "flu"), (one.nature.holiday, "holiday"))
    ]
    return "\n".join(parts)


def _exports(one: Invented, lived: Life) -> Iterator[tuple[str, bytes]]:
    if one.wears == GARMIN:
        yield "garmin.zip", written.zipped(_garmin(one, lived), ZIP_LEVEL)
    elif one.wears == FITBIT:
        yield from fitbit.months(lived)
    yield "massages.csv", written.massages(lived)
    if one.has_diary and lived.diary:
        yield "diary.csv", written.table(list(lived.diary[0]), lived.diary)


def _garmin(one: Invented, lived: Life) -> Mapping[str, bytes]:
    bodies: dict[str, bytes] = {}
    nights: dict[str, bytes] = {}
    for index, day in enumerate(lived.days):
        watch = [watch for since, watch in one.watches if since <= day][-1]
        if body := monitoring_body(lived, index, watch):
            bodies[f"Monitor/{day}.fit"] = body
        if night := lived.nights.get(day):
            nights[f"Sleep/{day}.fit"] = sleep_file(lived, day, night, watch)
    return dict(zip(bodies, framed_all(list(bodies.values())), strict=True)) | nights
