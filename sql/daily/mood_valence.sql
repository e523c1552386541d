-- Mood by valence
--
-- How pleasant the person felt, by Apple's State of Mind, from -1 (very unpleasant) to 1 (very pleasant): the mean of
-- the date's entries, of the day as a whole and of moments. It is not the 1-5 scale of `mood`, and never joined to it.
-- family: diary
-- unit: points
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with an entry
-- missing: no row where nothing was entered; 0 where the entries say neither pleasant nor unpleasant
-- source: one a date, by priority, then by the number of entries; sources are never mixed
select
    day_readings.subject,
    day_readings.local_date,
    day_readings.mean_value as value,
    day_readings.source,
    'interval' as resolution,
    null as coverage_share
from stg.day_readings
where day_readings.metric = 'mood_valence'
