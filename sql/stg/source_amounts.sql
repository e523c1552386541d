-- What each source reports of a day, and what became of it before a source is selected
--
-- Steps, metres, kilocalories and floors as the raw records have them, and of what has no sum (heart rate, stress,
-- readings, and values of a day that are no sum) the number of records: a record on the date it begins, one of more
-- than two hours on the date of its middle, the growth of a running total (the sum of the maxima of its runs) on the
-- device's own day. What was placed on another date (minutes after midnight, a piece, a reading of a night) is reported
-- there. A value that a vendor gives for the whole day is reported beside its records.
-- same: what another record of the source has too: another delivery of the record, the details of a longer one, a
-- newer export, a day's value beside records of more than two hours. cut: the share of a record whose time is that of
-- another (stg.overlapping_samples). counted_by_other: minutes of an hour for which another source is selected, floors
-- of a date for which another is.
-- The rest of what is reported is in timeline.selected_amounts or stg.day_values; massage.ledger adds up.
-- grain: subject, local_date, source, metric
-- missing: no row where a source reports nothing
-- source: every source for itself
-- kept: yes
with fates as (
    select
        overlapping_samples.subject,
        overlapping_samples.source,
        overlapping_samples.metric,
        overlapping_samples.record_start_utc,
        overlapping_samples.record_end_utc,
        overlapping_samples.start_utc,
        overlapping_samples.end_utc,
        overlapping_samples.fate,
        if(
            overlapping_samples.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors'),
            overlapping_samples.value,
            1
        ) as amount,
        -- a reading that is cut into two counts as two
        if(
            overlapping_samples.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors'),
            overlapping_samples.value,
            1 / count(*) over (
                partition by
                    overlapping_samples.subject,
                    overlapping_samples.source,
                    overlapping_samples.metric,
                    overlapping_samples.record_start_utc,
                    overlapping_samples.record_end_utc,
                    overlapping_samples.fate
            )
        ) as amount_of_record
    from stg.overlapping_samples
    where overlapping_samples.metric not in ('active_s', 'moderate_s', 'vigorous_s', 'is_worn')
),

parts as (
    select
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc,
        if(
            timed_samples.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors'),
            timed_samples.value,
            1
        ) as reported
    from stg.timed_samples
    where timed_samples.metric not in ('active_s', 'moderate_s', 'vigorous_s', 'is_worn')
    union all by name
    select
        unique_samples.subject,
        unique_samples.source,
        unique_samples.metric,
        unique_samples.start_utc,
        unique_samples.end_utc,
        if(
            unique_samples.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors'),
            unique_samples.repeated,
            unique_samples.repeated_count
        ) as same
    from stg.unique_samples
    where
        unique_samples.repeated_count > 0
        and unique_samples.metric not in ('active_s', 'moderate_s', 'vigorous_s', 'is_worn')
    union all by name
    -- a piece is reported where it lies, not where its record does
    select
        fates.subject,
        fates.source,
        fates.metric,
        fates.record_start_utc as start_utc,
        fates.record_end_utc as end_utc,
        if(fates.fate = 'kept', -fates.amount_of_record, 0) as reported,
        if(fates.fate = 'same', fates.amount_of_record, 0) as same,
        if(fates.fate = 'cut', fates.amount_of_record, 0) as cut
    from fates
    union all by name
    select
        fates.subject,
        fates.source,
        fates.metric,
        fates.start_utc,
        fates.end_utc,
        fates.amount as reported
    from fates
    where fates.fate = 'kept'
    union all by name
    -- a value of the day is there too (stg.day_values)
    select
        samples.subject,
        samples.source,
        samples.metric,
        samples.start_utc,
        samples.end_utc,
        samples.value as long_value
    from stg.samples
    where
        samples.metric in ('steps', 'distance_m', 'active_energy_kcal')
        and samples.end_utc - samples.start_utc > interval 2 hour
),

-- quarters of an hour in which the clock changed; of all others one instant tells the date
changes as (
    select distinct
        clock_offsets.subject,
        epoch_us(clock_offsets.start_utc) // 900000000 as quarter_number
    from stg.clock_offsets
    where epoch_us(clock_offsets.start_utc) % 900000000 <> 0
),

