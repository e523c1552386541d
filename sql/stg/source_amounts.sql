-- What each source reports of a day, and what became of it before a source is selected
--
-- Values as the raw records have them of what has a sum (raw.summed_metrics), and of what has none (heart rate,
-- readings, and values of a day that are no sum) the number of records: a record on the date it begins, one of more
-- than two hours on the date of its middle, the growth of a running total (the sum of the maxima of its runs) on the
-- device's own day. What was placed on another date (minutes after midnight, a piece, a reading of a night) is reported
-- there. A value that a vendor gives for the whole day is reported beside its records. The steps, metres and energy of
-- a recorded activity as a whole are activity_steps, activity_distance_m and activity_energy_kcal; no metric is made
-- of them. Minutes of sleep: stg.sleep_amounts.
-- same: what another record of the source has too: another delivery of the record, the details of a longer one, a
-- newer export, a day's value beside records of more than two hours. cut: the share of a record whose time is that of
-- another (stg.overlapping_samples). counted_by_other: minutes for which another source is selected, floors of a
-- date for which another is. rejected: time in movement of an hour in which all that is reported is too coarse to
-- know the minute (reason says so), totals of activities. counted: where no source is selected, recorded activities
-- and reports of wear.
-- rounded: what whole steps and thousandths of metres and kilocalories leave off in the minutes.
-- The rest of what is reported is in timeline.selected_amounts or stg.day_values; massage.ledger adds up.
-- grain: subject, local_date, source, metric
-- missing: no row where a source reports nothing
-- source: every source for itself
-- kept: yes
with activity_totals as (
    select
        timed_activities.subject,
        timed_activities.source,
        timed_activities.start_utc,
        unnest(['activity_steps', 'activity_distance_m', 'activity_energy_kcal']) as metric,
        unnest(
            [timed_activities.steps, timed_activities.distance_m, timed_activities.active_energy_kcal]
        ) as amount
    from stg.timed_activities
),

moments as (
    select
        sample_amounts.subject,
        sample_amounts.source,
        sample_amounts.metric,
        sample_amounts.fate,
        sample_amounts.time_utc,
        sample_amounts.amount
    from stg.sample_amounts
    union all
    select
        selected_movement.subject,
        selected_movement.source,
        unnest(['steps', 'distance_m', 'active_energy_kcal']) as metric,
        'other' as fate,
        selected_movement.minute_utc as time_utc,
        unnest(
            [selected_movement.steps, selected_movement.distance_m, selected_movement.active_energy_kcal]
        ) as amount
    from stg.selected_movement
    where not selected_movement.is_selected
    union all
    select
        selected_active.subject,
        selected_active.source,
        unnest(['moving_min', 'moderate_min', 'vigorous_min']) as metric,
        if(selected_active.is_minute_known, 'other', 'rejected') as fate,
        selected_active.minute_utc as time_utc,
        unnest([selected_active.active_s, selected_active.moderate_s, selected_active.vigorous_s]) / 60 as amount
    from stg.selected_active
    where not selected_active.is_of_minute
    union all
    select
        minute_body.subject,
        minute_body.source,
        unnest(['heart_rate_bpm', 'stress']) as metric,
        'other' as fate,
        minute_body.minute_utc as time_utc,
        unnest([minute_body.heart_rate_count, minute_body.stress_count]) as amount
    from stg.minute_body
    inner join stg.hour_sources
        on
            minute_body.subject = hour_sources.subject
            and date_trunc('hour', minute_body.minute_utc) = hour_sources.hour_utc
            and minute_body.source <> hour_sources.heart_source
    union all
    select
        minute_body.subject,
        minute_body.source,
        'is_worn' as metric,
        'counted' as fate,
        minute_body.minute_utc as time_utc,
        minute_body.wear_count as amount
    from stg.minute_body
    where minute_body.wear_count > 0
    union all
    select
        timed_activities.subject,
        timed_activities.source,
        'activity_min' as metric,
        'reported' as fate,
        timed_activities.start_utc as time_utc,
        greatest(epoch(timed_activities.end_utc - timed_activities.start_utc), 0) / 60 as amount
    from stg.timed_activities
    union all
    select
        activity_reports.subject,
        activity_reports.source,
        'activity_min' as metric,
        activity_reports.fate,
        activity_reports.start_utc as time_utc,
        epoch(activity_reports.end_utc - activity_reports.start_utc) / 60 as amount
    from stg.activity_reports
    where activity_reports.fate <> 'kept'
    union all
    select
        activities.subject,
        activities.source,
        'activity_min' as metric,
        'counted' as fate,
        activities.start_utc as time_utc,
        epoch(activities.end_utc - activities.start_utc) / 60 as amount
    from stg.activities
    union all
    select
        activity_totals.subject,
        activity_totals.source,
        activity_totals.metric,
        unnest(['reported', 'rejected']) as fate,
        activity_totals.start_utc as time_utc,
        activity_totals.amount
    from activity_totals
    where activity_totals.amount is not null
),

