-- Contents whose records are here
--
-- All contents that were ever read, also those whose path now holds another content, so that they can be explained and
-- forgotten.
-- grain: subject, sha256
create table raw.deliveries (
    subject varchar not null, -- person
    sha256 varchar not null, -- of the content
    delivery ubigint not null, -- first 64 bits of sha256, as in the tables of records
    path varchar not null, -- where it was read, relative to the inbox
    format varchar not null, -- the reader's name
    exported_utc timestamp -- the export's own date as the file tells it; NULL = it does not
);
