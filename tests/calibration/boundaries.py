"""The boundaries of looks (`recovery.effects.boundaries`), computed anew. Run by hand; takes a minute:

    python tests/calibration/boundaries.py

Prints the table of that module and the Monte Carlo error of each figure.
"""

import argparse
from collections.abc import Sequence

import numpy as np

from recovery.effects.boundaries import FIRST_LOOK, LAST_LOOK, TABLE

CHUNK = 20_000


def largest(paths: int, seed: int) -> np.ndarray:
    """The maximum of B(k) / sqrt(k) over the looks, sorted; each path gives two, for its mirror image is one too."""
    random = np.random.default_rng(seed)
    out = np.empty(2 * paths)
    root = np.sqrt(np.arange(FIRST_LOOK, LAST_LOOK + 1))
    for start in range(0, paths, CHUNK):
        count = min(CHUNK, paths - start)
        steps = random.standard_normal((count, len(root)))
        steps[:, 0] *= np.sqrt(FIRST_LOOK)
        ratios = np.cumsum(steps, axis=1) / root
        out[2 * start : 2 * (start + count) : 2] = ratios.max(axis=1)
        out[2 * start + 1 : 2 * (start + count) : 2] = -ratios.min(axis=1)
    return np.sort(out)


def boundaries(sorted_maxima: np.ndarray, levels: Sequence[float]) -> list[tuple[float, float]]:
    """The upper quantile of each level and its Monte Carlo error, from the order statistics around it."""
    out = []
    for level in levels:
        count = len(sorted_maxima)
        place = count * (1 - level)
        spread = np.sqrt(count * level * (1 - level))
        places = np.clip([place - spread, place, place + spread], 0, count - 1).astype(int)
        low, middle, high = sorted_maxima[places]
        out.append((float(middle), float(high - low) / 2))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    found = boundaries(largest(arguments.paths, arguments.seed), list(TABLE))
    for level, (boundary, error) in zip(TABLE, found, strict=True):
        print(f"    {level}: {boundary:.3f},  # +- {error:.4f}")


if __name__ == "__main__":
    main()
