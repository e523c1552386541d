-- The days and nights around each massage
--
-- The values of each metric from 7 days (or nights, where the metric is counted by night) before to 7 after each
-- attended massage. baseline is the mean of the valid values of days -7 to -1 that are not day 0 to +3 of another
-- attended massage, nor of a day of which nobody knows whether there was one (massage.unknown_days), at least 3 of
-- them, else NULL. change is value less baseline, also on days that are not valid.
-- overlaps_another: the day is day 0 to +3 of another attended massage, also of one on the same date.
-- grain: one row per subject, massage_id, metric and day_offset
-- missing: no row where the metric was not measured on that date; none around a massage after all records
-- source: massage.measures
with neighbours as (
    select
        anchors.subject,
        anchors.massage_id,
        anchors.counted_by,
        measures.metric,
        cast(measures.local_date - anchors.anchor_date as integer) as day_offset,
        measures.local_date,
        measures.value,
        measures.is_valid
    from massage.anchors
    inner join massage.measures
        on
            anchors.subject = measures.subject
            and anchors.counted_by = measures.counted_by
            and measures.local_date between anchors.anchor_date - 7 and anchors.anchor_date + 7
),

overlapped_dates as (
    select distinct
        anchors.subject,
        anchors.massage_id,
        anchors.counted_by,
        cast(unnest(
            generate_series(other_anchors.anchor_date, other_anchors.anchor_date + 3, interval 1 day)
        ) as date)
            as local_date
    from massage.anchors
    inner join massage.anchors as other_anchors
        on
            anchors.subject = other_anchors.subject
            and anchors.counted_by = other_anchors.counted_by
            and anchors.massage_id <> other_anchors.massage_id
            and other_anchors.anchor_date between anchors.anchor_date - 10 and anchors.anchor_date + 7
),

marked_neighbours as (
    select
        neighbours.subject,
        neighbours.massage_id,
        neighbours.metric,
        neighbours.day_offset,
        neighbours.local_date,
        neighbours.value,
        neighbours.is_valid,
        overlapped_dates.local_date is not null as overlaps_another
    from neighbours
    left join overlapped_dates
        on
            neighbours.subject = overlapped_dates.subject
            and neighbours.massage_id = overlapped_dates.massage_id
            and neighbours.counted_by = overlapped_dates.counted_by
            and neighbours.local_date = overlapped_dates.local_date
),

possibly_overlapped_dates as (
    select distinct
        unknown_days.subject,
        cast(unnest(generate_series(unknown_days.local_date, unknown_days.local_date + 3, interval 1 day)) as date)
            as local_date
    from massage.unknown_days
),

baselines as (
    select
        marked_neighbours.subject,
        marked_neighbours.massage_id,
        marked_neighbours.metric,
        round(avg(marked_neighbours.value order by marked_neighbours.local_date), 6) as baseline
    from marked_neighbours
    anti join possibly_overlapped_dates
        on
            marked_neighbours.subject = possibly_overlapped_dates.subject
            and marked_neighbours.local_date = possibly_overlapped_dates.local_date
    where
        marked_neighbours.day_offset < 0
        and marked_neighbours.is_valid
        and not marked_neighbours.overlaps_another
    group by marked_neighbours.subject, marked_neighbours.massage_id, marked_neighbours.metric
    having count(*) >= 3
)

select
    marked_neighbours.subject,
    marked_neighbours.massage_id,
    marked_neighbours.metric,
    marked_neighbours.day_offset,
    marked_neighbours.local_date,
    marked_neighbours.value,
    baselines.baseline,
    round(marked_neighbours.value - baselines.baseline, 6) as change, -- noqa: RF04
    marked_neighbours.is_valid,
    marked_neighbours.overlaps_another
from marked_neighbours
left join baselines
    on
        marked_neighbours.subject = baselines.subject
        and marked_neighbours.massage_id = baselines.massage_id
        and marked_neighbours.metric = baselines.metric