moments as (
    select
        parts.subject,
        parts.source,
        parts.metric,
        if(
            parts.metric in ('steps', 'distance_m', 'active_energy_kcal')
            and parts.end_utc - parts.start_utc > interval 2 hour,
            parts.start_utc + (parts.end_utc - parts.start_utc) / 2,
            parts.start_utc
        ) as time_utc,
        parts.reported,
        parts.same,
        parts.cut,
        parts.long_value
    from parts
    union all by name
    select
        minute_movement.subject,
        minute_movement.source,
        unnest(['steps', 'distance_m', 'active_energy_kcal']) as metric,
        minute_movement.minute_utc as time_utc,
        unnest([minute_movement.steps, minute_movement.distance_m, minute_movement.active_energy_kcal])
            as counted_by_other
    from stg.minute_movement
    inner join stg.hour_sources
        on
            minute_movement.subject = hour_sources.subject
            and date_trunc('hour', minute_movement.minute_utc) = hour_sources.hour_utc
            and minute_movement.source <> hour_sources.movement_source
    union all by name
    select
        minute_body.subject,
        minute_body.source,
        unnest(['heart_rate_bpm', 'stress']) as metric,
        minute_body.minute_utc as time_utc,
        unnest([minute_body.heart_rate_count, minute_body.stress_count]) as counted_by_other
    from stg.minute_body
    inner join stg.hour_sources
        on
            minute_body.subject = hour_sources.subject
            and date_trunc('hour', minute_body.minute_utc) = hour_sources.hour_utc
            and minute_body.source <> hour_sources.heart_source
),

