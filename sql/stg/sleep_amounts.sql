-- What each source reports of sleep, in minutes, and what became of it
--
-- Of stages, and of the minutes that a source reports for a session. asleep_min and nap_min: of any stage of sleep, in
-- main sleeps and in naps; light_min, deep_min, rem_min: these of both; awake_min; lying_min: stretches of lying in
-- bed; unknown_min: not measured; in_bed_min: the length of sessions that are of the time in bed; latency_min and
-- after_wake_min: in bed before and after sleep. On the local date of the night (stg.nights), of a session that is in
-- none on that on which it ends.
-- counted: in a night or a nap (minutes asleep as stg.nights has them). counted_by_other: another source is selected
-- for the sleep. same: another delivery or session of the source has it, or the stages beside the minutes reported.
-- cut: the time of another stage. rejected: a session without sleep or without length, a stage without a session, time
-- in bed of a night of which another part tells none, a latency of a later part of the night, after_wake_min. reason
-- says which.
-- grain: subject, local_date, source, metric
-- missing: no row where a source reports no sleep
-- source: every source for itself
-- kept: yes
with sessions as (
    select
        sleep_reports.subject,
        sleep_reports.source,
        sleep_reports.session_key,
        sleep_reports.has_stages,
        sleep_reports.is_told_by_source,
        sleep_reports.fate,
        sleep_reports.start_utc = nights.in_bed_start_utc as is_first,
        nights.in_bed_min is not null as is_in_bed_known,
        nights.is_in_bed_recorded and nights.in_bed_min is null as is_in_bed_contradicted,
        nights.is_in_bed_recorded
        and bool_and(sleep_reports.has_stages) filter (where sleep_reports.fate = 'kept') over (
            partition by nights.subject, nights.in_bed_start_utc
        ) as is_latency_of_stages,
        coalesce(
            nights.local_date,
            cast(
                coalesce(
                    sleep_reports.reported_end_local, sleep_reports.end_utc + to_minutes(clock_offsets.offset_min)
                ) - interval 1 microsecond as date
            )
        ) as local_date,
        coalesce(not nights.is_main, sleep_reports.kind = 'nap', false) as is_nap
    from stg.sleep_reports
    left join stg.night_sessions
        on
            sleep_reports.subject = night_sessions.subject
            and sleep_reports.source = night_sessions.source
            and sleep_reports.session_key = night_sessions.session_key
    left join stg.nights
        on
            night_sessions.subject = nights.subject
            and night_sessions.source = nights.source
            and night_sessions.night_utc = nights.in_bed_start_utc
    asof inner join stg.clock_offsets
        on sleep_reports.subject = clock_offsets.subject and sleep_reports.end_utc > clock_offsets.start_utc
    qualify row_number() over (
        partition by sleep_reports.subject, sleep_reports.source, sleep_reports.session_key
        order by sleep_reports.end_utc > sleep_reports.start_utc desc, sleep_reports.report_rank
    ) = 1
),

stretches as (
    select
        timed_stages.subject,
        timed_stages.source,
        timed_stages.session_key,
        timed_stages.stage,
        timed_stages.end_utc,
        greatest(epoch_us(timed_stages.end_utc) - epoch_us(timed_stages.start_utc), 0) as reported_us
    from stg.timed_stages
    union all by name
    select
        stage_reports.subject,
        stage_reports.source,
        stage_reports.session_key,
        stage_reports.stage,
        epoch_us(stage_reports.end_utc) - epoch_us(stage_reports.start_utc) as length_us,
        if(stage_reports.fate = 'same', length_us, 0) as same_us,
        if(stage_reports.fate = 'cut', length_us, 0) as cut_us
    from stg.stage_reports
    where stage_reports.fate <> 'kept'
    union all by name
    select
        sleep_stages.subject,
        sleep_stages.source,
        sleep_stages.session_key,
        sleep_stages.stage,
        epoch_us(sleep_stages.end_utc) - epoch_us(sleep_stages.start_utc) as kept_us
    from stg.sleep_stages
),

stages as (
    select
        stretches.subject,
        stretches.source,
        stretches.session_key,
        stretches.stage,
        max(stretches.end_utc) as end_utc,
        sum(stretches.reported_us) / 60e6 as reported,
        coalesce(sum(stretches.same_us), 0) / 60e6 as same,
        coalesce(sum(stretches.cut_us), 0) / 60e6 as cut,
        coalesce(sum(stretches.kept_us), 0) / 60e6 as kept
    from stretches
    group by stretches.subject, stretches.source, stretches.session_key, stretches.stage
),

dated_stages as (
    select
        stages.*,
        coalesce(
            sessions.local_date,
            cast(stages.end_utc + to_minutes(clock_offsets.offset_min) - interval 1 microsecond as date)
        ) as local_date,
        coalesce(sessions.is_nap, false) as is_nap,
        coalesce(sessions.fate, 'rejected') as fate,
        coalesce(sessions.is_told_by_source, false) as is_told_by_source
    from stages
    asof inner join stg.clock_offsets
        on stages.subject = clock_offsets.subject and stages.end_utc > clock_offsets.start_utc
    left join sessions
        on
            stages.subject = sessions.subject
            and stages.source = sessions.source
            and stages.session_key = sessions.session_key
),

