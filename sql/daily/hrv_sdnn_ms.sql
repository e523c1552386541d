-- Heart rate variability (SDNN)
--
-- How much the time between heart beats varies overall, in milliseconds. Never mixed with RMSSD, which is another
-- measure. What the source itself gives for the date; where it gives none, the mean of its readings taken during the
-- main sleep that ends on this date; on a date with none of these, the mean of all its readings.
-- family: physiology
-- unit: ms
-- better: up
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date with a reading, or a value that a source gives for the date
-- missing: no row without either
-- day values: first
-- source: one a date, by priority, then by the number of readings; sources are never mixed
select
    overnight_readings.subject,
    overnight_readings.local_date,
    overnight_readings.value,
    overnight_readings.source,
    'interval' as resolution,
    null as coverage_share
from stg.overnight_readings
where overnight_readings.metric = 'hrv_sdnn_ms'
