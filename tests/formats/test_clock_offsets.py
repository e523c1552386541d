"""What exports say of the local clock."""

from datetime import datetime

from recovery.formats.clock_offsets import FirstOffsets


def test_the_first_instant_of_each_offset_of_a_source_on_a_date_is_kept() -> None:
    found = FirstOffsets()
    for hour, offset_s in ((9, 7200), (7, 7200), (20, 3600), (21, None)):
        found.add("watch", datetime(2026, 5, 31, hour), offset_s)
    found.add("phone", datetime(2026, 5, 31, 8), 7200)
    found.add("watch", datetime(2026, 6, 1, 6), 7200)

    assert [(row["source"], row["time_utc"], row["offset_s"]) for row in found.rows()] == [
        ("watch", datetime(2026, 5, 31, 7), 7200),
        ("phone", datetime(2026, 5, 31, 8), 7200),
        ("watch", datetime(2026, 5, 31, 20), 3600),
        ("watch", datetime(2026, 6, 1, 6), 7200),
    ]
