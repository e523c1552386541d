-- Growth of running totals
--
-- A total belongs to the device's own day, by the device's own exact clock (without one, by stg.clock_offsets). The
-- reading exactly at its midnight closes the old day. Of several readings at one instant the largest is taken,
-- because a total only grows. Within a day of a device, metric and activity: a reading below half of the one before
-- is a restart, and all of it is growth (in four Garmin years no decrease was larger than a fifth). After a smaller
-- decrease there is no growth until the old maximum is passed. So the growth of a day is the sum of the maxima of its
-- runs. An interval ends at the reading. It begins at the reading before; the first of a day begins at the device's
-- midnight.
-- grain: subject, source, metric, activity, end_utc
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
),

reading as (
    select
        with_day.*,
        lag(with_day.time_utc) over of_day as read_before_utc,
        with_day.value < lag(with_day.value) over of_day / 2 as is_restart,
        max(with_day.value) over (
            of_day rows between unbounded preceding and 1 preceding
        ) as maximum_before
    from with_day
    window of_day as (
        partition by
            with_day.subject, with_day.source, with_day.metric, with_day.activity, with_day.device_date
        order by with_day.time_utc
    )
),

restarts as (
    select
        reading.subject,
        reading.source,
        reading.metric,
        reading.activity,
        reading.device_date,
        reading.time_utc as restarted_utc
    from reading
    where reading.is_restart
),

-- after a restart the maximum of the run is needed, not that of the day; few readings have one, so it is looked up
since_restart as (
    select
        reading.subject,
        reading.source,
        reading.metric,
        reading.activity,
        reading.time_utc,
        coalesce(max(earlier.value), 0) as maximum_before
    from reading
    asof inner join restarts
        on
            reading.subject = restarts.subject
            and reading.source = restarts.source
            and reading.metric = restarts.metric
            and reading.activity = restarts.activity
            and reading.device_date = restarts.device_date
            and reading.time_utc >= restarts.restarted_utc
    left join reading as earlier
        on
            reading.subject = earlier.subject
            and reading.source = earlier.source
            and reading.metric = earlier.metric
            and reading.activity = earlier.activity
            and reading.device_date = earlier.device_date
            and reading.time_utc > earlier.time_utc
            and restarts.restarted_utc <= earlier.time_utc
    group by reading.subject, reading.source, reading.metric, reading.activity, reading.time_utc
)

select
    reading.subject,
    reading.source,
    reading.metric,
    reading.activity,
    coalesce(
        reading.read_before_utc,
        cast(reading.device_date as timestamp) - to_seconds(reading.clock_offset_s)
    ) as start_utc,
    reading.time_utc as end_utc,
    greatest(
        reading.value - coalesce(since_restart.maximum_before, reading.maximum_before, 0), 0
    ) as value,
    reading.device_date

from reading

left join since_restart
    on
        reading.subject = since_restart.subject
        and reading.source = since_restart.source
        and reading.metric = since_restart.metric
        and reading.activity = since_restart.activity
        and reading.time_utc = since_restart.time_utc
