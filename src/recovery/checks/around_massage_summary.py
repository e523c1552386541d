"""The mean over all massages of each day around them."""

from recovery.checks._kinds import Unique, Within, massages_there_are
from recovery.vocabulary.windows import AROUND_DAYS

RELATION = "around_massage_summary"
KEY = ("subject", "metric", "day_offset")
CHECKS = (
    Unique("critical", "A metric has one mean per day around the massages.", ("subject", "metric", "day_offset")),
    Within("critical", "The days run from 7 before to 7 after.", "day_offset", AROUND_DAYS[0], AROUND_DAYS[-1]),
    Within("critical", "A mean is of at least no massages.", "n", low=0),
    massages_there_are(
        "No mean is of more massages than there are.",
        "around_massage_summary",
        "metric || ' ' || day_offset",
        "n",
    ),
)
