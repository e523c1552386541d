-- Time lying in bed by day
--
-- Minutes in bed, asleep or awake, between 9 in the morning and 9 in the evening of the local day, from records of
-- the time in bed (a mattress sensor, a phone's bed time, a sleep diary). On a date without one, the bed rest that
-- the diary tells. The wrist cannot see lying, so what a watch takes for stillness is never used.
-- name: lying in bed by day
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with an in-bed record or the diary's bed rest
-- missing: no row without either; 0 is recorded and none
-- source: the in-bed record that counts (stg.nights), else the diary
with diary_days as (
    select
        diary.subject,
        diary.local_date,
        diary.bed_rest_hours
    from stg.diary
    where diary.bed_rest_hours is not null
),

lying_days as (
    select
        coalesce(daytime_lying.subject, diary_days.subject) as subject,
        coalesce(daytime_lying.local_date, diary_days.local_date) as local_date,
        coalesce(daytime_lying.lying_min, diary_days.bed_rest_hours * 60) as value,
        coalesce(daytime_lying.source, 'diary') as source,
        if(daytime_lying.subject is null, 'day', 'interval') as resolution
    from stg.daytime_lying
    full outer join diary_days
        on
            daytime_lying.subject = diary_days.subject
            and daytime_lying.local_date = diary_days.local_date
)

select
    lying_days.subject,
    lying_days.local_date,
    'daytime_lying_min' as metric,
    lying_days.value,
    'min' as unit,
    lying_days.source,
    lying_days.resolution,
    cast(null as double) as coverage_share
from lying_days
