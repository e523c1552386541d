-- Sessions of sleep, of the selected source
--
-- The sessions of stg.sleep_reports that are kept.
-- grain: subject, source, session_key
select
    sleep_reports.subject,
    sleep_reports.source,
    sleep_reports.session_key,
    sleep_reports.start_utc,
    sleep_reports.end_utc,
    sleep_reports.reported_start_local,
    sleep_reports.reported_end_local,
    sleep_reports.kind,
    sleep_reports.tz_assumed,
    sleep_reports.asleep_min,
    sleep_reports.awake_min,
    sleep_reports.latency_min,
    sleep_reports.after_wake_min,
    sleep_reports.is_in_bed_recorded,
    sleep_reports.is_lying_recorded,
    sleep_reports.has_levels,
    sleep_reports.has_stages,
    sleep_reports.is_told_by_source,
    sleep_reports.slept_min

from stg.sleep_reports

where sleep_reports.fate = 'kept'
