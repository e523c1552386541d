-- Minutes of another source than that of their hour, as a device was taken off or put on
--
-- An hour of which several sources report movement is cut where one of them is taken off or put on. While the selected
-- source of the hour (stg.hour_sources) is off, the source with evidence in the most quarters of that time is selected,
-- by the order of stg.hour_sources. While it is not, it stays, unless the device that is taken off or put on has
-- evidence in as many quarters and is of better rank, or of the same and alone measures a heart rate: a phone that
-- counts all hour does not take the minutes in which the watch was worn.
-- When a device is off: stg.off_spans.
-- An hour stays whole where a record that is too long to know its minutes would be cut.
-- minute_source, has_steps: as in stg.hour_sources.
-- grain: subject, minute_utc
-- missing: no row where the source is that of the hour
with shared_hours as (
    select
        source_hours.subject,
        source_hours.source,
        source_hours.hour_utc,
        source_hours.has_steps,
        source_hours.is_enough
    from stg.source_hours
    where source_hours.is_shared
),

edges as (
    select
        off_spans.subject,
        off_spans.hour_utc,
        unnest(
            [
                off_spans.hour_utc,
                off_spans.start_utc,
                off_spans.end_utc,
                off_spans.hour_utc + interval 1 hour
            ]
        ) as edge_utc
    from stg.off_spans
),

slices as (
    select
        edges.subject,
        edges.hour_utc,
        edges.edge_utc as start_utc,
        lead(edges.edge_utc) over (partition by edges.subject, edges.hour_utc order by edges.edge_utc) as end_utc
    from edges
    group by edges.subject, edges.hour_utc, edges.edge_utc
),

