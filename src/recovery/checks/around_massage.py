"""The days around each massage."""

from recovery.checks._kinds import NoRows, NotNull, Unique, Within
from recovery.vocabulary.windows import AROUND_DAYS

RELATION = "around_massage"
KEY = ("subject", "massage_id", "metric", "day_offset")
PLACE = "massage_id || ' ' || metric || ' ' || day_offset"
CHECKS = (
    Unique("critical", "A massage has one row per metric and day around it.", KEY),
    NotNull("critical", "Every row says which day around the massage it is.", "day_offset"),
    Within("critical", "The days run from 7 before to 7 after.", "day_offset", AROUND_DAYS[0], AROUND_DAYS[-1]),
    NoRows(
        "critical",
        "The change is the value less the baseline.",
        f"""select subject, {PLACE} as place, change as value from {{batch}}
        where (change is null) <> (value is null or baseline is null)
            or abs(change - (value - baseline)) > 1e-5 * greatest(1, abs(value))""",  # means are rounded to 6 digits
    ),
    NoRows(
        "critical",
        "The value is that of its day.",
        """select around.subject, around.massage_id || ' ' || around.metric || ' ' || around.day_offset as place,
            around.value || ' here, ' || days.value || ' of the day' as value
        from {batch} as around
        inner join pub.daily_metrics as days
            on days.subject = around.subject and days.local_date = around.local_date and days.metric = around.metric
        where around.value is distinct from days.value""",
    ),
    NoRows(
        "critical",
        "Every massage it counts from was attended.",
        """select around.subject, around.massage_id as place, any_value(logged.status) as value
        from {batch} as around
        left join pub.massages as logged
            on logged.subject = around.subject and logged.massage_id = around.massage_id
        where logged.status is distinct from 'attended'
        group by around.subject, around.massage_id""",
    ),
    NoRows(
        "critical",
        "A massage has one baseline per metric.",
        """select subject, massage_id || ' ' || metric as place, count(distinct baseline) as value
        from {batch} group by subject, massage_id, metric having count(distinct baseline) > 1""",
    ),
)
