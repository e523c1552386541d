"""The days of which nobody knows whether there was a massage."""

from recovery.checks._kinds import NoRows, NotNull, Unique

RELATION = "unknown_days"
KEY = ("subject", "local_date", "path", "place")
CHECKS = (
    Unique("critical", "A row that could not be read makes a day unknown once.", KEY),
    NotNull("critical", "Every unknown day has a date.", "local_date"),
    NoRows(
        "critical",
        "No unknown day counts as a day without a massage.",
        """select unknown.subject, unknown.local_date::varchar as place, days.is_massage_day as value
        from pub.unknown_days as unknown
        inner join pub.daily as days
            on days.subject = unknown.subject and days.local_date = unknown.local_date
        where days.is_massage_day is false""",
    ),
)
