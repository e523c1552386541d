"""The dates that each massage log vouches for."""

from recovery.checks._kinds import NotNull, Unique

RELATION = "log_spans"
KEY = ("subject", "path")
CHECKS = (
    Unique("critical", "A log vouches for one span of a person's dates.", KEY),
    NotNull("critical", "Every span of a log has a first date.", "first_date"),
    NotNull("critical", "Every span of a log has a last date.", "last_date"),
)
