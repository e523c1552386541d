-- Stages of sleep, without duplicates
--
-- A session is taken whole from one delivery: the newest export, then the highest delivery. Where two stages of a
-- session overlap, the one that began later holds while it lasts, then the shorter (a short wake inside a long light
-- sleep).
-- grain: subject, source, session_key, start_utc
with deliveries as (
    select distinct
        sleep_stages.subject,
        sleep_stages.source,
        sleep_stages.session_key,
        sleep_stages.delivery
    from raw.sleep_stages
    qualify row_number() over (
        partition by sleep_stages.subject, sleep_stages.source, sleep_stages.session_key
        order by sleep_stages.exported_utc desc nulls last, sleep_stages.delivery desc
    ) = 1
),

stages as (
    select distinct
        sleep_stages.subject,
        sleep_stages.source,
        sleep_stages.session_key,
        sleep_stages.start_utc,
        sleep_stages.end_utc,
        sleep_stages.stage
    from raw.sleep_stages
    inner join deliveries
        on
            sleep_stages.subject = deliveries.subject
            and sleep_stages.source = deliveries.source
            and sleep_stages.session_key = deliveries.session_key
            and sleep_stages.delivery = deliveries.delivery
    where sleep_stages.end_utc > sleep_stages.start_utc
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
