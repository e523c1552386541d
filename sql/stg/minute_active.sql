-- Time in movement of each minute, as each source reports it
--
-- The seconds of an interval, spread evenly over the minutes it is placed at (stg.placed_movement): all of them, and
-- those of moderate and of vigorous movement.
-- grain: subject, source, minute_utc
-- missing: no row for a minute in which the source reports no time in movement
-- source: every source for itself
with spread as (
    select
        placed_movement.subject,
        placed_movement.source,
        placed_movement.metric,
        unnest(range(placed_movement.from_minute, placed_movement.to_minute + 1)) as minute_number,
        placed_movement.value / (placed_movement.to_minute + 1 - placed_movement.from_minute) as value
    from stg.placed_movement
    where placed_movement.metric in ('active_s', 'moderate_s', 'vigorous_s')
)

select
    spread.subject,
    spread.source,
    make_timestamp(spread.minute_number * 60000000) as minute_utc,
    round(sum(spread.value) filter (where spread.metric = 'active_s'), 6) as active_s,
    round(sum(spread.value) filter (where spread.metric = 'moderate_s'), 6) as moderate_s,
    round(sum(spread.value) filter (where spread.metric = 'vigorous_s'), 6) as vigorous_s

from spread

group by spread.subject, spread.source, spread.minute_number
