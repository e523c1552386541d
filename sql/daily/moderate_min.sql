-- Minutes of at least moderate movement
--
-- Minutes of the local day that were moving at 100 steps a minute or more, or that the vendor grades as moderate or
-- vigorous. The minutes of vigorous_min are among them.
-- family: movement
-- unit: min
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a minute known to be moving or not
-- missing: no row where no such minute was worn; 0 where there was one and none of this kind
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    worn_days.subject,
    worn_days.local_date,
    worn_days.moderate_min as value,
    coalesce(worn_days.source, 'recorded activity') as source,
    'minute' as resolution,
    worn_days.coverage_share
from timeline.worn_days
