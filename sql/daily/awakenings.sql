-- Awakenings
--
-- How many times the person woke between the first and the last minute asleep of the main sleep that ends on this
-- date.
-- family: sleep
-- unit: count
-- better: down
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep, or where its source reports no stages; 0 is measured
-- day values: yes
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    nights.awakenings as value,
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and nights.awakenings is not null
