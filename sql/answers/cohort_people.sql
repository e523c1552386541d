-- Each person's effect pulled towards the mean of all, a second number
--
-- grain: subject, metric, window
create table answers.cohort_people (
    subject varchar not null, -- person
    metric varchar not null, -- metric
    "window" varchar not null, -- as in effects
    shrunken_estimate double not null, -- what the person's effect is likely to be, given that of the others
    own_share double not null, -- weight of the person's own data in it, 0 to 1
    shrunken_ci_low double, -- 95% interval of such people's effects, not of each person alone
    shrunken_ci_high double
);
