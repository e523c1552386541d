-- Days of which nobody knows whether there was a massage
--
-- The dates on which a row of a massage log may lie that could not be read. They are no days to compare with; daily has
-- is_massage_day NULL for them, but where another row tells of an attended massage.
-- grain: one row per subject, local_date, path and place
-- missing: no row for dates that no log vouches for: nothing is known of these either
-- source: the relation rejected, where the row stands with its value
select
    unknown_days.subject,
    unknown_days.local_date,
    unknown_days.path,
    unknown_days.place,
    unknown_days.reason
from massage.unknown_days
order by unknown_days.subject, unknown_days.local_date, unknown_days.path, unknown_days.place
