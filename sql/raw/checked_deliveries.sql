-- Contents whose records were checked
--
-- What is not here is incoming: its records are checked by the next run, whichever way they were read.
-- grain: subject, delivery, reader_version, zones
create table raw.checked_deliveries (
    subject varchar not null, -- person
    delivery ubigint not null, -- first 64 bits of the content's SHA-256
    reader_version integer, -- version of the reader that read it
    zones varchar -- the home zone and travel it was read with, hashed
);
