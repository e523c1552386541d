"""A small published answer in which every check holds, and a way to see which check a change breaks."""

from collections.abc import Callable, Iterator

import duckdb
import pytest
from layers import views_as_tables
from one_row import results

from recovery import checks, warehouse

ROWS = """
delete from pub.metrics;
insert into pub.metrics by name
    select * from (values ('steps', 'movement', 'steps', 'Steps of the day.', 'up'),
        ('rest_share', 'rest', 'share', 'Share of rest.', 'none')) as told (metric, family, unit, description, better);
insert into pub.daily_metrics by name
    select 'me' as subject, date '2026-03-01' + day::integer as local_date, metric, family, value, unit,
        'garmin:1' as source, 'minute' as resolution, 0.9 as coverage_share, true as is_complete, true as is_valid
    from range(15) as days (day)
    cross join (values ('steps', 'movement', 2880.0, 'steps'), ('rest_share', 'rest', 0.5, 'share'))
        as told (metric, family, value, unit);
insert into pub.daily by name
    select 'me' as subject, date '2026-03-01' + day::integer as local_date, 2880.0 as steps, 0.5 as rest_share,
        day = 7 as is_massage_day, 480.0 as asleep_min, 60.0 as resting_heart_rate_bpm, 3.0 as pain
    from range(15) as days (day);
insert into pub.timeline by name
    select 'me' as subject, minute_utc, minute_utc as local_time, minute_utc::date as local_date, 'moving' as state,
        2 as steps, 70.0 as heart_rate_bpm
    from range(timestamp '2026-03-01', timestamp '2026-03-16', interval 1 minute) as minutes (minute_utc);
insert into pub.nights by name
    select 'me' as subject, date '2026-03-02' + day::integer as night_date, 1 as ordinal, 'garmin:1' as source,
        timestamp '2026-03-01 22:00' + to_days(day::integer) as onset_utc,
        timestamp '2026-03-02 06:00' + to_days(day::integer) as wake_utc,
        490.0 as in_bed_min, 480.0 as asleep_min, 300.0 as light_min, 100.0 as deep_min, 80.0 as rem_min,
        0.98 as efficiency_share
    from range(3) as days (day);
insert into pub.participants by name
    select 'me' as subject, date '2026-03-01' as first_date, date '2026-03-15' as last_date, 1 as n_massages;
insert into pub.adherence by name
    select 'me' as subject, date '2026-03-02' + 7 * week::integer as week_date, 7 as n_days, 0 as valid_days,
        0 as valid_nights, 1 as diary_days, 0 as massages
    from range(2) as weeks (week);
insert into pub.massages by name
    select 'me' as subject, 'm1' as massage_id, date '2026-03-08' as local_date, 'attended' as status,
        timestamp '2026-03-08 10:00' as start_utc, 60.0 as massage_min,
        3.0 as pressure, 5.0 as pain_before, 3.0 as pain_after;
insert into pub.diary by name
    select 'me' as subject, date '2026-03-08' as local_date, 3.0 as pain, 2.0 as pain_morning, 3.0 as pain_afternoon,
        1.0 as bed_rest_hours, 4.0 as mood, 0.0 as medication_doses, 0.0 as doctor_visits;
insert into pub.log_spans by name
    select 'me' as subject, 'a.csv' as path, date '2026-03-02' as first_date, date '2026-03-10' as last_date;
insert into pub.unknown_days by name
    select 'me' as subject, date '2026-03-05' as local_date, 'a.csv' as path, 'row 3' as place, 'no date' as reason;
update pub.daily set is_massage_day = null where local_date = '2026-03-05';
insert into pub.around_massage by name
    select 'me' as subject, 'm1' as massage_id, 'steps' as metric, day - 7 as day_offset,
        date '2026-03-01' + day::integer as local_date, 2880.0 as value, 2880.0 as baseline, 0.0 as change,
        true as is_valid, false as overlaps_another
    from range(15) as days (day);
insert into pub.around_massage_summary by name
    select 'me' as subject, 'steps' as metric, day - 7 as day_offset, 0.0 as mean, 1 as n from range(15) as days (day);
insert into pub.effects by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", 'movement' as family, true as is_primary,
        'steps' as unit, 'up' as better, 500.0 as estimate, 200.0 as ci_low, 800.0 as ci_high, 0.01 as p_value,
        0.02 as holm_p, 2880.0 as usual, 600.0 as worth, 'metric' as worth_from, 'A study.' as worth_source,
        true as is_worth_reachable, 1 as n_massages, 1 as n_massages_measured, 15 as n_days, 'lead: passed' as checks,
        'a_little_better' as direction, 'clear' as certainty, 'after' as basis, 'supported' as verdict,
        500.0 as shown_estimate, 50.0 as shown_low, 950.0 as shown_high, 'More.' as reason;
insert into pub.answer_counts by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", 1 as massages_logged, 0 as massages_same_day,
        0 as massages_outside, 0 as massages_unmeasured, 1 as massages_counted, 15 as days_in_span, 0 as days_without,
        0 as days_excluded, 0 as days_not_valid, 0 as days_not_compared, 15 as days_counted;
insert into pub.looks by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", 1 as look, date '2026-03-11' as local_date,
        12 as n_massages, 500.0 as estimate, 50.0 as low, 950.0 as high, 600.0 as worth, 'a_little_better' as word,
        'clear' as certainty, 'found' as event, '' as failed;
insert into pub.effect_checks by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", 1 as ordinal, 'lead' as name, true as passed,
        'The days before were like others.' as sentence;
insert into pub.subgroup_effects by name
    select 'me' as subject, 'steps' as metric, 'area' as attribute, 'neck' as level, 1 as n_massages,
        500.0 as estimate, 200.0 as ci_low, 800.0 as ci_high, 0.01 as p_value, 0.02 as q_value, 'Told.' as reason;
insert into pub.relief_shares by name
    select 'me' as subject, 'pain' as metric, 0.3 as drop_share, 1 as n_massages, 1 as n_followed, 20 as n_days,
        1.0 as massages_share, 0.2 as days_share, 'Told.' as reason;
insert into pub.circumstances by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", 'travel' as circumstance, 1 as n_massages,
        1 as n_massages_told, 0 as n_massages_yes, 20 as n_other_days_told, 2 as n_other_days_yes,
        0.1 as other_share, true as is_alike, 'Told.' as reason;
insert into pub.more_massages by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", 'as booked' as design, 12 as low, 30 as high,
        31 as weeks, 1.0 as per_week, 0.9 as chance, 'Told.' as reason;
insert into pub.claims by name
    select 'me' as subject, 'claim_' || number as claim_id, number as ordinal, 'It helps.' as claim,
        'unknown' as direction, 'cannot_tell' as certainty, 'after' as basis,
        'cannot be told from this data' as verdict, 'Nothing tells it.' as reason, 'None.' as published_evidence
    from range(1, 16) as numbers (number);
insert into pub.claims by name
    select 'me' as subject, 'daily_activity' as claim_id, 16 as ordinal, 'It helps.' as claim, 'steps' as metric,
        'days_1_3' as "window", 600.0 as worth, 'A study.' as worth_source, 500.0 as observed, 200.0 as ci_low,
        800.0 as ci_high, 'a_little_better' as direction, 'clear' as certainty, 'after' as basis,
        'supported' as verdict,
        'More.' as reason, 'None.' as published_evidence;
insert into pub.cohort_effects by name
    select 'steps' as metric, 'days_1_3' as "window", 1 as n_subjects, 0 as n_refused, 'Too few people.' as reason,
        attribute, level
    from (values ('all', ''), ('arm', 'massage')) as parts (attribute, level);
insert into pub.cohort_entries by name
    select 'me' as subject, 'steps' as metric, 'days_1_3' as "window", true as is_entered, false as is_gated,
        500.0 as estimate, 200.0 as ci_low, 800.0 as ci_high, 'In the mean.' as reason, 'massage' as arm;
insert into pub.files by name
    select 'a.fit' as path, 'loaded' as status, 'me' as subject, 10 as rows, '' as message,
        timestamp '2026-03-01' as first_utc, timestamp '2026-03-16' as last_utc;
insert into pub.reconciliation by name
    select 'me' as subject, local_date, metric, 'garmin:1' as source, 'running total' as told_as,
        2880.0 as vendor_value, value, 0.0 as difference, 0.0 as difference_share, unit, 'garmin:1' as counted_source,
        true as is_comparable
    from pub.daily_metrics where metric = 'steps';
insert into pub.ledger by name
    select 'me' as subject, local_date, 'garmin:1' as source, metric, value as reported, value as counted,
        0 as counted_by_other, 0 as same, 0 as cut, 0 as rejected, 0 as outside, 0 as unaccounted
    from pub.daily_metrics where metric = 'steps';
insert into pub.trials by name
    select 'me' as subject, date '2026-03-03' as start_date, date '2026-05-25' as end_date, 6 as pairs,
        1 as weeks_per_block, 'tue' as weekday, time '18:00' as start_time, 'a hash' as schedule_sha256,
        timestamp '2026-03-01' as committed_utc, 0 as massages_in_control_weeks;
insert into pub.trial_weeks by name
    select 'me' as subject, date '2026-03-03' as start_date, week + 1 as week, week // 2 + 1 as pair,
        date '2026-03-03' + 7 * week::integer as local_date, week % 2 = 0 as is_massage_week, 0 as massages_attended
    from range(12) as weeks (week);
insert into pub.metric_sources by name
    select 'me' as subject, 'steps' as metric, date '2026-03-01' as first_date, date '2026-03-15' as last_date,
        'garmin:1' as sources, 15 as valid_days;
insert into pub.device_changes by name
    select 'me' as subject, date '2026-03-01' as local_date, 'device' as what, 'fitbit:1' as source_before,
        'garmin:1' as source_after, 'steps' as metrics;
"""


@pytest.fixture(scope="session")
def sound() -> Iterator[duckdb.DuckDBPyConnection]:
    """Published tables of 15 days around one massage, with the real columns; every check holds."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    views_as_tables(connection)
    connection.execute(ROWS)
    yield connection
    connection.close()


Broken = Callable[[str, str], set[str]]


@pytest.fixture
def broken(sound: duckdb.DuckDBPyConnection) -> Broken:
    """The sentences of a relation's checks that fail after one change, which is taken back afterwards."""

    def after(relation: str, change: str) -> set[str]:
        sound.execute("begin transaction")
        try:
            sound.execute(change)
            found = results(sound, checks.relations()[relation])
        finally:
            sound.execute("rollback")
        return {result.sentence for result in found if not result.is_met}

    return after
