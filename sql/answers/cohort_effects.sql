-- The effect over several people
--
-- grain: metric, window, attribute, level
create table answers.cohort_effects (
    metric varchar not null, -- metric
    "window" varchar not null, -- as in effects
    unit varchar, -- of estimate and intervals
    n_subjects bigint not null, -- with an estimate
    n_refused bigint not null, -- without one
    estimate double, -- mean over people; NULL = refused
    ci_low double, -- 95% interval of the mean
    ci_high double,
    p_value double,
    prediction_low double, -- 95% interval for the next person
    prediction_high double,
    between_sd double, -- of people's true effects
    i_squared_share double, -- of the variation that is between people
    reason varchar not null, -- in plain words
    unweighted_estimate double, -- mean in which every person counts alike
    unweighted_ci_low double, -- its 95% interval
    unweighted_ci_high double,
    n_gated bigint, -- people in it whose massages followed pain, the number itself or the days before
    without_estimate double, -- mean without them; NULL = nobody, or fewer than five others
    without_ci_low double, -- its 95% interval
    without_ci_high double,
    attribute varchar not null, -- 'all', 'arm' or 'subgroup'
    level varchar not null, -- which arm or group; '' of all
    warning varchar -- where who entered, or for how long, goes with the effect; NULL = not seen
);
