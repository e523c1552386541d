-- What the answers of a person were computed from
--
-- grain: subject
create table answers.examined (
    subject varchar not null, -- person
    fingerprint varchar not null -- of all input, the settings and the program
);
