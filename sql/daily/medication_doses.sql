-- Doses of medication
--
-- Doses of pain medication taken on the day, as written in the diary.
-- name: doses of pain medication
-- family: diary
-- unit: doses
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary tells it
-- missing: no row where the diary leaves it blank; 0 where the diary says none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    'medication_doses' as metric,
    diary.medication_doses as value,
    'doses' as unit,
    'diary' as source,
    'day' as resolution,
    cast(null as double) as coverage_share
from stg.diary
where diary.medication_doses is not null
