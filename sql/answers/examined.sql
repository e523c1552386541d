-- Fingerprint of the data that a person's answers were computed from
--
-- grain: subject
create table answers.examined (
    subject varchar not null, -- person
    fingerprint varchar not null -- of all input, the settings and the program
);
