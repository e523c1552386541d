-- Measured numbers
--
-- One number at an instant (end_utc = start_utc) or over an interval [start_utc, end_utc), as a reader yielded it.
-- grain: none; the same measurement comes again with every overlapping delivery, stg.samples removes the duplicates
create table raw.samples (
    subject varchar not null, -- person
    source varchar not null, -- device or app, e.g. 'garmin:3923699838'
    metric varchar not null, -- a name of records.SAMPLE_METRICS
    start_utc timestamp not null, -- UTC
    end_utc timestamp not null, -- UTC
    value double not null, -- in the unit the metric's name says
    tz_assumed boolean, -- the source reports local time without an offset; NULL = it reports UTC
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date; of several reports of a value the newest is selected
);
