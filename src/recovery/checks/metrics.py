"""What each metric means."""

from recovery.checks._kinds import NotNull, OneOf, Unique
from recovery.vocabulary.metrics import BETTER

RELATION = "metrics"
KEY = ("metric",)
CHECKS = (
    Unique("critical", "A metric is defined once.", ("metric",)),
    NotNull("critical", "Every metric has a family.", "family"),
    NotNull("critical", "Every metric has a unit.", "unit"),
    NotNull("critical", "Every metric is described.", "description"),
    OneOf("critical", "Better is up, down or none.", "better", BETTER),
)
