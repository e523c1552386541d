-- Time in movement of each minute of each source, and whether that source is selected
--
-- The seconds of stg.minute_active. is_of_minute, is_minute_known: as in stg.selected_movement.
-- grain: subject, source, minute_utc
-- source: every source for itself
select
    minute_active.subject,
    minute_active.source,
    minute_active.minute_utc,
    minute_active.active_s,
    minute_active.moderate_s,
    minute_active.vigorous_s,
    selected_movement.is_of_minute,
    selected_movement.is_minute_known

from stg.minute_active

inner join stg.selected_movement
    on
        minute_active.subject = selected_movement.subject
        and minute_active.source = selected_movement.source
        and minute_active.minute_utc = selected_movement.minute_utc
