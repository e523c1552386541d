-- When the person woke
--
-- The end of the last minute asleep of the main sleep that ends on this date. The clock of the wall counts, in
-- minutes from the midnight that begins this date; negative is before midnight.
-- family: sleep
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep; 0 is midnight
-- source: the one that counts for the night (stg.nights)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        cast(nights.wake_local_min as double) as value,
        nights.source
    from stg.nights
    where nights.is_main and nights.wake_local_min is not null
)

select
    main_sleeps.subject,
    main_sleeps.local_date,
    'wake_local' as metric,
    main_sleeps.value,
    'min' as unit,
    main_sleeps.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from main_sleeps
