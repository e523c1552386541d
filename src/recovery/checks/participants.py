"""Who takes part."""

from recovery.checks._kinds import NoRows, NotNull, Ordered, Unique, Within

RELATION = "participants"
KEY = ("subject",)
CHECKS = (
    Unique("critical", "A person takes part once.", KEY),
    NotNull("critical", "Everybody who takes part has a name.", "subject"),
    Ordered("critical", "Records begin before they end.", "first_date", "last_date", is_equal_allowed=True),
    Within("critical", "Massages of a person are counted from none.", "n_massages", low=0),
    NoRows(
        "critical",
        "Everybody with a day takes part.",
        """select distinct daily.subject, null::varchar as place, 'not there' as value
        from pub.daily left join {batch} as people using (subject) where people.subject is null""",
    ),
)
