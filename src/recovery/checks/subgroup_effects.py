"""Effects of some massages apart from the others."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within, massages_there_are
from recovery.vocabulary.massages import ATTRIBUTES

RELATION = "subgroup_effects"
KEY = ("subject", "metric", "attribute", "level")
PLACE = "metric || ' ' || attribute || ' ' || level"
CHECKS = (
    Unique("critical", "A kind of massage has one effect per metric.", KEY),
    OneOf(
        "critical",
        "A kind is told by technique, pressure, area, muscle, cause or minutes.",
        "attribute",
        ATTRIBUTES,
    ),
    NotNull("critical", "Every effect has its reason.", "reason"),
    Within("critical", "A kind has at least no massages.", "n_massages", low=0),
    NoRows(
        "critical",
        "An interval holds its estimate.",
        f"""select subject, {PLACE} as place, ci_low || ' to ' || ci_high as value from {{batch}}
        where not (ci_low <= estimate and estimate <= ci_high)
            or not (difference_ci_low <= difference and difference <= difference_ci_high)
            or isnan(estimate) or isnan(difference)
            or (estimate is null) <> (ci_low is null) or (estimate is null) <> (ci_high is null)
            or (difference is null) <> (difference_ci_low is null)
            or (difference is null) <> (difference_ci_high is null)""",
    ),
    NoRows(
        "critical",
        "A p-value is above 0 and at most 1.",
        f"""select subject, {PLACE} as place, p_value as value from {{batch}}
        where not (p_value > 0 and p_value <= 1) or not (q_value > 0 and q_value <= 1)""",
    ),
    massages_there_are("No kind has more massages than there are.", "subgroup_effects", PLACE, "n_massages"),
)
