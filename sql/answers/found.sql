-- What was found of each metric, to be taken again where its days are the same
--
-- grain: subject, metric
create table answers.found (
    subject varchar not null, -- person
    metric varchar not null,
    digest varchar not null, -- of all that it rests on, and of the program
    found varchar not null -- JSON
);
