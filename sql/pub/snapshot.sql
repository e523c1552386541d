-- This snapshot
--
-- Which run published this file, when, and with which version of the program.
-- grain: one row
-- missing: no row where the file was not made by a run
-- source: the job itself
select
    runs.run_id,
    runs.started_utc,
    cast(null as timestamp) as published_utc, -- when it was put in place
    runs.version
from raw.runs
where runs.status = 'running'
