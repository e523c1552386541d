-- Nights and naps
--
-- One row a recorded sleep, on the date it ends on; ordinal 1 is the main sleep, the others are naps.
-- grain: one row per subject, night_date and ordinal
-- missing: no row where no sleep was recorded; stages are NULL where the source reports none
-- source: the source selected for the night
select
    nights.subject,
    nights.local_date as night_date, -- date on which the sleep ends
    nights.ordinal, -- 1 = main sleep, then naps
    nights.is_main, -- whether it is the main sleep
    nights.source, -- device or app selected for the night
    nights.onset_utc, -- first minute asleep
    nights.wake_utc, -- end of the last minute asleep
    nights.in_bed_start_utc, -- first minute in bed
    nights.in_bed_end_utc, -- end of the last minute in bed
    nights.onset_local_min as onset_local, -- first minute asleep, from the midnight that begins the date
    nights.wake_local_min as wake_local, -- end of sleep, from the same midnight
    nights.in_bed_min, -- minutes in bed
    nights.asleep_min, -- minutes asleep
    nights.awake_min, -- minutes awake in bed
    nights.light_min, -- minutes of light sleep
    nights.deep_min, -- minutes of deep sleep
    nights.rem_min, -- minutes of REM sleep
    nights.latency_min, -- minutes from bed to sleep
    nights.waso_min, -- minutes awake between first and last sleep
    nights.awakenings, -- how often
    nights.efficiency_share, -- share of the time in bed asleep
    nights.is_in_bed_recorded, -- whether the device told when bed began and ended
    nights.tz_assumed -- whether the offset of the clock is that of the home's zone, not told by the device
from stg.nights
order by nights.subject, nights.local_date, nights.ordinal
