-- Where every number that was reported is
--
-- Of each day, source and metric, in the metric's unit: reported = counted + counted_by_other + same + cut + rejected +
-- outside + unaccounted. reported: what the records have, and the value that a vendor gives for the whole day.
-- counted: what daily_metrics is made of; over all sources it adds up to steps, metres, energy and floors. Of what
-- has no sum (heart rate, readings) it is the number of records. counted_by_other: the hour or the date is that of
-- another source. same: another record of the source has it too, as its total of the day beside
-- its minutes, or a second delivery. cut: the share of a record whose time is that of another. rejected: it cannot be.
-- outside: the date is excluded, or cannot be. unaccounted: must be 0; a date on which it is not is no valid day.
-- grain: one row per subject, local_date, source and metric
-- missing: no row where a source reports nothing, and of sleep but for what a vendor gives for the day; minutes of
-- states have none; local_date is NULL of what was removed and has no date
-- source: every source for itself
select
    ledger.subject,
    ledger.local_date,
    ledger.source,
    ledger.metric,
    ledger.reported,
    ledger.counted,
    ledger.counted_by_other,
    ledger.same,
    ledger.cut,
    ledger.rejected,
    ledger.outside,
    ledger.unaccounted
from massage.ledger
order by ledger.subject, ledger.local_date, ledger.source, ledger.metric
