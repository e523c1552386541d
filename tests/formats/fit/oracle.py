"""What fitparse finds in a file and what we find, in one form that can be compared.

Known differences, left out of the comparison here and nowhere else:

- Components: fitparse adds the parts of packed fields as fields of their own (speed and distance of
  compressed_speed_distance, enhanced_speed of speed, kind and intensity of current_activity_type_intensity). We keep
  the packed field; the reader unpacks the last one.
- Halved cycles: where the kind of activity comes from current_activity_type_intensity, fitparse gives half the steps.
  Stored values are compared, so it does not show; of scaled values those with a subfield are left out.
- Damage: fitparse raises; the messages it gave before must be ours, and we say that the file is damaged.
- A field whose size is no multiple of its type's stops fitparse; we keep its bytes and read on.
- Wrong checksums stop fitparse too; it is told not to look, and ours are tested by themselves.
- Descriptions of developer fields outlive their file in fitparse; they are cleared here before each file.
- An array of nothing but invalid values is None here and an array of None there; both count as None.
"""

import io
import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import fitparse
import fitparse.records
import numpy as np
from fitparse.utils import FitParseError

from recovery.formats.fit.decode import FIT_EPOCH_S, Decoded
from recovery.formats.fit.profile import MESSAGES, NAMES
from recovery.formats.fit.rows import Row

Plain = tuple[int, tuple[tuple[Any, Any], ...]]  # kind, ((field, developer), stored value)
Scaled = dict[tuple[str, str], dict[int, float]]  # message, field -> value by the message's number among its kind


class Theirs(NamedTuple):
    """fitparse's reading of one file."""

    rows: list[Plain]
    scaled: Scaled
    stopped: str  # why it stopped before the end
    is_whole: bool = True  # whether it was asked for all of it


class _Bare:
    """No dates and units made of stored values: they cost fitparse a third of its time and are not compared."""

    def run_type_processor(self, _: object) -> None: ...

    def run_field_processor(self, _: object) -> None: ...

    def run_unit_processor(self, _: object) -> None: ...

    def run_message_processor(self, _: object) -> None: ...


def read_with_fitparse(content: bytes, most: int | None = None) -> Theirs:
    """Every message, or so many at most, up to the end or to what stops fitparse."""
    fitparse.records.DEV_TYPES.clear()
    theirs: list[Plain] = []
    scaled: Scaled = defaultdict(dict)
    counts: dict[int, int] = defaultdict(int)
    stopped = ""
    try:
        file = fitparse.FitFile(io.BytesIO(content), check_crc=False, data_processor=_Bare())
        for message in itertools.islice(file.get_messages(), most):
            number = message.mesg_num
            fields = []
            for field in message.fields:
                if field.field_def is not None:
                    key = (field.field_def.def_num, getattr(field.field_def, "dev_data_index", None))
                    fields.append((key, _plain(field.raw_value)))
                    if number in NAMES and _is_scaled(field):
                        scaled[NAMES[number], field.name][counts[number]] = field.value
                elif field.name == "timestamp":
                    fields.append(("compressed time", field.raw_value + FIT_EPOCH_S))
            theirs.append((number, tuple(fields)))
            counts[number] += 1
    except (FitParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        stopped = repr(error)
    return Theirs(theirs, scaled, stopped, most is None or len(theirs) < most)


def _is_scaled(field: Any) -> bool:
    has_scale = field.field is not None and field.parent_field is None and (field.field.scale or field.field.offset)
    return bool(has_scale) and isinstance(field.value, float)


def ours(rows: Sequence[Row]) -> list[Plain]:
    """Our messages in the same form."""
    found = []
    for row in rows:
        fields: list[tuple[Any, Any]] = [
            ((field.number, field.developer), _plain(value)) for field, value in row.fields
        ]
        if row.is_time_compressed and row.time_s is not None:
            fields.append(("compressed time", row.time_s))
        found.append((row.number, tuple(fields)))
    return found


def differences(theirs: Theirs, rows: Sequence[Row]) -> list[str]:
    """The messages that are not the same; none is missing where fitparse came to the end."""
    mine = ours(rows)
    found = [
        f"message {place}: fitparse {his}, ours {my}"
        for place, (his, my) in enumerate(zip(theirs.rows, mine, strict=False))
        if his != my
    ]
    is_all_told = theirs.is_whole and not theirs.stopped
    if len(mine) < len(theirs.rows) or (is_all_told and len(mine) != len(theirs.rows)):
        found.append(f"fitparse has {len(theirs.rows)} messages, we have {len(mine)}")
    return found


def scaled_differences(theirs: Theirs, decoded: Decoded, file: int = 0) -> list[str]:
    """The scaled numbers of the profile's messages that are not the same."""
    found = []
    for (message, name), values in theirs.scaled.items():
        if name not in MESSAGES[message].numbers:
            found.append(f"{message}.{name} is not in our profile")
            continue
        table = decoded.table(message)
        mine = table.column(name)[table.file == file][list(values)]
        if not np.allclose(mine, list(values.values()), rtol=1e-6, atol=1e-9):
            found.append(f"{message}.{name}: fitparse {list(values.values())[:3]}, ours {mine[:3]}")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return None if all(one is None for one in value) else tuple(_plain(one) for one in value)
    return None if isinstance(value, float) and math.isnan(value) else value
