"""Times as HealthKit writes them, `2018-09-10 02:28:55 -0700`, many at once."""

import numpy as np
import numpy.typing as npt

from recovery.apple.elements import Block, Bools, Ints

LENGTH = 25
SEPARATORS = np.frombuffer(b"-- :: ", np.uint8)
SEPARATOR_PLACES = [4, 7, 10, 13, 16, 19]
DIGIT_PLACES = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 21, 22, 23, 24]
DAYS_OF_MONTH = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
FIRST_DAY = 719_468  # days from 1 March of the year 0 to 1970
MAX_OFFSET_H = 18


def instants(block: Block, places: Ints) -> tuple[Ints, Ints, Bools]:
    """Seconds of UTC since 1970, the offset that was told in seconds, and whether there is such a time."""
    start, end = block.spans(places)
    is_told = (end - start == LENGTH) & (places >= 0)
    if len(block.bytes) < LENGTH or not is_told.any():
        nothing = np.zeros(len(places), np.int64)
        return nothing, nothing, np.zeros(len(places), bool)
    windows = np.ndarray((len(block.bytes) - LENGTH + 1,), f"V{LENGTH}", block.data, strides=(1,))
    texts = windows[np.where(is_told, start, 0)].view(np.uint8).reshape(-1, LENGTH)
    return _parsed(texts, is_told)


def _parsed(text: npt.NDArray[np.uint8], is_told: Bools) -> tuple[Ints, Ints, Bools]:
    digits = np.ascontiguousarray(text[:, DIGIT_PLACES].T) - np.uint8(48)
    sign = text[:, 20]
    is_fine = is_told & (digits <= 9).all(axis=0) & ((sign == ord("+")) | (sign == ord("-")))
    is_fine &= (text[:, SEPARATOR_PLACES] == SEPARATORS).all(axis=1)
    tens = digits[0::2].astype(np.int32) * 10 + digits[1::2]
    century, year, month, day, hour, minute, second, offset_h, offset_min = tens
    year = 100 * century + year
    is_fine &= (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    is_fine &= (offset_h < MAX_OFFSET_H) & (offset_min < 60)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_fine &= day <= DAYS_OF_MONTH[np.minimum(month, 12)] - ((month == 2) & ~is_leap)
    clock_s = 3600 * hour + 60 * minute + second
    offset_s = np.where(sign == ord("-"), -1, 1) * (3600 * offset_h + 60 * offset_min)
    return _days(year, month, day) * 86_400 + clock_s - offset_s, offset_s.astype(np.int64), is_fine


def _days(year: npt.NDArray[np.int32], month: npt.NDArray[np.int32], day: npt.NDArray[np.int32]) -> Ints:
    """Days since 1970: years are counted from March, so that the leap day is their last."""
    year = year - (month <= 2)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (365 * year + year // 4 - year // 100 + year // 400 + day_of_year - FIRST_DAY).astype(np.int64)
