-- Time to fall asleep
--
-- Minutes from getting into bed to the first minute asleep of the main sleep that ends on this date.
-- family: sleep
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep, or where its source does not report the time in bed; 0 is measured
-- day values: yes
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    nights.latency_min as value,
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and nights.latency_min is not null
