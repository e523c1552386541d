-- Massages
--
-- One row per massage, after several tellings of it are settled (stg.massage_tellings). Where the telling that
-- counts has no start, the start is that of the other telling. A cancelled massage or a no-show keeps its row and
-- status, but is no
-- massage: ordinal counts the attended of a date by start, untimed ones last, and the others apart from them.
-- massage_id: subject, date, start on the wall clock or 'untimed', for one not attended its status, ordinal.
-- grain: subject, massage_id
-- kept: yes
with massages as (
    select
        massage_tellings.*,
        coalesce(massage_tellings.start_local, massage_tellings.first_start_local) as settled_local,
        coalesce(massage_tellings.start_utc, massage_tellings.first_start_utc) as settled_utc
    from stg.massage_tellings
    where massage_tellings.telling = 1
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
