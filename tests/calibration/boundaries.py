"""The boundaries of looks (`recovery.effects.boundaries`), computed anew. Run by hand; takes some minutes:

    python tests/calibration/boundaries.py
    python tests/calibration/boundaries.py spent

The first prints the tables of that module and the Monte Carlo error of each figure, the second how often noise alone is
found by the boundaries of a main number and of three others, within two years and within five, with and without the
checks that must pass beside.
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from recovery.effects.boundaries import (
    FAMILY,
    FIRST_LOOK,
    LAST_LOOK,
    NEAREST,
    OF_MAIN,
    TABLE,
    beyond,
    finding_boundaries,
)
from recovery.effects.how_many_more import LEAD_Z
from recovery.effects.weeks import MIN_Z

CHUNK = 20_000
MASSAGES = np.arange(FIRST_LOOK, LAST_LOOK + 1)
EFFICIENCY = 0.95  # of the check of whole weeks: the median of people who book at random dates; else less
YEARS = {"two years": 86, "five years": LAST_LOOK}  # massages, booked weekly at random dates; and the most


def noise(random: np.random.Generator, count: int) -> np.ndarray:
    """B(k) / sqrt(k) at the looks: (count, looks)."""
    steps = random.standard_normal((count, len(MASSAGES)))
    steps[:, 0] *= np.sqrt(FIRST_LOOK)
    return np.asarray(np.cumsum(steps, axis=1) / np.sqrt(MASSAGES))


def largest(paths: int, seed: int, farther: np.ndarray | float = 0.0) -> np.ndarray:
    """The maximum of B(k) / sqrt(k) less `farther` (looks) over the looks, sorted.

    Each path gives two, for its mirror image is one too.
    """
    random = np.random.default_rng(seed)
    out = np.empty(2 * paths)
    for start in range(0, paths, CHUNK):
        count = min(CHUNK, paths - start)
        ratios = noise(random, count)
        out[2 * start : 2 * (start + count) : 2] = (ratios - farther).max(axis=1)
        out[2 * start + 1 : 2 * (start + count) : 2] = (-ratios - farther).max(axis=1)
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


def spent(paths: int, seed: int) -> Iterator[str]:
    """How often noise alone is found, in percent: one number, and any of four whose noise is independent."""
    random, kinds = np.random.default_rng(seed), ("z alone", "with the checks")
    ever: dict[tuple[str, str, str], list[float]] = {}
    for _ in range(max(1, paths // CHUNK)):
        missed = {(kind, span): np.ones(CHUNK) for kind in kinds for span in YEARS}
        for name, level in [("main", OF_MAIN)] + 3 * [("another", (FAMILY - OF_MAIN) / 3)]:
            ratios, before, own = (noise(random, CHUNK) for _ in range(3))
            crosses = ratios >= finding_boundaries(level, MASSAGES)
            weeks = np.sqrt(EFFICIENCY) * ratios + np.sqrt(1 - EFFICIENCY) * own
            passes = (np.abs(before) < LEAD_Z) & (weeks >= MIN_Z)
            for kind, hits in zip(kinds, (crosses, crosses & passes), strict=True):
                for span, most in YEARS.items():
                    is_found = hits[:, most >= MASSAGES].any(axis=1)
                    ever.setdefault((name, kind, span), []).append(float(is_found.mean()))
                    missed[kind, span] *= ~is_found
        for (kind, span), none in missed.items():
            ever.setdefault(("any of four", kind, span), []).append(1 - float(none.mean()))
    for (name, kind, span), shares in ever.items():
        share, people = float(np.mean(shares)), CHUNK * len(shares)
        error = (share * (1 - share) / people) ** 0.5
        yield f"{name}, {kind}, {span}: {100 * share:.2f} +- {100 * error:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("tables", "spent"), default="tables")
    parser.add_argument("--paths", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "spent":
        print("\n".join(spent(arguments.paths // 10, arguments.seed)))
        return
    for name, table, farther in (("TABLE", TABLE, 0.0), ("NEAREST", NEAREST, beyond(MASSAGES))):
        print(name)
        found = boundaries(largest(arguments.paths, arguments.seed, farther), list(table))
        for level, (boundary, error) in zip(table, found, strict=True):
            print(f"    {level}: {boundary:.3f},  # +- {error:.4f}")


if __name__ == "__main__":
    main()
