-- Share of the waking day spent still
--
-- Minutes awake and still, divided by all worn waking minutes of the local day (moving, still, or awake in bed;
-- timeline states), 0 to 1. The massage hour is left out above and below.
-- family: rest
-- unit: share
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn waking minute
-- missing: no row without a worn waking minute; 0 where never still
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    worn_days.subject,
    worn_days.local_date,
    round(
        worn_days.still_min / (worn_days.moving_min + worn_days.still_min + worn_days.awake_in_bed_min),
        6
    ) as value,
    worn_days.source,
    'minute' as resolution,
    worn_days.coverage_share
from timeline.worn_days
where
    worn_days.is_stillness_known
    and worn_days.moving_min + worn_days.still_min + worn_days.awake_in_bed_min > 0
