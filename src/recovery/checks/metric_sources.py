"""Which sources count for a metric, and from when."""

from recovery.checks._kinds import NoRows, NotNull, Unique, Within

RELATION = "metric_sources"
KEY = ("subject", "metric", "first_date")
NEIGHBOURS = """select *,
    lag(last_date) over (partition by subject, metric order by first_date) as last_date_before,
    lag(sources) over (partition by subject, metric order by first_date) as sources_before
from {batch}"""
CHECKS = (
    Unique("critical", "A stretch of a metric is told once.", ("subject", "metric", "first_date")),
    NotNull("critical", "Every stretch has its sources.", "sources"),
    Within("critical", "A stretch has at least 14 valid days.", "valid_days", low=14),
    NoRows(
        "critical",
        "Every stretch has room for its days.",
        """select subject, metric || ' ' || first_date as place, valid_days as value from {batch}
        where last_date - first_date + 1 < valid_days""",
    ),
    NoRows(
        "critical",
        "No two stretches of a metric overlap.",
        f"""select subject, metric || ' ' || first_date as place, last_date_before as value
        from ({NEIGHBOURS}) where last_date_before >= first_date""",
    ),
    NoRows(
        "critical",
        "From one stretch to the next the sources change.",
        f"""select subject, metric || ' ' || first_date as place, sources as value
        from ({NEIGHBOURS}) where sources_before = sources""",
    ),
)
