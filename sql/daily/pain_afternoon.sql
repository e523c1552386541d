-- Pain in the afternoon
--
-- Pain in the afternoon, at about 16:00 and before any massage of the day, as written in the diary, 0 (none) to 10
-- (worst). It may be told on some days only, drawn at random, and on all days with a massage later on.
-- family: diary
-- unit: points
-- better: down
-- smallest worthwhile change: 2 (points of 10, Ostelo 2008; of a person 30 % of the usual pain, 0.5 to 2)
-- counted by: day
-- grain: one row per subject and local_date on which the diary reports it
-- missing: no row where the diary leaves it blank; 0 where the diary reports none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    diary.pain_afternoon as value,
    'diary' as source,
    'day' as resolution,
    null as coverage_share
from stg.diary
where diary.pain_afternoon is not null
