-- Who entered the mean over several people, and who did not
--
-- grain: subject, metric, window
create table answers.cohort_entries (
    subject varchar not null, -- person
    metric varchar not null, -- metric
    "window" varchar not null, -- as in effects
    is_entered boolean not null, -- whether the person is in the mean
    is_gated boolean not null, -- whether the dates followed pain, the number itself or the days before
    is_adjusted boolean not null, -- whether the estimate allows for what went before
    n_massages bigint not null, -- that were looked at
    estimate double, -- that enters; NULL = none
    ci_low double, -- 95% interval
    ci_high double,
    reason varchar not null -- in plain words
);