slice_evidence as (
    select
        slices.subject,
        slices.hour_utc,
        slices.start_utc,
        evidence_minutes.source,
        count(distinct extract('minute' from evidence_minutes.minute_utc) // 15) as quarters,
        count_if(evidence_minutes.is_of_body) as body_minutes,
        count(distinct evidence_minutes.minute_utc) as minutes,
        bool_or(evidence_minutes.is_coarse) as is_coarse
    from slices
    inner join stg.evidence_minutes
        on
            slices.subject = evidence_minutes.subject
            and slices.hour_utc = date_trunc('hour', evidence_minutes.minute_utc)
            and slices.start_utc <= evidence_minutes.minute_utc
            and slices.end_utc > evidence_minutes.minute_utc
    group by slices.subject, slices.hour_utc, slices.start_utc, evidence_minutes.source
),

-- each source in each part of a cut hour
parts as (
    select
        slices.subject,
        slices.hour_utc,
        slices.start_utc,
        slices.end_utc,
        shared_hours.source,
        shared_hours.has_steps,
        shared_hours.is_enough,
        sources.rank,
        shared_hours.source = hour_sources.movement_source as is_of_hour,
        count(off_spans.start_utc) > 0 as is_cut,
        coalesce(
            bool_or(off_spans.start_utc <= slices.start_utc and off_spans.end_utc >= slices.end_utc), false
        ) as is_off,
        coalesce(any_value(slice_evidence.quarters), 0) as quarters,
        coalesce(any_value(slice_evidence.body_minutes), 0) as body_minutes,
        coalesce(any_value(slice_evidence.minutes), 0) as minutes,
        coalesce(any_value(slice_evidence.is_coarse), false) as is_coarse
    from slices
    inner join shared_hours
        on slices.subject = shared_hours.subject and slices.hour_utc = shared_hours.hour_utc
    inner join stg.sources on shared_hours.source = sources.source
    inner join stg.hour_sources
        on slices.subject = hour_sources.subject and slices.hour_utc = hour_sources.hour_utc
    left join stg.off_spans
        on
            slices.subject = off_spans.subject
            and slices.hour_utc = off_spans.hour_utc
            and shared_hours.source = off_spans.source
    left join slice_evidence
        on
            slices.subject = slice_evidence.subject
            and slices.hour_utc = slice_evidence.hour_utc
            and slices.start_utc = slice_evidence.start_utc
            and shared_hours.source = slice_evidence.source
    where slices.end_utc is not null
    group by
        slices.subject,
        slices.hour_utc,
        slices.start_utc,
        slices.end_utc,
        shared_hours.source,
        shared_hours.has_steps,
        shared_hours.is_enough,
        sources.rank,
        hour_sources.movement_source
),

-- beside the source of the hour
compared as (
    select
        parts.*,
        bool_or(parts.is_of_hour and not parts.is_off) over part as is_hour_on,
        max(parts.quarters) filter (where parts.is_of_hour) over part as hour_quarters,
        max(parts.rank) filter (where parts.is_of_hour) over part as hour_rank,
        max(parts.body_minutes) filter (where parts.is_of_hour) over part as hour_body_minutes
    from parts
    window part as (partition by parts.subject, parts.hour_utc, parts.start_utc)
),

ranked as (
    select
        compared.*,
        row_number() over (
            partition by compared.subject, compared.hour_utc, compared.start_utc
            order by
                compared.quarters desc,
                compared.rank asc,
                compared.body_minutes > 0 desc,
                compared.is_of_hour desc,
                compared.body_minutes desc,
                compared.minutes desc,
                compared.source asc
        ) as place
    from compared
    where
        compared.is_of_hour
        or not compared.is_off
        and compared.quarters > 0
        and (
            not compared.is_hour_on
            or compared.is_cut
            and compared.quarters >= compared.hour_quarters
            and (
                compared.rank < compared.hour_rank
                or compared.rank = compared.hour_rank
                and compared.body_minutes > 0
                and compared.hour_body_minutes = 0
            )
        )
),

selected as (
    select
        ranked.subject,
        ranked.hour_utc,
        ranked.start_utc,
        ranked.end_utc,
        arg_min(ranked.source, ranked.place) as source,
        arg_min(ranked.is_of_hour, ranked.place) as is_of_hour,
        arg_min(ranked.has_steps, ranked.place) as has_steps,
        arg_min(ranked.source, ranked.place) filter (
            where not ranked.is_coarse and (ranked.place = 1 or ranked.is_enough)
        ) as minute_source
    from ranked
    group by ranked.subject, ranked.hour_utc, ranked.start_utc, ranked.end_utc
),

handovers as (
    select
        selected.subject,
        selected.hour_utc,
        selected.source,
        epoch_us(selected.start_utc) // 60000000 as minute_number,
        lag(selected.source) over (
            partition by selected.subject, selected.hour_utc order by selected.start_utc
        ) as former_source
    from selected
    qualify former_source <> selected.source
),

handover_sources as (
    select
        handovers.subject,
        handovers.hour_utc,
        handovers.minute_number,
        unnest([handovers.source, handovers.former_source]) as source
    from handovers
),

-- energy is placed without asking whether its interval knows the minute; records of ten minutes touch twelve at most
long_records as (
    select
        placed_movement.subject,
        placed_movement.source,
        placed_movement.from_minute,
        placed_movement.to_minute,
        make_timestamp(
            unnest(range(placed_movement.from_minute // 60, placed_movement.to_minute // 60 + 1)) * 3600000000
        ) as hour_utc
    from stg.placed_movement
    where
        placed_movement.is_coarse
        or placed_movement.metric = 'active_energy_kcal'
        and placed_movement.to_minute - placed_movement.from_minute > 12
),

whole_hours as (
    select distinct
        handover_sources.subject,
        handover_sources.hour_utc
    from handover_sources
    inner join long_records
        on
            handover_sources.subject = long_records.subject
            and handover_sources.source = long_records.source
            and handover_sources.hour_utc = long_records.hour_utc
            and handover_sources.minute_number > long_records.from_minute
            and handover_sources.minute_number <= long_records.to_minute
)

select
    selected.subject,
    unnest(
        generate_series(selected.start_utc, selected.end_utc - interval 1 minute, interval 1 minute)
    ) as minute_utc,
    selected.source as movement_source,
    selected.minute_source,
    selected.has_steps

from selected

anti join whole_hours
    on selected.subject = whole_hours.subject and selected.hour_utc = whole_hours.hour_utc

where not selected.is_of_hour
