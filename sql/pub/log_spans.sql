-- The dates that each massage log vouches for
--
-- From the first to the last entry that a log has for a person, or as log_complete_from and log_complete_until of
-- recovery.toml say. On these dates no entry means no massage, but on unknown_days; outside nothing is known.
-- grain: one row per subject and path
-- missing: no row for a log that has no entry for the person
-- source: the massage logs, recovery.toml
select
    log_spans.subject,
    log_spans.path,
    log_spans.first_entry, -- date of the first entry
    log_spans.last_entry, -- date of the last entry
    log_spans.first_date, -- first date the log vouches for
    log_spans.last_date -- last such date
from massage.log_spans
order by log_spans.subject, log_spans.path
