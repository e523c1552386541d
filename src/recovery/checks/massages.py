"""The massages as they count."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within

RELATION = "massages"
KEY = ("subject", "massage_id")
CHECKS = (
    Unique("critical", "A massage is there once.", ("subject", "massage_id")),
    NotNull("critical", "Every massage has an identity.", "massage_id"),
    NotNull("critical", "Every massage has a date.", "local_date"),
    OneOf("critical", "A massage is attended, cancelled or a no-show.", "status", ("attended", "cancelled", "no-show")),
    Within("critical", "A massage lasts no longer than a day.", "massage_min", low=0, high=1440),
    Within("warning", "A massage lasts 5 minutes to 4 hours.", "massage_min", low=5, high=240),
    Within("warning", "Pressure is scored from 1 to 5.", "pressure", 1, 5),
    Within("warning", "Pain before is scored from 0 to 10.", "pain_before", 0, 10),
    Within("warning", "Pain after is scored from 0 to 10.", "pain_after", 0, 10),
    NoRows(
        "warning",
        "No two massages of a person overlap.",
        """select one.subject, one.massage_id as place, one.start_utc as value
        from {batch} as one
        inner join {batch} as other
            on other.subject = one.subject
            and other.massage_id < one.massage_id
            and other.start_utc < one.start_utc + to_minutes(one.massage_min::bigint)
            and one.start_utc < other.start_utc + to_minutes(other.massage_min::bigint)
        where one.status = 'attended' and other.status = 'attended'""",
    ),
)
