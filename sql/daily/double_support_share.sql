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
-- source: one a date, by priority, then by the number of readings; sources are never mixed
with readings_of_days as (
    select
        readings.subject,
        readings.local_date,
        readings.source,
        round(favg(readings.value), 6) as value,
        row_number() over (
            partition by readings.subject, readings.local_date
            order by
                min(readings.source_rank) asc,
                count(*) desc,
                readings.source asc
        ) as choice
    from stg.readings
    where readings.metric = 'double_support_share'
    group by readings.subject, readings.local_date, readings.source
),

chosen_readings as (
    select
        readings_of_days.subject,
        readings_of_days.local_date,
        readings_of_days.source,
        readings_of_days.value
    from readings_of_days
    where readings_of_days.choice = 1
)

select
    chosen_readings.subject,
    chosen_readings.local_date,
    'double_support_share' as metric,
    chosen_readings.value,
    'share' as unit,
    chosen_readings.source,
    'interval' as resolution,
    cast(null as double) as coverage_share
from chosen_readings

union all

select
    told_days.subject,
    told_days.local_date,
    'double_support_share' as metric,
    told_days.value,
    'share' as unit,
    told_days.source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.told_days
anti join chosen_readings
    on
        told_days.subject = chosen_readings.subject
        and told_days.local_date = chosen_readings.local_date
where told_days.metric = 'double_support_share'
