-- Rows of massage logs that another telling of the same massage supersedes
--
-- grain: subject, path, place
-- kept: yes
select
    superseded.subject,
    superseded.local_date,
    superseded.path,
    superseded.place,
    'The same massage stands in ' || counting.path || ', ' || counting.place
    || ', which tells more or, telling as much, counts.' as reason

from stg.massage_tellings as superseded

inner join stg.massage_tellings as counting
    on
        superseded.subject = counting.subject
        and superseded.local_date = counting.local_date
        and superseded.bundle = counting.bundle

where superseded.telling > 1 and counting.telling = 1
