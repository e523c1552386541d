-- Movement to rest
--
-- Minutes moving divided by minutes awake and still, both in the person's waking hours as in still_min; 0.5 means one
-- minute of movement for two of rest.
-- family: rest
-- unit: ratio
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a minute awake and still in these hours
-- missing: no row without a still minute; 0 where there was one and none moving
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
-- built: whole
select
    rest_days.subject,
    rest_days.local_date,
    round(rest_days.moving_min / rest_days.still_min, 6) as value,
    rest_days.source,
    'minute' as resolution,
    rest_days.coverage_share
from timeline.rest_days
where rest_days.is_stillness_known and rest_days.still_min > 0