reported_minutes as (
    select
        sleep_reports.subject,
        sleep_reports.source,
        sessions.local_date,
        sessions.is_nap,
        sleep_reports.fate,
        sleep_reports.has_stages,
        sleep_reports.is_told_by_source,
        sleep_reports.is_contradicted,
        sessions.is_first,
        sessions.is_in_bed_known,
        sessions.is_in_bed_contradicted,
        sessions.is_latency_of_stages,
        unnest(['asleep_min', 'awake_min', 'in_bed_min', 'latency_min', 'after_wake_min']) as metric,
        unnest([
            sleep_reports.asleep_min,
            sleep_reports.awake_min,
            if(
                sleep_reports.is_in_bed_recorded,
                greatest(epoch_us(sleep_reports.end_utc) - epoch_us(sleep_reports.start_utc), 0) / 60e6,
                null
            ),
            sleep_reports.latency_min,
            sleep_reports.after_wake_min
        ]) as value
    from stg.sleep_reports
    inner join sessions
        on
            sleep_reports.subject = sessions.subject
            and sleep_reports.source = sessions.source
            and sleep_reports.session_key = sessions.session_key
),

-- each has one fate: that of its session, and of those that are kept whether anything is made of it
fated_minutes as (
    select
        reported_minutes.*,
        case
            when reported_minutes.fate <> 'kept' then reported_minutes.fate
            when reported_minutes.metric = 'asleep_min' and reported_minutes.is_told_by_source then 'of nights'
            when reported_minutes.metric = 'asleep_min' and not reported_minutes.has_stages then 'of nights'
            when reported_minutes.metric in ('asleep_min', 'awake_min')
                then if(reported_minutes.has_stages, 'same', 'counted')
            when reported_minutes.metric = 'in_bed_min'
                then if(reported_minutes.is_in_bed_known, 'counted', 'not known')
            when reported_minutes.metric = 'latency_min' and reported_minutes.is_first
                then if(reported_minutes.is_latency_of_stages, 'same', 'counted')
            when reported_minutes.metric = 'latency_min' then 'later'
            else 'unused'
        end as minutes_fate
    from reported_minutes
    where reported_minutes.value is not null
),

parts as (
    select
        dated_stages.subject,
        dated_stages.local_date,
        dated_stages.source,
        stage_metrics.metric,
        dated_stages.is_nap,
        dated_stages.reported,
        dated_stages.cut,
        dated_stages.same + if(
            dated_stages.fate = 'same'
            or (dated_stages.fate = 'kept' and stage_metrics.metric = 'asleep_min' and dated_stages.is_told_by_source),
            dated_stages.kept,
            0
        ) as same,
        if(dated_stages.fate = 'other', dated_stages.kept, 0) as counted_by_other,
        if(dated_stages.fate = 'rejected', dated_stages.kept, 0) as rejected,
        case
            when dated_stages.fate = 'rejected' and dated_stages.kept > 0
                then 'a sleep without a minute asleep, or a stage without its sleep'
        end as reason,
        if(dated_stages.fate = 'kept' and stage_metrics.metric <> 'asleep_min', dated_stages.kept, null) as counted
    from dated_stages
    inner join raw.stage_metrics on dated_stages.stage = stage_metrics.stage
    union all by name
    select
        fated_minutes.subject,
        fated_minutes.local_date,
        fated_minutes.source,
        fated_minutes.metric,
        fated_minutes.is_nap,
        fated_minutes.value as reported,
        if(fated_minutes.minutes_fate = 'same', fated_minutes.value, 0) as same,
        if(fated_minutes.minutes_fate = 'other', fated_minutes.value, 0) as counted_by_other,
        if(
            fated_minutes.minutes_fate in ('rejected', 'not known', 'later', 'unused'), fated_minutes.value, 0
        ) as rejected,
        case fated_minutes.minutes_fate
            when 'rejected'
                then if(
                    fated_minutes.is_contradicted,
                    'a sleep with more minutes asleep than it is long, or than 36 hours have',
                    'a sleep without a minute asleep, or without length'
                )
            when 'not known'
                then if(
                    fated_minutes.is_in_bed_contradicted,
                    'a time in bed that is shorter than the time asleep',
                    'another part of the night does not tell its time in bed'
                )
            when 'later' then 'of a part of the night that is not the first'
        end as reason,
        if(fated_minutes.minutes_fate = 'counted', fated_minutes.value, null) as counted
    from fated_minutes
    union all by name
    select
        nights.subject,
        nights.local_date,
        nights.source,
        'asleep_min' as metric,
        not nights.is_main as is_nap,
        nights.asleep_min as counted
    from stg.nights
),

lines as (
    select
        parts.*,
        if(parts.metric = 'asleep_min' and parts.is_nap, 'nap_min', parts.metric) as ledger_metric
    from parts
)

select
    lines.subject,
    lines.local_date,
    lines.source,
    lines.ledger_metric as metric,
    round(coalesce(sum(lines.reported), 0), 6) as reported,
    round(sum(lines.counted), 6) as counted,
    round(coalesce(sum(lines.counted_by_other), 0), 6) as counted_by_other,
    round(coalesce(sum(lines.same), 0), 6) as same,
    round(coalesce(sum(lines.cut), 0), 6) as cut,
    round(coalesce(sum(lines.rejected), 0), 6) as rejected,
    string_agg(distinct lines.reason, '; ' order by lines.reason) as reason

from lines

group by lines.subject, lines.local_date, lines.source, lines.ledger_metric
