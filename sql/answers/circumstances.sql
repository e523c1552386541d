-- What else happened on massage days, and what is found without those days
--
-- grain: subject, metric, circumstance
create table answers.circumstances (
    subject varchar not null, -- person
    metric varchar not null, -- a main metric
    "window" varchar not null, -- by which it is judged
    circumstance varchar not null, -- other_treatment, day_off, illness or travel
    n_massages bigint not null, -- days with a massage
    n_massages_told bigint not null, -- of them, days that say yes or no
    n_massages_yes bigint not null, -- of them, days that say yes
    n_other_days_told bigint not null, -- other days that say yes or no
    n_other_days_yes bigint not null, -- of them, days that say yes
    other_share double, -- of other days with the weekdays of the massages; NULL where they hardly tell it
    is_alike boolean not null, -- massages fell on such days about as often as chance makes it
    estimate double, -- with all days, in the metric's unit
    ci_low double, -- of its 95% interval
    ci_high double,
    without_estimate double, -- without such days and the massages on them; NULL where is_alike, or too few are left
    without_ci_low double, -- of its 95% interval
    without_ci_high double,
    reason varchar not null -- in plain words
);
