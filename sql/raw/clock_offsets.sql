-- Reported clock offsets
--
-- The offset of a source's local clock from UTC, as it reports it at one instant.
-- grain: none; see stg.clock_offsets
create table raw.clock_offsets (
    subject varchar not null, -- person
    source varchar not null, -- device
    time_utc timestamp not null, -- UTC
    offset_s integer not null, -- local clock less UTC in seconds, exact
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
