-- Changes of device and firmware
--
-- Devices measure differently, and a new version of the same device may too, so a change looks like an effect. One row
-- for each change that lasted (massage.device_changes), with the metrics it touches; effects give each device its own
-- level, or refuse.
-- grain: one row per subject, local_date, what, source_before, source_after and firmware_after
-- missing: source_before is NULL where a source was added, source_after where one ended; the firmware is NULL
-- for a change of device; metrics is NULL where the device is selected for none
-- source: metric_sources, and what devices report of themselves
select
    device_changes.subject,
    device_changes.local_date,
    device_changes.what, -- device or firmware
    device_changes.source_before, -- source until then; NULL = one was added
    device_changes.source_after, -- source from then on; NULL = one ended
    device_changes.firmware_before, -- its version until then
    device_changes.firmware_after, -- its version from then on
    device_changes.metrics -- that the change touches, separated by commas
from massage.device_changes
order by
    device_changes.subject,
    device_changes.local_date,
    device_changes.what,
    device_changes.source_before,
    device_changes.source_after,
    device_changes.firmware_after
