-- Day in bed
--
-- Whether the person spent at least half of the day (6 of the 12 hours from 9 in the morning to 9 in the evening) in
-- bed. 1 is yes, 0 is no. The diary's bed rest of 6 hours or more counts; where the diary reports nothing, 6 hours of
-- these 12 in records of the time in bed. The wrist cannot see lying, so what a watch takes for stillness is never
-- used.
-- name: days spent mostly in bed
-- family: rest
-- unit: yes/no
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with the diary's bed rest or an in-bed record
-- missing: no row without either
-- source: the diary, else the in-bed record of the selected source (stg.nights)
select
    daytime_lying.subject,
    daytime_lying.local_date,
    coalesce(daytime_lying.diary_min, daytime_lying.recorded_min) >= 360 as value,
    if(daytime_lying.diary_min is null, daytime_lying.source, 'diary') as source,
    if(daytime_lying.diary_min is null, 'interval', 'day') as resolution,
    null as coverage_share
from stg.daytime_lying
