"""Our table of messages against fitparse's."""

import pytest
from fitparse.profile import MESSAGE_TYPES

from recovery.formats.fit.definitions import BASE_TYPE_BY_NAME
from recovery.formats.fit.profile import MESSAGES, NAMES

OURS_ALONE = {35, 36, 37, 38}  # of monitoring: not in the published profile, see readers/fit_files.py
KNOWN = sorted(number for number in NAMES if number in MESSAGE_TYPES)


@pytest.mark.parametrize("number", KNOWN, ids=lambda number: NAMES[number])
def test_names_types_and_scales_are_those_of_the_published_profile(number: int) -> None:
    theirs = MESSAGE_TYPES[number]
    ours = MESSAGES[NAMES[number]]

    assert ours.name == theirs.name
    assert set(ours.fields) - set(theirs.fields) == (OURS_ALONE if ours.name == "monitoring" else set())
    for key, field in theirs.fields.items():
        mine = ours.fields[key]
        assert (mine.name, mine.base) == (field.name, field.base_type.name)
        assert (mine.scale, mine.offset) == (pytest.approx(field.scale or 1, rel=1e-5), -(field.offset or 0))
        assert mine.kind == {"date_time": "time", "local_date_time": "local"}.get(field.type.name, "")


def test_every_field_has_a_type_that_exists() -> None:
    assert all(field.base in BASE_TYPE_BY_NAME for message in MESSAGES.values() for field in message.fields.values())


def test_what_the_main_job_needs_is_there() -> None:
    needed = (
        "file_id device_info device_settings activity session lap record event hrv monitoring monitoring_info"
        " monitoring_hr_data stress_level sleep_level sleep_assessment nap_event respiration_rate spo2_data"
        " hrv_status_summary hrv_value beat_intervals skin_temp_overnight max_met_data"
    )

    assert set(needed.split()) <= set(MESSAGES)
