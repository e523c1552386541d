-- Settings that answers depend on, and since when
--
-- A change counts from its date, so that nobody names a main number after having looked. A row is added when a run
-- finds another value than before; none is changed.
-- grain: kind, name, first_date
create table raw.settings_seen (
    kind varchar not null, -- main, primary, goal
    name varchar not null, -- family of a primary, metric of a goal; '' of main
    value varchar, -- NULL = not set any more
    first_date date -- of the run that first found it; NULL = since this is recorded
);