timed as (
    select
        moments.subject,
        moments.source,
        moments.metric,
        if(
            changes.quarter_number is null,
            make_timestamp(epoch_us(moments.time_utc) // 900000000 * 900000000),
            date_trunc('minute', moments.time_utc)
        ) as time_utc,
        sum(moments.reported) as reported,
        sum(moments.same) as same,
        sum(moments.cut) as cut,
        sum(moments.counted_by_other) as counted_by_other,
        sum(moments.long_value) as long_value
    from moments
    left join changes
        on moments.subject = changes.subject and epoch_us(moments.time_utc) // 900000000 = changes.quarter_number
    group by all
),

of_samples as (
    select
        timed.subject,
        cast(timed.time_utc + to_minutes(clock_offsets.offset_min) as date) as local_date,
        timed.source,
        timed.metric,
        sum(timed.reported) as reported,
        sum(timed.same) as same,
        sum(timed.cut) as cut,
        sum(timed.counted_by_other) as counted_by_other,
        sum(timed.long_value) as long_value
    from timed
    asof inner join stg.clock_offsets
        on timed.subject = clock_offsets.subject and timed.time_utc >= clock_offsets.start_utc
    group by all
),

restarted as (
    select distinct
        counter_readings.subject,
        counter_readings.source,
        counter_readings.metric,
        counter_readings.activity,
        counter_readings.device_date
    from stg.counter_readings
    where counter_readings.is_restart
),

runs as (
    select
        counter_readings.*,
        count_if(counter_readings.is_restart) over (
            partition by
                counter_readings.subject,
                counter_readings.source,
                counter_readings.metric,
                counter_readings.activity,
                counter_readings.device_date
            order by counter_readings.time_utc
        ) as run_number
    from stg.counter_readings
    semi join restarted
        on
            counter_readings.subject = restarted.subject
            and counter_readings.source = restarted.source
            and counter_readings.metric = restarted.metric
            and counter_readings.activity = restarted.activity
            and counter_readings.device_date = restarted.device_date
    union all
    select
        counter_readings.*,
        0 as run_number
    from stg.counter_readings
    anti join restarted
        on
            counter_readings.subject = restarted.subject
            and counter_readings.source = restarted.source
            and counter_readings.metric = restarted.metric
            and counter_readings.activity = restarted.activity
            and counter_readings.device_date = restarted.device_date
),

maxima as (
    select
        runs.subject,
        runs.source,
        runs.metric,
        runs.device_date,
        max(runs.value) as value
    from runs
    where runs.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors')
    group by runs.subject, runs.source, runs.metric, runs.activity, runs.device_date, runs.run_number
),

-- of intervals that lie on several dates: how much on which
stretches as (
    select
        placed_movement.subject,
        placed_movement.source,
        placed_movement.metric,
        placed_movement.home_date,
        local_days.local_date,
        placed_movement.value,
        placed_movement.value_until,
        placed_movement.to_minute + 1 - placed_movement.from_minute as minute_count,
        greatest(epoch_us(local_days.start_utc) // 60000000, placed_movement.from_minute) - placed_movement.from_minute
            as first_ordinal,
        least(epoch_us(local_days.end_utc) // 60000000, placed_movement.to_minute + 1) - placed_movement.from_minute
            as end_ordinal
    from stg.placed_movement
    inner join stg.local_days
        on
            placed_movement.subject = local_days.subject
            and epoch_us(local_days.start_utc) // 60000000 <= placed_movement.to_minute
            and epoch_us(local_days.end_utc) // 60000000 > placed_movement.from_minute
    where
        placed_movement.is_split
        and placed_movement.metric in ('steps', 'distance_m', 'active_energy_kcal')
        and placed_movement.home_date <> local_days.local_date
),

carried as (
    select
        stretches.subject,
        stretches.source,
        stretches.metric,
        stretches.home_date,
        stretches.local_date,
        if(
            stretches.metric = 'steps',
            round(
                stretches.value_until
                - stretches.value * (stretches.minute_count - stretches.end_ordinal) / stretches.minute_count
            )
            - round(
                stretches.value_until
                - stretches.value * (stretches.minute_count - stretches.first_ordinal) / stretches.minute_count
            ),
            stretches.value * (stretches.end_ordinal - stretches.first_ordinal) / stretches.minute_count
        ) as value
    from stretches
    union all
    select
        readings.subject,
        readings.source,
        readings.metric,
        readings.record_date as home_date,
        readings.local_date,
        if(readings.metric = 'floors', readings.value, 1) as value
    from stg.readings
    where readings.record_date <> readings.local_date
),

of_days as (
    select
        day_values.subject,
        day_values.local_date,
        day_values.source,
        day_values.metric,
        if(
            day_values.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors'),
            sum(day_values.value),
            count(*)
        ) as reported,
        if(
            day_values.metric in ('steps', 'distance_m', 'active_energy_kcal', 'floors'),
            sum(day_values.value) - max_by(
                day_values.value,
                (coalesce(day_values.exported_utc, timestamp '-infinity'), day_values.delivery, day_values.value)
            ),
            count(*) - 1
        ) as same
    from raw.day_values
    group by day_values.subject, day_values.local_date, day_values.source, day_values.metric
),

-- the source of each date, as the metrics of sql/daily take it: for these four that of the night
selected_readings as (
    select
        day_readings.subject,
        day_readings.local_date,
        day_readings.metric,
        day_readings.source
    from stg.day_readings
    where day_readings.metric not in ('hrv_rmssd_ms', 'hrv_sdnn_ms', 'respiration_rate', 'spo2_share')
    union all
    select
        overnight_readings.subject,
        overnight_readings.local_date,
        overnight_readings.metric,
        overnight_readings.source
    from stg.overnight_readings
    where overnight_readings.metric in ('hrv_rmssd_ms', 'hrv_sdnn_ms', 'respiration_rate', 'spo2_share')
),

amounts as (
    select
        of_samples.subject,
        of_samples.local_date,
        of_samples.source,
        of_samples.metric,
        of_samples.reported,
        of_samples.cut,
        of_samples.counted_by_other,
        coalesce(of_samples.same, 0) + if(of_days.source is not null, coalesce(of_samples.long_value, 0), 0) as same
    from of_samples
    left join of_days
        on
            of_samples.subject = of_days.subject
            and of_samples.local_date = of_days.local_date
            and of_samples.source = of_days.source
            and of_samples.metric = of_days.metric
    union all by name
    from of_days
    union all by name
    select
        maxima.subject,
        maxima.device_date as local_date,
        maxima.source,
        maxima.metric,
        maxima.value as reported
    from maxima
    union all by name
    select
        carried.subject,
        carried.home_date as local_date,
        carried.source,
        carried.metric,
        -carried.value as reported
    from carried
    union all by name
    select
        carried.subject,
        carried.local_date,
        carried.source,
        carried.metric,
        carried.value as reported
    from carried
    union all by name
    select
        readings.subject,
        readings.local_date,
        readings.source,
        readings.metric,
        if(readings.metric = 'floors', readings.value, 1) as counted_by_other
    from stg.readings
    inner join selected_readings
        on
            readings.subject = selected_readings.subject
            and readings.local_date = selected_readings.local_date
            and readings.metric = selected_readings.metric
            and readings.source <> selected_readings.source
)

select
    amounts.subject,
    amounts.local_date,
    amounts.source,
    amounts.metric,
    round(coalesce(sum(amounts.reported), 0), 6) as reported,
    round(coalesce(sum(amounts.counted_by_other), 0), 6) as counted_by_other,
    round(coalesce(sum(amounts.same), 0), 6) as same,
    round(coalesce(sum(amounts.cut), 0), 6) as cut

from amounts

group by amounts.subject, amounts.local_date, amounts.source, amounts.metric
