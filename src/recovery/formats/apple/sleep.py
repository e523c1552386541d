"""Nights of HealthKit's stretches of sleep, which it keeps as single records of each source."""

import heapq
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from recovery.formats.apple.elements import Bools, Ints

GAP_S = 3600  # as in sql/stg/night_sessions.sql: what is further apart is another sleep
STAGES = {
    "InBed": "in_bed",
    "Asleep": "asleep",  # before iOS 16
    "AsleepUnspecified": "asleep",
    "AsleepCore": "light",
    "AsleepDeep": "deep",
    "AsleepREM": "rem",
    "Awake": "awake",
}
NAMES = ("deep", "rem", "light", "awake", "asleep", "in_bed")  # by these numbers
# Of stretches of one source that overlap the lowest counts: stages over plain sleep, both over lying in bed.
RANK = (0, 0, 0, 0, 1, 2)
IN_BED = NAMES.index("in_bed")


class Nights(NamedTuple):
    """Nights and naps of one source, and what they consist of; seconds of UTC since 1970."""

    start: Ints
    end: Ints
    is_in_bed_recorded: Bools
    night: Ints  # of each piece
    piece_start: Ints
    piece_end: Ints
    piece_stage: Ints  # a number of NAMES
    repeat_count: int
    repeated: Ints  # stretches that come more than once: start, end, stage, how often beyond the first


def nights(start: Ints, end: Ints, stage: Ints) -> Nights:
    """The nights of one source: stretches without a gap of an hour, none over another."""
    rows, counts = np.unique(np.stack([start, end, stage], axis=1), axis=0, return_counts=True)
    repeat_count = len(start) - len(rows)
    repeated = np.column_stack([rows, counts - 1])[counts > 1]
    start, end, stage = rows.T
    until = np.maximum.accumulate(end)
    is_first = np.ones(len(start), bool)
    is_first[1:] = start[1:] - until[:-1] >= GAP_S
    night = np.cumsum(is_first) - 1
    first = np.flatnonzero(is_first)
    night_end = np.maximum.reduceat(end, first)
    in_bed = np.maximum.reduceat(stage == IN_BED, first)
    overlaps = np.zeros(len(start), bool)
    overlaps[1:] = ~is_first[1:] & (start[1:] < until[:-1])
    tangled = np.unique(night[overlaps])
    is_plain = ~np.isin(night, tangled)
    pieces = [np.stack([night, start, end, stage], axis=1)[is_plain]]
    for number in tangled.tolist():
        group = rows[np.searchsorted(night, number) : np.searchsorted(night, number, side="right")]
        pieces.append(np.array([(number, *piece) for piece in _flat(group.tolist())], np.int64))
    flat = _joined(np.concatenate(pieces))
    of_night, piece_start, piece_end, piece_stage = flat.T
    return Nights(
        start[first], night_end, in_bed, of_night, piece_start, piece_end, piece_stage, repeat_count, repeated
    )


def _flat(group: Sequence[Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    """Stretches (start, end, stage) cut at all their edges, without overlaps.

    Of two of equal rank the one that began later counts, then the shorter.
    """
    edges = sorted({edge for stretch in group for edge in stretch[:2]})
    running: list[tuple[int, int, int, int]] = []
    following = 0
    for here, there in pairwise(edges):
        while following < len(group) and group[following][0] <= here:
            start, end, stage = group[following]
            heapq.heappush(running, (RANK[stage], -start, end, stage))
            following += 1
        while running and running[0][2] <= here:
            heapq.heappop(running)
        if running:
            yield here, there, running[0][3]


def _joined(pieces: Ints) -> Ints:
    """Neighbours (night, start, end, stage) of one night and stage as one, so that a waking is counted once."""
    pieces = pieces[np.lexsort((pieces[:, 1], pieces[:, 0]))]
    goes_on = np.zeros(len(pieces), bool)
    goes_on[1:] = (pieces[1:, [0, 3, 1]] == pieces[:-1, [0, 3, 2]]).all(axis=1)
    first = np.flatnonzero(~goes_on)
    joined = pieces[first]
    joined[:, 2] = pieces[np.append(first[1:], len(pieces)) - 1, 2]
    return joined
