-- Inferred rest in unrecorded nights
--
-- For a local date without a recorded main sleep: the longest quiet stretch, worn, between 20:00 of the evening
-- before and 12:00, if it lasts at least 3 hours; of equally long ones the first. Quiet is without movement. A
-- movement of one or two minutes between quiet stretches of at least 20 minutes each does not end a stretch (in four
-- Garmin years a night held five such minutes), but is no rest itself. Where wear is unknown, movement is too, so
-- nothing is inferred. It is an inference, not sleep, and no valid night.
-- grain: subject, local_date
with evening_to_noon as (
    select
        minute_wear.subject,
        minute_wear.minute_utc,
        cast(minute_wear.minute_utc + to_minutes(minute_wear.offset_min + 240) as date) as local_date
    from stg.minute_wear
    where
        minute_wear.is_worn
        -- 20:00 to 12:00 is 00:00 to 16:00 four hours later
        and extract('hour' from minute_wear.minute_utc + to_minutes(minute_wear.offset_min + 240)) < 16
),

quiet as (
    select
        evening_to_noon.subject,
        evening_to_noon.local_date,
        evening_to_noon.minute_utc,
        -- constant as long as minutes follow each other
        epoch_us(evening_to_noon.minute_utc) // 60000000 - row_number() over (
            partition by evening_to_noon.subject, evening_to_noon.local_date
            order by evening_to_noon.minute_utc
        ) as stretch
    from evening_to_noon
    left join stg.recorded_minutes
        on
            evening_to_noon.subject = recorded_minutes.subject
            and evening_to_noon.minute_utc = recorded_minutes.minute_utc
    where not coalesce(recorded_minutes.is_moving, false) and recorded_minutes.is_asleep is null
),

spells as (
    select
        quiet.subject,
        quiet.local_date,
        min(quiet.minute_utc) as start_utc,
        max(quiet.minute_utc) + interval 1 minute as end_utc
    from quiet
    group by quiet.subject, quiet.local_date, quiet.stretch
    having count(*) >= 20
),

with_gap as (
    select
        spells.*,
        spells.start_utc - lag(spells.end_utc) over (
            partition by spells.subject, spells.local_date order by spells.start_utc
        ) as gap
    from spells
),

numbered as (
    select
        with_gap.*,
        count_if(with_gap.gap is null or with_gap.gap > interval 2 minute) over (
            partition by with_gap.subject, with_gap.local_date
            order by with_gap.start_utc
            rows between unbounded preceding and current row
        ) as stretch
    from with_gap
),

stretches as (
    select
        numbered.subject,
        numbered.local_date,
        min(numbered.start_utc) as start_utc,
        max(numbered.end_utc) as end_utc
    from numbered
    group by numbered.subject, numbered.local_date, numbered.stretch
    having max(numbered.end_utc) - min(numbered.start_utc) >= interval 3 hour
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
    order by stretches.end_utc - stretches.start_utc desc, stretches.start_utc asc
) = 1
