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
-- day values: first
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    nights.efficiency_share as value,
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and nights.efficiency_share is not null
