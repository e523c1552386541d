"""What each metric means."""

from recovery.checks._kinds import OneOf, Told, Unique

RELATION = "metrics"
KEY = ("metric",)
CHECKS = (
    Unique("critical", "A metric is defined once.", ("metric",)),
    Told("critical", "Every metric has a family.", "family"),
    Told("critical", "Every metric has a unit.", "unit"),
    Told("critical", "Every metric is described.", "description"),
    OneOf("critical", "Better is up, down or none.", "better", ("up", "down", "none")),
)
