-- Time lying in bed by day
--
-- Minutes in bed, asleep or awake, between 9 in the morning and 9 in the evening of the local day, from records of
-- the time in bed (a mattress sensor, a phone's bed time, a sleep diary). On a date without one, the bed rest that
-- the diary tells. The wrist cannot see lying, so what a watch takes for stillness is never used.
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with an in-bed record or the diary's bed rest
-- missing: no row without either; 0 is recorded and none
-- source: the in-bed record that counts (stg.nights), else the diary
with bed_stretches as (
    select
        nights.subject,
        nights.local_date,
        nights.source,
        nights.onset_local_min - date_diff('second', nights.in_bed_start_utc, nights.onset_utc) / 60 as start_min,
        nights.wake_local_min + date_diff('second', nights.wake_utc, nights.in_bed_end_utc) / 60 as end_min
    from stg.nights
    where nights.is_lying_recorded
),

stretches_of_days as (
    select
        bed_stretches.subject,
        bed_stretches.local_date,
        bed_stretches.source,
        least(bed_stretches.end_min, 1260) - greatest(bed_stretches.start_min, 540) as day_min
    from bed_stretches

    union all

    select
        bed_stretches.subject,
        cast(bed_stretches.local_date - interval 1 day as date) as local_date,
        bed_stretches.source,
        least(bed_stretches.end_min, 1260 - 1440) - greatest(bed_stretches.start_min, 540 - 1440) as day_min
    from bed_stretches
    where bed_stretches.start_min < 1260 - 1440
),

recorded_days as (
    select
        stretches_of_days.subject,
        stretches_of_days.local_date,
        round(fsum(greatest(stretches_of_days.day_min, 0)), 6) as lying_min,
        string_agg(distinct stretches_of_days.source, ', ' order by stretches_of_days.source) as source
    from stretches_of_days
    group by stretches_of_days.subject, stretches_of_days.local_date
),

diary_days as (
    select
        diary.subject,
        diary.local_date,
        diary.bed_rest_hours
    from stg.diary
    where diary.bed_rest_hours is not null
),

lying_days as (
    select
        coalesce(recorded_days.subject, diary_days.subject) as subject,
        coalesce(recorded_days.local_date, diary_days.local_date) as local_date,
        coalesce(recorded_days.lying_min, diary_days.bed_rest_hours * 60) as value,
        coalesce(recorded_days.source, 'diary') as source,
        if(recorded_days.subject is null, 'day', 'interval') as resolution
    from recorded_days
    full outer join diary_days
        on
            recorded_days.subject = diary_days.subject
            and recorded_days.local_date = diary_days.local_date
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
