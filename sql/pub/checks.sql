-- Results of the checks
--
-- One row per expectation. A relation that has not changed is not checked again and keeps its rows, with the time of
-- the run that checked it.
-- grain: one row per relation and expectation
-- missing: none
-- source: checks
select
    checks.relation,
    checks.expectation,
    checks.severity,
    checks.success,
    checks.observed,
    checked.run_id,
    checked.checked_utc
from raw.checks
left join raw.checked on checks.relation = checked.relation
order by checks.relation, checks.expectation
