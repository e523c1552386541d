-- Minutes of each state, by hour of the local clock
--
-- The counts behind the metrics of movement and of rest. known_min: in any state but not_worn, rest_unknown, unknown
-- and worn. source and other_source: those of the known minutes (an hour of a zone with half hours is of two of UTC).
-- grain: subject, local_date, clock_hour
-- missing: no row of dates without a record
-- source: those of the minutes (timeline.minutes)
select
    minutes.subject,
    minutes.local_date,
    cast(extract('hour' from minutes.local_time) as integer) as clock_hour,
    count(*) as minute_count,
    count(*) filter (where minutes.state = 'moving') as moving_min,
    count(*) filter (where minutes.state = 'moving' and minutes.intensity in ('moderate', 'vigorous'))
        as moderate_min,
    count(*) filter (where minutes.state = 'moving' and minutes.intensity = 'vigorous') as vigorous_min,
    count(*) filter (where minutes.state = 'still') as still_min,
    count(*) filter (where minutes.state = 'awake_in_bed') as awake_in_bed_min,
    count(*) filter (where minutes.state = 'asleep') as asleep_min,
    count(*) filter (where minutes.state = 'rest_unknown') as rest_unknown_min,
    count(*) filter (where minutes.state not in ('not_worn', 'rest_unknown', 'unknown', 'worn')) as known_min,
    count(minutes.source) as source_min,
    count(minutes.steps) as steps_min,
    min(minutes.source) filter (where minutes.state not in ('not_worn', 'rest_unknown', 'unknown', 'worn')) as source,
    max(minutes.source) filter (where minutes.state not in ('not_worn', 'rest_unknown', 'unknown', 'worn'))
        as other_source

from timeline.minutes

group by minutes.subject, minutes.local_date, extract('hour' from minutes.local_time)
