-- Mood
--
-- Mood of the day as the person wrote it in the diary, from 1 (very low) to 5 (very good). Where the diary has
-- none, the mean of the moods that the person rated in an app on this date.
-- family: diary
-- unit: points
-- better: up
-- smallest worthwhile change: none
-- counted by: day
-- grain: one row per subject and local_date on which the diary or an app reports it
-- missing: no row where the diary leaves it blank and no app has one
-- day values: yes
-- source: the diary, else the app
select
    diary.subject,
    diary.local_date,
    diary.mood as value,
    'diary' as source,
    'day' as resolution,
    null as coverage_share
from stg.diary
where diary.mood is not null
