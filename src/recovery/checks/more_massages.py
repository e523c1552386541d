"""How many more massages it takes until something is said."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within
from recovery.vocabulary.designs import Design

RELATION = "more_massages"
KEY = ("subject", "metric", "window", "design")
PLACE = "metric || ' ' || design"
CHECKS = (
    Unique("critical", "A way to book has one row per metric and window.", KEY),
    OneOf("critical", "A way to book is one that is known.", "design", tuple(Design)),
    NotNull("critical", "Every promise has its sentence.", "reason"),
    Within("critical", "A chance lies between none and certain.", "chance", 0, 1),
    NoRows(
        "critical",
        "Half of the people have their answer before four in five, and weeks go with massages.",
        f"""select subject, {PLACE} as place, high as value from {{batch}}
        where low > high or (low is null and high is not null) or (high is null) <> (weeks is null) or low < 1""",
    ),
    NoRows(
        "critical",
        "Every other way stands beside the person's own.",
        f"""select subject, {PLACE} as place, high as value from {{batch}} as every
        where design <> 'as booked' and not exists (
            select 1 from {{batch}} as own
            where own.subject = every.subject and own.metric = every.metric and own.design = 'as booked'
        )""",
    ),
)
