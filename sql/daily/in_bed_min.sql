-- Time in bed at night
--
-- Minutes from getting into bed to getting up for the main sleep that ends on this date.
-- family: sleep
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep, or where its source does not record the time in bed
-- day values: first
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    nights.in_bed_min as value,
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and nights.in_bed_min is not null
