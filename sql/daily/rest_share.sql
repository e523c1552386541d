-- Waking day spent sitting or lying still
--
-- Minutes awake and still, divided by all worn waking minutes (moving, still, or awake in bed; timeline states), 0 to
-- 1, in the person's waking hours as in still_min. The massage hour is left out above and below.
-- family: rest
-- unit: share
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn waking minute in these hours
-- missing: no row without a worn waking minute; 0 where never still
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
-- built: whole
select
    rest_days.subject,
    rest_days.local_date,
    round(
        rest_days.still_min / (rest_days.moving_min + rest_days.still_min + rest_days.awake_in_bed_min),
        6
    ) as value,
    rest_days.source,
    'minute' as resolution,
    rest_days.coverage_share
from timeline.rest_days
where
    rest_days.is_stillness_known
    and rest_days.moving_min + rest_days.still_min + rest_days.awake_in_bed_min > 0
