-- Inferred rest in unrecorded nights
--
-- For a local date without a recorded main sleep: the stretch of at least 3 hours, worn, between 20:00 of the evening
-- before and 16:00 (12:00 without a heart rate) that is most like sleep. Each five minutes have points: more the lower
-- the heart rate lies between the person's night level and day level, fewer for each minute of movement, so that a
-- short movement does not end a rest and a quiet evening with the heart of the day does not begin one. The stretch
-- with the highest sum of points is selected. The levels are the 5% and the 75% quantile of the heart rate of the 36
-- hours around. Where there is no heart rate, or it does not fall at night, minutes without movement alone tell. Where
-- wear is unknown, movement is too, so nothing is inferred. It is an inference, not sleep, and no valid night. How far
-- it is off: docs/nights.md.
-- onset_local_min, wake_local_min: minutes from the midnight that begins local_date, by the clock of that instant.
-- has_heart: inferred by the heart rate, and at least half of the five minutes have one.
-- grain: subject, local_date
-- kept: yes
with recorded as (
    select
        nights.subject,
        nights.local_date
    from stg.nights
    where nights.is_main
),

unrecorded as (
    select distinct
        local_days.subject,
        local_days.local_date
    from stg.local_days
    anti join recorded
        on local_days.subject = recorded.subject and local_days.local_date = recorded.local_date
),

-- dates that are unrecorded, or the evening before one
looked_at as (
    select
        unrecorded.subject,
        unrecorded.local_date
    from unrecorded
    union
    select
        unrecorded.subject,
        cast(unrecorded.local_date - interval 1 day as date) as local_date
    from unrecorded
),

fives as (
    select
        minute_wear.subject,
        minute_wear.local_date,
        epoch_us(minute_wear.minute_utc) // 300000000 as five,
        min(minute_wear.offset_min) as offset_min,
        count_if(minute_wear.is_worn) as worn_min,
        count_if(recorded_minutes.is_moving) as moving_min,
        avg(recorded_minutes.heart_rate_bpm) as heart_rate_bpm
    from stg.minute_wear
    semi join looked_at
        on minute_wear.subject = looked_at.subject and minute_wear.local_date = looked_at.local_date
    left join stg.recorded_minutes
        on
            minute_wear.subject = recorded_minutes.subject
            and minute_wear.minute_utc = recorded_minutes.minute_utc
    where minute_wear.is_worn is not null
    group by minute_wear.subject, minute_wear.local_date, epoch_us(minute_wear.minute_utc) // 300000000
),

-- each five minutes stand in the two nights around them, the one before the date and the one after
beside_nights as (
    select
        fives.* exclude (local_date),
        cast(unnest([fives.local_date, fives.local_date + interval 1 day]) as date) as local_date
    from fives
),

around_nights as (
    select
        beside_nights.subject,
        beside_nights.local_date,
        beside_nights.five,
        beside_nights.offset_min,
        beside_nights.worn_min,
        beside_nights.moving_min,
        beside_nights.heart_rate_bpm,
        beside_nights.five * 5 + beside_nights.offset_min - epoch(cast(beside_nights.local_date as timestamp)) / 60
            as local_min
    from beside_nights
    semi join unrecorded
        on beside_nights.subject = unrecorded.subject and beside_nights.local_date = unrecorded.local_date
    -- from 8:00 of the day before to 20:00: the night and as much of either day
    where local_min between -960 and 1199
),

levels as (
    select
        around_nights.subject,
        around_nights.local_date,
        quantile_cont(around_nights.heart_rate_bpm, 0.05) as night_bpm,
        quantile_cont(around_nights.heart_rate_bpm, 0.75) as day_bpm,
        -- an hour of them in the night, and a night that differs from the day
        count(around_nights.heart_rate_bpm) filter (where around_nights.local_min between -240 and 719) >= 12
        and quantile_cont(around_nights.heart_rate_bpm, 0.75) - quantile_cont(around_nights.heart_rate_bpm, 0.05) >= 6
            as has_heart,
        bool_or(around_nights.moving_min > 0) as has_movement
    from around_nights
    group by around_nights.subject, around_nights.local_date
),

-- thousandths, so that sums are exact
points as (
    select
        around_nights.subject,
        around_nights.local_date,
        around_nights.five,
        around_nights.local_min,
        levels.has_heart and around_nights.heart_rate_bpm is not null as is_heart_known,
        cast(
            case
                when around_nights.worn_min < 5 or not (levels.has_heart or levels.has_movement) then -200
                when levels.has_heart and around_nights.heart_rate_bpm is not null
                    then 400 - 1000 * least(
                        (around_nights.heart_rate_bpm - levels.night_bpm) / (levels.day_bpm - levels.night_bpm), 1.5
                    )
                when levels.has_heart then 0
                else 100
            end - if(levels.has_heart, 300, 1000) * around_nights.moving_min as integer
        ) as points
    from around_nights
    inner join levels
        on around_nights.subject = levels.subject and around_nights.local_date = levels.local_date
    where around_nights.local_min between -240 and if(levels.has_heart, 959, 719)
),

summed as (
    select
        points.*,
        sum(points.points) over so_far - points.points as sum_before
    from points
    window so_far as (
        partition by points.subject, points.local_date
        order by points.five
        rows between unbounded preceding and current row
    )
),

-- the highest sum of a stretch that ends here is the sum so far less the lowest before
gains as (
    select
        summed.*,
        min(summed.sum_before) over (
            partition by summed.subject, summed.local_date
            order by summed.five
            rows between unbounded preceding and current row
        ) as lowest
    from summed
),

ends as (
    select
        gains.subject,
        gains.local_date,
        gains.five,
        gains.lowest
    from gains
    qualify row_number() over (
        partition by gains.subject, gains.local_date
        order by gains.sum_before + gains.points - gains.lowest desc, gains.five asc
    ) = 1
),

stretches as (
    select
        ends.subject,
        ends.local_date,
        max(gains.five) filter (where gains.sum_before = ends.lowest) as first_five,
        max(ends.five) as last_five
    from ends
    inner join gains
        on ends.subject = gains.subject and ends.local_date = gains.local_date and ends.five >= gains.five
    group by ends.subject, ends.local_date
)

select
    stretches.subject,
    stretches.local_date,
    make_timestamp(stretches.first_five * 300000000) as start_utc,
    make_timestamp((stretches.last_five + 1) * 300000000) as end_utc,
    min(points.local_min) as onset_local_min,
    max(points.local_min) + 5 as wake_local_min,
    2 * count_if(points.is_heart_known) >= count(*) as has_heart

from stretches

inner join points
    on
        stretches.subject = points.subject
        and stretches.local_date = points.local_date
        and points.five between stretches.first_five and stretches.last_five

group by stretches.subject, stretches.local_date, stretches.first_five, stretches.last_five

having stretches.last_five + 1 - stretches.first_five >= 36
