"""What DuckDB wrote into a file, told without reading the file: each of its blocks begins with a checksum of the rest.

To hash a file of fifty people costs as much as to copy it twice, night after night; to hash its checksums, nothing.
They tell what was written. Whether it still lies there is another question, which reads the file (`are_whole`).

Layout and checksum are those of DuckDB's storage since version 1.0; a test compares them with a file it writes.
"""

import hashlib
import os
from pathlib import Path

import numpy as np

HEADER_BYTES, HEADERS = 4096, 3
BLOCK_BYTES = 262_144
WORD = np.dtype("<u8")  # a checksum is one, made of the others
SEED, FACTOR = np.uint64(5381), np.uint64(0xBF58476D1CE4E5B9)


def fingerprint(path: Path) -> str:
    """A hash of the headers and of the checksums of all blocks: another one whenever DuckDB wrote something else."""
    with path.open("rb", buffering=0) as stream:
        size, descriptor = os.fstat(stream.fileno()).st_size, stream.fileno()
        digest = hashlib.sha256(f"{size} ".encode() + os.pread(descriptor, HEADERS * HEADER_BYTES, 0))
        for start in range(HEADERS * HEADER_BYTES, size, BLOCK_BYTES):
            digest.update(os.pread(descriptor, WORD.itemsize, start))
    return digest.hexdigest()


def are_whole(path: Path) -> bool:
    """Whether every header and block has the content that its checksum was made of; reads all of the file."""
    words = np.empty(BLOCK_BYTES // WORD.itemsize, dtype=WORD)
    room = np.empty_like(words)  # memory of its own for each block would cost more than to look at it
    with path.open("rb", buffering=0) as stream:
        left = os.fstat(stream.fileno()).st_size
        sizes = [HEADER_BYTES] * HEADERS + [BLOCK_BYTES] * ((left - HEADERS * HEADER_BYTES) // BLOCK_BYTES)
        if sum(sizes) != left:
            return False
        for size in sizes:
            count = size // WORD.itemsize
            if stream.readinto(words[:count].data) != size:
                return False
            made_of = np.multiply(words[1:count], FACTOR, out=room[1:count])
            if np.bitwise_xor.reduce(made_of, initial=SEED) != words[0]:
                return False
    return True
