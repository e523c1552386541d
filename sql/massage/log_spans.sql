-- The dates that a massage log vouches for
--
-- From the first to the last entry that a log has for a person, or from log_complete_from and up to log_complete_until
-- of recovery.toml. On these dates no entry means no massage, but where a row could not be read (unknown_days).
-- grain: one row per subject and path
-- missing: no row for a log that has no entry for the person
-- source: the massage logs, recovery.toml
select
    logs.subject,
    logs.path,
    min(entries.local_date) as first_entry,
    max(entries.local_date) as last_entry,
    coalesce(max(log_starts.complete_from), min(entries.local_date)) as first_date,
    coalesce(max(logs.complete_until), max(entries.local_date)) as last_date
from raw.logs
inner join raw.massages as entries
    on
        logs.subject = entries.subject
        and logs.path = entries.path
left join raw.log_starts
    on
        logs.subject = log_starts.subject
        and logs.path = log_starts.path
where logs.kind = 'massages'
group by logs.subject, logs.path
