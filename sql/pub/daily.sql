-- One row a day, the metrics side by side
--
-- Every date from a person's first record (device, diary or massage) to the last that a device or the diary made, with
-- or without a record of its own, so that no date is missing in between. A metric is NULL where it was not measured
-- that day; 0 is measured and zero. The nightly metrics stand on the date the night ends on. See massage.days and
-- massage.validity for the columns on massages and validity: incomplete_sources names the sources for which the day
-- is not over, so that it is not valid yet; is_night_complete is NULL where no night was recorded.
-- grain: one row per subject and local_date
-- missing: NULL = not measured, not reported
-- source: sql/daily, one file a metric; see the relation metrics
with wide as (
    pivot (
        select
            metrics.subject,
            metrics.local_date,
            metrics.metric,
            metrics.value
        from daily.metrics
    )
    on metric in metric_name
    using max(value)
    group by subject, local_date
)

-- noqa: disable=AM04,RF02,RF03
-- a metric that is added is a column more, without a list to edit
select
    days.subject,
    days.local_date,
    days.is_massage_day,
    days.massage_unknown_for,
    days.massage_min,
    days.massage_min_7d,
    days.days_since_massage,
    days.days_to_massage,
    validity.worn_min,
    validity.worn_waking_min,
    validity.is_valid_day,
    validity.is_valid_rest,
    validity.is_valid_night,
    validity.night_status,
    validity.night_confidence,
    validity.rest_from_hour,
    validity.rest_to_hour,
    validity.excluded_for,
    validity.incomplete_sources,
    validity.is_night_complete,
    wide.* exclude (subject, local_date)
from massage.days
inner join massage.validity
    on
        days.subject = validity.subject
        and days.local_date = validity.local_date
left join wide
    on
        days.subject = wide.subject
        and days.local_date = wide.local_date
order by days.subject, days.local_date
