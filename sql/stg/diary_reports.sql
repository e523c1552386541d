-- Rows of diaries, ranked within their day
--
-- report_rank: 1 = the selected row, the one with more fields, then the higher delivery.
-- grain: subject, path, place
select
    diary.subject,
    diary.local_date,
    diary.path,
    diary.place,
    diary.origin,
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
    diary.note,
    row_number() over (
        partition by diary.subject, diary.local_date
        order by
            (diary.pain is not null)::integer
            + (diary.pain_morning is not null)::integer
            + (diary.pain_afternoon is not null)::integer
            + (diary.medication is not null)::integer
            + (diary.medication_doses is not null)::integer
            + (diary.bed_rest_hours is not null)::integer
            + (diary.doctor_visits is not null)::integer
            + (diary.mood is not null)::integer
            + (diary.could_do_daily_activities is not null)::integer
            + (diary.other_treatment is not null)::integer
            + (diary.day_off is not null)::integer
            + (diary.illness is not null)::integer
            + (diary.travel is not null)::integer
            + (diary.note is not null)::integer desc,
            diary.delivery desc,
            diary.path asc,
            length(diary.place) desc,
            diary.place desc
    ) as report_rank

from raw.diary
