"""The receipts."""

from datetime import datetime

from recovery.checks._kinds import NoRows, NotNull, OneOf, Ordered, Unique, Within

RELATION = "files"
KEY = ("path",)
STATUSES = ("loaded", "partial", "duplicate", "ignored", "unrecognised", "rejected", "waiting")
YEAR_2000 = datetime(2000, 1, 1)  # noqa: DTZ001 - UTC, as the column
CHECKS = (
    Unique("critical", "A file has one receipt.", ("path",)),
    NotNull("critical", "Every receipt has a status.", "status"),
    OneOf("critical", "The status is one of seven.", "status", STATUSES),
    Within("critical", "Rows are counted from none.", "rows", low=0),
    NoRows(
        "critical",
        "A file that was not loaded says why.",
        """select subject, path as place, status as value from {batch}
        where status not in ('loaded', 'duplicate') and coalesce(message, '') = ''""",
    ),
    Ordered("critical", "The first record is not after the last.", "first_utc", "last_utc", is_equal_allowed=True),
    Within("warning", "No record is older than the year 2000.", "first_utc", low=YEAR_2000),
)
