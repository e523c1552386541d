-- Doses of medication
--
-- Doses of pain medication taken on the day, as written in the diary.
-- name: doses of pain medication
-- family: diary
-- unit: doses
-- better: down
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary reports it
-- missing: no row where the diary leaves it blank; 0 where the diary reports none
-- source: the diary
select
    diary.subject,
    diary.local_date,
    diary.medication_doses as value,
    'diary' as source,
    'day' as resolution,
    null as coverage_share
from stg.diary
where diary.medication_doses is not null
