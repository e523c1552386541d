-- Movement to rest
--
-- Minutes moving divided by minutes awake and still on the local day; 0.5 means one minute of movement for two of
-- rest.
-- family: rest
-- unit: ratio
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a minute awake and still
-- missing: no row without a still minute; 0 where there was one and none moving
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    worn_days.subject,
    worn_days.local_date,
    round(worn_days.moving_min / worn_days.still_min, 6) as value,
    worn_days.source,
    'minute' as resolution,
    worn_days.coverage_share
from timeline.worn_days
where worn_days.is_stillness_known and worn_days.still_min > 0
