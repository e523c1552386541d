-- Mean stress
--
-- The mean of the device's own stress score (0 to 100, made from heart beats) over the minutes of the local day that
-- have one. Minutes in which the device could not measure are left out. Where no minute has one, the mean that a
-- source gives for the day.
-- name: stress as the watch scores it
-- family: physiology
-- unit: score
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a stress score
-- missing: no row where no source reports stress
-- day values: yes
-- source: the source selected for the heart in each minute (timeline.minutes)
select
    minutes.subject,
    minutes.local_date,
    round(favg(minutes.stress), 6) as value,
    string_agg(distinct minutes.heart_source, ', ' order by minutes.heart_source)
    filter (where minutes.stress is not null) as source,
    'minute' as resolution,
    round(count(minutes.stress) / count(*), 6) as coverage_share
from timeline.minutes
group by minutes.subject, minutes.local_date
having count(minutes.stress) > 0
