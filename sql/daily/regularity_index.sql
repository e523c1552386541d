-- Regularity of sleep
--
-- How alike the nights of the last seven days were. The chance that the person is in the same state (asleep or
-- awake) at two moments 24 hours apart, scaled so that 100 is always and 0 is by chance (Sleep Regularity Index,
-- Phillips 2017). Each minute of this date and of the six before it is compared with the same clock time one date
-- earlier. A date is compared where a main sleep ended on it and on the one before, and at least 960 minutes are
-- known to be asleep or awake on both; minutes not worn and nights nobody recorded are not known. At least 5 of the
-- 7 dates must be comparable.
-- family: sleep
-- unit: index
-- better: up
-- smallest worthwhile change: none
-- counted by: night
-- grain: one row per subject and local_date on which a recorded main sleep ends, after a week of records
-- missing: no row where fewer than 5 of the 7 dates can be compared
-- source: the source selected for sleep in each minute (timeline.minutes)
with main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        nights.source
    from stg.nights
    where nights.is_main
),

known_minutes as (
    select
        minutes.subject,
        minutes.local_date,
        minutes.local_time,
        arg_min(minutes.state = 'asleep', minutes.minute_utc) as is_asleep
    from timeline.minutes
    inner join main_sleeps
        on
            minutes.subject = main_sleeps.subject
            and minutes.local_date = main_sleeps.local_date
    where minutes.state not in ('not_worn', 'rest_unknown', 'unknown')
    group by minutes.subject, minutes.local_date, minutes.local_time
),

compared_dates as (
    select
        today.subject,
        today.local_date,
        count(*) as known_min,
        count(*) filter (where today.is_asleep = yesterday.is_asleep) as same_min
    from known_minutes as today
    inner join known_minutes as yesterday
        on
            today.subject = yesterday.subject
            and today.local_time = yesterday.local_time + interval 1 day
    group by today.subject, today.local_date
    having count(*) >= 960
),

weeks as (
    select
        compared_dates.subject,
        compared_dates.local_date,
        sum(compared_dates.known_min) over trailing_week as known_min,
        sum(compared_dates.same_min) over trailing_week as same_min,
        count(*) over trailing_week as date_count
    from compared_dates
    window trailing_week as (
        partition by compared_dates.subject
        order by compared_dates.local_date
        range between interval 6 days preceding and current row
    )
)

select
    weeks.subject,
    weeks.local_date,
    round(-100 + 200 * weeks.same_min / weeks.known_min, 6) as value,
    main_sleeps.source,
    'minute' as resolution,
    round(weeks.date_count / 7, 6) as coverage_share
from weeks
inner join main_sleeps
    on
        weeks.subject = main_sleeps.subject
        and weeks.local_date = main_sleeps.local_date
where weeks.date_count >= 5
