-- The minutes
--
-- What the person was doing in each minute of each date on which a device recorded something. state is massage,
-- not_worn, asleep, awake_in_bed, rest_unknown, moving, unknown or still, the first of these that holds. On a date of
-- which no source tells movement by the minute or hour, nobody knows who was still: these minutes are unknown.
-- grain: one row per subject and minute_utc
-- missing: NULL = no source reports it; no minutes of dates without any record
-- source: source is of the movement ('inferred' for rest_unknown), heart_source of the heart, sleep_source of the sleep
-- kept: no
select
    minutes.subject,
    minutes.minute_utc,
    minutes.local_time,
    minutes.local_date,
    if(minutes.state = 'worn', 'unknown', minutes.state) as state,
    minutes.steps,
    minutes.distance_m,
    minutes.active_energy_kcal,
    minutes.intensity,
    minutes.heart_rate_bpm,
    minutes.stress,
    minutes.is_worn,
    if(minutes.state = 'rest_unknown', 'inferred', minutes.source) as source,
    minutes.heart_source,
    minutes.sleep_source,
    minutes.tz_assumed
from timeline.minutes
