-- Movement of each minute, as each source reports it
--
-- The steps, metres and energy of an interval are spread evenly over the minutes of its active time. The active time
-- is placed at the end of the interval (the nearest number of whole minutes, at least one); where the source reports
-- no active time there, all minutes of the interval are used. Steps are spread as whole numbers that add up to the
-- total exactly. A total of metres that is read more rarely than that of the steps follows the steps of its interval.
-- Active, moderate and vigorous time are placed at the end of their interval too. The growth of a device's total on
-- its own day stays on that local date: minutes outside go to the nearest minute of the date (a watch can be 16
-- minutes fast), unless the interval lies more than 2 hours outside (another zone).
-- is_coarse: steps or metres of an interval of more than ten minutes without an active time: they add up to the day,
-- but of the minute nobody knows whether any was made in it.
-- grain: subject, source, minute_utc
-- missing: no row for a minute in which the source reports no movement
-- source: every source for itself
with intervals as (
    select
        counter_intervals.subject,
        counter_intervals.source,
        counter_intervals.metric,
        counter_intervals.activity,
        counter_intervals.start_utc,
        counter_intervals.end_utc,
        counter_intervals.value,
        counter_intervals.device_date
    from stg.counter_intervals
    where
        counter_intervals.metric in (
            'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s'
        )
    union all
    select
        samples.subject,
        samples.source,
        samples.metric,
        '' as activity,
        samples.start_utc,
        -- a number at an instant belongs to the minute of that instant
        greatest(samples.end_utc, samples.start_utc + interval 1 microsecond) as end_utc,
        samples.value,
        null as device_date
    from stg.samples
    where
        samples.metric in (
            'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s'
        )
        and samples.end_utc - samples.start_utc <= interval 2 hour -- longer ones: stg.day_values
),

active_times as (
    select
        intervals.subject,
        intervals.source,
        intervals.activity,
        intervals.end_utc,
        max(intervals.value) as active_s
    from intervals
    where intervals.metric = 'active_s'
    group by intervals.subject, intervals.source, intervals.activity, intervals.end_utc
),

timed as (
    select
        intervals.*,
        case
            when intervals.metric in ('active_s', 'moderate_s', 'vigorous_s') then intervals.value
            else active_times.active_s
        end as active_s,
        -- half a minute more: records of ten minutes touch each other by seconds
        intervals.metric in ('steps', 'distance_m')
        and active_times.active_s is null
        and intervals.end_utc - intervals.start_utc > interval 630 second as is_coarse,
        epoch_us(intervals.start_utc) // 60000000 as first_minute,
        (epoch_us(intervals.end_utc) - 1) // 60000000 as last_minute
    from intervals
    left join active_times
        on
            intervals.subject = active_times.subject
            and intervals.source = active_times.source
            and intervals.activity = active_times.activity
            and intervals.end_utc = active_times.end_utc
    where intervals.value > 0
),

placed as (
    select
        timed.*,
        case
            when timed.active_s is null then timed.first_minute
            else greatest(
                timed.first_minute,
                timed.last_minute + 1 - greatest(cast(round(timed.active_s / 60) as bigint), 1)
            )
        end as from_minute
    from timed
),

dates as (
    select
        local_days.subject,
        local_days.local_date,
        epoch_us(min(local_days.start_utc)) // 60000000 as first_of_date,
        epoch_us(max(local_days.end_utc)) // 60000000 - 1 as last_of_date
    from stg.local_days
    group by local_days.subject, local_days.local_date
),

clamped as (
    select
        placed.*,
        case
            when placed.from_minute <= dates.last_of_date + 120 and placed.last_minute >= dates.first_of_date - 120
                then greatest(dates.first_of_date, least(placed.from_minute, dates.last_of_date))
            else placed.from_minute
        end as clamped_from,
        case
            when placed.from_minute <= dates.last_of_date + 120 and placed.last_minute >= dates.first_of_date - 120
                then greatest(dates.first_of_date, least(placed.last_minute, dates.last_of_date))
            else placed.last_minute
        end as clamped_to
    from placed
    left join dates
        on placed.subject = dates.subject and placed.device_date = dates.local_date
),

