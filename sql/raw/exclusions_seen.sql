-- Excluded days of each person, and since when
--
-- Looks of a date count all days but those that were excluded by then, so that nobody excludes bad days after having
-- looked. A row is added when a run finds other excluded days than before, also none; of several on one date the last
-- one stays.
-- grain: subject, first_date
create table raw.exclusions_seen (
    subject varchar not null, -- person
    days date[] not null, -- all days that are excluded from then on
    first_date date -- of the run that first found them; NULL = since this is recorded of the person
);
