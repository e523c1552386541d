"""Times as HealthKit writes them, `2018-09-10 02:28:55 -0700`, many at once."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recovery.formats.apple.elements import Block, Bools, Ints

LENGTH = 25
Words = npt.NDArray[np.uint64]


class Shape(NamedTuple):
    """Eight letters of a time as one number: which are digits, which must be what."""

    digits: np.uint64
    fixed: np.uint64
    expected: np.uint64


def _shape(pattern: bytes) -> Shape:
    """Of a pattern in which 0 is any digit and ? any letter."""
    digits = bytes(255 * (letter == ord("0")) for letter in pattern)
    fixed = bytes(255 * (letter not in b"0?") for letter in pattern)
    expected = bytes(letter * (letter not in b"0?") for letter in pattern)
    return Shape(*(np.uint64(int.from_bytes(part, "little")) for part in (digits, fixed, expected)))


SHAPES = (_shape(b"0000-00-"), _shape(b"00 00:00"), _shape(b":00 ?000"))
ZEROS, OVER_9, HIGH_BITS = (np.uint64(number * 0x0101010101010101) for number in (0x30, 0x76, 0x80))
DAYS_OF_MONTH = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
FIRST_DAY = 719_468  # days from 1 March of the year 0 to 1970
MAX_OFFSET_H = 18


def instants(block: Block, places: Ints) -> tuple[Ints, Ints, Bools]:
    """Seconds of UTC since 1970, their offset in seconds, and whether there is such a time."""
    start, end = block.spans(places)
    is_given = (end - start == LENGTH) & (places >= 0)
    if len(block.bytes) < LENGTH or not is_given.any():
        nothing = np.zeros(len(places), np.int64)
        return nothing, nothing, np.zeros(len(places), bool)
    is_given &= end <= len(block.bytes)
    start = np.where(is_given, start, 0)
    windows = np.ndarray((len(block.bytes) - LENGTH + 1,), "V24", block.data, strides=(1,))  # one at every byte
    words = windows[start].view("<u8").reshape(-1, 3).T
    return _parsed(words, block.bytes[start + LENGTH - 1], is_given)


def _parsed(words: Words, last: npt.NDArray[np.uint8], is_given: Bools) -> tuple[Ints, Ints, Bools]:
    """The time in 24 letters as three numbers, and the 25th."""
    is_fine = is_given & (last >= ord("0")) & (last <= ord("9"))
    pairs = []
    for word, shape in zip(words, SHAPES, strict=True):
        digits = (word ^ ZEROS) & shape.digits
        is_fine &= ((digits + (OVER_9 & shape.digits)) | digits) & HIGH_BITS == 0
        is_fine &= (word & shape.fixed) == shape.expected
        pairs.append((10 * digits + (digits >> np.uint64(8))).view(np.int64))  # ten times a letter and the next one
    (date, clock, tail), byte = pairs, 255
    year = 100 * (date & byte) + (date >> 16 & byte)
    month, day = date >> 40 & byte, clock & byte
    hour, minute, second = clock >> 24 & byte, clock >> 48 & byte, tail >> 8 & byte
    offset_h, offset_min = tail >> 40 & byte, (tail >> 56 & byte) + last - ord("0")
    sign = words[2] >> np.uint64(32) & np.uint64(byte)
    is_fine &= (sign == ord("+")) | (sign == ord("-"))
    is_fine &= (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    is_fine &= (offset_h < MAX_OFFSET_H) & (offset_min < 60)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_fine &= day <= DAYS_OF_MONTH[np.clip(month, 0, 12)] - ((month == 2) & ~is_leap)
    offset_s = np.where(sign == ord("-"), -1, 1) * (3600 * offset_h + 60 * offset_min)
    return _days(year, month, day) * 86_400 + 3600 * hour + 60 * minute + second - offset_s, offset_s, is_fine


def _days(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970: years are counted from March, so that the leap day is their last."""
    year = year - (month <= 2)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + day_of_year - FIRST_DAY
