-- Reported nights and naps
--
-- One night or nap as the source reports it.
-- grain: none; the same night comes again with every overlapping delivery, stg.sleep_sessions removes the duplicates
create table raw.sleep_sessions (
    subject varchar not null, -- person
    source varchar not null, -- device or app
    session_key varchar not null, -- the source's name of the session
    start_utc timestamp not null, -- UTC
    end_utc timestamp not null, -- UTC
    kind varchar, -- 'main', 'nap'; NULL = not reported
    tz_assumed boolean not null, -- the source reports local time without an offset
    asleep_min double, -- as the source reports; NULL = not reported
    awake_min double, -- as the source reports; NULL = not reported
    latency_min double, -- as the source reports; NULL = not reported
    after_wake_min double, -- in bed after the last sleep, as the source reports; NULL = not reported
    is_in_bed_recorded boolean, -- start and end are of the time in bed
    reported_start_local timestamp, -- local time as the source reports it without an offset; NULL = it reports UTC
    reported_end_local timestamp, -- the same of the end
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
