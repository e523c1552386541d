"""The drawn trials."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique, Within
from recovery.vocabulary.weekdays import WEEKDAYS

RELATION = "trials"
KEY = ("subject", "start_date")
CHECKS = (
    Unique("critical", "A trial of a person is there once.", ("subject", "start_date")),
    NotNull("critical", "Every trial has the hash of its schedule.", "schedule_sha256"),
    OneOf("critical", "A weekday is mon to sun.", "weekday", tuple(WEEKDAYS)),
    Within("critical", "A trial has at least two pairs.", "pairs", low=2),
    Within("critical", "A block is one to four weeks.", "weeks_per_block", 1, 4),
    NoRows(
        "critical",
        "A trial was committed before its first hour.",  # to half a day: no zone is further behind UTC
        """select subject, start_date as place, committed_utc as value
        from {batch} where committed_utc >= start_date + start_time + interval 12 hour""",
    ),
    NoRows(
        "critical",
        "Every week of a trial is there.",
        """select trials.subject, trials.start_date as place, count(trial_weeks.week) || ' weeks' as value
        from {batch} as trials left join pub.trial_weeks using (subject, start_date)
        group by trials.subject, trials.start_date, trials.pairs, trials.weeks_per_block
        having count(trial_weeks.week) <> 2 * trials.pairs * trials.weeks_per_block""",
    ),
    NoRows(
        "critical",
        "Two trials of a person never overlap.",
        """select one.subject, one.start_date as place, other.start_date as value
        from {batch} as one
        inner join {batch} as other
            on other.subject = one.subject
            and other.start_date < one.start_date
            and one.start_date <= other.end_date""",
    ),
    Within("warning", "At least six pairs, without which no answer is possible.", "pairs", low=6),
    Within("warning", "No massage took place in a week drawn without.", "massages_in_control_weeks", high=0),
)
