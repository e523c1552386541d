-- From when on logs are complete
--
-- log_complete_from of recovery.toml, for the logs that it names.
-- grain: subject, path
create table raw.log_starts (
    subject varchar not null, -- person
    path varchar not null, -- the log, relative to the inbox
    complete_from date not null -- no entry means no massage from this date on
);
