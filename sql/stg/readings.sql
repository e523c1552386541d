-- Readings on their dates
--
-- Samples of what is measured at long intervals (resting heart rate, HRV, breathing, oxygen, gait, floors), each on
-- its local date. A reading during a main sleep belongs to the date on which this sleep ends, a running total to the
-- device's own day, any other to the date on which it begins. A resting heart rate is a value of the day so far, asleep
-- or not: told at midnight, and at another time of the day before, it closes that day; told at midnight only, it is of
-- the day that begins.
-- record_date: the date on which it begins, or the device's own day, whatever the sleep.
-- grain: subject, source, metric, start_utc, end_utc
-- missing: no row without a sample
-- source: all; one is selected for each date above (stg.day_readings, stg.overnight_readings), by source_rank first
with samples_now_and_then as (
    select
        samples.subject,
        samples.source,
        samples.metric,
        samples.start_utc,
        samples.end_utc,
        samples.value,
        cast(null as date) as device_date
    from stg.samples
    -- what comes minute by minute is in timeline.minutes
    where
        samples.metric not in (
            'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s', 'heart_rate_bpm',
            'stress', 'is_worn'
        )

    union all

    select
        counter_intervals.subject,
        counter_intervals.source,
        counter_intervals.metric,
        counter_intervals.start_utc,
        counter_intervals.end_utc,
        counter_intervals.value,
        counter_intervals.device_date
    from stg.counter_intervals
    where counter_intervals.metric = 'floors'
),

local_samples as (
    select
        samples_now_and_then.subject,
        samples_now_and_then.source,
        samples_now_and_then.metric,
        samples_now_and_then.start_utc,
        samples_now_and_then.end_utc,
        samples_now_and_then.value,
        samples_now_and_then.device_date,
        samples_now_and_then.start_utc + to_minutes(clock_offsets.offset_min) as start_local
    from samples_now_and_then
    asof inner join stg.clock_offsets
        on
            samples_now_and_then.subject = clock_offsets.subject
            and samples_now_and_then.start_utc >= clock_offsets.start_utc
),

-- of a value of the day so far the reading at midnight closes the day: told in the hours before, it is such a value
closing as (
    select
        local_samples.subject,
        local_samples.source,
        local_samples.metric,
        local_samples.start_utc
    from local_samples
    where
        local_samples.metric = 'resting_heart_rate_bpm'
        and local_samples.start_utc = local_samples.end_utc
    window
        of_source as (
            partition by local_samples.subject, local_samples.source, local_samples.metric
            order by local_samples.start_utc
        )
    qualify
        cast(local_samples.start_local as time) = time '00:00:00'
        and cast(lag(local_samples.start_local) over of_source as time) <> time '00:00:00'
        and cast(lag(local_samples.start_local) over of_source as date)
        = cast(local_samples.start_local - interval 1 day as date)
),

dated_samples as (
    select
        local_samples.subject,
        local_samples.source,
        local_samples.metric,
        local_samples.start_utc,
        local_samples.end_utc,
        local_samples.value,
        local_samples.device_date,
        cast(
            if(
                closing.start_utc is null,
                local_samples.start_local,
                local_samples.start_local - interval 1 microsecond
            ) as date
        ) as start_date
    from local_samples
    left join closing
        on
            local_samples.subject = closing.subject
            and local_samples.source = closing.source
            and local_samples.metric = closing.metric
            and local_samples.start_utc = closing.start_utc
),

main_sleeps as (
    select
        nights.subject,
        nights.local_date,
        nights.in_bed_start_utc as start_utc,
        nights.in_bed_end_utc as end_utc
    from stg.nights
    where nights.is_main
)

select
    dated_samples.subject,
    dated_samples.source,
    dated_samples.metric,
    dated_samples.start_utc,
    dated_samples.end_utc,
    dated_samples.value,
    coalesce(
        dated_samples.device_date, sleeps_today.local_date, sleeps_tomorrow.local_date, dated_samples.start_date
    ) as local_date,
    coalesce(dated_samples.device_date, dated_samples.start_date) as record_date,
    sleeps_today.local_date is not null or sleeps_tomorrow.local_date is not null as is_in_main_sleep,
    sources.rank as source_rank

from dated_samples

inner join stg.sources on dated_samples.source = sources.source

left join main_sleeps as sleeps_today
    on
        dated_samples.subject = sleeps_today.subject
        and dated_samples.metric <> 'resting_heart_rate_bpm'
        and dated_samples.start_date = sleeps_today.local_date
        and dated_samples.start_utc between sleeps_today.start_utc and sleeps_today.end_utc

left join main_sleeps as sleeps_tomorrow
    on
        dated_samples.subject = sleeps_tomorrow.subject
        and dated_samples.metric <> 'resting_heart_rate_bpm'
        and dated_samples.start_date + interval 1 day = sleeps_tomorrow.local_date
        and dated_samples.start_utc between sleeps_tomorrow.start_utc and sleeps_tomorrow.end_utc
