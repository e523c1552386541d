-- Floors climbed
--
-- Floors climbed on the local day, as the device counts them from air pressure and steps. The sum of its records of
-- the day, each on the date it begins; a running total belongs to the device's own day. Where there is no record,
-- the source's total of the day.
-- family: movement
-- unit: floors
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a record of floors
-- missing: no row where no source reports floors; 0 where one reports none
-- day values: yes
-- source: one a date, by priority, then by the number of records; sources are never added up
select
    day_readings.subject,
    day_readings.local_date,
    day_readings.sum_value as value,
    day_readings.source,
    'interval' as resolution,
    null as coverage_share
from stg.day_readings
where day_readings.metric = 'floors'
