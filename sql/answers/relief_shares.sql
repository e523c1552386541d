-- How often massages are followed by a drop of pain, beside like days without one
--
-- grain: subject, metric, drop_share
create table answers.relief_shares (
    subject varchar not null, -- person
    metric varchar not null, -- pain, pain_morning or pain_afternoon
    drop_share double not null, -- of the pain usual before: 0.3 and 0.5
    n_massages bigint not null, -- that can be compared
    n_followed bigint not null, -- of them, followed by such a drop
    n_days bigint not null, -- days without a massage that are like one of them
    massages_share double, -- of massages, followed by the drop; NULL with fewer than 8
    days_share double, -- of days like them, followed by the drop; NULL with fewer than 8 massages
    reason varchar not null -- in plain words
);
