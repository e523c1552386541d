-- Drawn trials
--
-- What `recovery plan-trial` drew and committed before the first week.
-- grain: subject, start_date
create table raw.trials (
    subject varchar not null, -- person
    start_date date not null, -- first date of the first week, and of the first hour set
    pairs integer not null, -- of blocks
    weeks_per_block integer not null, -- weeks
    weekday varchar not null, -- 'mon' to 'sun'
    start_time time not null, -- wall clock of time_zone
    time_zone varchar not null, -- IANA name
    massage_min integer not null, -- minutes
    primaries varchar not null, -- metrics declared in advance, separated by commas
    seed bigint not null, -- of the coins
    schedule_sha256 varchar not null, -- of schedule.json
    committed_utc timestamp not null, -- UTC
    goals varchar, -- JSON: change worth having of each declared metric, null where nobody set one; NULL in old plans
    excluded varchar -- JSON: dates of the trial that were excluded when it was drawn; NULL in old plans
);
