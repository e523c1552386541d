-- Reported stages of sleep at the person's time
--
-- As raw.sleep_stages; a stage moves as its session does (stg.timed_sessions).
-- grain: none, as raw.sleep_stages
-- kept: view
with moved as (
    select
        timed_sessions.subject,
        timed_sessions.source,
        timed_sessions.session_key,
        timed_sessions.delivery,
        max(timed_sessions.shift_s) as shift_s
    from stg.timed_sessions
    where timed_sessions.shift_s <> 0
    group by
        timed_sessions.subject, timed_sessions.source, timed_sessions.session_key, timed_sessions.delivery
)

select
    sleep_stages.subject,
    sleep_stages.source,
    sleep_stages.session_key,
    case
        when moved.shift_s is null then sleep_stages.start_utc
        else sleep_stages.start_utc + to_seconds(moved.shift_s)
    end as start_utc,
    case
        when moved.shift_s is null then sleep_stages.end_utc
        else sleep_stages.end_utc + to_seconds(moved.shift_s)
    end as end_utc,
    sleep_stages.stage,
    sleep_stages.delivery,
    sleep_stages.exported_utc

from raw.sleep_stages

left join moved
    on
        sleep_stages.subject = moved.subject
        and sleep_stages.source = moved.source
        and sleep_stages.session_key = moved.session_key
        and sleep_stages.delivery = moved.delivery
