-- Resting heart rate
--
-- Heart beats a minute at rest, by the vendor's own method. The last value that the vendor reports on this local date;
-- where it gives the value by date only, that.
-- family: physiology
-- unit: bpm
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a reading, or a value that a source gives for the date
-- missing: no row without either
-- day values: yes
-- source: one a date, by priority, then by the number of readings; sources are never mixed
select
    day_readings.subject,
    day_readings.local_date,
    day_readings.last_value as value,
    day_readings.source,
    'interval' as resolution,
    null as coverage_share
from stg.day_readings
where day_readings.metric = 'resting_heart_rate_bpm'
