"""The minutes: two million in four years."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within
from recovery.vocabulary.heart_rates import MAX_BPM, MIN_BPM

RELATION = "timeline"
KEY = ("subject", "minute_utc")
STATES = ("massage", "not_worn", "asleep", "awake_in_bed", "rest_unknown", "moving", "unknown", "still")
CHECKS = (
    NotNull("critical", "Every minute has a state.", "state"),
    OneOf("critical", "Every minute is in one of the eight states.", "state", STATES),
    Unique("critical", "No minute is told twice.", KEY),
    NoRows(
        "critical",
        "Every minute begins on the minute.",
        """select subject, minute_utc::varchar as place, minute_utc as value from {batch}
        where date_trunc('minute', minute_utc) <> minute_utc""",
    ),
    NoRows(
        "critical",
        "Local time and local date tell the same day.",
        """select subject, minute_utc::varchar as place, local_time as value from {batch}
        where local_time::date <> local_date""",
    ),
    NoRows(
        "critical",
        "A day has 1,380, 1,440 or 1,500 minutes, or as many as the clock of its travel gives it.",
        """select days.subject, days.local_date::varchar as place, days.minutes as value
        from (
            select subject, local_date, count(*) as minutes from {batch} group by subject, local_date
        ) as days
        left join stg.days as calendar on calendar.subject = days.subject and calendar.local_date = days.local_date
        where days.minutes not in (1380, 1440, 1500) and days.minutes is distinct from calendar.minute_count""",
    ),
    Within("critical", "Steps of a minute are not negative.", "steps", low=0),
    NoRows(
        "critical",
        "Steps of a minute are whole.",
        """select subject, minute_utc::varchar as place, steps as value from {batch} where steps <> floor(steps)""",
    ),
    NoRows(
        "critical",
        "The minutes' steps sum to the steps of the day.",
        """select minutes.subject, minutes.local_date::varchar as place,
            minutes.steps || ' in the minutes, ' || days.value || ' of the day' as value
        from (
            select subject, local_date, sum(steps) as steps from {batch} group by subject, local_date
        ) as minutes
        inner join pub.daily_metrics as days
            on days.subject = minutes.subject and days.local_date = minutes.local_date and days.metric = 'steps'
        where days.resolution <> 'day' and abs(coalesce(minutes.steps, 0) - days.value) > 0.5""",
    ),
    Within(
        "critical", f"The heart beats {MIN_BPM:g} to {MAX_BPM:g} times a minute.", "heart_rate_bpm", MIN_BPM, MAX_BPM
    ),
    Within("warning", "No minute has more than 300 steps.", "steps", high=300),  # the fastest sprints reach about that
    NoRows(
        "warning",
        "No day is asleep for more than 20 hours.",
        """select subject, local_date::varchar as place, count(*) || ' min' as value from {batch}
        where state = 'asleep' group by subject, local_date having count(*) > 1200""",
    ),
)
