"""The weeks of the drawn trials."""

from recovery.checks._kinds import NoRows, NotNull, Unique, Within

RELATION = "trial_weeks"
KEY = ("subject", "start_date", "week")
CHECKS = (
    Unique("critical", "A week of a trial is there once.", ("subject", "start_date", "week")),
    NotNull("critical", "Every week was drawn.", "is_massage_week"),
    Within("critical", "Massages of a week are counted from none.", "massages_attended", low=0),
    NoRows(
        "critical",
        "Half of the weeks of every pair hold a massage.",
        """select subject, start_date || ', pair ' || pair as place, count_if(is_massage_week) || ' weeks' as value
        from {batch}
        group by subject, start_date, pair
        having 2 * count_if(is_massage_week) <> count(*)""",
    ),
    NoRows(
        "critical",
        "A week begins seven days after the one before.",
        """select subject, start_date || ', week ' || week as place, local_date as value
        from {batch} where local_date <> start_date + to_days(7 * (week - 1))""",
    ),
)
