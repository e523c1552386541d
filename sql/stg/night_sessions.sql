-- The night that a session of sleep belongs to
--
-- Sessions of one source less than an hour apart are one night, unless the source calls one the main sleep and the
-- other a nap. night_utc, the start of the first session, identifies the night.
-- grain: subject, source, session_key
with with_before as (
    select
        sleep_sessions.subject,
        sleep_sessions.source,
        sleep_sessions.session_key,
        sleep_sessions.start_utc,
        sleep_sessions.end_utc,
        lag(sleep_sessions.end_utc) over of_subject as ended_before_utc,
        lag(sleep_sessions.source) over of_subject as source_before,
        coalesce(sleep_sessions.kind, 'unknown') as kind,
        coalesce(lag(sleep_sessions.kind) over of_subject, 'unknown') as kind_before
    from stg.sleep_sessions
    window of_subject as (
        partition by sleep_sessions.subject order by sleep_sessions.start_utc, sleep_sessions.session_key
    )
),

with_first as (
    select
        with_before.*,
        with_before.ended_before_utc is null
        or with_before.start_utc >= with_before.ended_before_utc + interval 1 hour
        or with_before.source <> with_before.source_before
        or least(with_before.kind, with_before.kind_before) || greatest(with_before.kind, with_before.kind_before)
        = 'mainnap' as is_first
    from with_before
)

select
    with_first.subject,
    with_first.source,
    with_first.session_key,
    max(with_first.start_utc) filter (where with_first.is_first) over (
        partition by with_first.subject
        order by with_first.start_utc, with_first.session_key
        rows between unbounded preceding and current row
    ) as night_utc,
    with_first.start_utc,
    with_first.end_utc

from with_first
