"""Changes of device and firmware, which look like effects."""

from recovery.checks._kinds import NoRows, NotNull, OneOf, Unique

RELATION = "device_changes"
KEY = ("subject", "local_date", "what", "source_before", "source_after")
CHECKS = (
    OneOf("critical", "What changed is a device or its firmware.", "what", ("device", "firmware")),
    NotNull("critical", "Every change has its date.", "local_date"),
    Unique("critical", "A change is told once.", (*KEY, "firmware_after")),
    NoRows(
        "critical",
        "A change of device has another source before and after, and a metric it touches.",
        """select subject, local_date::varchar as place, concat(source_before, ' to ', source_after) as value
        from {batch}
        where what = 'device' and (source_before is not distinct from source_after or metrics is null)""",
    ),
    NoRows(
        "critical",
        "A change of firmware has another version before and after, of the same device.",
        """select subject, local_date::varchar as place, concat(firmware_before, ' to ', firmware_after) as value
        from {batch}
        where what = 'firmware'
            and (source_before is distinct from source_after or coalesce(firmware_before = firmware_after, true))""",
    ),
    NoRows(
        "critical",
        "A change of device is the first day of a source of some metric.",
        """select changes.subject, changes.local_date::varchar as place, changes.source_after as value
        from {batch} as changes
        anti join pub.metric_sources as stretches
            on stretches.subject = changes.subject and stretches.first_date = changes.local_date
        where changes.what = 'device'""",
    ),
)
