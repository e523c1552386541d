-- Growth of running totals
--
-- Within a day of a device, metric and activity (stg.counter_readings) a restart is all growth. After a smaller
-- decrease there is no growth until the old maximum is passed. So the growth of a day is the sum of the maxima of its
-- runs. An interval ends at the reading. It begins at the reading before; the first of a day begins at the device's
-- midnight.
-- grain: subject, source, metric, activity, end_utc
with restarts as (
    select
        counter_readings.subject,
        counter_readings.source,
        counter_readings.metric,
        counter_readings.activity,
        counter_readings.device_date,
        counter_readings.time_utc as restarted_utc
    from stg.counter_readings
    where counter_readings.is_restart
),

-- after a restart the maximum of the run is needed, not that of the day; few readings have one, so it is looked up
since_restart as (
    select
        counter_readings.subject,
        counter_readings.source,
        counter_readings.metric,
        counter_readings.activity,
        counter_readings.time_utc,
        coalesce(max(earlier.value), 0) as maximum_before
    from stg.counter_readings
    asof inner join restarts
        on
            counter_readings.subject = restarts.subject
            and counter_readings.source = restarts.source
            and counter_readings.metric = restarts.metric
            and counter_readings.activity = restarts.activity
            and counter_readings.device_date = restarts.device_date
            and counter_readings.time_utc >= restarts.restarted_utc
    left join stg.counter_readings as earlier
        on
            counter_readings.subject = earlier.subject
            and counter_readings.source = earlier.source
            and counter_readings.metric = earlier.metric
            and counter_readings.activity = earlier.activity
            and counter_readings.device_date = earlier.device_date
            and counter_readings.time_utc > earlier.time_utc
            and restarts.restarted_utc <= earlier.time_utc
    group by
        counter_readings.subject,
        counter_readings.source,
        counter_readings.metric,
        counter_readings.activity,
        counter_readings.time_utc
)

select
    counter_readings.subject,
    counter_readings.source,
    counter_readings.metric,
    counter_readings.activity,
    coalesce(
        counter_readings.read_before_utc,
        cast(counter_readings.device_date as timestamp) - to_seconds(counter_readings.clock_offset_s)
    ) as start_utc,
    counter_readings.time_utc as end_utc,
    greatest(
        counter_readings.value - coalesce(since_restart.maximum_before, counter_readings.maximum_before, 0), 0
    ) as value,
    counter_readings.device_date

from stg.counter_readings

left join since_restart
    on
        counter_readings.subject = since_restart.subject
        and counter_readings.source = since_restart.source
        and counter_readings.metric = since_restart.metric
        and counter_readings.activity = since_restart.activity
        and counter_readings.time_utc = since_restart.time_utc
