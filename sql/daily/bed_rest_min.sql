-- Bed rest
--
-- Minutes spent resting in bed besides the night's sleep. What the diary reports for the date (bed_rest_hours); where
-- it reports nothing, the minutes of recorded times in bed other than the main sleep's that end on this date. The
-- wrist cannot see lying, so what a watch takes for stillness is never used.
-- name: rest in bed
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with the diary's bed rest or an in-bed record
-- missing: no row without either; 0 is recorded and none
-- source: the diary, else the in-bed record of the selected source (stg.nights)
with recorded_days as (
    select
        nights.subject,
        nights.local_date,
        round(coalesce(fsum(nights.in_bed_min) filter (where not nights.is_main), 0), 6) as rest_min,
        string_agg(distinct nights.source, ', ' order by nights.source) as source
    from stg.nights
    where nights.is_lying_recorded
    group by nights.subject, nights.local_date
),

diary_days as (
    select
        diary.subject,
        diary.local_date,
        diary.bed_rest_hours * 60 as rest_min
    from stg.diary
    where diary.bed_rest_hours is not null
)

select
    coalesce(diary_days.subject, recorded_days.subject) as subject,
    coalesce(diary_days.local_date, recorded_days.local_date) as local_date,
    coalesce(diary_days.rest_min, recorded_days.rest_min) as value,
    if(diary_days.subject is null, recorded_days.source, 'diary') as source,
    if(diary_days.subject is null, 'interval', 'day') as resolution,
    null as coverage_share
from recorded_days
full outer join diary_days
    on
        recorded_days.subject = diary_days.subject
        and recorded_days.local_date = diary_days.local_date
