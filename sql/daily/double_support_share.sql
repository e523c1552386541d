-- Both feet on the ground
--
-- Share of the walking time in which both feet were on the ground, 0 to 1; a careful gait has more of it. The mean
-- of the day's readings; where a source only gives a value by date, that.
-- family: gait
-- unit: share
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
    day_readings.mean_value as value,
    day_readings.source,
    'interval' as resolution,
    null as coverage_share
from stg.day_readings
where day_readings.metric = 'double_support_share'
