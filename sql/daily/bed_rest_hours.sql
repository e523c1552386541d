-- Hours of bed rest
--
-- Hours spent resting in bed on the day, besides the night, as written in the diary.
-- family: diary
-- unit: h
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary reports it
-- missing: no row where the diary leaves it blank; 0 where the diary reports none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    diary.bed_rest_hours as value,
    'diary' as source,
    'day' as resolution,
    null as coverage_share
from stg.diary
where diary.bed_rest_hours is not null
