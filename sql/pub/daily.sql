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
    days.is_massage_day, -- whether a massage was attended; NULL = no log vouches for the date
    days.massage_unknown_for, -- the row of a log that could not be read and may lie on the date
    days.massage_min, -- minutes of the date's attended massages
    days.massage_min_7d, -- their sum over the seven dates before
    days.days_since_massage, -- days since the nearest attended massage, 0 on its date
    days.days_to_massage, -- days to the next attended massage, 0 on its date
    validity.worn_min, -- minutes the device was worn
    validity.worn_waking_min, -- waking minutes it was worn
    validity.is_valid_day, -- whether the day is fit to be compared
    validity.is_valid_rest, -- whether the rest of the day is
    validity.is_valid_night, -- whether the night that ends on the date is
    validity.night_status, -- recorded, inferred or unknown
    validity.night_confidence, -- share of such nights whose beginning and end are right to an hour
    validity.rest_from_hour, -- first hour of the clock in which rest is counted
    validity.rest_to_hour, -- hour of the clock at which that ends; 25 is 1 o'clock of the night
    validity.excluded_for, -- why recovery.toml excludes the date
    validity.incomplete_sources, -- sources for which the day is not over
    validity.is_night_complete, -- whether the night is over for its source
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
