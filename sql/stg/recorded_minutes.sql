-- What is recorded of each minute
--
-- Movement of the selected source of the minute (stg.selected_movement), heart rate of that of the hour
-- (stg.hour_sources), sleep of that of the night. is_moving: a step, the device's active time, metres of a source
-- without steps, or a recorded activity, as the source tells that knows the minutes. is_stepping: some
-- source, whichever, has ten steps or more in the minute.
-- has_evidence: some device measured a heart rate or a count that is not zero.
-- is_off: some device reports that it was off the wrist, and none measured anything.
-- grain: subject, minute_utc
-- missing: no row for a minute without a record
with reports as (
    select
        selected_movement.subject,
        selected_movement.minute_utc,
        selected_movement.is_selected as is_movement,
        selected_movement.is_of_minute,
        selected_movement.steps,
        selected_movement.distance_m,
        selected_movement.active_energy_kcal,
        selected_movement.is_active
        or coalesce(selected_movement.steps > 0, false)
        or coalesce(selected_movement.distance_m > 0 and not selected_movement.has_steps, false) as is_moving,
        selected_movement.is_moderate or coalesce(selected_movement.steps >= 100, false) as is_moderate,
        selected_movement.is_vigorous or coalesce(selected_movement.steps >= 130, false) as is_vigorous,
        not selected_movement.is_coarse as is_on,
        -- fewer may be the share of a minute in a record of ten
        not selected_movement.is_coarse and coalesce(selected_movement.steps >= 10, false) as is_stepping
    from stg.selected_movement
    union all by name
    select
        minute_body.subject,
        minute_body.minute_utc,
        minute_body.source = hour_sources.heart_source as is_heart,
        minute_body.heart_rate_bpm,
        minute_body.stress,
        minute_body.heart_rate_count,
        minute_body.stress_count,
        minute_body.is_on,
        minute_body.is_off
    from stg.minute_body
    left join stg.hour_sources
        on
            minute_body.subject = hour_sources.subject
            and date_trunc('hour', minute_body.minute_utc) = hour_sources.hour_utc
    union all by name
    select
        minute_sleep.subject,
        minute_sleep.minute_utc,
        minute_sleep.is_asleep,
        minute_sleep.source as sleep_source
    from stg.minute_sleep
    union all by name
    -- a recorded activity is movement, whichever source it is of
    select
        activities.subject,
        unnest(
            generate_series(
                date_trunc('minute', activities.start_utc),
                activities.end_utc - interval 1 microsecond,
                interval 1 minute
            )
        ) as minute_utc,
        true as is_of_minute,
        true as is_moving,
        true as is_on
    from stg.activities
)

select
    reports.subject,
    reports.minute_utc,
    max(case when reports.is_movement then reports.steps end) as steps,
    max(case when reports.is_movement then reports.distance_m end) as distance_m,
    max(case when reports.is_movement then reports.active_energy_kcal end) as active_energy_kcal,
    bool_or(coalesce(reports.is_of_minute and reports.is_moving, false)) as is_moving,
    bool_or(coalesce(reports.is_of_minute and reports.is_moderate, false)) as is_moderate,
    bool_or(coalesce(reports.is_of_minute and reports.is_vigorous, false)) as is_vigorous,
    coalesce(bool_or(reports.is_stepping), false) as is_stepping,
    max(case when reports.is_heart then reports.heart_rate_bpm end) as heart_rate_bpm,
    max(case when reports.is_heart then reports.stress end) as stress,
    max(case when reports.is_heart then reports.heart_rate_count end) as heart_rate_count,
    max(case when reports.is_heart then reports.stress_count end) as stress_count,
    bool_or(reports.is_asleep) as is_asleep,
    max(reports.sleep_source) as sleep_source,
    coalesce(bool_or(reports.is_on), false) as has_evidence,
    coalesce(bool_or(reports.is_off) and not bool_or(reports.is_on), false) as is_off

from reports

group by reports.subject, reports.minute_utc
