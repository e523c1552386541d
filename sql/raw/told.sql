-- What the page told of the main metrics and of trials
--
-- A row is added when a snapshot is published that says something else of a metric than the one before; none is ever
-- changed.
-- grain: subject, metric, window, shown_utc
create table raw.told (
    subject varchar not null, -- person
    metric varchar not null, -- main metric, or one of a trial
    "window" varchar not null, -- as in effects
    direction varchar not null, -- as in effects
    certainty varchar not null, -- as in effects
    look bigint not null, -- number of the last look; 0 of a trial
    look_date date not null, -- last day that it counted; of a trial the day on which it was told
    n_massages bigint not null, -- that could be used, up to then
    shown_utc timestamp not null, -- when the snapshot was published, UTC
    data_sha256 varchar not null, -- of the days up to the look; '' of a trial
    settings_sha256 varchar not null -- of the settings that an answer depends on; '' of a trial, whose plan is kept
);
