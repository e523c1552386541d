-- Minutes awake and still
--
-- Minutes of the local day that were worn, awake, out of bed and without movement (timeline state still). The
-- massage hour, minutes not worn, and quiet nights that no device recorded as sleep (rest_unknown) never count.
-- family: rest
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a worn minute, where a source reports steps or a still minute
-- missing: no row where no such minute was worn; 0 where there was one and none of this kind
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    worn_days.subject,
    worn_days.local_date,
    worn_days.still_min as value,
    worn_days.source,
    'minute' as resolution,
    worn_days.coverage_share
from timeline.worn_days
where worn_days.is_stillness_known