cumulated as (
    select
        clamped.*,
        clamped.clamped_to + 1 - clamped.clamped_from as minute_count,
        -- within a day, fractions of a step are carried over to the next interval
        sum(clamped.value) over (
            partition by
                clamped.subject,
                clamped.source,
                clamped.metric,
                clamped.activity,
                cast(clamped.end_utc as date)
            order by clamped.end_utc, clamped.start_utc
            rows between unbounded preceding and current row
        ) as value_until
    from clamped
),

numbered as (
    select
        cumulated.*,
        unnest(range(cumulated.minute_count)) as ordinal
    from cumulated
),

spread as (
    select
        numbered.subject,
        numbered.source,
        numbered.metric,
        numbered.activity,
        numbered.start_utc,
        numbered.end_utc,
        numbered.device_date,
        numbered.is_coarse,
        numbered.clamped_from + numbered.ordinal as minute_number,
        case
            when numbered.metric <> 'steps' then numbered.value / numbered.minute_count
            else
                round(
                    numbered.value_until
                    - numbered.value * (numbered.minute_count - numbered.ordinal - 1) / numbered.minute_count
                )
                - round(
                    numbered.value_until
                    - numbered.value * (numbered.minute_count - numbered.ordinal) / numbered.minute_count
                )
        end as value
    from numbered
),

-- steps and the metres they made, where a total of metres is read more rarely than that of the steps
walked as (
    select
        spread.subject,
        spread.source,
        spread.activity,
        spread.minute_number,
        spread.value as steps,
        metres.value as distance_m,
        metres.end_utc as read_utc
    from spread
    asof inner join cumulated as metres
        on
            spread.subject = metres.subject
            and spread.source = metres.source
            and spread.activity = metres.activity
            and spread.metric = 'steps'
            and metres.metric = 'distance_m'
            and spread.device_date = metres.device_date
            and spread.end_utc <= metres.end_utc
    where spread.value > 0 and spread.end_utc > metres.start_utc
),

shared as (
    select
        walked.subject,
        walked.source,
        walked.activity,
        walked.minute_number,
        walked.read_utc,
        walked.distance_m * walked.steps / sum(walked.steps) over (
            partition by walked.subject, walked.source, walked.activity, walked.read_utc
        ) as distance_m
    from walked
),

movement as (
    select
        spread.subject,
        spread.source,
        spread.metric,
        spread.minute_number,
        spread.value,
        spread.is_coarse
    from spread
    anti join shared
        on
            spread.subject = shared.subject
            and spread.source = shared.source
            and spread.activity = shared.activity
            and spread.metric = 'distance_m'
            and spread.end_utc = shared.read_utc
    where spread.value > 0 or spread.is_coarse
    union all
    select
        shared.subject,
        shared.source,
        'distance_m' as metric,
        shared.minute_number,
        shared.distance_m as value,
        false as is_coarse
    from shared
)

select
    movement.subject,
    movement.source,
    make_timestamp(movement.minute_number * 60000000) as minute_utc,
    cast(sum(movement.value) filter (where movement.metric = 'steps') as integer) as steps,
    round(sum(movement.value) filter (where movement.metric = 'distance_m'), 3) as distance_m,
    round(sum(movement.value) filter (where movement.metric = 'active_energy_kcal'), 3) as active_energy_kcal,
    bool_or(movement.metric in ('active_s', 'moderate_s', 'vigorous_s')) as is_active,
    bool_or(movement.metric = 'moderate_s') as is_moderate,
    bool_or(movement.metric = 'vigorous_s') as is_vigorous,
    bool_or(movement.is_coarse) as is_coarse

from movement

group by movement.subject, movement.source, movement.minute_number
