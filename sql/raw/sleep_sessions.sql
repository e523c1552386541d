-- Told nights and naps
--
-- One night or nap as the source tells it.
-- grain: none; the same night comes again with every overlapping delivery, stg.nights settles that
create table raw.sleep_sessions (
    subject varchar not null, -- person
    source varchar not null, -- device or app
    session_key varchar not null, -- the source's name of the session
    start_utc timestamp not null, -- UTC
    end_utc timestamp not null, -- UTC
    kind varchar, -- 'main', 'nap'; NULL = not told
    tz_assumed boolean not null, -- the source told local time without an offset
    asleep_min double, -- as the source says; NULL = not told
    awake_min double, -- as the source says; NULL = not told
    latency_min double, -- as the source says; NULL = not told
    after_wake_min double, -- in bed after the last sleep, as the source says; NULL = not told
    is_in_bed_recorded boolean, -- start and end are of the time in bed
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
