-- Recorded activities at the person's time
--
-- As raw.activities, with the UTC of stg.timed_samples.
-- grain: none, as raw.activities
-- kept: view
select
    activities.subject,
    activities.source,
    case
        when source_clocks.shift_s is null then activities.start_utc
        else activities.start_utc + to_seconds(source_clocks.shift_s)
    end as start_utc,
    case
        when source_clocks.shift_s is null then activities.end_utc
        else activities.end_utc + to_seconds(source_clocks.shift_s)
    end as end_utc,
    activities.sport,
    activities.steps,
    activities.distance_m,
    activities.active_energy_kcal,
    activities.delivery,
    activities.exported_utc

from raw.activities

left join stg.source_clocks
    on
        activities.subject = source_clocks.subject
        and if(coalesce(activities.tz_assumed, false), '', activities.source) = source_clocks.source
        and activities.start_utc >= source_clocks.start_utc
        and activities.start_utc < source_clocks.end_utc
