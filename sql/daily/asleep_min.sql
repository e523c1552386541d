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
-- day values: yes
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    nights.asleep_min as value,
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and nights.asleep_min is not null
