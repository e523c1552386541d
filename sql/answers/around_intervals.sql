-- Half width of the interval around the mean of a day around massages
--
-- grain: subject, metric, day_offset
create table answers.around_intervals (
    subject varchar not null, -- person
    metric varchar not null, -- metric
    day_offset bigint not null, -- -7 to 7
    half_width double not null -- of the 95% interval
);
