-- Rejected rows and files
--
-- Nothing is dropped without a row here.
-- grain: path, place, reason
create table raw.rejected (
    subject varchar, -- person
    path varchar not null, -- relative to the inbox; 'relation' for a failed check
    place varchar, -- row, record or field
    reason varchar not null, -- one sentence
    value varchar -- what stood there, cut to 200 characters
);
