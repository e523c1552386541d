-- Growth of running totals
--
-- A total belongs to the device's own day, by the device's own exact clock (without one, by stg.clock_offsets);
-- the reading exactly at its midnight closes the old day. Of several readings at one instant the largest counts,
-- as a total only grows. Within a day of a device, metric and activity: a reading below half of the one before is
-- a restart, and all it shows is growth (no step back in four Garmin years was larger than a fifth); after a
-- smaller step back there is no growth until the old maximum is passed. So the growth of a day is the sum of the
-- maxima of its runs. An interval ends when the total was read. It begins at the reading before, the first of a
-- day at the device's midnight.
-- grain: subject, source, metric, activity, end_utc
with one_per_instant as (
    select
        counters.subject,
        counters.source,
        counters.metric,
        counters.activity,
        counters.time_utc,
        max(counters.clock_offset_s) as clock_offset_s,
        max(counters.value) as value
    from raw.counters
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

with_run as (
    select
        with_day.*,
        lag(with_day.time_utc) over of_day as read_before_utc,
        with_day.value < lag(with_day.value) over of_day / 2 as is_restart
    from with_day
    window of_day as (
        partition by
            with_day.subject, with_day.source, with_day.metric, with_day.activity, with_day.device_date
        order by with_day.time_utc
    )
),

numbered as (
    select
        with_run.*,
        count(*) filter (where with_run.is_restart) over (
            partition by
                with_run.subject, with_run.source, with_run.metric, with_run.activity, with_run.device_date
            order by with_run.time_utc
            rows between unbounded preceding and current row
        ) as run
    from with_run
),

with_maximum as (
    select
        numbered.*,
        max(numbered.value) over (
            partition by
                numbered.subject,
                numbered.source,
                numbered.metric,
                numbered.activity,
                numbered.device_date,
                numbered.run
            order by numbered.time_utc
            rows between unbounded preceding and 1 preceding
        ) as maximum_before
    from numbered
)

select
    with_maximum.subject,
    with_maximum.source,
    with_maximum.metric,
    with_maximum.activity,
    coalesce(
        with_maximum.read_before_utc,
        cast(with_maximum.device_date as timestamp) - to_seconds(with_maximum.clock_offset_s)
    ) as start_utc,
    with_maximum.time_utc as end_utc,
    greatest(with_maximum.value - coalesce(with_maximum.maximum_before, 0), 0) as value,
    with_maximum.device_date

from with_maximum
