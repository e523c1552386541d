-- Weeks of the drawn trials
--
-- One row a week of a trial, as it was drawn.
-- grain: subject, start_date, week
create table raw.trial_weeks (
    subject varchar not null, -- person
    start_date date not null, -- of the trial
    week integer not null, -- from 1
    pair integer not null, -- from 1
    local_date date not null, -- first date of the week, on which the massage is or would be
    is_massage_week boolean not null -- whether the massage was drawn for it
);
