"""The mean over all massages of each day around them."""

from recovery.checks._kinds import NoRows, Unique, Within

RELATION = "around_massage_summary"
KEY = ("subject", "metric", "day_offset")
CHECKS = (
    Unique("critical", "A metric has one mean per day around the massages.", ("subject", "metric", "day_offset")),
    Within("critical", "The days run from 7 before to 7 after.", "day_offset", -7, 7),
    Within("critical", "A mean is of at least no massages.", "n", low=0),
    NoRows(
        "critical",
        "No mean is of more massages than there are.",
        """select told.subject, told.metric || ' ' || told.day_offset as place, told.n as value
        from pub.around_massage_summary as told
        left join (
            select subject, count(*) as massages from pub.massages where status = 'attended' group by subject
        ) as logged on logged.subject = told.subject
        where told.n > coalesce(logged.massages, 0)""",
    ),
)
