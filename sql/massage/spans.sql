-- The span of a person's records
--
-- From the first date with any record (device, diary or massage) to the last date that a device or the diary
-- recorded. A later massage, as an appointment of next month, does not lengthen it, since nothing is recorded around
-- it yet. A person with nothing but massages has the span of these.
-- grain: one row per subject with any record
-- missing: no row for a person without records
-- source: all
with recorded_dates as (
    select
        days.subject,
        days.local_date,
        true as is_measured
    from stg.days

    union all

    select
        metrics.subject,
        metrics.local_date,
        true as is_measured
    from massage.day_metrics as metrics

    union all

    select
        diary.subject,
        diary.local_date,
        true as is_measured
    from stg.diary

    union all

    select
        massages.subject,
        massages.local_date,
        false as is_measured
    from stg.massages
    where massages.status = 'attended'
)

select
    recorded_dates.subject,
    min(recorded_dates.local_date) as first_date,
    coalesce(
        max(recorded_dates.local_date) filter (where recorded_dates.is_measured),
        max(recorded_dates.local_date)
    ) as last_date
from recorded_dates
group by recorded_dates.subject
