-- Time in bed by day
--
-- recorded_min: minutes in bed between 9 in the morning and 9 in the evening of the local day, from records of lying
-- itself, which no wrist sees. diary_min: the bed rest that the diary reports for the date.
-- grain: subject, local_date
-- missing: no row without either; recorded_min is 0 where the record lies outside these hours
-- source: of recorded_min, the in-bed record of the selected source (stg.nights)
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
        round(fsum(greatest(stretches_of_days.day_min, 0)), 6) as recorded_min,
        string_agg(distinct stretches_of_days.source, ', ' order by stretches_of_days.source) as source
    from stretches_of_days
    group by stretches_of_days.subject, stretches_of_days.local_date
),

diary_days as (
    select
        diary.subject,
        diary.local_date,
        diary.bed_rest_hours * 60 as diary_min
    from stg.diary
    where diary.bed_rest_hours is not null
)

select
    coalesce(recorded_days.subject, diary_days.subject) as subject,
    coalesce(recorded_days.local_date, diary_days.local_date) as local_date,
    recorded_days.recorded_min,
    recorded_days.source,
    diary_days.diary_min

from recorded_days

full outer join diary_days
    on
        recorded_days.subject = diary_days.subject
        and recorded_days.local_date = diary_days.local_date
