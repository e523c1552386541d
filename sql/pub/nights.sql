-- Nights and naps
--
-- One row a recorded sleep, on the date it ends on; ordinal 1 is the main sleep, the others are naps.
-- grain: one row per subject, night_date and ordinal
-- missing: no row where no sleep was recorded; stages are NULL where the source reports none
-- source: the source selected for the night
select
    nights.subject,
    nights.local_date as night_date,
    nights.ordinal,
    nights.is_main,
    nights.source,
    nights.onset_utc,
    nights.wake_utc,
    nights.in_bed_start_utc,
    nights.in_bed_end_utc,
    nights.onset_local_min as onset_local,
    nights.wake_local_min as wake_local,
    nights.in_bed_min,
    nights.asleep_min,
    nights.awake_min,
    nights.light_min,
    nights.deep_min,
    nights.rem_min,
    nights.latency_min,
    nights.waso_min,
    nights.awakenings,
    nights.efficiency_share,
    nights.is_in_bed_recorded,
    nights.tz_assumed
from stg.nights
order by nights.subject, nights.local_date, nights.ordinal
