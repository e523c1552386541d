-- The vendor's own day beside ours
--
-- What a vendor reports for a whole day (its total, or the growth of its running total), and what daily_metrics has
-- for the same day from finer records. difference is ours less the vendor's; difference_share is the part of the
-- vendor's value that this is. is_comparable: all sources of ours on that day are the source of the vendor's value
-- (of a running total the same device, else the same vendor, the part of a source before ':'), so that a difference
-- is not one of devices.
-- grain: one row per subject, local_date, metric and source
-- missing: no row where only one of the two is there, or ours is the vendor's own value; difference_share is NULL
-- where the vendor reports 0
-- source: the vendor of the value; counted_source is the selected source of ours
select
    measures.subject,
    measures.local_date,
    measures.metric,
    vendor_days.source,
    vendor_days.told_as, -- told, or running total
    vendor_days.value as vendor_value, -- the vendor's own figure of the day
    measures.value, -- ours
    round(measures.value - vendor_days.value, 6) as difference, -- ours less the vendor's
    round((measures.value - vendor_days.value) / nullif(vendor_days.value, 0), 6)
        as difference_share, -- of vendor_value
    measures.unit, -- of both
    measures.source as counted_source, -- source that ours is made of
    case
        when vendor_days.told_as = 'running total' then measures.source = vendor_days.source
        else
            list_distinct(string_split(regexp_replace(measures.source, ':[^,]*', '', 'g'), ', '))
            = [split_part(vendor_days.source, ':', 1)]
    end as is_comparable -- whether both are of the same source and day
from massage.measures
inner join stg.vendor_days
    on
        measures.subject = vendor_days.subject
        and measures.local_date = vendor_days.local_date
        and measures.metric = vendor_days.metric
where measures.resolution <> 'day'
order by measures.subject, measures.local_date, measures.metric, vendor_days.source
