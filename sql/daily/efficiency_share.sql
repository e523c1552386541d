-- Sleep efficiency
--
-- Share of the time in bed that was spent asleep, 0 to 1, of the main sleep that ends on this date.
-- name: share of the time in bed spent asleep
-- family: sleep
-- unit: share
-- better: up
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep, or where its source does not record the time in bed
-- source: the one that counts for the night (stg.nights)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        cast(nights.efficiency_share as double) as value,
        nights.source
    from stg.nights
    where nights.is_main and nights.efficiency_share is not null
)

select
    main_sleeps.subject,
    main_sleeps.local_date,
    'efficiency_share' as metric,
    main_sleeps.value,
    'share' as unit,
    main_sleeps.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from main_sleeps

union all

select
    told_days.subject,
    told_days.local_date,
    'efficiency_share' as metric,
    told_days.value,
    'share' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join main_sleeps
    on
        told_days.subject = main_sleeps.subject
        and told_days.local_date = main_sleeps.local_date
where told_days.metric = 'efficiency_share'
