-- Breathing rate
--
-- Breaths a minute. The mean of the readings taken during the main sleep that ends on this date; on a date with
-- none, the mean of all its readings. Where a source only gives a value by date, that.
-- family: physiology
-- unit: breaths/min
-- better: none
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date with a reading, or a value that a source gives for the date
-- missing: no row without either
-- source: one a date, by priority, then by the number of readings; sources are never mixed
with chosen_readings as (
    select
        overnight_readings.subject,
        overnight_readings.local_date,
        overnight_readings.source,
        overnight_readings.value
    from stg.overnight_readings
    where overnight_readings.metric = 'respiration_rate'
)

select
    chosen_readings.subject,
    chosen_readings.local_date,
    'respiration_rate' as metric,
    chosen_readings.value,
    'breaths/min' as unit,
    chosen_readings.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from chosen_readings

union all

select
    told_days.subject,
    told_days.local_date,
    'respiration_rate' as metric,
    told_days.value,
    'breaths/min' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join chosen_readings
    on
        told_days.subject = chosen_readings.subject
        and told_days.local_date = chosen_readings.local_date
where told_days.metric = 'respiration_rate'
