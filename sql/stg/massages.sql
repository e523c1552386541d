-- Massages
--
-- One row per massage, made of the selected report (stg.massage_reports). Where this one has no start, the start of
-- another report is used. A cancelled massage or a no-show keeps its row and status, but is no massage: ordinal
-- counts the attended ones of a date by start, those without a start last, and the others apart from them.
-- massage_id: subject, date, start on the wall clock or 'untimed', status where not attended, ordinal.
-- grain: subject, massage_id
-- kept: yes
with massages as (
    select
        massage_reports.*,
        coalesce(massage_reports.start_local, massage_reports.first_start_local) as settled_local,
        coalesce(massage_reports.start_utc, massage_reports.first_start_utc) as settled_utc
    from stg.massage_reports
    where massage_reports.report_rank = 1
),

counted as (
    select
        massages.*,
        row_number() over (
            partition by massages.subject, massages.local_date, massages.status = 'attended'
            order by massages.settled_utc asc nulls last, massages.bundle asc
        ) as ordinal
    from massages
)

select
    counted.subject,
    concat_ws(
        '_',
        counted.subject,
        cast(counted.local_date as varchar),
        coalesce(strftime(counted.settled_local, '%H%M'), 'untimed'),
        nullif(counted.status, 'attended'),
        counted.ordinal
    ) as massage_id,
    counted.local_date,
    cast(counted.ordinal as integer) as ordinal,
    counted.settled_utc as start_utc,
    counted.settled_utc + to_seconds(cast(round(60 * counted.massage_min) as integer)) as end_utc,
    counted.settled_local as start_local,
    counted.massage_min,
    counted.technique,
    counted.pressure,
    counted.areas,
    counted.muscles,
    counted.therapist,
    counted.status,
    counted.pain_before,
    counted.pain_after,
    counted.cause,
    counted.note,
    counted.origin,
    counted.path,
    counted.place

from counted
