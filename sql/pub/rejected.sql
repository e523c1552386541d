-- What was rejected, and why
--
-- Rows and files that could not be read or that a check refused, and rows of massage logs and diaries that another
-- report of the same massage or day supersedes.
-- grain: one row per path, place and reason
-- missing: place is NULL where the whole file was rejected
-- source: the inbox and the checks
select
    rejected.subject,
    rejected.path,
    rejected.place,
    rejected.reason,
    rejected.value
from raw.rejected

union all

select
    massages_superseded.subject,
    massages_superseded.path,
    massages_superseded.place,
    massages_superseded.reason,
    cast(massages_superseded.local_date as varchar) as value
from stg.massages_superseded

union all

select
    diary_superseded.subject,
    diary_superseded.path,
    diary_superseded.place,
    diary_superseded.reason,
    cast(diary_superseded.local_date as varchar) as value
from stg.diary_superseded

order by path, place, reason, value
