-- Values of whole days
--
-- What a vendor reports for a calendar date: its own total, or a value it gives by date only.
-- grain: none; see stg.day_values
create table raw.day_values (
    subject varchar not null, -- person
    source varchar not null, -- device or app
    local_date date not null, -- the vendor's date
    metric varchar not null, -- a metric of the contract
    value double not null, -- in the metric's unit
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
