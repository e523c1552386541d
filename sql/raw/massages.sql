-- Rows of massage logs
--
-- One row of a log as it stands now; the log's path names it, its present content replaces the former.
-- grain: subject, path, place
create table raw.massages (
    subject varchar not null, -- person
    path varchar not null, -- the log, relative to the inbox
    place varchar not null, -- where in the log
    origin varchar not null, -- the reader's name
    local_date date not null, -- date of the massage
    start_local timestamp, -- wall clock; NULL = not reported
    start_utc timestamp, -- only where the log itself has a time zone
    massage_min double, -- minutes; NULL = not reported
    technique varchar, -- as reported
    pressure double, -- 1-5
    areas varchar, -- as reported
    muscles varchar, -- as reported
    therapist varchar, -- as reported
    status varchar not null, -- 'attended', 'cancelled', 'no-show'
    pain_before double, -- 0-10
    pain_after double, -- 0-10
    cause varchar, -- as reported
    note varchar, -- as reported
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