timed as (
    select
        moments.subject,
        moments.source,
        moments.metric,
        moments.fate,
        if(
            clock_change_quarters.quarter_number is null,
            make_timestamp(epoch_us(moments.time_utc) // 900000000 * 900000000),
            date_trunc('minute', moments.time_utc)
        ) as time_utc,
        sum(moments.amount) as amount
    from moments
    left join stg.clock_change_quarters
        on
            moments.subject = clock_change_quarters.subject
            and epoch_us(moments.time_utc) // 900000000 = clock_change_quarters.quarter_number
    group by all
),

of_samples as (
    select
        timed.subject,
        cast(timed.time_utc + to_minutes(clock_offsets.offset_min) as date) as local_date,
        timed.source,
        timed.metric,
        sum(timed.amount) filter (where timed.fate = 'reported') as reported,
        sum(timed.amount) filter (where timed.fate = 'counted') as counted,
        sum(timed.amount) filter (where timed.fate = 'other') as counted_by_other,
        sum(timed.amount) filter (where timed.fate = 'same') as same,
        sum(timed.amount) filter (where timed.fate = 'cut') as cut,
        sum(timed.amount) filter (where timed.fate = 'rejected') as rejected,
        sum(timed.amount) filter (where timed.fate = 'long') as long_value
    from timed
    asof inner join stg.clock_offsets
        on timed.subject = clock_offsets.subject and timed.time_utc >= clock_offsets.start_utc
    group by all
),

restarted as (
    select distinct
        counter_readings.subject,
        counter_readings.source,
        counter_readings.metric,
        counter_readings.activity,
        counter_readings.device_date
    from stg.counter_readings
    where counter_readings.is_restart
),

runs as (
    select
        counter_readings.*,
        count_if(counter_readings.is_restart) over (
            partition by
                counter_readings.subject,
                counter_readings.source,
                counter_readings.metric,
                counter_readings.activity,
                counter_readings.device_date
            order by counter_readings.time_utc
        ) as run_number
    from stg.counter_readings
    semi join restarted
        on
            counter_readings.subject = restarted.subject
            and counter_readings.source = restarted.source
            and counter_readings.metric = restarted.metric
            and counter_readings.activity = restarted.activity
            and counter_readings.device_date = restarted.device_date
    union all
    select
        counter_readings.*,
        0 as run_number
    from stg.counter_readings
    anti join restarted
        on
            counter_readings.subject = restarted.subject
            and counter_readings.source = restarted.source
            and counter_readings.metric = restarted.metric
            and counter_readings.activity = restarted.activity
            and counter_readings.device_date = restarted.device_date
),

maxima as (
    select
        runs.subject,
        runs.source,
        runs.metric,
        runs.device_date,
        max(runs.value) as value
    from runs
    group by runs.subject, runs.source, runs.metric, runs.activity, runs.device_date, runs.run_number
),

day_reports as (
    select
        day_values.subject,
        day_values.local_date,
        day_values.source,
        day_values.metric,
        sum(day_values.value) as value,
        max_by(
            day_values.value,
            (coalesce(day_values.exported_utc, timestamp '-infinity'), day_values.delivery, day_values.value)
        ) as newest_value,
        count(*) as report_count
    from raw.day_values
    group by day_values.subject, day_values.local_date, day_values.source, day_values.metric
),

of_days as (
    select
        day_reports.subject,
        day_reports.local_date,
        day_reports.source,
        day_reports.metric,
        if(summed_metrics.metric is null, day_reports.report_count, day_reports.value) as reported,
        if(summed_metrics.metric is null, day_reports.report_count - 1, day_reports.value - day_reports.newest_value)
            as same
    from day_reports
    left join raw.summed_metrics on day_reports.metric = summed_metrics.metric
),

reading_amounts as (
    select
        readings.subject,
        readings.local_date,
        readings.source,
        readings.metric,
        if(summed_metrics.metric is null, 1, readings.value) as amount
    from stg.readings
    inner join stg.selected_readings
        on
            readings.subject = selected_readings.subject
            and readings.local_date = selected_readings.local_date
            and readings.metric = selected_readings.metric
            and readings.source <> selected_readings.source
    left join raw.summed_metrics on readings.metric = summed_metrics.metric
),

amounts as (
    select
        of_samples.subject,
        of_samples.local_date,
        of_samples.source,
        of_samples.metric,
        of_samples.reported,
        of_samples.counted,
        of_samples.counted_by_other,
        of_samples.cut,
        of_samples.rejected,
        coalesce(of_samples.same, 0) + if(of_days.source is not null, coalesce(of_samples.long_value, 0), 0) as same
    from of_samples
    left join of_days
        on
            of_samples.subject = of_days.subject
            and of_samples.local_date = of_days.local_date
            and of_samples.source = of_days.source
            and of_samples.metric = of_days.metric
    union all by name
    from of_days
    union all by name
    select
        maxima.subject,
        maxima.device_date as local_date,
        maxima.source,
        summed_metrics.ledger_metric as metric,
        maxima.value / summed_metrics.unit_size as reported
    from maxima
    inner join raw.summed_metrics on maxima.metric = summed_metrics.metric
    union all by name
    select
        rounded_amounts.subject,
        rounded_amounts.local_date,
        rounded_amounts.source,
        rounded_amounts.metric,
        rounded_amounts.amount as rounded
    from stg.rounded_amounts
    union all by name
    select
        carried_amounts.subject,
        carried_amounts.home_date as local_date,
        carried_amounts.source,
        carried_amounts.metric,
        -carried_amounts.amount as reported
    from stg.carried_amounts
    union all by name
    select
        carried_amounts.subject,
        carried_amounts.local_date,
        carried_amounts.source,
        carried_amounts.metric,
        carried_amounts.amount as reported
    from stg.carried_amounts
    union all by name
    select
        reading_amounts.subject,
        reading_amounts.local_date,
        reading_amounts.source,
        reading_amounts.metric,
        reading_amounts.amount as counted_by_other
    from reading_amounts
)

select
    amounts.subject,
    amounts.local_date,
    amounts.source,
    amounts.metric,
    round(coalesce(sum(amounts.reported), 0), 6) as reported,
    round(sum(amounts.counted), 6) as counted,
    round(coalesce(sum(amounts.counted_by_other), 0), 6) as counted_by_other,
    round(coalesce(sum(amounts.same), 0), 6) as same,
    round(coalesce(sum(amounts.cut), 0), 6) as cut,
    round(coalesce(sum(amounts.rejected), 0), 6) as rejected,
    if(
        sum(amounts.rejected) > 0 and amounts.metric in ('moving_min', 'moderate_min', 'vigorous_min'),
        'told in hours whose records are too long to know the minute',
        null
    ) as reason,
    round(coalesce(sum(amounts.rounded), 0), 6) as rounded

from amounts

group by amounts.subject, amounts.local_date, amounts.source, amounts.metric
