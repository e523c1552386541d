-- Severity of back pain
--
-- The highest severity of pain in the lower back that was entered in Apple's Health app (or an app that writes to
-- it), or in Bearable, on this date: 0 not present, 1 mild, 2 moderate, 3 severe, 4 unbearable (Bearable's). The
-- steps are an order, not a measure: severe is not three times mild, and none of them is a number of the 0-10 scale
-- of `pain` (docs/decisions/0025).
-- family: diary
-- unit: points
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with an entry that names a severity
-- missing: no row where nothing was entered; 0 where the entry says that the pain was not present
-- source: one a date, by priority, then by the number of entries; sources are never mixed
select
    day_readings.subject,
    day_readings.local_date,
    day_readings.max_value as value,
    day_readings.source,
    'interval' as resolution,
    null as coverage_share
from stg.day_readings
where day_readings.metric = 'back_pain_severity'
