-- The selected source of each hour of UTC
--
-- For movement, and for the heart (heart rate, stress): the source with evidence in the most quarters of the hour.
-- Evidence is a heart rate or a count that is not zero, so the watch on the wrist is preferred to the one in the
-- drawer, which reports zeros. Of sources with the same number of quarters the better rank is selected, then the one
-- with more minutes of heart rate (it was on the body), then with more minutes of evidence, then by name. Quarters,
-- because a total reported every 15 minutes covers all minutes without knowing more of them than a watch that reports
-- each. Sources are never added up.
-- minute_source: the source that knows in which minutes of the hour there was movement. It is the one for movement,
-- unless all that it reports of the hour is coarse (stg.minute_movement); then the best of those that are not and made
-- at least half of the steps that any source has on this date of UTC.
-- grain: subject, hour_utc
-- missing: no row where no source reports anything of the hour; a source is NULL where none reports of its kind, or
-- none knows the minutes
with evidence as (
    select
        minute_movement.subject,
        minute_movement.source,
        minute_movement.minute_utc,
        false as is_of_body
    from stg.minute_movement
    where
        not minute_movement.is_coarse
        or minute_movement.steps > 0
        or minute_movement.distance_m > 0
        or minute_movement.active_energy_kcal > 0
        or minute_movement.is_active
    union all
    select
        minute_body.subject,
        minute_body.source,
        minute_body.minute_utc,
        true as is_of_body
    from stg.minute_body
    where minute_body.is_on
),

steps_of_date as (
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
        evidence.subject,
        evidence.source,
        date_trunc('hour', evidence.minute_utc) as hour_utc,
        count(distinct extract('minute' from evidence.minute_utc) // 15) as quarters,
        count_if(evidence.is_of_body) as body_minutes,
        count(distinct evidence.minute_utc) as minutes
    from evidence
    group by evidence.subject, evidence.source, date_trunc('hour', evidence.minute_utc)
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
    union
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

ranked_movement as (
    select
        movement.subject,
        movement.hour_utc,
        movement.source,
        bool_or(movement.has_steps) as has_steps,
        bool_or(movement.is_coarse) as is_coarse,
        bool_or(seen_enough.source is not null) as is_enough,
        row_number() over (
            partition by movement.subject, movement.hour_utc
            order by
                coalesce(coverage.quarters, 0) desc,
                sources.rank asc,
                coalesce(coverage.body_minutes, 0) desc,
                coalesce(coverage.minutes, 0) desc,
                movement.source asc
        ) as place
    from movement
    inner join stg.sources on movement.source = sources.source
    left join seen_enough
        on
            movement.subject = seen_enough.subject
            and movement.source = seen_enough.source
            and cast(movement.hour_utc as date) = seen_enough.date_utc
    left join coverage
        on
            movement.subject = coverage.subject
            and movement.source = coverage.source
            and movement.hour_utc = coverage.hour_utc
    group by
        movement.subject,
        movement.hour_utc,
        movement.source,
        sources.rank,
        coverage.quarters,
        coverage.body_minutes,
        coverage.minutes
),

movement_sources as (
    select
        ranked_movement.subject,
        ranked_movement.hour_utc,
        arg_min(ranked_movement.source, ranked_movement.place) as source,
        arg_min(ranked_movement.has_steps, ranked_movement.place) as has_steps,
        arg_min(ranked_movement.source, ranked_movement.place) filter (
            where not ranked_movement.is_coarse and (ranked_movement.place = 1 or ranked_movement.is_enough)
        ) as minute_source
    from ranked_movement
    group by ranked_movement.subject, ranked_movement.hour_utc
),

heart as (
    select
        minute_body.subject,
        minute_body.source,
        date_trunc('hour', minute_body.minute_utc) as hour_utc,
        count(distinct extract('minute' from minute_body.minute_utc) // 15)
        filter (where minute_body.heart_rate_bpm is not null) as heart_quarters,
        count(minute_body.heart_rate_bpm) as heart_minutes,
        count(*) as minutes
    from stg.minute_body
    where minute_body.heart_rate_bpm is not null or minute_body.stress is not null
    group by minute_body.subject, minute_body.source, date_trunc('hour', minute_body.minute_utc)
),

heart_sources as (
    select
        heart.subject,
        heart.hour_utc,
        heart.source
    from heart
    inner join stg.sources on heart.source = sources.source
    qualify row_number() over (
        partition by heart.subject, heart.hour_utc
        order by
            heart.heart_quarters desc,
            sources.rank asc,
            heart.heart_minutes desc,
            heart.minutes desc,
            heart.source asc
    ) = 1
)

select
    coalesce(movement_sources.subject, heart_sources.subject) as subject,
    coalesce(movement_sources.hour_utc, heart_sources.hour_utc) as hour_utc,
    movement_sources.source as movement_source,
    movement_sources.minute_source,
    coalesce(movement_sources.has_steps, false) as has_steps,
    heart_sources.source as heart_source

from movement_sources

full outer join heart_sources
    on movement_sources.subject = heart_sources.subject and movement_sources.hour_utc = heart_sources.hour_utc
