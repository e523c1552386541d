-- Stages of sleep, without duplicates
--
-- A session is taken whole from one delivery: the newest export, then the highest delivery. Where two stages of a
-- session overlap, the one that began later holds while it lasts, then the shorter (a short wake inside a long light
-- sleep).
-- grain: subject, source, session_key, start_utc
with deliveries as (
    select distinct
        timed_stages.subject,
        timed_stages.source,
        timed_stages.session_key,
        timed_stages.delivery
    from stg.timed_stages
    qualify row_number() over (
        partition by timed_stages.subject, timed_stages.source, timed_stages.session_key
        order by timed_stages.exported_utc desc nulls last, timed_stages.delivery desc
    ) = 1
),

stages as (
    select distinct
        timed_stages.subject,
        timed_stages.source,
        timed_stages.session_key,
        timed_stages.start_utc,
        timed_stages.end_utc,
        timed_stages.stage
    from stg.timed_stages
    inner join deliveries
        on
            timed_stages.subject = deliveries.subject
            and timed_stages.source = deliveries.source
            and timed_stages.session_key = deliveries.session_key
            and timed_stages.delivery = deliveries.delivery
    where timed_stages.end_utc > timed_stages.start_utc
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
)

select
    pieces.subject,
    pieces.source,
    pieces.session_key,
    pieces.start_utc,
    pieces.end_utc,
    stages.stage

from pieces

inner join stages
    on
        pieces.subject = stages.subject
        and pieces.source = stages.source
        and pieces.session_key = stages.session_key
        and pieces.start_utc >= stages.start_utc
        and pieces.end_utc <= stages.end_utc

qualify row_number() over (
    partition by pieces.subject, pieces.source, pieces.session_key, pieces.start_utc
    order by stages.start_utc desc, stages.end_utc asc, stages.stage asc
) = 1
