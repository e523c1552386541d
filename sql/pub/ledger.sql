-- Where every number that was reported is
--
-- Of each day, source and metric, in the metric's unit: reported = counted + counted_by_other + same + cut + rejected +
-- outside + unaccounted.
-- Steps, metres, kilocalories, floors and minutes are sums, all else is a number of records. Of sleep: asleep_min and
-- nap_min, light_min, deep_min, rem_min of both, awake_min, lying_min, unknown_min (not measured); of movement the time
-- that devices report themselves (moving_min, moderate_min, vigorous_min) and recorded activities (activity_min).
-- reported: what the records have, and the value that a vendor gives for the whole day. counted: what daily_metrics is
-- made of; over all sources it adds up to steps, metres, energy, floors and minutes asleep. counted_by_other: the
-- minute or the date is that of another source. same: another record of the source has it too, as its total of the day
-- beside its minutes, or a second delivery. cut: the share of a record whose time is that of another. rejected: it
-- cannot be, or cannot be used; that no metric is made of it is among the reasons. outside: the date is excluded, or
-- cannot be. reason: why something is rejected or outside; several reasons are separated by semicolons. unaccounted:
-- must be 0; a date on which it is not is no valid day.
-- grain: one row per subject, local_date, source and metric
-- missing: no row where a source reports nothing; local_date is NULL of what was removed and has no date
-- source: every source for itself
-- kept: no
select
    ledger.subject,
    ledger.local_date,
    ledger.source,
    ledger.metric,
    ledger.reported, -- what the records have
    ledger.counted, -- what daily_metrics is made of
    ledger.counted_by_other, -- the minute or date is that of another source
    ledger.same, -- another record of the source has it too
    ledger.cut, -- share of a record whose time is that of another
    ledger.rejected, -- it cannot be, or cannot be used
    ledger.outside, -- the date is excluded, or cannot be
    ledger.reason, -- why something is rejected or outside
    ledger.unaccounted -- what is left, which must be 0
from massage.ledger
