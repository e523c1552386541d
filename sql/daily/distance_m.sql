-- Distance on foot and otherwise by own effort
--
-- The metres moved on the local day, as the device works them out, mostly from steps. The sum over the day's minutes,
-- of the source selected for each. Where no minute of the date has a distance, the total that a source gives for
-- the whole day.
-- family: movement
-- unit: m
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a record of distance
-- missing: no row where no source reports distance; 0 where a source reports none
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    minutes.subject,
    minutes.local_date,
    round(fsum(minutes.distance_m), 6) as value,
    string_agg(distinct minutes.source, ', ' order by minutes.source)
    filter (where minutes.distance_m is not null) as source,
    if(bool_or(minutes.is_coarse and minutes.distance_m > 0), 'interval', 'minute') as resolution,
    round(count(minutes.distance_m) / count(*), 6) as coverage_share
from timeline.minutes
group by minutes.subject, minutes.local_date
having count(minutes.distance_m) > 0
