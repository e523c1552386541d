-- Intervals of movement on the minutes they are placed at
--
-- Steps, metres, energy and active time of an interval, with the first and the last minute (from_minute, to_minute:
-- minutes since 1970, both counted) over which stg.minute_movement spreads them. The active time is placed at the end
-- of the interval (the nearest number of whole minutes, at least one), and what was made in it too; where the source
-- reports no active time there, all minutes of the interval are used. The growth of a device's total on its own day
-- stays on that local date: minutes outside go to the nearest minute of the date (a watch can be 16 minutes fast),
-- unless the interval lies more than 2 hours outside (another zone).
-- value_until: the value with those of all earlier intervals of the day; fractions of a step are carried over by it.
-- home_date: the local date of the record, on which it begins, or the device's own day. is_split: minutes of the
-- interval lie on another date too.
-- is_coarse: steps or metres of an interval of more than ten minutes without an active time: they add up to the day,
-- but of the minute nobody knows whether any was made in it.
-- grain: subject, source, metric, activity, start_utc, end_utc
-- missing: no row for an interval without movement, or of more than two hours (stg.day_values)
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
        epoch_us(max(local_days.end_utc)) // 60000000 - 1 as last_of_date,
        -- on a journey to the west a date can end, and come back
        sum(epoch_us(local_days.end_utc) - epoch_us(local_days.start_utc))
        <> epoch_us(max(local_days.end_utc)) - epoch_us(min(local_days.start_utc)) as has_gap
    from stg.local_days
    group by local_days.subject, local_days.local_date
),

-- of a running total the device's own day, else the stretch of the local date in which the interval begins
dated as (
    select
        placed.*,
        placed.device_date as home_date,
        dates.first_of_date,
        dates.last_of_date,
        placed.from_minute <= dates.last_of_date + 120 and placed.last_minute >= dates.first_of_date - 120
            as is_clamped,
        coalesce(dates.has_gap, true) as has_gap
    from placed
    left join dates
        on placed.subject = dates.subject and placed.device_date = dates.local_date
    where placed.device_date is not null
    union all by name
    select
        placed.*,
        local_days.local_date as home_date,
        false as is_clamped,
        coalesce(placed.last_minute >= epoch_us(local_days.end_utc) // 60000000, true) as has_gap
    from placed
    asof left join stg.local_days
        on
            placed.subject = local_days.subject
            and make_timestamp(placed.first_minute * 60000000) >= local_days.start_utc
    where placed.device_date is null
)

select
    dated.subject,
    dated.source,
    dated.metric,
    dated.activity,
    dated.start_utc,
    dated.end_utc,
    dated.device_date,
    dated.home_date,
    dated.has_gap or (dated.device_date is not null and not coalesce(dated.is_clamped, false)) as is_split,
    dated.is_coarse,
    dated.value,
    sum(dated.value) over (
        partition by
            dated.subject, dated.source, dated.metric, dated.activity, cast(dated.end_utc as date)
        order by dated.end_utc, dated.start_utc
        rows between unbounded preceding and current row
    ) as value_until,
    if(
        dated.is_clamped,
        greatest(dated.first_of_date, least(dated.from_minute, dated.last_of_date)),
        dated.from_minute
    ) as from_minute,
    if(
        dated.is_clamped,
        greatest(dated.first_of_date, least(dated.last_minute, dated.last_of_date)),
        dated.last_minute
    ) as to_minute

from dated
