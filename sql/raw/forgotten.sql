-- Contents erased on request
--
-- They are not read again, should they stay in the inbox or come back.
-- grain: subject, sha256
create table raw.forgotten (
    subject varchar not null, -- person
    sha256 varchar not null -- of the content
);
