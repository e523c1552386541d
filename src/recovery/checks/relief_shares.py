"""How often massages are followed by a drop of pain, beside like days without one."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within, massages_there_are
from recovery.vocabulary.article import PAIN

RELATION = "relief_shares"
KEY = ("subject", "metric", "drop_share")
PLACE = "metric || ' ' || drop_share"
CHECKS = (
    Unique("critical", "A drop of pain has one row per metric.", KEY),
    OneOf("critical", "Only pain can be relieved.", "metric", PAIN),
    NotNull("critical", "Every share has its reason.", "reason"),
    Within("critical", "A share of massages lies between none and all.", "massages_share", 0, 1),
    Within("critical", "A share of days lies between none and all.", "days_share", 0, 1),
    NoRows(
        "critical",
        "The share of massages is that of those counted.",
        f"""select subject, {PLACE} as place, massages_share as value from {{batch}}
        where abs(massages_share - n_followed / n_massages) > 1e-9 or n_followed > n_massages
            or (massages_share is null) <> (days_share is null)""",
    ),
    massages_there_are("No share is of more massages than there are.", "relief_shares", PLACE, "n_massages"),
)
