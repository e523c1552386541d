-- Day in bed
--
-- Whether the person spent at least half of the day (6 of the 12 hours from 9 in the morning to 9 in the evening) in
-- bed. 1 is yes, 0 is no. The diary's bed rest of 6 hours or more counts; where the diary tells nothing, 6 hours of
-- these 12 in records of the time in bed. The wrist cannot see lying, so what a watch takes for stillness is never
-- used.
-- family: rest
-- unit: yes/no
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with the diary's bed rest or an in-bed record
-- missing: no row without either
-- source: the diary, else the in-bed record that counts (stg.nights)
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

judged_days as (
    select
        coalesce(diary_days.subject, recorded_days.subject) as subject,
        coalesce(diary_days.local_date, recorded_days.local_date) as local_date,
        cast(coalesce(diary_days.bed_rest_hours * 60, recorded_days.lying_min) >= 360 as double) as value,
        if(diary_days.subject is null, recorded_days.source, 'diary') as source,
        if(diary_days.subject is null, 'interval', 'day') as resolution
    from recorded_days
    full outer join diary_days
        on
            recorded_days.subject = diary_days.subject
            and recorded_days.local_date = diary_days.local_date
)

select
    judged_days.subject,
    judged_days.local_date,
    'is_bed_day' as metric,
    judged_days.value,
    'yes/no' as unit,
    judged_days.source,
    judged_days.resolution,
    cast(null as double) as coverage_share
from judged_days
