-- Reported devices
--
-- A device and its firmware, as reported at one instant.
-- grain: none
create table raw.devices (
    subject varchar not null, -- person
    source varchar not null, -- device
    time_utc timestamp not null, -- UTC
    manufacturer varchar, -- as reported
    product varchar, -- as reported
    firmware varchar, -- as reported
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
