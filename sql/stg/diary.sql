-- Diary
--
-- One row per day. Of several reports of a day the one with more fields is selected as a whole, then the higher
-- delivery; within one diary the later row (stg.diary_reports).
-- grain: subject, local_date
-- missing: NULL = not reported, 0 = none
-- kept: yes
select
    diary_reports.subject,
    diary_reports.local_date,
    diary_reports.pain,
    diary_reports.pain_morning,
    diary_reports.pain_afternoon,
    diary_reports.medication,
    diary_reports.medication_doses,
    diary_reports.bed_rest_hours,
    diary_reports.doctor_visits,
    diary_reports.mood,
    diary_reports.could_do_daily_activities,
    diary_reports.other_treatment,
    diary_reports.day_off,
    diary_reports.illness,
    diary_reports.travel,
    diary_reports.note,
    diary_reports.origin,
    diary_reports.path,
    diary_reports.place

from stg.diary_reports

where diary_reports.report_rank = 1
