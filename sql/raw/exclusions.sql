-- Excluded days
--
-- From recovery.toml: days that are never valid, with the reason.
-- grain: subject, local_date
create table raw.exclusions (
    subject varchar not null, -- person
    local_date date not null, -- the day
    reason varchar not null -- illness, holiday, injury, other treatment, ...
);
