-- Effects of some massages apart from the others
--
-- grain: subject, metric, attribute, level
create table answers.subgroup_effects (
    subject varchar not null, -- person
    metric varchar not null, -- metric
    attribute varchar not null, -- technique, pressure, area, muscle, cause, minutes
    level varchar not null, -- of the attribute
    n_massages bigint not null, -- of this level
    estimate double, -- change by a massage of this level; NULL = refused
    ci_low double, -- 95% interval
    ci_high double,
    p_value double,
    q_value double, -- among all subgroups of the person
    difference double, -- against the other massages
    difference_ci_low double,
    difference_ci_high double,
    difference_q_value double, -- among all subgroups of the person
    reason varchar not null -- in plain words
);
