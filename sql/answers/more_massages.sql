-- How many more massages it takes until something is said of a main number
--
-- grain: subject, metric, window, design
create table answers.more_massages (
    subject varchar not null, -- person
    metric varchar not null, -- a main metric
    "window" varchar not null, -- days_1_3 or night_0
    design varchar not null, -- as booked, any weekday, no day missing, weeks by lot
    low bigint, -- more massages for half of the people like this one; NULL = not within two years
    high bigint, -- for four in five of them
    weeks bigint, -- until `high` at this pace
    per_week double not null, -- massages at this pace
    chance double not null, -- of an answer within two years
    reason varchar not null -- in plain words
);
