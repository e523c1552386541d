-- When a relation was last checked
--
-- One row per checked relation. What has not changed is not checked again.
-- grain: relation
create table raw.checked (
    relation varchar not null, -- the checked relation
    fingerprint varchar not null, -- of its rows, of those its checks read beside them, and of the checks
    run_id varchar not null, -- the run that checked it
    checked_utc timestamp not null -- UTC
);
