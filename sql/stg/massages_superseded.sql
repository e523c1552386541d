-- Rows of massage logs that another report of the same massage supersedes
--
-- grain: subject, path, place
-- kept: yes
select
    superseded.subject,
    superseded.local_date,
    superseded.path,
    superseded.place,
    'The same massage stands in ' || selected.path || ', ' || selected.place
    || ', which tells more or, telling as much, counts.' as reason

from stg.massage_reports as superseded

inner join stg.massage_reports as selected
    on
        superseded.subject = selected.subject
        and superseded.local_date = selected.local_date
        and superseded.bundle = selected.bundle

where superseded.report_rank > 1 and selected.report_rank = 1
