-- What each source reports of each hour of UTC
--
-- is_movement: it reports movement of this hour, be it a count of zero. is_shared: and so does another source.
-- has_steps: steps are among it. is_coarse: some
-- of it is of an interval too long to know the minute (stg.minute_movement). is_enough: on this date of UTC it made at
-- least half of the steps that any source has, or tells none.
-- quarters: quarters of the hour with evidence (stg.evidence_minutes). minutes, body_minutes, heart_minutes: minutes
-- with evidence, of these those that only a worn device has and those with a heart rate. first_utc, last_utc: the
-- first and the last minute with evidence.
-- grain: subject, source, hour_utc
-- missing: first_utc and last_utc NULL where the source has no evidence
-- source: every source for itself
with steps_of_date as (
    select
        minute_movement.subject,
        minute_movement.source,
        cast(minute_movement.minute_utc as date) as date_utc,
        sum(minute_movement.steps) as steps
    from stg.minute_movement
    group by minute_movement.subject, minute_movement.source, cast(minute_movement.minute_utc as date)
),

-- a phone in a drawer knows its minutes, but not those of the person
seen_enough as (
    select
        steps_of_date.subject,
        steps_of_date.source,
        steps_of_date.date_utc
    from steps_of_date
    qualify
        steps_of_date.steps is null
        or steps_of_date.steps * 2 >= max(steps_of_date.steps) over (
            partition by steps_of_date.subject, steps_of_date.date_utc
        )
),

coverage as (
    select
        evidence_minutes.subject,
        evidence_minutes.source,
        date_trunc('hour', evidence_minutes.minute_utc) as hour_utc,
        -- as bits of a number: to count them apart takes twice as long
        bit_count(bit_or(1 << cast(extract('minute' from evidence_minutes.minute_utc) // 15 as integer))) as quarters,
        count_if(evidence_minutes.is_of_body) as body_minutes,
        count_if(evidence_minutes.is_of_heart) as heart_minutes,
        bit_count(
            bit_or(cast(1 as bigint) << cast(extract('minute' from evidence_minutes.minute_utc) as integer))
        ) as minutes,
        min(evidence_minutes.minute_utc) as first_utc,
        max(evidence_minutes.minute_utc) as last_utc
    from stg.evidence_minutes
    group by evidence_minutes.subject, evidence_minutes.source, date_trunc('hour', evidence_minutes.minute_utc)
),

device_days as (
    select
        counter_intervals.subject,
        counter_intervals.source,
        counter_intervals.metric = 'steps' as is_steps,
        min(counter_intervals.start_utc) as start_utc,
        max(counter_intervals.end_utc) as end_utc
    from stg.counter_intervals
    where
        counter_intervals.metric in (
            'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s'
        )
    group by
        counter_intervals.subject,
        counter_intervals.source,
        counter_intervals.metric = 'steps',
        counter_intervals.device_date
    union all
    select distinct
        samples.subject,
        samples.source,
        samples.metric = 'steps' as is_steps,
        date_trunc('hour', samples.start_utc) as start_utc,
        date_trunc('hour', greatest(samples.end_utc - interval 1 microsecond, samples.start_utc))
        + interval 1 microsecond as end_utc
    from stg.samples
    where
        samples.metric in (
            'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s'
        )
        and samples.end_utc - samples.start_utc <= interval 2 hour
),

reported_hours as (
    select
        device_days.subject,
        device_days.source,
        device_days.is_steps,
        unnest(
            generate_series(
                date_trunc('hour', device_days.start_utc),
                date_trunc('hour', device_days.end_utc - interval 1 microsecond),
                interval 1 hour
            )
        ) as hour_utc
    from device_days
),

movement as (
    select
        reported_hours.subject,
        reported_hours.source,
        reported_hours.hour_utc,
        bool_or(reported_hours.is_steps) as has_steps,
        false as is_coarse
    from reported_hours
    group by reported_hours.subject, reported_hours.source, reported_hours.hour_utc
    union all
    -- minutes that stg.minute_movement moved into the device's date
    select
        minute_movement.subject,
        minute_movement.source,
        date_trunc('hour', minute_movement.minute_utc) as hour_utc,
        bool_or(minute_movement.steps is not null) as has_steps,
        bool_or(minute_movement.is_coarse) as is_coarse
    from stg.minute_movement
    group by minute_movement.subject, minute_movement.source, date_trunc('hour', minute_movement.minute_utc)
),

movement_hours as (
    select
        movement.subject,
        movement.source,
        movement.hour_utc,
        bool_or(movement.has_steps) as has_steps,
        bool_or(movement.is_coarse) as is_coarse
    from movement
    group by movement.subject, movement.source, movement.hour_utc
)

select
    coalesce(movement_hours.subject, coverage.subject) as subject,
    coalesce(movement_hours.source, coverage.source) as source,
    coalesce(movement_hours.hour_utc, coverage.hour_utc) as hour_utc,
    movement_hours.source is not null as is_movement,
    movement_hours.source is not null
    and count(movement_hours.source) over (
        partition by
            coalesce(movement_hours.subject, coverage.subject),
            coalesce(movement_hours.hour_utc, coverage.hour_utc)
    ) > 1 as is_shared,
    coalesce(movement_hours.has_steps, false) as has_steps,
    coalesce(movement_hours.is_coarse, false) as is_coarse,
    seen_enough.source is not null as is_enough,
    coalesce(coverage.quarters, 0) as quarters,
    coalesce(coverage.minutes, 0) as minutes,
    coalesce(coverage.body_minutes, 0) as body_minutes,
    coalesce(coverage.heart_minutes, 0) as heart_minutes,
    coverage.first_utc,
    coverage.last_utc

from movement_hours

full outer join coverage
    on
        movement_hours.subject = coverage.subject
        and movement_hours.source = coverage.source
        and movement_hours.hour_utc = coverage.hour_utc

left join seen_enough
    on
        movement_hours.subject = seen_enough.subject
        and movement_hours.source = seen_enough.source
        and cast(movement_hours.hour_utc as date) = seen_enough.date_utc
