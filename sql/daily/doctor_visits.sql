-- Visits to a doctor
--
-- Visits to a doctor on the day, as written in the diary.
-- family: diary
-- unit: visits
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary tells it
-- missing: no row where the diary leaves it blank; 0 where the diary says none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    'doctor_visits' as metric,
    diary.doctor_visits as value,
    'visits' as unit,
    'diary' as source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.diary
where diary.doctor_visits is not null
