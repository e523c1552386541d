-- Quarters of an hour in which a clock changed
--
-- Of all others one instant tells the date of the whole quarter.
-- quarter_number: quarters of an hour since 1970.
-- grain: subject, quarter_number
-- missing: no row where clocks change at quarters, as nearly all do
select distinct
    clock_offsets.subject,
    epoch_us(clock_offsets.start_utc) // 900000000 as quarter_number

from stg.clock_offsets

where epoch_us(clock_offsets.start_utc) % 900000000 <> 0
