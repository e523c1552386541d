"""The long table of days: one row per metric."""

from sys import float_info

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within
from recovery.vocabulary.plausible_days import LEAST_DAYS, PLAUSIBLE_DAYS

RELATION = "daily_metrics"
RANGES = ", ".join(
    f"('{metric}', {limits.low}, {limits.high}, {limits.usual_low}, {limits.usual_high})"
    for metric, limits in PLAUSIBLE_DAYS.items()
)
OF_RANGES = f"(values {RANGES}) as ranges (metric, low, high, usual_low, usual_high)"
KEY = ("subject", "local_date", "metric")
CHECKS = (
    Unique("critical", "A person has one value a day of each metric.", KEY),
    NotNull("critical", "Every row has a value.", "value"),
    Within("critical", "Every value is a number.", "value", -float_info.max, float_info.max),  # not NaN, not infinite
    NoRows(
        "critical",
        "Every metric is defined in metrics, in the same unit.",
        """select days.subject, days.local_date || ' ' || days.metric as place, days.unit as value
        from {batch} as days
        left join pub.metrics on metrics.metric = days.metric
        where metrics.metric is null or metrics.unit is distinct from days.unit""",
    ),
    NoRows(
        "critical",
        "Shares lie between none and all.",
        """select subject, local_date || ' ' || metric as place, value from {batch}
        where metric like '%\\_share' escape '\\' and value not between 0 and 1""",
    ),
    Within("critical", "Coverage lies between none and all.", "coverage_share", 0, 1),
    NoRows(
        "critical",
        "A value is valid only when its day or night is complete.",
        """select subject, local_date || ' ' || metric as place, value from {batch}
        where is_valid and is_complete is distinct from true""",
    ),
    NotNull("critical", "Every value has its resolution.", "resolution"),
    OneOf("critical", "The resolution is minute, interval or day.", "resolution", ("minute", "interval", "day")),
    NoRows(
        "critical",
        "The wide table of days tells the same steps.",
        """select days.subject, days.local_date::varchar as place, days.value from {batch} as days
        left join pub.daily as wide on wide.subject = days.subject and wide.local_date = days.local_date
        where days.metric = 'steps' and wide.steps is distinct from days.value""",
    ),
    NoRows(
        "warning",
        "No day has more or less of a metric than anybody has.",
        f"""select days.subject, days.local_date || ' ' || days.metric as place,
            days.value || ' of ' || days.source as value
        from {{batch}} as days
        inner join {OF_RANGES} on ranges.metric = days.metric
        where isfinite(days.value) and days.value not between ranges.low and ranges.high""",
    ),
    NoRows(
        "warning",
        "The middle day of each source has what people have; else a unit is wrong.",
        f"""select days.subject, days.metric || ' of ' || days.source as place, median(days.value) as value
        from {{batch}} as days
        inner join {OF_RANGES} on ranges.metric = days.metric
        where days.is_valid
        group by days.subject, days.metric, days.source, ranges.usual_low, ranges.usual_high
        having count(*) >= {LEAST_DAYS} and median(days.value) not between ranges.usual_low and ranges.usual_high""",
    ),
)
