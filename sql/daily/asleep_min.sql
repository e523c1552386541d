-- Time asleep at night
--
-- Minutes asleep in the main sleep that ends on this date, without the minutes awake in between and without naps.
-- name: sleep
-- family: sleep
-- unit: min
-- better: up
-- smallest worthwhile change: 15 (minutes, as the project's claims table sets it for sleep)
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep; 0 is measured
-- source: the one that counts for the night (stg.nights)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        cast(nights.asleep_min as double) as value,
        nights.source
    from stg.nights
    where nights.is_main and nights.asleep_min is not null
)

select
    main_sleeps.subject,
    main_sleeps.local_date,
    'asleep_min' as metric,
    main_sleeps.value,
    'min' as unit,
    main_sleeps.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from main_sleeps

union all

select
    told_days.subject,
    told_days.local_date,
    'asleep_min' as metric,
    told_days.value,
    'min' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join main_sleeps
    on
        told_days.subject = main_sleeps.subject
        and told_days.local_date = main_sleeps.local_date
where told_days.metric = 'asleep_min'
