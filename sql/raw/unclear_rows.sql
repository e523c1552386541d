-- Rows of massage logs that could not be read
--
-- On one of these dates there may have been a massage, and nobody knows: no date of them is a day without one. A log's
-- present content replaces the former.
-- grain: subject, path, place
create table raw.unclear_rows (
    subject varchar, -- person; NULL = anybody of whom the log speaks
    path varchar not null, -- the log, relative to the inbox
    place varchar, -- where in the log
    reason varchar not null, -- why it could not be read
    first_date date, -- the row lies on this date or later; NULL = no bound but the log's own
    last_date date -- and on this date or earlier; NULL = no bound but the log's own
);
