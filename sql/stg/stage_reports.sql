-- Stages of sleep as reported, and what became of each
--
-- A session is taken whole from one delivery: the newest export, then the highest delivery. Where two stages of a
-- session overlap, the one that began later holds while it lasts, then the shorter (a short wake inside a long light
-- sleep).
-- fate: kept, a piece of a stage; cut, a piece whose time another stage of the session holds; same, a stage of another
-- delivery of the session, or told twice.
-- grain: none; kept are one per subject, source, session_key and start_utc
-- source: every source for itself
with numbered as (
    select
        timed_stages.subject,
        timed_stages.source,
        timed_stages.session_key,
        timed_stages.start_utc,
        timed_stages.end_utc,
        timed_stages.stage,
        timed_stages.delivery = first_value(timed_stages.delivery) over (
            partition by timed_stages.subject, timed_stages.source, timed_stages.session_key
            order by timed_stages.exported_utc desc nulls last, timed_stages.delivery desc
        ) as is_of_newest,
        row_number() over (
            partition by
                timed_stages.subject,
                timed_stages.source,
                timed_stages.session_key,
                timed_stages.delivery,
                timed_stages.start_utc,
                timed_stages.end_utc,
                timed_stages.stage
        ) as copy_number
    from stg.timed_stages
    where timed_stages.end_utc > timed_stages.start_utc
),

stages as (
    select numbered.*
    from numbered
    where numbered.is_of_newest and numbered.copy_number = 1
),

edges as (
    select
        stages.subject,
        stages.source,
        stages.session_key,
        stages.start_utc
    from stages
    union
    select
        stages.subject,
        stages.source,
        stages.session_key,
        stages.end_utc as start_utc
    from stages
),

pieces as (
    select
        edges.*,
        lead(edges.start_utc) over (
            partition by edges.subject, edges.source, edges.session_key order by edges.start_utc
        ) as end_utc
    from edges
),

placed as (
    select
        pieces.*,
        stages.stage,
        row_number() over (
            partition by pieces.subject, pieces.source, pieces.session_key, pieces.start_utc
            order by stages.start_utc desc, stages.end_utc asc, stages.stage asc
        ) as place
    from pieces
    inner join stages
        on
            pieces.subject = stages.subject
            and pieces.source = stages.source
            and pieces.session_key = stages.session_key
            and pieces.start_utc >= stages.start_utc
            and pieces.end_utc <= stages.end_utc
)

select
    placed.subject,
    placed.source,
    placed.session_key,
    placed.start_utc,
    placed.end_utc,
    placed.stage,
    if(placed.place = 1, 'kept', 'cut') as fate

from placed

union all

select
    numbered.subject,
    numbered.source,
    numbered.session_key,
    numbered.start_utc,
    numbered.end_utc,
    numbered.stage,
    'same' as fate

from numbered

where not numbered.is_of_newest or numbered.copy_number > 1
