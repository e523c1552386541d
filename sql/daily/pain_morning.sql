-- Pain in the morning
--
-- Pain on the morning of the day, before anything was done about it, as written in the diary, 0 (none) to 10
-- (worst).
-- family: diary
-- unit: points
-- better: down
-- smallest worthwhile change: 2 (points of 10; Ostelo 2008: 2 points or 30 %)
-- counted by: day
-- grain: one row per subject and local_date on which the diary tells it
-- missing: no row where the diary leaves it blank; 0 where the diary says none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    'pain_morning' as metric,
    diary.pain_morning as value,
    'points' as unit,
    'diary' as source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.diary
where diary.pain_morning is not null
