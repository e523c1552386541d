-- The diary
--
-- One row a day of the diary.
-- grain: one row per subject and local_date
-- missing: NULL = not reported; 0 = none
-- source: the diaries; of two reports of a day the one with more fields, see the relation rejected
select
    diary.subject,
    diary.local_date,
    diary.pain,
    diary.pain_morning,
    diary.pain_afternoon,
    diary.medication,
    diary.medication_doses,
    diary.bed_rest_hours,
    diary.doctor_visits,
    diary.mood,
    diary.could_do_daily_activities,
    diary.other_treatment,
    diary.day_off,
    diary.illness,
    diary.travel,
    diary.note
from stg.diary
order by diary.subject, diary.local_date
