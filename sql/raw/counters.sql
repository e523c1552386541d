-- Running totals
--
-- One reading of a total that a device restarts at its own midnight, per kind of activity.
-- grain: none; see stg.counter_intervals
create table raw.counters (
    subject varchar not null, -- person
    source varchar not null, -- device
    metric varchar not null, -- a name of records.COUNTER_METRICS
    activity varchar not null, -- the kind of activity the total is of
    time_utc timestamp not null, -- UTC, when it was read
    clock_offset_s integer, -- the device's own clock less UTC in seconds; NULL = not reported
    value double not null, -- the total so far of the device's day
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
