-- Recorded activities
--
-- A walk, a ride, a run that the person or the device recorded.
-- grain: none; see stg.activities
create table raw.activities (
    subject varchar not null, -- person
    source varchar not null, -- device or app
    start_utc timestamp not null, -- UTC
    end_utc timestamp not null, -- UTC
    sport varchar, -- as the source names it
    steps double, -- steps; NULL = not reported
    distance_m double, -- metres; NULL = not reported
    active_energy_kcal double, -- kilocalories; NULL = not reported
    tz_assumed boolean, -- the source reports local time without an offset; NULL = it reports UTC
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
