-- How much was recorded in each week
--
-- Weeks from Monday to Sunday, from a person's first record to the last that a device or the diary made. Counts are of
-- the dates of the week on which the person could have recorded something: those from the first to the last date of a
-- device, of nights, of the diary. In such a week 0 means nothing; outside nobody knows, since it began later or is
-- not delivered yet.
-- grain: one row per subject and week_date
-- missing: NULL = outside of what the person began to record or delivered; planned_massages where no trial has the week
-- source: massage.validity, the diary, the massage logs, plan-trial
with dates as (
    select
        validity.subject,
        validity.local_date,
        cast(date_trunc('week', validity.local_date) as date) as week_date,
        validity.is_valid_day,
        validity.is_valid_night,
        validity.excluded_for is not null as is_excluded
    from massage.validity
),

device_spans as (
    select
        source_days.subject,
        min(source_days.local_date) as first_date,
        max(source_days.local_date) as last_date
    from stg.source_days
    group by source_days.subject
),

night_spans as (
    select
        nights.subject,
        min(nights.local_date) as first_date,
        max(nights.local_date) as last_date
    from stg.nights
    group by nights.subject
),

diary_spans as (
    select
        diary.subject,
        min(diary.local_date) as first_date,
        max(diary.local_date) as last_date
    from stg.diary
    group by diary.subject
),

massage_days as (
    select
        massages.subject,
        massages.local_date,
        count(*) as massages
    from stg.massages
    where massages.status = 'attended'
    group by massages.subject, massages.local_date
),

planned_weeks as (
    select
        trial_weeks.subject,
        cast(date_trunc('week', trial_weeks.local_date) as date) as week_date,
        count(*) filter (where trial_weeks.is_massage_week) as massages
    from raw.trial_weeks
    inner join massage.spans
        on
            trial_weeks.subject = spans.subject
            and trial_weeks.local_date between spans.first_date and spans.last_date
    group by trial_weeks.subject, date_trunc('week', trial_weeks.local_date)
),

told_dates as (
    select
        dates.*,
        dates.local_date between device_spans.first_date and device_spans.last_date as is_of_device,
        dates.local_date between night_spans.first_date and night_spans.last_date as is_of_nights,
        dates.local_date between diary_spans.first_date and diary_spans.last_date as is_of_diary,
        diary.local_date is not null as has_diary,
        days.is_massage_day is not null as is_massage_known,
        coalesce(massage_days.massages, 0) as massages
    from dates
    left join device_spans on dates.subject = device_spans.subject
    left join night_spans on dates.subject = night_spans.subject
    left join diary_spans on dates.subject = diary_spans.subject
    left join stg.diary
        on
            dates.subject = diary.subject
            and dates.local_date = diary.local_date
    left join massage.days
        on
            dates.subject = days.subject
            and dates.local_date = days.local_date
    left join massage_days
        on
            dates.subject = massage_days.subject
            and dates.local_date = massage_days.local_date
),

weeks as (
    select
        told_dates.subject,
        told_dates.week_date,
        count(*) as n_days,
        sum(cast(told_dates.is_valid_day as bigint)) filter (where told_dates.is_of_device) as valid_days,
        sum(cast(told_dates.is_valid_night as bigint)) filter (where told_dates.is_of_nights) as valid_nights,
        count_if(told_dates.is_excluded) as excluded_days,
        sum(cast(told_dates.has_diary as bigint)) filter (where told_dates.is_of_diary) as diary_days,
        sum(told_dates.massages) filter (where told_dates.is_massage_known) as massages,
        count_if(not told_dates.is_massage_known) as massage_unknown_days
    from told_dates
    group by told_dates.subject, told_dates.week_date
)

select
    weeks.subject, -- person
    weeks.week_date, -- Monday that begins the week
    cast(weeks.n_days as integer) as n_days, -- dates of the week in the person's span of records, 1 to 7
    cast(weeks.valid_days as integer) as valid_days, -- dates that are valid, see daily
    cast(weeks.valid_nights as integer) as valid_nights, -- nights that are valid, by the date they end on
    cast(weeks.excluded_days as integer) as excluded_days, -- dates that recovery.toml excludes
    cast(weeks.diary_days as integer) as diary_days, -- dates of which something is written in the diary
    cast(weeks.massages as integer) as massages, -- attended massages that were logged, on dates a log vouches for
    cast(weeks.massage_unknown_days as integer) as massage_unknown_days, -- dates no massage log vouches for
    cast(planned_weeks.massages as integer) as planned_massages -- that a drawn trial set in the week
from weeks
left join planned_weeks
    on
        weeks.subject = planned_weeks.subject
        and weeks.week_date = planned_weeks.week_date
order by weeks.subject, weeks.week_date
