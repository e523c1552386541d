-- Local days with a record, in stretches of one offset
--
-- Each local date on which a device recorded something (a number, a total, a night, an activity). Most days are one
-- stretch; a day on which the offset changed is two.
-- grain: subject, start_utc
with instants as (
    select
        samples.subject,
        samples.start_utc as time_utc
    from stg.samples
    union all
    select
        samples.subject,
        samples.end_utc - interval 1 microsecond as time_utc
    from stg.samples
    where samples.end_utc > samples.start_utc
    union all
    select
        counter_intervals.subject,
        counter_intervals.end_utc - interval 1 microsecond as time_utc
    from stg.counter_intervals
    union all
    select
        activities.subject,
        activities.start_utc as time_utc
    from stg.activities
    union all
    select
        activities.subject,
        activities.end_utc - interval 1 microsecond as time_utc
    from stg.activities
    union all
    select
        nights.subject,
        nights.in_bed_start_utc as time_utc
    from stg.nights
    union all
    select
        nights.subject,
        nights.in_bed_end_utc - interval 1 microsecond as time_utc
    from stg.nights
),

-- one instant a quarter of an hour is enough: offsets change at quarters
quarters as (
    select distinct
        instants.subject,
        make_timestamp(epoch_us(instants.time_utc) // 900000000 * 900000000) as time_utc
    from instants
),

dates as (
    select
        quarters.subject,
        cast(quarters.time_utc + to_minutes(clock_offsets.offset_min) as date) as local_date
    from quarters
    asof inner join stg.clock_offsets
        on quarters.subject = clock_offsets.subject and quarters.time_utc >= clock_offsets.start_utc
    union
    select
        counter_intervals.subject,
        counter_intervals.device_date as local_date
    from stg.counter_intervals
)

select
    dates.subject,
    dates.local_date,
    greatest(
        cast(dates.local_date as timestamp) - to_minutes(clock_offsets.offset_min), clock_offsets.start_utc
    ) as start_utc,
    least(
        cast(dates.local_date + 1 as timestamp) - to_minutes(clock_offsets.offset_min), clock_offsets.end_utc
    ) as end_utc,
    clock_offsets.offset_min,
    clock_offsets.tz_assumed

from dates

inner join stg.clock_offsets
    on
        dates.subject = clock_offsets.subject
        and clock_offsets.start_utc < cast(dates.local_date + 1 as timestamp) - to_minutes(clock_offsets.offset_min)
        and clock_offsets.end_utc > cast(dates.local_date as timestamp) - to_minutes(clock_offsets.offset_min)
