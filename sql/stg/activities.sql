-- Recorded activities, without duplicates
--
-- Those of stg.activity_reports that are kept. Activities are evidence of movement. Their steps and metres are mostly
-- in the device's totals already, so the timeline does not add them.
-- grain: subject, source, start_utc, end_utc
select
    activity_reports.subject,
    activity_reports.source,
    activity_reports.start_utc,
    activity_reports.end_utc,
    activity_reports.sport,
    activity_reports.steps,
    activity_reports.distance_m,
    activity_reports.active_energy_kcal

from stg.activity_reports

where activity_reports.fate = 'kept'
