-- Diary
--
-- One row per day. Of two tellings of a day the one with more fields told counts as a whole, then the higher
-- delivery; within one diary the later row.
-- grain: subject, local_date
-- missing: NULL = not told, 0 = none
-- kept: yes
select
    diary_tellings.subject,
    diary_tellings.local_date,
    diary_tellings.pain,
    diary_tellings.pain_morning,
    diary_tellings.medication,
    diary_tellings.medication_doses,
    diary_tellings.bed_rest_hours,
    diary_tellings.doctor_visits,
    diary_tellings.mood,
    diary_tellings.could_do_daily_activities,
    diary_tellings.note,
    diary_tellings.origin,
    diary_tellings.path,
    diary_tellings.place

from stg.diary_tellings

where diary_tellings.telling = 1
