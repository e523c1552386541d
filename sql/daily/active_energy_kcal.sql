-- Energy of movement
--
-- Kilocalories spent on movement on the local day, without what the body needs at rest, as the device works them
-- out. The sum over the day's minutes, of the source selected for each. Where no minute of the date has one, the
-- source's total of the day.
-- family: movement
-- unit: kcal
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with a record of energy of movement
-- missing: no row where no source reports energy of movement; 0 where a source reports none
-- day values: yes
-- source: the source selected for each minute (timeline.minutes); sources are never added up
select
    minutes.subject,
    minutes.local_date,
    round(fsum(minutes.active_energy_kcal), 6) as value,
    string_agg(distinct minutes.source, ', ' order by minutes.source)
    filter (where minutes.active_energy_kcal is not null) as source,
    if(bool_or(minutes.is_coarse and minutes.active_energy_kcal > 0), 'interval', 'minute') as resolution,
    round(count(minutes.active_energy_kcal) / count(*), 6) as coverage_share
from timeline.minutes
group by minutes.subject, minutes.local_date
having count(minutes.active_energy_kcal) > 0
