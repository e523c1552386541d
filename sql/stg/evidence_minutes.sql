-- Minutes with evidence of a source
--
-- Evidence is a heart rate, a report that the device is worn, or a count that is not zero.
-- is_of_body: of what only a worn device measures (stg.minute_body). is_coarse: of an interval too long to know the
-- minute.
-- grain: none; of one source and minute a row for the count and one for the body
-- source: every source for itself
-- kept: view
select
    minute_movement.subject,
    minute_movement.source,
    minute_movement.minute_utc,
    false as is_of_body,
    false as is_of_heart,
    minute_movement.is_coarse

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
    true as is_of_body,
    minute_body.heart_rate_bpm is not null as is_of_heart,
    false as is_coarse

from stg.minute_body

where minute_body.is_on
