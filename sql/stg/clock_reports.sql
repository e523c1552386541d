-- Offsets that sources report, and the zones they fit
--
-- offset_min: the offset of a time zone that the report fits to a minute, of those in use anywhere since 2000 (tz
-- database of 2026). It tells in which zone the person is.
-- grain: subject, source, time_utc, offset_s
-- missing: offset_min NULL where no zone has this offset (29,760 s): the UTC of the source is then wrong, its own local
-- time is not (stg.source_clocks)
-- source: every source for itself
with reports as (
    select
        clock_offsets.subject,
        clock_offsets.source,
        date_trunc('minute', clock_offsets.time_utc) as time_utc,
        clock_offsets.offset_s,
        cast(round(clock_offsets.offset_s / 900.0) * 15 as integer) as quarters_min,
        max(clock_offsets.exported_utc) as exported_utc,
        max(clock_offsets.delivery) as delivery
    from raw.clock_offsets
    where clock_offsets.offset_s between -12 * 3600 and 14 * 3600
    group by all
)

select
    reports.subject,
    reports.source,
    reports.time_utc,
    reports.offset_s,
    case
        when
            abs(reports.offset_s - reports.quarters_min * 60) <= 60
            and (
                reports.quarters_min % 60 = 0
                or reports.quarters_min in (
                    -570, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570, 585, 630, 690, 765, 825
                )
            )
            then reports.quarters_min
    end as offset_min,
    reports.exported_utc,
    reports.delivery

from reports
