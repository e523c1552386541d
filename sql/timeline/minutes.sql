-- The minutes
--
-- Every minute of each local date on which some device recorded something, with its state, by this precedence:
-- massage (attended, with start and minutes, worn or not), not_worn, asleep, awake_in_bed, rest_unknown (an
-- unrecorded night, stg.rest_windows), moving, unknown (worn, but the movement of this hour is told in records too
-- long to know the minute, or another source than the selected one has steps in it, or it lies between 21:00 and 9:00
-- in a night of which nobody knows when the person slept), worn (awake, on a date of which no source tells movement,
-- as where only a heart rate is recorded; pub.timeline calls it unknown), still. A minute without a record of any
-- source is not_worn with is_worn NULL.
-- steps, distance_m, active_energy_kcal: NULL = no source reports it; 0 steps = reported in this hour, worn, and
-- none.
-- is_moving: at least one step, the device's active time, metres of a source without steps, or a recorded activity.
-- intensity of moving minutes: vigorous from 130 steps per minute, moderate from 100, or as the vendor grades it.
-- is_coarse: the steps, metres and energy of this hour come from records too long to know the minute.
-- heart_rate_count, stress_count: how many readings the heart rate and the stress of the minute are the mean of.
-- grain: subject, minute_utc
-- stored by: subject, minute_utc
-- source: source for movement, heart_source, sleep_source ('inferred' = rest_unknown); never added up
with massage_minutes as (
    select distinct
        massages.subject,
        unnest(
            generate_series(
                date_trunc('minute', massages.start_utc),
                massages.end_utc - interval 1 microsecond,
                interval 1 minute
            )
        ) as minute_utc
    from stg.massages
    where massages.status = 'attended' and massages.end_utc > massages.start_utc
),

rest_minutes as (
    select
        rest_windows.subject,
        unnest(
            generate_series(rest_windows.start_utc, rest_windows.end_utc - interval 1 minute, interval 1 minute)
        ) as minute_utc
    from stg.rest_windows
),

-- nights of which something is known
known_nights as (
    select
        nights.subject,
        nights.local_date
    from stg.nights
    where nights.is_main
    union all
    select
        rest_windows.subject,
        rest_windows.local_date
    from stg.rest_windows
),

-- dates of which some source tells movement by the minute or the hour
dates_with_movement as (
    select distinct
        hour_sources.subject,
        local_days.local_date
    from stg.hour_sources
    inner join stg.local_days
        on
            hour_sources.subject = local_days.subject
            and hour_sources.hour_utc < local_days.end_utc
            and hour_sources.hour_utc > local_days.start_utc - interval 1 hour
    where hour_sources.movement_source is not null
),

joined as (
    select
        minute_wear.*,
        dates_with_movement.local_date is not null as is_movement_told,
        known_nights.local_date is null
        -- from 21:00 to 9:00, which is 00:00 to 12:00 three hours later
        and extract('hour' from minute_wear.minute_utc + to_minutes(minute_wear.offset_min + 180)) < 12
            as is_night_unknown,
        recorded_minutes.steps,
        recorded_minutes.distance_m,
        recorded_minutes.active_energy_kcal,
        recorded_minutes.is_moderate,
        recorded_minutes.is_vigorous,
        recorded_minutes.heart_rate_bpm,
        recorded_minutes.stress,
        recorded_minutes.heart_rate_count,
        recorded_minutes.stress_count,
        recorded_minutes.is_asleep,
        recorded_minutes.sleep_source,
        if(handover_minutes.minute_utc is null, hour_sources.movement_source, handover_minutes.movement_source)
            as movement_source,
        if(handover_minutes.minute_utc is null, hour_sources.minute_source, handover_minutes.minute_source)
            as minute_source,
        hour_sources.heart_source,
        coalesce(
            if(handover_minutes.minute_utc is null, hour_sources.has_steps, handover_minutes.has_steps), false
        ) as has_steps,
        coalesce(recorded_minutes.is_stepping, false) as is_stepping,
        coalesce(recorded_minutes.is_moving, false) as is_moving,
        massage_minutes.minute_utc is not null as is_massage,
        rest_minutes.minute_utc is not null and not coalesce(recorded_minutes.is_moving, false) as is_rest
    from stg.minute_wear
    left join stg.recorded_minutes
        on minute_wear.subject = recorded_minutes.subject and minute_wear.minute_utc = recorded_minutes.minute_utc
    left join stg.hour_sources
        on
            minute_wear.subject = hour_sources.subject
            and date_trunc('hour', minute_wear.minute_utc) = hour_sources.hour_utc
    left join stg.handover_minutes
        on
            minute_wear.subject = handover_minutes.subject
            and minute_wear.minute_utc = handover_minutes.minute_utc
    left join massage_minutes
        on
            minute_wear.subject = massage_minutes.subject
            and minute_wear.minute_utc = massage_minutes.minute_utc
    left join rest_minutes
        on minute_wear.subject = rest_minutes.subject and minute_wear.minute_utc = rest_minutes.minute_utc
    left join known_nights
        on
            minute_wear.subject = known_nights.subject
            and cast(minute_wear.minute_utc + to_minutes(minute_wear.offset_min + 180) as date)
            = known_nights.local_date
    left join dates_with_movement
        on
            minute_wear.subject = dates_with_movement.subject
            and minute_wear.local_date = dates_with_movement.local_date
)

select
    joined.subject,
    joined.minute_utc,
    joined.minute_utc + to_minutes(joined.offset_min) as local_time,
    joined.local_date,
    case
        when joined.is_massage then 'massage'
        when not joined.is_worn then 'not_worn'
        when joined.is_asleep then 'asleep'
        when not joined.is_asleep then 'awake_in_bed'
        when joined.is_rest then 'rest_unknown'
        when joined.is_moving then 'moving'
        when
            joined.is_worn
            and (
                joined.movement_source is not null and joined.minute_source is null
                or joined.is_stepping
                or joined.is_night_unknown
            )
            then 'unknown'
        when joined.is_worn and not joined.is_movement_told then 'worn'
        when joined.is_worn then 'still'
        else 'not_worn'
    end as state,
    coalesce(joined.steps, case when joined.has_steps and joined.is_worn then 0 end) as steps,
    joined.distance_m,
    joined.active_energy_kcal,
    joined.is_moving,
    case
        when not joined.is_moving then null
        when joined.is_vigorous then 'vigorous'
        when joined.is_moderate then 'moderate'
        else 'light'
    end as intensity,
    joined.heart_rate_bpm,
    joined.stress,
    joined.heart_rate_count,
    joined.stress_count,
    joined.is_worn,
    joined.movement_source as source,
    coalesce(joined.movement_source <> coalesce(joined.minute_source, ''), false) as is_coarse,
    joined.heart_source,
    case
        when joined.sleep_source is not null then joined.sleep_source
        when joined.is_rest then 'inferred'
    end as sleep_source,
    joined.tz_assumed

from joined
