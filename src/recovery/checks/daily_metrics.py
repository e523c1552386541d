"""The long table of days: one row per metric."""

from recovery.checks._kinds import NoRows

RELATION = "daily_metrics"
KEY = ("subject", "local_date", "metric")
CHECKS = (
    NoRows(
        "critical",
        "A person has one value a day of each metric.",
        """select subject, local_date || ' ' || metric as place, count(*) as value from pub.daily_metrics
        group by subject, local_date, metric having count(*) > 1""",
    ),
    NoRows(
        "critical",
        "Every value is a number.",
        """select subject, local_date || ' ' || metric as place, value from pub.daily_metrics
        where value is null or not isfinite(value)""",
    ),
    NoRows(
        "critical",
        "Every metric is defined in metrics, in the same unit.",
        """select days.subject, days.local_date || ' ' || days.metric as place, days.unit as value
        from pub.daily_metrics as days
        left join pub.metrics on metrics.metric = days.metric
        where metrics.metric is null or metrics.unit is distinct from days.unit""",
    ),
    NoRows(
        "critical",
        "Shares lie between none and all.",
        """select subject, local_date || ' ' || metric as place, value from pub.daily_metrics
        where metric like '%\\_share' escape '\\' and value not between 0 and 1""",
    ),
    NoRows(
        "critical",
        "Coverage lies between none and all.",
        """select subject, local_date || ' ' || metric as place, coverage_share as value from pub.daily_metrics
        where coverage_share not between 0 and 1""",
    ),
    NoRows(
        "critical",
        "The resolution is minute, interval or day.",
        """select subject, local_date || ' ' || metric as place, resolution as value from pub.daily_metrics
        where resolution is null or resolution not in ('minute', 'interval', 'day')""",
    ),
    NoRows(
        "critical",
        "The wide table of days tells the same steps.",
        """select days.subject, days.local_date::varchar as place, days.value from pub.daily_metrics as days
        left join pub.daily as wide on wide.subject = days.subject and wide.local_date = days.local_date
        where days.metric = 'steps' and wide.steps is distinct from days.value""",
    ),
)
