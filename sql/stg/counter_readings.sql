-- Readings of running totals, on the device's own day
--
-- A total belongs to the device's own day, by the device's own exact clock (without one, by stg.clock_offsets). The
-- reading exactly at its midnight closes the old day. Of several readings at one instant the largest is taken,
-- because a total only grows.
-- read_before_utc, maximum_before: of the earlier readings of that day. is_restart: the total is below half of the
-- reading before (in four Garmin years no decrease was larger than a fifth).
-- grain: subject, source, metric, activity, time_utc
-- missing: read_before_utc and maximum_before are NULL for the first reading of a day
-- source: every source for itself
with one_per_instant as (
    select
        timed_counters.subject,
        timed_counters.source,
        timed_counters.metric,
        timed_counters.activity,
        timed_counters.time_utc,
        max(timed_counters.clock_offset_s) as clock_offset_s,
        max(timed_counters.value) as value
    from stg.timed_counters
    group by all
),

with_clock as (
    select
        one_per_instant.subject,
        one_per_instant.source,
        one_per_instant.metric,
        one_per_instant.activity,
        one_per_instant.time_utc,
        one_per_instant.value,
        one_per_instant.clock_offset_s
    from one_per_instant
    where one_per_instant.clock_offset_s is not null
    union all
    select
        one_per_instant.subject,
        one_per_instant.source,
        one_per_instant.metric,
        one_per_instant.activity,
        one_per_instant.time_utc,
        one_per_instant.value,
        clock_offsets.offset_min * 60 as clock_offset_s
    from one_per_instant
    asof inner join stg.clock_offsets
        on
            one_per_instant.subject = clock_offsets.subject
            and one_per_instant.time_utc >= clock_offsets.start_utc
    where one_per_instant.clock_offset_s is null
),

with_day as (
    select
        with_clock.*,
        cast(
            with_clock.time_utc + to_seconds(with_clock.clock_offset_s) - interval 1 microsecond as date
        ) as device_date
    from with_clock
)

select
    with_day.subject,
    with_day.source,
    with_day.metric,
    with_day.activity,
    with_day.time_utc,
    with_day.value,
    with_day.clock_offset_s,
    with_day.device_date,
    lag(with_day.time_utc) over of_day as read_before_utc,
    coalesce(with_day.value < lag(with_day.value) over of_day / 2, false) as is_restart,
    max(with_day.value) over (
        of_day rows between unbounded preceding and 1 preceding
    ) as maximum_before

from with_day

window of_day as (
    partition by
        with_day.subject, with_day.source, with_day.metric, with_day.activity, with_day.device_date
    order by with_day.time_utc
)
