-- Thresholds of validity
--
-- From recovery.toml, or their defaults.
-- grain: name
create table raw.validity (
    name varchar not null, -- e.g. 'min_worn_waking_min'
    value double not null -- in the unit the name says
);
