-- Results of the checks of the last run
--
-- One row per expectation.
-- grain: one row per relation and expectation
-- missing: none
-- source: checks
select
    checks.relation,
    checks.expectation,
    checks.severity,
    checks.success,
    checks.observed
from raw.checks
order by checks.relation, checks.expectation
