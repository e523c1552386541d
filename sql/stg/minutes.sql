-- Every minute of the local days of which there is a record, with what was told of it
--
-- Movement and heart rate are of the source that counts in the hour (stg.hour_sources), sleep of the source of the
-- night.
-- has_evidence: some device measured a heart rate or a count that is not zero.
-- steps: 0 where the source tells steps in this hour and none in this minute.
-- grain: subject, minute_utc
with grid as (
    select
        local_days.subject,
        local_days.local_date,
        local_days.offset_min,
        local_days.tz_assumed,
        unnest(
            generate_series(local_days.start_utc, local_days.end_utc - interval 1 minute, interval 1 minute)
        ) as minute_utc
    from stg.local_days
),

any_movement as (
    select distinct
        minute_movement.subject,
        minute_movement.minute_utc
    from stg.minute_movement
),

any_body as (
    select
        minute_body.subject,
        minute_body.minute_utc,
        bool_or(minute_body.is_on) as is_on
    from stg.minute_body
    group by minute_body.subject, minute_body.minute_utc
),

activity_minutes as (
    select distinct
        activities.subject,
        unnest(
            generate_series(
                date_trunc('minute', activities.start_utc),
                activities.end_utc - interval 1 microsecond,
                interval 1 minute
            )
        ) as minute_utc
    from stg.activities
)

select
    grid.subject,
    grid.minute_utc,
    grid.local_date,
    grid.offset_min,
    grid.tz_assumed,
    hour_sources.movement_source,
    hour_sources.heart_source,
    hour_sources.tells_steps,
    minute_movement.steps,
    minute_movement.distance_m,
    minute_movement.active_energy_kcal,
    coalesce(minute_movement.steps > 0 or minute_movement.is_active, false)
    or activity_minutes.minute_utc is not null as is_moving,
    coalesce(minute_movement.is_moderate, false) as is_moderate,
    coalesce(minute_movement.is_vigorous, false) as is_vigorous,
    minute_body.heart_rate_bpm,
    minute_body.stress,
    minute_sleep.is_asleep,
    minute_sleep.source as sleep_source,
    any_movement.minute_utc is not null
    or coalesce(any_body.is_on, false)
    or activity_minutes.minute_utc is not null as has_evidence,
    coalesce(not any_body.is_on, false) as is_off

from grid

left join stg.hour_sources
    on grid.subject = hour_sources.subject and date_trunc('hour', grid.minute_utc) = hour_sources.hour_utc

left join stg.minute_movement
    on
        grid.subject = minute_movement.subject
        and grid.minute_utc = minute_movement.minute_utc
        and hour_sources.movement_source = minute_movement.source

left join stg.minute_body
    on
        grid.subject = minute_body.subject
        and grid.minute_utc = minute_body.minute_utc
        and hour_sources.heart_source = minute_body.source

left join stg.minute_sleep
    on grid.subject = minute_sleep.subject and grid.minute_utc = minute_sleep.minute_utc

left join any_movement
    on grid.subject = any_movement.subject and grid.minute_utc = any_movement.minute_utc

left join any_body
    on grid.subject = any_body.subject and grid.minute_utc = any_body.minute_utc

left join activity_minutes
    on grid.subject = activity_minutes.subject and grid.minute_utc = activity_minutes.minute_utc
