-- Reported stages of sleep
--
-- One stretch [start_utc, end_utc) of one sleep session.
-- grain: none; see stg.sleep_stages
create table raw.sleep_stages (
    subject varchar not null, -- person
    source varchar not null, -- device or app
    session_key varchar not null, -- the source's name of the session
    start_utc timestamp not null, -- UTC
    end_utc timestamp not null, -- UTC
    stage varchar not null, -- a name of records.STAGES
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
