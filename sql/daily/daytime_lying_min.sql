-- Time lying in bed by day
--
-- Minutes in bed, asleep or awake, between 9 in the morning and 9 in the evening of the local day, from records of
-- the time in bed (a mattress sensor, a phone's bed time, a sleep diary). On a date without one, the bed rest that
-- the diary reports. The wrist cannot see lying, so what a watch takes for stillness is never used.
-- name: lying in bed by day
-- family: rest
-- unit: min
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date with an in-bed record or the diary's bed rest
-- missing: no row without either; 0 is recorded and none
-- source: the in-bed record of the selected source (stg.nights), else the diary
select
    daytime_lying.subject,
    daytime_lying.local_date,
    coalesce(daytime_lying.recorded_min, daytime_lying.diary_min) as value,
    coalesce(daytime_lying.source, 'diary') as source,
    if(daytime_lying.recorded_min is null, 'day', 'interval') as resolution,
    null as coverage_share
from stg.daytime_lying
