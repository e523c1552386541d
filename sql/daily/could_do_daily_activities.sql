-- Could do daily activities
--
-- Whether the person could do their daily activities on the day, as written in the diary. 1 is yes, 0 is no.
-- name: days on which you could do your daily activities
-- family: diary
-- unit: yes/no
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary reports it
-- missing: no row where the diary leaves it blank; 0 where the diary reports none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    diary.could_do_daily_activities as value,
    'diary' as source,
    'day' as resolution,
    null as coverage_share
from stg.diary
where diary.could_do_daily_activities is not null
