-- Readings of the selected source of each date
--
-- As the metrics of sql/daily take them: HRV, breathing and oxygen of the source of the night, all others of that of
-- the date. amount: their sum, of what has none (raw.summed_metrics) how many they are.
-- grain: subject, local_date, metric
-- source: the selected one
with selected as (
    select
        day_readings.subject,
        day_readings.local_date,
        day_readings.metric,
        day_readings.source,
        day_readings.sum_value,
        day_readings.reading_count
    from stg.day_readings
    where day_readings.metric not in ('hrv_rmssd_ms', 'hrv_sdnn_ms', 'respiration_rate', 'spo2_share')
    union all by name
    select
        overnight_readings.subject,
        overnight_readings.local_date,
        overnight_readings.metric,
        overnight_readings.source,
        overnight_readings.reading_count
    from stg.overnight_readings
    where overnight_readings.metric in ('hrv_rmssd_ms', 'hrv_sdnn_ms', 'respiration_rate', 'spo2_share')
)

select
    selected.subject,
    selected.local_date,
    selected.metric,
    selected.source,
    if(summed_metrics.metric is null, selected.reading_count, selected.sum_value) as amount

from selected

left join raw.summed_metrics on selected.metric = summed_metrics.metric
