"""What else happened on massage days."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within
from recovery.vocabulary.circumstances import CIRCUMSTANCES

RELATION = "circumstances"
KEY = ("subject", "metric", "circumstance")
CHECKS = (
    Unique("critical", "A circumstance has one row per metric.", KEY),
    OneOf("critical", "A circumstance is a column of the diary.", "circumstance", CIRCUMSTANCES),
    NotNull("critical", "Every circumstance has its reason.", "reason"),
    Within("critical", "A share of other days lies between none and all.", "other_share", 0, 1),
    NoRows(
        "critical",
        "No more days say yes than are told, and no more are told than there are.",
        """select subject, metric || ' ' || circumstance as place, n_massages_told as value from {batch}
        where n_massages_told > n_massages or n_massages_yes > n_massages_told
            or n_other_days_yes > n_other_days_told""",
    ),
)
