-- Day in bed
--
-- Whether the person spent at least half of the day (6 of the 12 hours from 9 in the morning to 9 in the evening) in
-- bed. 1 is yes, 0 is no. The diary's bed rest of 6 hours or more counts; where the diary tells nothing, 6 hours of
-- these 12 in records of the time in bed. The wrist cannot see lying, so what a watch takes for stillness is never
-- used.
-- name: days spent mostly in bed
-- family: rest
-- unit: yes/no
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with the diary's bed rest or an in-bed record
-- missing: no row without either
-- source: the diary, else the in-bed record that counts (stg.nights)
with diary_days as (
    select
        diary.subject,
        diary.local_date,
        diary.bed_rest_hours
    from stg.diary
    where diary.bed_rest_hours is not null
),

judged_days as (
    select
        coalesce(diary_days.subject, daytime_lying.subject) as subject,
        coalesce(diary_days.local_date, daytime_lying.local_date) as local_date,
        cast(coalesce(diary_days.bed_rest_hours * 60, daytime_lying.lying_min) >= 360 as double) as value,
        if(diary_days.subject is null, daytime_lying.source, 'diary') as source,
        if(diary_days.subject is null, 'interval', 'day') as resolution
    from stg.daytime_lying
    full outer join diary_days
        on
            daytime_lying.subject = diary_days.subject
            and daytime_lying.local_date = diary_days.local_date
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
