-- Runs of the job
--
-- One row per run.
-- grain: one row per run_id
-- missing: seconds is NULL for a run that did not finish
-- source: the job itself
select
    runs.run_id,
    runs.started_utc,
    runs.seconds,
    runs.status,
    runs.files_new,
    runs.rows_new,
    runs.version
from raw.runs
order by runs.started_utc, runs.run_id
