-- Results of the checks
--
-- One row per expectation, of the last run that checked its relation.
-- grain: relation, expectation
create table raw.checks (
    relation varchar not null, -- the checked relation
    expectation varchar not null, -- one sentence
    severity varchar not null, -- 'critical', 'warning'
    success boolean not null, -- whether it holds
    observed varchar -- what was found
);
