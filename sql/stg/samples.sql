-- Measured numbers, without duplicates and without overlaps
--
-- Of several reports of the same number (subject, source, metric, start, end) the newest export is selected, then the
-- highest delivery. Where other intervals of one source and metric overlap, time is given to the newest export, then
-- to the shorter interval, then to the later one, and each keeps the rest of its time. An amount stays whole where its
-- time went to its own export: records that touch by a second are two records. But where most of a shorter interval
-- lies in a longer one of the same export, the longer one holds it already, and keeps only what is beyond it. What a
-- newer export reports again: most of its time, and the interval is left out; else the share of that time is taken off.
-- grain: subject, source, metric, start_utc, end_utc
with unique_samples as (
    select
        timed_samples.subject,
        timed_samples.source,
        timed_samples.metric,
        timed_samples.start_utc,
        timed_samples.end_utc,
        timed_samples.value,
        timed_samples.exported_utc
    from stg.timed_samples
    qualify row_number() over (
        partition by
            timed_samples.subject,
            timed_samples.source,
            timed_samples.metric,
            timed_samples.start_utc,
            timed_samples.end_utc
        order by timed_samples.exported_utc desc nulls last, timed_samples.delivery desc, timed_samples.value desc
    ) = 1
),

intervals as (
    select
        unique_samples.*,
        max(unique_samples.end_utc) over (
            partition by unique_samples.subject, unique_samples.source, unique_samples.metric
            order by unique_samples.start_utc, unique_samples.end_utc
            rows between unbounded preceding and 1 preceding
        ) as busy_until
    from unique_samples
    where unique_samples.end_utc > unique_samples.start_utc
),

bundles as (
    select
        intervals.*,
        count_if(intervals.busy_until is null or intervals.busy_until <= intervals.start_utc) over (
            partition by intervals.subject, intervals.source, intervals.metric
            order by intervals.start_utc, intervals.end_utc
            rows between unbounded preceding and current row
        ) as bundle
    from intervals
),

contested as (
    select
        bundles.subject,
        bundles.source,
        bundles.metric,
        bundles.start_utc,
        bundles.end_utc,
        bundles.value,
        bundles.bundle,
        epoch_us(bundles.end_utc) - epoch_us(bundles.start_utc) as length_us,
        dense_rank() over (
            partition by bundles.subject, bundles.source, bundles.metric, bundles.bundle
            order by bundles.exported_utc desc nulls last
        ) as age, -- 1 = the newest export of the bundle
        row_number() over (
            partition by bundles.subject, bundles.source, bundles.metric, bundles.bundle
            order by
                bundles.exported_utc desc nulls last,
                bundles.end_utc - bundles.start_utc asc,
                bundles.start_utc desc
        ) as place
    from bundles
    qualify count(*) over (
        partition by bundles.subject, bundles.source, bundles.metric, bundles.bundle
    ) > 1
),

edges as (
    select
        contested.subject,
        contested.source,
        contested.metric,
        contested.bundle,
        contested.start_utc as edge_utc
    from contested
    union
    select
        contested.subject,
        contested.source,
        contested.metric,
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
    window of_bundle as (
        partition by edges.subject, edges.source, edges.metric, edges.bundle order by edges.edge_utc
    )
),

covering as (
    select
        contested.*,
        unnest(range(begins.segment, ends.segment)) as segment
    from contested
    inner join segments as begins
        on
            contested.subject = begins.subject
            and contested.source = begins.source
            and contested.metric = begins.metric
            and contested.bundle = begins.bundle
            and contested.start_utc = begins.edge_utc
    inner join segments as ends
        on
            contested.subject = ends.subject
            and contested.source = ends.source
            and contested.metric = ends.metric
            and contested.bundle = ends.bundle
            and contested.end_utc = ends.edge_utc
),

stretches as (
    select
        covering.*,
        segments.edge_utc,
        segments.until_utc,
        epoch_us(segments.until_utc) - epoch_us(segments.edge_utc) as stretch_us
    from covering
    inner join segments
        on
            covering.subject = segments.subject
            and covering.source = segments.source
            and covering.metric = segments.metric
            and covering.bundle = segments.bundle
            and covering.segment = segments.segment
),

