-- Stages of sleep, without duplicates
--
-- The pieces of stg.stage_reports that are kept.
-- grain: subject, source, session_key, start_utc
select
    stage_reports.subject,
    stage_reports.source,
    stage_reports.session_key,
    stage_reports.start_utc,
    stage_reports.end_utc,
    stage_reports.stage

from stg.stage_reports

where stage_reports.fate = 'kept'
