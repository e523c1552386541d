-- What would have been said of each main metric, massage by massage
--
-- A look comes with each massage whose days after it are complete and enough of them measured, from the twelfth on, and
-- uses no later day. The interval holds at all looks together, so it is wider than that of effects. A finding is made
-- where it lies above 0 with every check, kept until the data say that it is less than half of a change worth having,
-- and else withdrawn. The looks are a function of the data: an old export that arrives late, or a changed log, changes
-- them. A day that was excluded later than the date of a look counts in it.
-- grain: one row per subject, metric and look
-- missing: no row before the twelfth such massage; estimate is NULL where an answer was refused
-- source: the daily values and the massage log
select
    looks.subject,
    looks.metric,
    looks."window",
    looks.look,
    looks.local_date,
    looks.n_massages,
    looks.estimate,
    looks.low,
    looks.high, -- upper end of the range
    looks.worth,
    looks.word,
    looks.certainty,
    'after' as basis, -- why: after massages, or because of massages
    looks.event,
    looks.failed,
    looks.builds_up or looks.may_build_up as builds_up
from answers.looks
order by looks.subject, looks.metric, looks.look
