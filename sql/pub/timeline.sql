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
    minutes.minute_utc, -- minute, UTC
    minutes.local_time, -- the same on the person's clock
    minutes.local_date, -- its date
    if(minutes.state = 'worn', 'unknown', minutes.state) as state, -- what the person was doing
    minutes.steps, -- of the minute
    minutes.distance_m, -- walked, metres
    minutes.active_energy_kcal, -- used by moving
    minutes.intensity, -- light, moderate, vigorous
    minutes.heart_rate_bpm, -- beats a minute
    minutes.stress, -- as the device tells it, 0 to 100
    minutes.is_worn, -- whether the device was worn; NULL = cannot tell
    if(minutes.state = 'rest_unknown', 'inferred', minutes.source) as source, -- of movement
    minutes.heart_source, -- of the heart rate
    minutes.sleep_source, -- of sleep
    minutes.tz_assumed -- whether the offset is that of the home's zone, not told by the device
from timeline.minutes
