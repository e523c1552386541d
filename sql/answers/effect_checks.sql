-- Checks of each effect
--
-- grain: subject, metric, window, ordinal
create table answers.effect_checks (
    subject varchar not null, -- person
    metric varchar not null, -- metric
    "window" varchar not null, -- as in effects
    ordinal bigint not null, -- order
    name varchar not null, -- of the check
    passed boolean not null, -- whether it holds
    sentence varchar not null -- in plain words
);
