-- Longest time still
--
-- The longest unbroken stretch of minutes that were worn, awake, out of bed and without movement, in the person's
-- waking hours as in still_min. One minute of anything else ends it. Midnight cuts a stretch in two.
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute in these hours, where a source reports steps or a
-- still minute
-- missing: no row where no such minute was worn; 0 where there was one and never still
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
-- built: whole
select
    rest_days.subject,
    rest_days.local_date,
    rest_days.longest_still_min as value,
    rest_days.source,
    'minute' as resolution,
    rest_days.coverage_share
from timeline.rest_days
where rest_days.is_stillness_known
