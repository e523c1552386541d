-- What was found and said at each look at a main metric
--
-- grain: subject, metric, look
create table answers.looks (
    subject varchar not null, -- person
    metric varchar not null, -- main metric of a family
    "window" varchar not null, -- as in effects
    look bigint not null, -- 1 at the twelfth massage that can be used
    local_date date not null, -- last day that counts
    n_massages bigint not null, -- that can be used, up to then
    estimate double, -- change by a massage from the days up to then; NULL = refused
    standard_error double, -- of the estimate
    critical_value double, -- 95% point of |estimate / error| without any effect
    parts varchar, -- JSON: estimate, error and critical value of each of the estimates that are told as one
    low double, -- interval that holds at all looks together
    high double,
    worth double, -- smallest change worth having, as it stood then
    word varchar not null, -- better, a_little_better, no_difference, no_better, a_little_worse, worse, unknown
    certainty varchar not null, -- clear, likely, too_early, cannot_tell
    event varchar not null, -- what the look did to what was said before
    failed varchar not null, -- checks that stood in the way of a finding
    may_exclude boolean not null, -- whether a change worth having may be ruled out
    builds_up boolean not null, -- whether the number gets better over the massages, so that nothing is ruled out
    has_built_up boolean not null, -- whether it did so by all of a change worth having
    may_build_up boolean not null, -- whether a benefit that builds up may be worth having, so that nothing is ruled out
    digest varchar not null, -- of all that the look rests on
    data_sha256 varchar not null, -- of the days up to the look alone
    settings_sha256 varchar not null -- of the settings that an answer depends on
);
