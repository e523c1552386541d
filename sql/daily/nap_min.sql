-- Naps
--
-- Minutes asleep in naps, which are all recorded sleeps that end on this date but the main one.
-- family: sleep
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded sleep ends
-- missing: no row without any recorded sleep; 0 where there was only a main sleep
-- day values: yes
-- source: the source selected for each sleep (stg.nights)
select
    nights.subject,
    nights.local_date,
    round(coalesce(fsum(nights.asleep_min) filter (where not nights.is_main), 0), 6) as value,
    string_agg(distinct nights.source, ', ' order by nights.source) as source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
group by nights.subject, nights.local_date
