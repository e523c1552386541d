-- Visits to a doctor
--
-- Visits to a doctor on the day, as written in the diary.
-- family: diary
-- unit: visits
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary reports it
-- missing: no row where the diary leaves it blank; 0 where the diary reports none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    diary.doctor_visits as value,
    'diary' as source,
    'day' as resolution,
    null as coverage_share
from stg.diary
where diary.doctor_visits is not null
