-- Records that overlap, and what became of each
--
-- Where intervals of one source and metric overlap, time is given to the newest export, then to the shorter interval,
-- then to the later one, and each keeps the rest of its time: its pieces, with fate kept. An amount stays whole where
-- its time went to its own export: records that touch by a second are two records. But where most of a shorter
-- interval lies in a longer one of the same export, the longer one holds it already, and keeps only what is beyond it;
-- what it holds has fate same. What a newer export reports again: most of its time, and the whole interval is left out
-- (same); else the share of that time is taken off (cut). Cut is also an amount whose whole time went to others.
-- value: of what is an amount (steps, metres, ...) its parts add up to the record's value; of what is none (a heart
-- rate) a piece has the record's value, and a record without a piece has fate same.
-- grain: subject, source, metric, record_start_utc, record_end_utc, fate, start_utc
-- missing: no row for records that overlap no other; start_utc and end_utc are NULL of what is not kept
-- source: every source for itself
with intervals as (
    select
        unique_samples.subject,
        unique_samples.source,
        unique_samples.metric,
        unique_samples.start_utc,
        unique_samples.end_utc,
        lag(unique_samples.end_utc) over in_order as former_end_utc,
        lead(unique_samples.start_utc) over in_order as next_start_utc
    from stg.unique_samples
    where unique_samples.end_utc > unique_samples.start_utc
    window in_order as (
        partition by unique_samples.subject, unique_samples.source, unique_samples.metric
        order by unique_samples.start_utc, unique_samples.end_utc
    )
),

-- Those that begin before the one right before them has ended. Whatever else begins before one of all before it has
-- ended follows such an interval, which came right after that one: so it is enough to add these up, which are few.
touching as (
    select
        intervals.subject,
        intervals.source,
        intervals.metric,
        intervals.start_utc,
        max(intervals.former_end_utc) over (
            partition by intervals.subject, intervals.source, intervals.metric
            order by intervals.start_utc, intervals.end_utc
            rows between unbounded preceding and current row
        ) as busy_until
    from intervals
    where intervals.former_end_utc > intervals.start_utc
),

followed as (
    select
        intervals.*,
        coalesce(
            intervals.former_end_utc > intervals.start_utc or touching.busy_until > intervals.start_utc, false
        ) as is_overlapped
    from intervals
    asof left join touching
        on
            intervals.subject = touching.subject
            and intervals.source = touching.source
            and intervals.metric = touching.metric
            and intervals.start_utc > touching.start_utc
),

-- of those that overlap another one, which are few: a bundle begins where all before have ended
bundles as (
    select
        followed.*,
        count_if(not followed.is_overlapped) over (
            partition by followed.subject, followed.source, followed.metric
            order by followed.start_utc, followed.end_utc
            rows between unbounded preceding and current row
        ) as bundle
    from followed
    where followed.is_overlapped or followed.next_start_utc < followed.end_utc
),

crowded as (
    select
        bundles.subject,
        bundles.source,
        bundles.metric,
        bundles.start_utc,
        bundles.end_utc,
        unique_samples.value,
        bundles.bundle as bundle_of_source,
        epoch_us(bundles.end_utc) - epoch_us(bundles.start_utc) as length_us,
        dense_rank() over (
            partition by bundles.subject, bundles.source, bundles.metric, bundles.bundle
            order by unique_samples.exported_utc desc nulls last
        ) as age, -- 1 = the newest export of the bundle
        row_number() over (
            partition by bundles.subject, bundles.source, bundles.metric, bundles.bundle
            order by
                unique_samples.exported_utc desc nulls last,
                bundles.end_utc - bundles.start_utc asc,
                bundles.start_utc desc
        ) as place
    from bundles
    inner join stg.unique_samples
        on
            bundles.subject = unique_samples.subject
            and bundles.source = unique_samples.source
            and bundles.metric = unique_samples.metric
            and bundles.start_utc = unique_samples.start_utc
            and bundles.end_utc = unique_samples.end_utc
),

-- bundle and place are the key of a record from here on
contested as (
    select
        crowded.subject,
        crowded.source,
        crowded.metric,
        crowded.start_utc,
        crowded.end_utc,
        crowded.value,
        crowded.length_us,
        crowded.age,
        crowded.place,
        dense_rank() over (
            order by crowded.subject, crowded.source, crowded.metric, crowded.bundle_of_source
        ) as bundle
    from crowded
),

edges as (
    select
        contested.bundle,
        contested.start_utc as edge_utc
    from contested
    union
    select
        contested.bundle,
        contested.end_utc as edge_utc
    from contested
),

segments as (
    select
        edges.*,
        lead(edges.edge_utc) over of_bundle as until_utc,
        row_number() over of_bundle as segment
    from edges
    window of_bundle as (partition by edges.bundle order by edges.edge_utc)
),

covering as (
    select
        contested.*,
        unnest(range(begins.segment, ends.segment)) as segment
    from contested
    inner join segments as begins on contested.bundle = begins.bundle and contested.start_utc = begins.edge_utc
    inner join segments as ends on contested.bundle = ends.bundle and contested.end_utc = ends.edge_utc
),

