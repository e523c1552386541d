"""How much was recorded in each week."""

from recovery.checks._kinds import NoRows, Unique, Within

RELATION = "adherence"
KEY = ("subject", "week_date")
CHECKS = (
    Unique("critical", "A week of a person is there once.", KEY),
    Within("critical", "A week has one to seven dates.", "n_days", 1, 7),
    Within("critical", "Valid days of a week are from none to seven.", "valid_days", 0, 7),
    Within("critical", "Valid nights of a week are from none to seven.", "valid_nights", 0, 7),
    Within("critical", "Days of the diary in a week are from none to seven.", "diary_days", 0, 7),
    NoRows(
        "critical",
        "A week begins on a Monday.",
        "select subject, week_date as place, dayname(week_date) as value from {batch} where isodow(week_date) <> 1",
    ),
    NoRows(
        "critical",
        "The valid days of the weeks are those of daily.",
        """select subject, null::varchar as place, weeks.n || ' and ' || days.n as value
        from (select subject, coalesce(sum(valid_days), 0) as n from {batch} group by subject) as weeks
        inner join (select subject, count(*) filter (where is_valid_day) as n from pub.daily group by subject) as days
            using (subject)
        where weeks.n <> days.n""",
    ),
)
