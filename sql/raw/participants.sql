-- Who takes part
--
-- From recovery.toml: everybody it names, and the owner.
-- grain: subject
create table raw.participants (
    subject varchar not null, -- person
    is_listed boolean not null, -- whether recovery.toml names the person; the owner need not be
    arm varchar, -- of a study; NULL = none told
    subgroup varchar, -- what the person is counted with beside the arm; NULL = none told
    time_zone varchar not null -- IANA name of the home's zone
);
