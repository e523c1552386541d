"""The record types of `records` as columns, for series of many rows: arrays or lists of one length by column name.

`tests/formats/test_records.py` holds them to the record types.
"""

from collections.abc import Sequence
from typing import NotRequired, TypeAlias, TypedDict

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Column: TypeAlias = Sequence[object] | pa.Array | pa.ChunkedArray | npt.NDArray[np.generic]


class SampleColumns(TypedDict):
    """Columns of `samples`."""

    file: Column
    source: Column
    metric: Column
    start_utc: Column
    end_utc: Column
    value: Column
    tz_assumed: NotRequired[Column]


class CounterColumns(TypedDict):
    """Columns of `counters`."""

    file: Column
    source: Column
    metric: Column
    activity: Column
    time_utc: Column
    clock_offset_s: NotRequired[Column]
    value: Column


class ClockOffsetColumns(TypedDict):
    """Columns of `clock_offsets`."""

    file: Column
    source: Column
    time_utc: Column
    offset_s: Column


class SleepSessionColumns(TypedDict):
    """Columns of `sleep_sessions`."""

    file: Column
    source: Column
    session_key: Column
    start_utc: Column
    end_utc: Column
    kind: NotRequired[Column]
    tz_assumed: Column
    asleep_min: NotRequired[Column]
    awake_min: NotRequired[Column]
    latency_min: NotRequired[Column]
    after_wake_min: NotRequired[Column]
    is_in_bed_recorded: NotRequired[Column]
    reported_start_local: NotRequired[Column]
    reported_end_local: NotRequired[Column]


class SleepStageColumns(TypedDict):
    """Columns of `sleep_stages`."""

    file: Column
    source: Column
    session_key: Column
    start_utc: Column
    end_utc: Column
    stage: Column


class ActivityColumns(TypedDict):
    """Columns of `activities`."""

    file: Column
    source: Column
    start_utc: Column
    end_utc: Column
    sport: NotRequired[Column]
    steps: NotRequired[Column]
    distance_m: NotRequired[Column]
    active_energy_kcal: NotRequired[Column]
    tz_assumed: NotRequired[Column]


class DayValueColumns(TypedDict):
    """Columns of `day_values`."""

    file: Column
    source: Column
    local_date: Column
    metric: Column
    value: Column


class DeviceColumns(TypedDict):
    """Columns of `devices`."""

    file: Column
    source: Column
    time_utc: Column
    manufacturer: NotRequired[Column]
    product: NotRequired[Column]
    firmware: NotRequired[Column]
