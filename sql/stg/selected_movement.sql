-- Movement of each minute of each source, and whether that source is selected
--
-- is_selected: steps, metres and energy of this minute come from this source. is_of_minute: it says whether there was
-- movement in the minute. is_minute_known: some source does. has_steps: the selected source reports steps in this hour.
-- Selected is the source of the hour (stg.hour_sources), but in the minutes of stg.handover_minutes.
-- grain: subject, source, minute_utc
-- source: every source for itself
select
    minute_movement.subject,
    minute_movement.source,
    minute_movement.minute_utc,
    minute_movement.steps,
    minute_movement.distance_m,
    minute_movement.active_energy_kcal,
    minute_movement.is_active,
    minute_movement.is_moderate,
    minute_movement.is_vigorous,
    minute_movement.is_coarse,
    if(handover_minutes.minute_utc is null, hour_sources.has_steps, handover_minutes.has_steps) as has_steps,
    minute_movement.source
    = if(handover_minutes.minute_utc is null, hour_sources.movement_source, handover_minutes.movement_source)
        as is_selected,
    if(handover_minutes.minute_utc is null, hour_sources.minute_source, handover_minutes.minute_source) is not null
        as is_minute_known,
    coalesce(
        minute_movement.source
        = if(handover_minutes.minute_utc is null, hour_sources.minute_source, handover_minutes.minute_source),
        false
    ) as is_of_minute

from stg.minute_movement

inner join stg.hour_sources
    on
        minute_movement.subject = hour_sources.subject
        and date_trunc('hour', minute_movement.minute_utc) = hour_sources.hour_utc

left join stg.handover_minutes
    on
        minute_movement.subject = handover_minutes.subject
        and minute_movement.minute_utc = handover_minutes.minute_utc
