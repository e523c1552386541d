-- What was erased on request
--
-- Contents are not read again, should they stay in the inbox or come back; nobody can tell from here what they were.
-- grain: name
create table raw.forgotten (
    name varchar not null -- keyed hash of a person and a content, or of a person of whom everything was erased
);