of_age as (
    select
        stretches.*,
        stretches.age > min(stretches.age) over (
            partition by
                stretches.subject, stretches.source, stretches.metric, stretches.bundle, stretches.segment
        ) as is_replaced
    from stretches
),

kept as (
    select
        of_age.*,
        coalesce(sum(of_age.stretch_us) filter (where of_age.is_replaced) over (
            partition by of_age.subject, of_age.source, of_age.metric, of_age.bundle, of_age.place
        ), 0) as replaced_us
    from of_age
    qualify replaced_us * 2 <= of_age.length_us
),

-- the longer interval of the same export in which most of a shorter one lies
holders as (
    select
        kept.subject,
        kept.source,
        kept.metric,
        kept.bundle,
        kept.place as held_place,
        kept.value as held_value,
        longer.place
    from kept
    inner join kept as longer
        on
            kept.subject = longer.subject
            and kept.source = longer.source
            and kept.metric = longer.metric
            and kept.bundle = longer.bundle
            and kept.segment = longer.segment
            and kept.age = longer.age
            and kept.place < longer.place
    group by
        kept.subject,
        kept.source,
        kept.metric,
        kept.bundle,
        kept.place,
        kept.value,
        kept.length_us,
        longer.place
    having sum(kept.stretch_us) * 2 > kept.length_us
    qualify row_number() over (
        partition by kept.subject, kept.source, kept.metric, kept.bundle, kept.place
        order by longer.place
    ) = 1
),

-- what a longer interval holds is told by the shorter ones in it too
details as (
    select
        holders.subject,
        holders.source,
        holders.metric,
        holders.bundle,
        holders.place,
        sum(holders.held_value) as value
    from holders
    group by holders.subject, holders.source, holders.metric, holders.bundle, holders.place
),

owned as (
    select kept.*
    from kept
    qualify kept.place = min(kept.place) over (
        partition by kept.subject, kept.source, kept.metric, kept.bundle, kept.segment
    )
),

shares as (
    select
        owned.*,
        details.value as details_value,
        sum(owned.stretch_us) over (
            partition by owned.subject, owned.source, owned.metric, owned.bundle, owned.place
        ) as own_us
    from owned
    left join details
        on
            owned.subject = details.subject
            and owned.source = details.source
            and owned.metric = details.metric
            and owned.bundle = details.bundle
            and owned.place = details.place
),

-- stretches of one record that follow each other are one
pieces as (
    select
        shares.*,
        shares.segment - row_number() over (
            partition by shares.subject, shares.source, shares.metric, shares.bundle, shares.place
            order by shares.segment
        ) as piece
    from shares
)

select
    unique_samples.subject,
    unique_samples.source,
    unique_samples.metric,
    unique_samples.start_utc,
    unique_samples.end_utc,
    unique_samples.value

from unique_samples

anti join contested
    on
        unique_samples.subject = contested.subject
        and unique_samples.source = contested.source
        and unique_samples.metric = contested.metric
        and unique_samples.start_utc = contested.start_utc
        and unique_samples.end_utc = contested.end_utc

union all

select
    pieces.subject,
    pieces.source,
    pieces.metric,
    min(pieces.edge_utc) as start_utc,
    max(pieces.until_utc) as end_utc,
    case
        when
            pieces.metric in (
                'steps', 'distance_m', 'active_s', 'active_energy_kcal', 'moderate_s', 'vigorous_s', 'floors'
            )
            then
                round(
                    greatest(any_value(pieces.value) - coalesce(any_value(pieces.details_value), 0), 0)
                    * (1 - any_value(pieces.replaced_us) / any_value(pieces.length_us))
                    * sum(pieces.stretch_us) / any_value(pieces.own_us),
                    6
                )
        else any_value(pieces.value)
    end as value

from pieces

group by pieces.subject, pieces.source, pieces.metric, pieces.bundle, pieces.place, pieces.piece
