-- Recorded activities, once each
--
-- Of several tellings of the same activity (subject, source, start, end) the one of the newest export counts, then
-- the highest delivery. They are evidence of movement; their steps and metres are mostly in the device's totals
-- already, so the timeline does not add them.
-- grain: subject, source, start_utc, end_utc
select
    activities.subject,
    activities.source,
    activities.start_utc,
    activities.end_utc,
    activities.sport,
    activities.steps,
    activities.distance_m,
    activities.active_energy_kcal

from raw.activities

where activities.end_utc > activities.start_utc

qualify row_number() over (
    partition by activities.subject, activities.source, activities.start_utc, activities.end_utc
    order by
        activities.exported_utc desc nulls last,
        activities.delivery desc,
        activities.sport asc,
        activities.steps desc,
        activities.distance_m desc,
        activities.active_energy_kcal desc
) = 1
