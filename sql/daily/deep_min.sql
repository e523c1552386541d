-- Deep sleep
--
-- Minutes of deep sleep in the main sleep that ends on this date, as the vendor's own method grades them.
-- family: sleep
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep, or where its source reports no stages; 0 is measured
-- day values: first
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    nights.deep_min as value,
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and nights.deep_min is not null
