-- Runs
--
-- One row per run of the job.
-- grain: run_id
create table raw.runs (
    run_id varchar not null, -- unique
    started_utc timestamp not null, -- UTC
    seconds double, -- wall clock; NULL = did not finish
    status varchar not null, -- running, published, nothing new, failed checks, failed
    files_new ubigint, -- files read
    rows_new ubigint, -- records loaded
    version varchar -- of the program
);
