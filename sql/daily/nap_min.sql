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
-- source: the one that counts for each sleep (stg.nights)
with naps as (
    select
        nights.subject,
        nights.local_date,
        round(coalesce(fsum(nights.asleep_min) filter (where not nights.is_main), 0), 6) as value,
        string_agg(distinct nights.source, ', ' order by nights.source) as source
    from stg.nights
    group by nights.subject, nights.local_date
)

select
    naps.subject,
    naps.local_date,
    'nap_min' as metric,
    naps.value,
    'min' as unit,
    naps.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from naps

union all

select
    told_days.subject,
    told_days.local_date,
    'nap_min' as metric,
    told_days.value,
    'min' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join naps
    on
        told_days.subject = naps.subject
        and told_days.local_date = naps.local_date
where told_days.metric = 'nap_min'
