-- Hours of bed rest
--
-- Hours spent resting in bed on the day, besides the night, as written in the diary.
-- family: diary
-- unit: h
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary tells it
-- missing: no row where the diary leaves it blank; 0 where the diary says none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    'bed_rest_hours' as metric,
    diary.bed_rest_hours as value,
    'h' as unit,
    'diary' as source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.diary
where diary.bed_rest_hours is not null
