-- The massages
--
-- One row a massage of the logs, attended or not, each once however often it was logged.
-- grain: one row per subject and massage_id
-- missing: NULL = not in the log
-- source: the massage logs; of two reports the one with more fields, see the relation rejected
select
    massages.subject,
    massages.massage_id, -- person, date, start and number of the massage
    massages.local_date,
    massages.ordinal, -- of the massages of the date
    massages.start_local,
    massages.start_utc,
    massages.end_utc,
    massages.massage_min,
    massages.technique,
    massages.pressure,
    massages.areas,
    massages.muscles,
    massages.therapist,
    massages.status,
    massages.pain_before,
    massages.pain_after,
    massages.cause,
    massages.note,
    massages.origin
from stg.massages
order by massages.subject, massages.local_date, massages.ordinal
