-- Heart rate, stress and wear of each minute, as each source reports it
--
-- Means of what was measured in the minute. is_on: something was measured that only a worn device measures, or the
-- device reports that it is worn. is_off: the device reports that it was off the wrist, and measured no heart rate.
-- heart_rate_count, stress_count, wear_count: how many records these are made of.
-- grain: subject, source, minute_utc
-- source: every source for itself
select
    samples.subject,
    samples.source,
    date_trunc('minute', samples.start_utc) as minute_utc,
    round(avg(samples.value) filter (where samples.metric = 'heart_rate_bpm'), 1) as heart_rate_bpm,
    round(avg(samples.value) filter (where samples.metric = 'stress'), 1) as stress,
    bool_or(samples.metric <> 'is_worn' or samples.value > 0) as is_on,
    not bool_or(samples.metric <> 'is_worn' or samples.value > 0) as is_off,
    cast(count_if(samples.metric = 'heart_rate_bpm') as integer) as heart_rate_count,
    cast(count_if(samples.metric = 'stress') as integer) as stress_count,
    cast(count_if(samples.metric = 'is_worn') as integer) as wear_count

from stg.samples

where samples.metric in ('heart_rate_bpm', 'stress', 'is_worn')

group by samples.subject, samples.source, date_trunc('minute', samples.start_utc)
