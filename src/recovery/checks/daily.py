"""The wide table of days."""

from recovery.checks._kinds import NoRows, NotNull, Unique, Within
from recovery.vocabulary.heart_rates import MAX_BPM, MIN_BPM

RELATION = "daily"
KEY = ("subject", "local_date")
# 25 h when the clock goes back; from UTC+14 to UTC-12 a date has 26 h more (a real one, Tokyo to Chicago, had 38 h).
LONGEST_DAY_MIN = (24 + 26) * 60
CHECKS = (
    Unique("critical", "A person has one row a day.", ("subject", "local_date")),
    NotNull("critical", "Every row has a person.", "subject"),
    NotNull("critical", "Every row has a date.", "local_date"),
    Within("critical", "Steps are not negative.", "steps", low=0),
    Within("critical", "Metres walked are not negative.", "distance_m", low=0),
    Within("critical", "Energy of movement is not negative.", "active_energy_kcal", low=0),
    *(
        Within("critical", f"{name} fits into a day.", name, low=0, high=LONGEST_DAY_MIN * (2 if longer else 1))
        for name, longer in (
            ("moving_min", False),
            ("moderate_min", False),
            ("vigorous_min", False),
            ("still_min", False),
            ("longest_still_min", False),
            ("worn_min", False),
            ("massage_min", False),
            ("asleep_min", True),  # a night belongs to the day it ends on and may have begun on the one before
            ("in_bed_min", True),
        )
    ),
    Within(
        "critical",
        f"The heart at rest beats {MIN_BPM:g} to {MAX_BPM:g} times a minute.",
        "resting_heart_rate_bpm",
        MIN_BPM,
        MAX_BPM,
    ),
    Within("critical", "A share of the time in bed is asleep, between none and all.", "efficiency_share", 0, 1),
    Within("critical", "A share of the day is rest, between none and all.", "rest_share", 0, 1),
    Within("critical", "Stress is scored from 0 to 100.", "stress_mean", 0, 100),
    Within("critical", "Oxygen saturation is a share, between none and all.", "spo2_mean_share", 0, 1),
    Within("critical", "Days since a massage are not negative.", "days_since_massage", low=0),
    Within("critical", "Days to a massage are not negative.", "days_to_massage", low=0),
    Within("critical", "Pain is scored from 0 to 10.", "pain", 0, 10),
    Within("warning", "A day has at most 60,000 steps.", "steps", high=60_000),
    Within("warning", "Nobody sleeps more than 14 hours in one night.", "asleep_min", high=14 * 60),
    Within("warning", "The heart at rest beats 30 to 120 times a minute.", "resting_heart_rate_bpm", low=30, high=120),
    NoRows(
        "critical",
        "A day on which a massage was attended is a massage day.",
        """select days.subject, days.local_date::varchar as place, days.is_massage_day as value
        from {batch} as days
        inner join pub.massages as logged
            on logged.subject = days.subject and logged.local_date = days.local_date and logged.status = 'attended'
        where days.is_massage_day is distinct from true""",
    ),
    NoRows(
        "warning",
        "Every source of the last month told something in its last week.",
        """with last_days as (
            select subject, source, max(local_date) as last_date from pub.daily_metrics
            where source is not null group by subject, source
        )

        select last_days.subject, last_days.source as place, 'silent since ' || last_days.last_date as value
        from last_days
        inner join (
            select subject, max(last_date) as last_date from last_days group by subject
        ) as newest on newest.subject = last_days.subject
        where last_days.last_date between newest.last_date - 30 and newest.last_date - 8""",
    ),
)
