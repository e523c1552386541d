-- Numbers that were read and left out
--
-- What a reader, or the guard behind all of them, removed: of a size or a date that cannot be, or twice in one file.
-- grain: none; summed by delivery, source, metric, date, fate and reason
create table raw.removed (
    subject varchar not null, -- person
    source varchar, -- device or app; NULL = not known
    metric varchar not null, -- a name of records.SAMPLE_METRICS, or of a daily metric
    local_date date, -- the date of UTC, or the vendor's; NULL = not known
    fate varchar not null, -- a name of records.Fate
    reason varchar not null, -- in plain words
    records bigint not null, -- how many numbers these were
    amount double not null, -- their sum, of a metric that has sums
    delivery ubigint not null -- first 64 bits of the file's SHA-256
);