stretches as (
    select
        covering.*,
        segments.edge_utc,
        segments.until_utc,
        epoch_us(segments.until_utc) - epoch_us(segments.edge_utc) as stretch_us
    from covering
    inner join segments on covering.bundle = segments.bundle and covering.segment = segments.segment
),

of_age as (
    select
        stretches.*,
        stretches.age > min(stretches.age) over (partition by stretches.bundle, stretches.segment) as is_replaced
    from stretches
),

kept as (
    select
        of_age.*,
        coalesce(
            sum(of_age.stretch_us) filter (where of_age.is_replaced) over (partition by of_age.bundle, of_age.place), 0
        ) as replaced_us
    from of_age
    qualify replaced_us * 2 <= of_age.length_us
),

-- the longer interval of the same export in which most of a shorter one lies
holders as (
    select
        kept.bundle,
        kept.value as held_value,
        longer.place
    from kept
    inner join kept as longer
        on
            kept.bundle = longer.bundle
            and kept.segment = longer.segment
            and kept.age = longer.age
            and kept.place < longer.place
    group by kept.bundle, kept.place, kept.value, kept.length_us, longer.place
    having sum(kept.stretch_us) * 2 > kept.length_us
    qualify row_number() over (partition by kept.bundle, kept.place order by longer.place) = 1
),

-- what a longer interval holds is told by the shorter ones in it too
details as (
    select
        holders.bundle,
        holders.place,
        sum(holders.held_value) as value
    from holders
    group by holders.bundle, holders.place
),

owned as (
    select kept.*
    from kept
    qualify kept.place = min(kept.place) over (partition by kept.bundle, kept.segment)
),

shares as (
    select
        owned.*,
        details.value as details_value,
        sum(owned.stretch_us) over (partition by owned.bundle, owned.place) as own_us
    from owned
    left join details on owned.bundle = details.bundle and owned.place = details.place
),

-- stretches of one record that follow each other are one
pieces as (
    select
        shares.*,
        shares.segment - row_number() over (
            partition by shares.bundle, shares.place order by shares.segment
        ) as piece
    from shares
),

kept_records as (
    select distinct
        kept.bundle,
        kept.place,
        kept.replaced_us
    from kept
),

piece_owners as (
    select distinct
        owned.bundle,
        owned.place
    from owned
),

-- what of each record is not in its pieces; of what is no amount, a record without a piece is told by others
records as (
    select
        contested.subject,
        contested.source,
        contested.metric,
        contested.start_utc as record_start_utc,
        contested.end_utc as record_end_utc,
        contested.value,
        summed_metrics.metric is not null as is_amount,
        kept_records.place is not null as is_kept,
        least(contested.value, coalesce(details.value, 0)) as details_value,
        coalesce(kept_records.replaced_us, 0) / contested.length_us as replaced_share,
        piece_owners.place is not null as has_piece
    from contested
    left join kept_records on contested.bundle = kept_records.bundle and contested.place = kept_records.place
    left join details on contested.bundle = details.bundle and contested.place = details.place
    left join piece_owners on contested.bundle = piece_owners.bundle and contested.place = piece_owners.place
    left join raw.summed_metrics on contested.metric = summed_metrics.metric
)

select
    pieces.subject,
    pieces.source,
    pieces.metric,
    any_value(pieces.start_utc) as record_start_utc,
    any_value(pieces.end_utc) as record_end_utc,
    'kept' as fate,
    min(pieces.edge_utc) as start_utc,
    max(pieces.until_utc) as end_utc,
    if(
        any_value(summed_metrics.metric) is null,
        any_value(pieces.value),
        round(
            greatest(any_value(pieces.value) - coalesce(any_value(pieces.details_value), 0), 0)
            * (1 - any_value(pieces.replaced_us) / any_value(pieces.length_us))
            * sum(pieces.stretch_us) / any_value(pieces.own_us),
            6
        )
    ) as value

from pieces

left join raw.summed_metrics on pieces.metric = summed_metrics.metric

group by pieces.subject, pieces.source, pieces.metric, pieces.bundle, pieces.place, pieces.piece

union all

select
    records.subject,
    records.source,
    records.metric,
    records.record_start_utc,
    records.record_end_utc,
    'same' as fate,
    cast(null as timestamp) as start_utc,
    cast(null as timestamp) as end_utc,
    if(records.is_kept and records.is_amount, records.details_value, records.value) as value

from records

where if(records.is_amount, not records.is_kept or records.details_value > 0, not records.has_piece)

union all

select
    records.subject,
    records.source,
    records.metric,
    records.record_start_utc,
    records.record_end_utc,
    'cut' as fate,
    cast(null as timestamp) as start_utc,
    cast(null as timestamp) as end_utc,
    (records.value - records.details_value) * if(records.has_piece, records.replaced_share, 1) as value

from records

where
    records.is_amount
    and records.is_kept
    and (records.replaced_share > 0 or not records.has_piece)
