-- Rows of diaries
--
-- One day of a diary as it stands now; NULL = not reported, 0 = none.
-- grain: subject, path, place
create table raw.diary (
    subject varchar not null, -- person
    path varchar not null, -- the diary, relative to the inbox
    place varchar not null, -- where in the diary
    origin varchar not null, -- the reader's name
    local_date date not null, -- the day
    pain double, -- 0-10
    pain_morning double, -- 0-10
    pain_afternoon double, -- 0-10
    medication varchar, -- as reported
    medication_doses double, -- doses
    bed_rest_hours double, -- hours
    doctor_visits double, -- visits
    mood double, -- 1-5
    could_do_daily_activities double, -- 0 or 1
    other_treatment double, -- 0 or 1: physiotherapy, exercises, injections
    day_off double, -- 0 or 1
    illness double, -- 0 or 1
    travel double, -- 0 or 1
    note varchar, -- as reported
    delivery ubigint not null, -- first 64 bits of the file's SHA-256
    exported_utc timestamp -- the export's own date
);
