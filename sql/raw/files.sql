-- Receipts
--
-- One row per dropped file and per member of an archive.
-- grain: path
create table raw.files (
    path varchar not null, -- relative to the inbox, with /, members as a.zip!/dir/b.fit
    sha256 varchar, -- of the content; NULL = could not be read
    bytes ubigint, -- size
    mtime_ns bigint, -- of the dropped file; NULL for members
    format varchar, -- the reader's name; NULL = unrecognised
    reader_version integer, -- version of the reader that read it
    zones varchar, -- the home zone and travel it was read with, hashed; NULL = its reader does not use them
    subject varchar, -- person
    status varchar not null, -- loaded, partial, duplicate, ignored, unrecognised, rejected, waiting
    rows ubigint, -- records loaded
    first_utc timestamp, -- UTC, first record
    last_utc timestamp, -- UTC, last record
    exported_utc timestamp, -- the export's own date
    again_utc timestamp, -- UTC; refused as of the future, it is read again once the clock shows this
    message varchar, -- in plain words
    asked varchar, -- the sentences of message that its owner is to answer or look at; NULL = none
    waiting_message varchar, -- its newer content was still being written; NULL = it was not
    is_gone boolean not null default false -- a member that left its archive, whose data is kept
);
