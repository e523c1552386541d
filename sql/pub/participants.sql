-- Who takes part, and since when
--
-- One row for each person that recovery.toml names or that anything was read of: arm and subgroup as recovery.toml
-- says, and from when to when there are records of a device, entries of the diary and attended massages. What nothing
-- is there of has no date; what a person lacks altogether is named in missing. Excluded days and their reasons stand
-- here by person; why somebody is not in a mean stands in cohort_entries.
-- grain: one row per subject
-- missing: dates are NULL where there is no such record; arm and subgroup where recovery.toml tells none
-- source: recovery.toml, the devices, the diary, the massage logs
with devices as (
    select
        source_days.subject,
        min(source_days.local_date) as first_date,
        max(source_days.local_date) as last_date,
        count(distinct source_days.local_date) as n_days,
        string_agg(distinct source_days.source, ', ' order by source_days.source) as sources
    from stg.source_days
    group by source_days.subject
),

diaries as (
    select
        diary.subject,
        min(diary.local_date) as first_date,
        max(diary.local_date) as last_date,
        count(*) as n_days
    from stg.diary
    group by diary.subject
),

attended as (
    select
        massages.subject,
        min(massages.local_date) as first_date,
        max(massages.local_date) as last_date,
        count(*) as massages
    from stg.massages
    where massages.status = 'attended'
    group by massages.subject
),

judged as (
    select
        validity.subject,
        count(*) filter (where validity.is_valid_day) as valid_days,
        count(*) filter (where validity.is_valid_night) as valid_nights,
        count(validity.excluded_for) as excluded_days
    from massage.validity
    group by validity.subject
),

reasons as (
    select
        counted.subject,
        string_agg(
            counted.reason || ' (' || counted.n_days || ')', ', ' order by counted.n_days desc, counted.reason asc
        ) as excluded_for
    from (
        select
            validity.subject,
            validity.excluded_for as reason,
            count(*) as n_days
        from massage.validity
        where validity.excluded_for is not null
        group by validity.subject, validity.excluded_for
    ) as counted
    group by counted.subject
),

drawn as (
    select
        trials.subject,
        count(*) as n_trials
    from raw.trials
    group by trials.subject
),

people as (
    select
        coalesce(participants.subject, spans.subject) as subject,
        participants.arm,
        participants.subgroup,
        participants.time_zone,
        spans.first_date,
        spans.last_date
    from raw.participants
    full outer join massage.spans on participants.subject = spans.subject
    where participants.is_listed or spans.subject is not null
)

select
    people.subject, -- person
    people.arm, -- arm of the study, as recovery.toml says
    people.subgroup, -- what the person is counted with beside the arm, as recovery.toml says
    people.time_zone, -- home zone, an IANA name; NULL of a person that recovery.toml does not name any more
    people.first_date, -- first date with any record
    people.last_date, -- last date of a device or the diary
    devices.first_date as first_device_date, -- first date on which a device recorded something
    devices.last_date as last_device_date, -- last such date
    coalesce(devices.n_days, 0) as device_days, -- dates on which a device recorded something
    devices.sources, -- devices and apps that recorded something, separated by commas
    diaries.first_date as first_diary_date, -- first date of the diary
    diaries.last_date as last_diary_date, -- last date of the diary
    coalesce(diaries.n_days, 0) as diary_days, -- dates of which something is written down
    attended.first_date as first_massage_date, -- date of the first attended massage
    attended.last_date as last_massage_date, -- date of the last attended massage
    coalesce(attended.massages, 0) as n_massages, -- attended massages that were logged
    coalesce(judged.valid_days, 0) as valid_days, -- dates that are valid, see daily
    coalesce(judged.valid_nights, 0) as valid_nights, -- nights that are valid, see daily
    coalesce(judged.excluded_days, 0) as excluded_days, -- dates that recovery.toml excludes
    reasons.excluded_for, -- their reasons, each with its number of dates
    coalesce(drawn.n_trials, 0) as n_trials, -- trials that were drawn by `recovery plan-trial`
    nullif(
        concat_ws(
            ', ',
            if(devices.subject is null, 'devices', null),
            if(diaries.subject is null, 'diary', null),
            if(attended.subject is null, 'massages', null)
        ),
        ''
    ) as missing -- what the person has no record of: devices, diary, massages; NULL = nothing
from people
left join devices on people.subject = devices.subject
left join diaries on people.subject = diaries.subject
left join attended on people.subject = attended.subject
left join judged on people.subject = judged.subject
left join reasons on people.subject = reasons.subject
left join drawn on people.subject = drawn.subject
order by people.subject
