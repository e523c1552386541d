"""Main sleep and naps."""

from recovery.checks._kinds import NoRows, NotNull, Ordered, Unique, Within

RELATION = "nights"
KEY = ("subject", "night_date", "ordinal")
CHECKS = (
    Unique("critical", "A sleep is told once.", ("subject", "night_date", "ordinal")),
    NotNull("critical", "Every sleep has a source.", "source"),
    NotNull("critical", "Every sleep has a beginning.", "onset_utc"),
    NotNull("critical", "Every sleep has an end.", "wake_utc"),
    Ordered("critical", "Every sleep begins before it ends.", "onset_utc", "wake_utc"),
    NoRows(
        "critical",
        "No two sleeps of a person overlap.",
        """select one.subject, one.night_date || ' ' || one.ordinal as place, one.onset_utc as value
        from (
            select *, max(wake_utc) over (
                partition by subject order by onset_utc, wake_utc rows between unbounded preceding and 1 preceding
            ) as woke_before
            from {batch}
        ) as one
        where one.onset_utc < one.woke_before""",
    ),
    NoRows(
        "critical",
        "Light, deep and REM sleep sum to the time asleep.",
        """select subject, night_date || ' ' || ordinal as place,
            light_min + deep_min + rem_min || ' of ' || asleep_min as value
        from {batch}
        -- sources round to minutes; of one that tells stages every five minutes asleep_min is its own (stg.nights)
        where abs(light_min + deep_min + rem_min - asleep_min) > if(
            (light_min % 5 = 0)::integer + (deep_min % 5 = 0)::integer + (rem_min % 5 = 0)::integer >= 2,
            greatest(0.15 * asleep_min, 15),
            1.01
        )""",
    ),
    NoRows(
        "critical",
        "Nobody is asleep for longer than in bed.",
        """select subject, night_date || ' ' || ordinal as place, asleep_min || ' of ' || in_bed_min as value
        from {batch} where asleep_min > in_bed_min + 1.01""",  # vendors round to a minute
    ),
    Within("critical", "A sleep lasts less than 36 hours.", "asleep_min", low=0, high=36 * 60),
    Within("critical", "A share of the time in bed is asleep, between none and all.", "efficiency_share", 0, 1),
    Within("warning", "Nobody sleeps more than 14 hours at once.", "asleep_min", high=14 * 60),
)
