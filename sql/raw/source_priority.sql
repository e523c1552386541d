-- Priority of sources
--
-- From recovery.toml: of two sources with the same coverage the lower rank is selected.
-- grain: source
create table raw.source_priority (
    source varchar not null, -- a source, or its beginning before ':'
    rank integer not null -- 1 = first
);
