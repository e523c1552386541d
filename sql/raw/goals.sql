-- Smallest changes worth having
--
-- From recovery.toml.
-- grain: metric
create table raw.goals (
    metric varchar not null, -- a metric
    smallest_worthwhile_change double not null -- in the metric's unit
);
