-- Rows of diaries that another telling of the same day supersedes
--
-- grain: subject, path, place
-- kept: yes
select
    superseded.subject,
    superseded.local_date,
    superseded.path,
    superseded.place,
    'The same day stands in ' || counting.path || ', ' || counting.place
    || ', which tells more or, telling as much, counts.' as reason

from stg.diary_tellings as superseded

inner join stg.diary_tellings as counting
    on
        superseded.subject = counting.subject
        and superseded.local_date = counting.local_date
        and counting.telling = 1

where superseded.telling > 1
