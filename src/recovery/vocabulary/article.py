"""What the article "Massage For Back Pain" promises, one row a promise, with what would show it and what trials found.

Adding a promise here is all it takes: `answers.promises` answers it for everyone, in a row of the table `claims`; the
checks count these rows, and docs/claims.md lists them. The sentences are ours, not the article's. Trials: Cherkin 2001
(Archives of Internal Medicine 161:1081), Cherkin 2011 (Annals of Internal Medicine 155:1), Sherman 2014 (Annals of
Family Medicine 12:112).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recovery.vocabulary.windows import SINGLE_DAYS, Window

Kind = Literal["change", "up to", "duration", "some massages", "difference"]

PAIN = ("pain", "pain_morning", "pain_afternoon")
LOG_PAIN = "Write it down every day: `recovery log day --pain 3 --pain-morning 4`."
LOG_DOSES = "Write them down every day, also 0: `recovery log day --doses 0`."
LOG_BED_REST = (
    "A wrist does not see lying: write the hours down, also 0, with `recovery log day --bed-rest-hours 0`, or bring "
    "records of the time in bed."
)


@dataclass(frozen=True)
class Promise:
    """One promise of the article; `claim_id`, `claim` and `claimed...` are columns of the published table `claims`.

    `metrics` can answer it, in the declared order of preference; `beside` are only quoted. `windows` are those of
    effects, in order of preference; none stands for a finished trial, else the days or the night after a massage.
    `levels` picks massages of a kind by attribute (one of massages.ATTRIBUTES) and beginnings of words. `claimed_share`
    is the promised change towards better, of the usual.
    """

    claim_id: str
    claim: str
    kind: Kind
    metrics: tuple[str, ...]
    measured: str  # what would have to be measured, as part of a sentence
    how_to_record: str  # how to begin to measure it
    published_evidence: str
    beside: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    claimed: str | None = None
    claimed_share: float | None = None
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    how_to_record_kind: str = ""  # how to begin to record which massages are of the kind
    can_only_hint: bool = False  # several numbers stand for it, so none was declared to decide
    is_stood_in_for: bool = False  # what is measured is not what it promises


PROMISES: tuple[Promise, ...] = (
    Promise(
        claim_id="relaxing",
        claim="A massage relaxes: less stress, less tension in the muscles.",
        kind="change",
        metrics=("stress_mean", "evening_heart_rate_bpm", "sleeping_heart_rate_bpm", "hrv_rmssd_ms", "mood"),
        measured="stress, heart rate or mood",
        how_to_record=(
            "Drop the export of a watch that reads the heart rate, or write down `recovery log day --mood 4`."
        ),
        published_evidence="Mixed, and mostly what people say of themselves.",
        can_only_hint=True,
    ),
    Promise(
        claim_id="pain_80",
        claim="A massage can take away up to 80% of the pain.",
        kind="up to",
        metrics=PAIN,
        measured="pain",
        how_to_record=LOG_PAIN,
        published_evidence=(
            "A weekly hour left symptoms 1.4 to 1.7 points of 10 below those under usual care after ten weeks (Cherkin "
            "2011); most of a raw drop also happens without massage."
        ),
        claimed="by up to 80%",
        claimed_share=0.8,
    ),
    Promise(
        claim_id="pain_50_weekly",
        claim="An hour of massage a week can take away up to half of the back pain.",
        kind="up to",
        metrics=PAIN,
        measured="pain",
        how_to_record=LOG_PAIN,
        published_evidence="45% less after ten weeks, against 24% less with advice for self-care (Cherkin 2001).",
        windows=(Window.DOSE,),
        claimed="by up to 50% with an hour a week",
        claimed_share=0.5,
    ),
    Promise(
        claim_id="lasts",
        claim="One feels better for a long time afterwards.",
        kind="duration",
        metrics=(*PAIN, "steps"),
        measured="pain or steps",
        how_to_record=LOG_PAIN,
        published_evidence="In trials the benefit faded within weeks to months.",
        windows=tuple(Window.of_day(day) for day in SINGLE_DAYS[1:]),
        claimed="for a long time",
    ),
    Promise(
        claim_id="daily_activity",
        claim="It helps those whose back keeps them from their daily activities.",
        kind="change",
        metrics=("steps",),
        measured="steps",
        how_to_record="Drop the export of a watch or a phone that counts steps.",
        published_evidence="No trial of massage with steps counted by a device was found; expect a change near zero.",
        beside=("moving_min", "could_do_daily_activities"),
        is_stood_in_for=True,
    ),
    Promise(
        claim_id="bed_time",
        claim="Less time is spent resting in bed.",
        kind="change",
        metrics=("bed_rest_min", "daytime_lying_min"),
        measured="lying down",
        how_to_record=LOG_BED_REST,
        published_evidence="People given massage reported fewer days in bed (Cherkin 2011).",
        beside=("rest_share",),
    ),
    Promise(
        claim_id="bed_days",
        claim="With an hour of massage a week fewer days are spent lying down.",
        kind="change",
        metrics=("is_bed_day", "bed_rest_min"),
        measured="days in bed",
        how_to_record=LOG_BED_REST,
        published_evidence="People given massage reported fewer days in bed (Cherkin 2011).",
        windows=(Window.DOSE, Window.WEEK),
    ),
    Promise(
        claim_id="medication",
        claim="A single hour already means fewer anti-inflammatory drugs.",
        kind="change",
        metrics=("medication_doses",),
        measured="doses of pain medication",
        how_to_record=LOG_DOSES,
        published_evidence="Of the groups compared, the one with massage took the least medication (Cherkin 2001).",
    ),
    Promise(
        claim_id="medication_weekly",
        claim="With an hour of massage a week pain medication is taken less often.",
        kind="change",
        metrics=("medication_doses",),
        measured="doses of pain medication",
        how_to_record=LOG_DOSES,
        published_evidence="Of the groups compared, the one with massage took the least medication (Cherkin 2001).",
        windows=(Window.DOSE,),
    ),
    Promise(
        claim_id="visits",
        claim="One goes to the doctor less often.",
        kind="change",
        metrics=("doctor_visits",),
        measured="visits to a doctor",
        how_to_record="Write them down every day, also 0: `recovery log day --doctor-visits 0`.",
        published_evidence=(
            "Only the cost of later care was lower (Cherkin 2001); one person's visits are mostly too rare to compare."
        ),
        windows=(Window.WEEK,),
    ),
    Promise(
        claim_id="mood",
        claim="It changes the mood for the better.",
        kind="change",
        metrics=("mood", "mood_valence"),
        measured="mood",
        how_to_record="Write it down every day: `recovery log day --mood 4`.",
        published_evidence="Only what people say of themselves.",
    ),
    Promise(
        claim_id="deep_tissue",
        claim="Deep tissue massage with controlled pressure helps against chronic pain.",
        kind="some massages",
        metrics=PAIN,
        measured="pain",
        how_to_record=LOG_PAIN,
        published_evidence="Structural massage did no better than relaxation massage (Cherkin 2011).",
        levels={
            "technique": ("deep", "structural", "tief", "profond", "profund"),
            "pressure": ("deep",),
        },
        how_to_record_kind='Say how it was: `recovery log massage --technique "deep tissue" --pressure 4`.',
    ),
    Promise(
        claim_id="neck_shoulder",
        claim="It works for many kinds of back pain, also of the neck and the shoulders.",
        kind="some massages",
        metrics=PAIN,
        measured="pain",
        how_to_record=LOG_PAIN,
        published_evidence="Neck: an hour two or three times a week helped, half an hour did not (Sherman 2014).",
        levels={"area": ("neck", "shoulder", "nacken", "schulter", "cervical", "trapezius")},
        how_to_record_kind='Say where it was: `recovery log massage --areas "neck, shoulders"`.',
    ),
    Promise(
        claim_id="injury",
        claim="It is of most use where the pain comes from an injury.",
        kind="difference",
        metrics=PAIN,
        measured="pain",
        how_to_record=LOG_PAIN,
        published_evidence="No trial that compared this was found.",
        levels={"cause": ("injur", "accident", "sprain", "strain", "fall", "whiplash", "verletz", "unfall")},
        how_to_record_kind="Say why you went: `recovery log massage --cause injury`.",
    ),
    Promise(
        claim_id="muscles",
        claim=(
            "Work on the erectors and the quadratus lumborum does most, before buttocks, back of the thigh, abdomen "
            "and psoas."
        ),
        kind="difference",
        metrics=PAIN,
        measured="pain",
        how_to_record=LOG_PAIN,
        published_evidence="No trial that compared this was found.",
        levels={"muscle": ("erector", "quadratus lumb", "ql", "rückenstrecker")},
        how_to_record_kind='Say which muscles: `recovery log massage --muscles "erectors, quadratus lumborum"`.',
    ),
    Promise(
        claim_id="sleep",
        claim="One sleeps better in the night after a massage.",
        kind="change",
        metrics=("asleep_min",),
        measured="sleep",
        how_to_record="Drop the export of a watch, a ring or a mattress sensor that records sleep.",
        published_evidence=(
            "In chronic back pain, care without drugs improved sleep a little, by what people say of themselves."
        ),
        beside=("efficiency_share", "awakenings"),
    ),
)
