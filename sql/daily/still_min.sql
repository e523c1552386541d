-- Minutes awake and still
--
-- Minutes that were worn, awake, out of bed and without movement (timeline state still), in the person's waking hours
-- (timeline.waking_hours): hours of the clock that are the same on all of their days, so that a day after a short
-- night has no more of them. Of a person without such hours, as one who works in shifts, the whole local day counts.
-- The massage hour, minutes not worn, and quiet nights that no device recorded as sleep never count.
-- family: rest
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute in these hours, where a source reports steps or a
-- still minute
-- missing: no row where no such minute was worn; 0 where there was one and none of this kind
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
-- built: whole
select
    rest_days.subject,
    rest_days.local_date,
    rest_days.still_min as value,
    rest_days.source,
    'minute' as resolution,
    rest_days.coverage_share
from timeline.rest_days
where rest_days.is_stillness_known
