-- Deep sleep
--
-- Minutes of deep sleep in the main sleep that ends on this date, as the vendor's own method grades them.
-- family: sleep
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep, or where its source tells no stages; 0 is measured
-- source: the one that counts for the night (stg.nights)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        cast(nights.deep_min as double) as value,
        nights.source
    from stg.nights
    where nights.is_main and nights.deep_min is not null
)

select
    main_sleeps.subject,
    main_sleeps.local_date,
    'deep_min' as metric,
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
    'deep_min' as metric,
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
where told_days.metric = 'deep_min'
