-- Until when the days of each source are complete
--
-- A file that is written during a day knows a part of it, and nothing in its numbers says so. A date of a source is
-- complete once it has a record of a later date, or an export that says itself that it was made on a later one. So
-- only the last date of a source can be incomplete, and the next delivery completes it. The time of change of a file
-- does not count: a copy has a new one. An export's date counts by the local clock or by UTC, whichever is earlier,
-- since some stand in names as a date only. Recorded activities are whole when they are exported, so that sources of
-- nothing else (GPX, TCX, Strava) are not here, nor those of nothing but sleep.
-- last_date: the newest date with a record. last_complete_date: the newest complete date.
-- grain: one row per subject and source
-- missing: exported_utc is NULL where no export of the newest records tells its date
-- source: stg.source_days
with ends as (
    select
        source_days.subject,
        source_days.source,
        max(source_days.local_date) as last_date,
        max(source_days.last_record_utc) as last_record_utc,
        -- exports of the last records only: what an old record says of its export does not concern the last day
        arg_max(source_days.exported_utc, source_days.local_date) as exported_utc,
        arg_max(source_days.exported_date, source_days.local_date) as exported_date
    from stg.source_days
    where not regexp_matches(source_days.source, '^(gpx|strava|tcx)(:|$)')
    group by source_days.subject, source_days.source
    having bool_or(not source_days.is_sleep_only)
)

select
    ends.subject,
    ends.source,
    ends.last_date,
    ends.last_record_utc,
    ends.exported_utc,
    greatest(ends.last_date, coalesce(ends.exported_date, ends.last_date)) - 1 as last_complete_date
from ends
