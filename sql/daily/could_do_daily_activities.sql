-- Could do daily activities
--
-- Whether the person could do their daily activities on the day, as written in the diary. 1 is yes, 0 is no.
-- name: days on which you could do your daily activities
-- family: diary
-- unit: yes/no
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary tells it
-- missing: no row where the diary leaves it blank; 0 where the diary says none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    'could_do_daily_activities' as metric,
    diary.could_do_daily_activities as value,
    'yes/no' as unit,
    'diary' as source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.diary
where diary.could_do_daily_activities is not null
