-- Nights nobody recorded
--
-- For a local date without a recorded main sleep: the longest unbroken stretch of minutes without movement, worn
-- or of unknown wear, between 20:00 of the evening before and 12:00, if it lasts at least 3 hours; the first of
-- equally long ones. It is an inference, not sleep, and no valid night.
-- grain: subject, local_date
with evening_to_noon as (
    select
        minutes.subject,
        minutes.minute_utc,
        cast(minutes.minute_utc + to_minutes(minutes.offset_min) + interval 4 hour as date) as local_date,
        minutes.is_moving or coalesce(not minute_wear.is_worn, false) or minutes.is_asleep is not null as is_broken
    from stg.minutes
    inner join stg.minute_wear
        on minutes.subject = minute_wear.subject and minutes.minute_utc = minute_wear.minute_utc
    where extract('hour' from minutes.minute_utc + to_minutes(minutes.offset_min) + interval 4 hour) < 16
),

quiet as (
    select
        evening_to_noon.subject,
        evening_to_noon.local_date,
        evening_to_noon.minute_utc,
        -- constant as long as minutes follow each other
        evening_to_noon.minute_utc - to_minutes(
            row_number() over (
                partition by evening_to_noon.subject, evening_to_noon.local_date
                order by evening_to_noon.minute_utc
            )
        ) as stretch
    from evening_to_noon
    where not evening_to_noon.is_broken
),

stretches as (
    select
        quiet.subject,
        quiet.local_date,
        min(quiet.minute_utc) as start_utc,
        max(quiet.minute_utc) + interval 1 minute as end_utc,
        count(*) as quiet_min
    from quiet
    group by quiet.subject, quiet.local_date, quiet.stretch
    having count(*) >= 180
),

recorded as (
    select
        nights.subject,
        nights.local_date
    from stg.nights
    where nights.is_main
)

select
    stretches.subject,
    stretches.local_date,
    stretches.start_utc,
    stretches.end_utc

from stretches

anti join recorded
    on stretches.subject = recorded.subject and stretches.local_date = recorded.local_date

qualify row_number() over (
    partition by stretches.subject, stretches.local_date
    order by stretches.quiet_min desc, stretches.start_utc asc
) = 1
