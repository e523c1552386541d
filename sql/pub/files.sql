-- Receipts of the dropped files
--
-- One row per dropped file and per member of an archive, with what became of it in plain words.
-- grain: one row per path
-- missing: NULL where it does not apply
-- kept: no
-- source: the inbox
select
    files.path,
    files.sha256,
    files.bytes,
    files.format,
    files.subject,
    case when files.waiting_message is null then files.status else 'waiting' end as status,
    files.rows,
    files.first_utc,
    files.last_utc,
    files.exported_utc,
    coalesce(files.waiting_message, files.message) as message,
    case when files.status in ('loaded', 'partial') then files.asked end as asked
from raw.files
