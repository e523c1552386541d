-- Logs that are now in the inbox
--
-- One row a log: the span it covers ("unlogged is not no").
-- grain: subject, path, kind
create table raw.logs (
    subject varchar not null, -- person
    path varchar not null, -- relative to the inbox
    kind varchar not null, -- 'massages', 'diary'
    complete_until date, -- log_complete_until of recovery.toml; NULL = up to the last entry
    delivery ubigint not null -- first 64 bits of the file's SHA-256
);
