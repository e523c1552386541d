-- Offsets of the home zone and of travel
--
-- Written anew from recovery.toml at each run by clock.py: the offset between two changes of the clock.
-- grain: subject, start_utc
create table raw.zone_offsets (
    subject varchar not null, -- person
    start_utc timestamp not null, -- UTC
    end_utc timestamp not null, -- UTC, exclusive
    offset_min integer not null, -- local less UTC
    is_travel boolean not null -- from [travel]: overrides what a device reports
);
