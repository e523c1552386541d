-- Rows of diaries that another report of the same day supersedes
--
-- grain: subject, path, place
-- kept: yes
select
    superseded.subject,
    superseded.local_date,
    superseded.path,
    superseded.place,
    'The same day stands in ' || selected.path || ', ' || selected.place
    || ', which tells more or, telling as much, counts.' as reason

from stg.diary_reports as superseded

inner join stg.diary_reports as selected
    on
        superseded.subject = selected.subject
        and superseded.local_date = selected.local_date
        and selected.report_rank = 1

where superseded.report_rank > 1
