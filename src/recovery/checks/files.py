"""The receipts."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within

RELATION = "files"
KEY = ("path",)
STATUSES = ("loaded", "partial", "duplicate", "ignored", "unrecognised", "rejected", "waiting")
CHECKS = (
    Unique("critical", "A file has one receipt.", ("path",)),
    NotNull("critical", "Every receipt has a status.", "status"),
    OneOf("critical", "The status is one of seven.", "status", STATUSES),
    Within("critical", "Rows are counted from none.", "rows", low=0),
    NoRows(
        "critical",
        "A file that was not loaded says why.",
        """select subject, path as place, status as value from pub.files
        where status not in ('loaded', 'duplicate') and coalesce(message, '') = ''""",
    ),
    NoRows(
        "critical",
        "The first record is not after the last.",
        """select subject, path as place, first_utc || ' to ' || last_utc as value
        from pub.files where first_utc > last_utc""",
    ),
    NoRows(
        "warning",
        "No record is older than the year 2000.",
        """select subject, path as place, first_utc || ' to ' || last_utc as value
        from pub.files where first_utc < timestamp '2000-01-01'""",
    ),
)
