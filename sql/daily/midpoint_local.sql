-- Middle of the sleep
--
-- Halfway between the two clock readings onset_local and wake_local of the main sleep that ends on this date. In
-- minutes of the wall clock from the midnight that begins this date; negative is before midnight.
-- family: sleep
-- unit: min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends
-- missing: no row without a recorded main sleep; 0 is midnight
-- source: the source selected for the night (stg.nights)
select
    nights.subject,
    nights.local_date,
    round((nights.onset_local_min + nights.wake_local_min) / 2.0, 4) as value, -- both have three digits
    nights.source,
    'interval' as resolution,
    null as coverage_share
from stg.nights
where nights.is_main and (nights.onset_local_min + nights.wake_local_min) / 2.0 is not null
