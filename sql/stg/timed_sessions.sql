-- Reported nights and naps at the person's time
--
-- As raw.sleep_sessions, with the UTC of stg.timed_samples. shift_s: by how many seconds it was moved.
-- grain: none, as raw.sleep_sessions
-- kept: view
select
    sleep_sessions.subject,
    sleep_sessions.source,
    sleep_sessions.session_key,
    case
        when source_clocks.shift_s is null then sleep_sessions.start_utc
        else sleep_sessions.start_utc + to_seconds(source_clocks.shift_s)
    end as start_utc,
    case
        when source_clocks.shift_s is null then sleep_sessions.end_utc
        else sleep_sessions.end_utc + to_seconds(source_clocks.shift_s)
    end as end_utc,
    sleep_sessions.reported_start_local,
    sleep_sessions.reported_end_local,
    sleep_sessions.kind,
    sleep_sessions.tz_assumed,
    sleep_sessions.asleep_min,
    sleep_sessions.awake_min,
    sleep_sessions.latency_min,
    sleep_sessions.after_wake_min,
    sleep_sessions.is_in_bed_recorded,
    sleep_sessions.delivery,
    sleep_sessions.exported_utc,
    coalesce(source_clocks.shift_s, 0) as shift_s

from raw.sleep_sessions

left join stg.source_clocks
    on
        sleep_sessions.subject = source_clocks.subject
        and if(sleep_sessions.reported_start_local is null, sleep_sessions.source, '') = source_clocks.source
        and sleep_sessions.start_utc >= source_clocks.start_utc
        and sleep_sessions.start_utc < source_clocks.end_utc
