"""From evidence to figures: what is said at each look, by the rules of the program as they are now, and is it right."""

from collections.abc import Iterable, Iterator, Sequence

from recovery.effects.boundaries import Family
from recovery.effects.hull import interval_at
from recovery.effects.look_family import SaidAt, said_of_family
from recovery.effects.looks import Standing
from recovery.effects.regression import Estimate
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Verdict

from .beside import figures_beside
from .evidence import evidence_of
from .likely import figures_of_likely
from .nearer import of_rules
from .promises import figures_of_promises
from .results import Line
from .spoken import FOUND, day_of, is_of_layer_a, primary_of

WEEKS = (26, 52, 103)

Figure = tuple[str, str, float]  # its name, what it is of ('' of the person), the value


def figures_of(line: Line) -> Iterator[Figure]:
    """All figures of one person, or of one series of the layer `levels`."""
    if "jump" in line:
        yield "jump claimed", "", float(line["jump"])
        return
    metrics = line["metrics"]
    for one in metrics:
        yield from (("jump claimed", one["metric"], float(jump)) for jump in one.get("jump", []))
        if one.get("dose") and one["truth"] == 0:
            _, low, high = one["dose"]
            yield "dose holds the truth", one["metric"], float(low <= 0 <= high)
    names = tuple(one["metric"] for one in metrics)
    primaries = [primary_of(one) for one in metrics]
    for family, prefix in ((Family(names, main=names[0]), ""), (Family(names), "no main: ")):
        said = list(said_of_family(primaries, family))
        for name, of, value in _of_words(said, names[0], line):
            if not (prefix and of):
                yield prefix + name, of, value
        if is_of_layer_a(metrics):
            yield from ((prefix + name, of, value) for name, of, value in figures_of_likely(said))
        if not prefix:
            yield from _of_intervals(said, line)
            yield from figures_of_promises(said, family, line)
    yield from figures_beside(line)
    yield from of_rules(primaries[0], names, [row[1] for row in metrics[0]["rows"]], WEEKS)
    for one in metrics:
        yield from _of_last_look(one, line)


def _of_words(said: Sequence[SaidAt], main: str, line: Line) -> Iterator[Figure]:
    """What was ever said, of any main metric; and when of the one that goes first."""
    found = [one for one in said if one.said.event in FOUND]
    denied = [one for one in said if one.said.verdict is Verdict.CONTRADICTED]
    worse = [one for one in said if one.word in FOR_THE_WORSE]
    yield "ever a finding", "", float(bool(found))
    yield "ever a finding", f"life: {line['life']}", float(bool(found))
    yield "ever a finding", f"noise: {line['noise']}", float(bool(found))
    yield "ever denied", "", float(bool(denied))
    yield "ever denied", f"life: {line['life']}", float(bool(denied))
    yield "ever worse", "", float(bool(worse))
    for metric in {one.metric for one in said}:
        yield "ever a finding", metric, float(any(one.metric == metric for one in found))
        yield "ever denied", metric, float(any(one.metric == metric for one in denied))
        yield "ever worse", metric, float(any(one.metric == metric for one in worse))
    days = [day_of(one) for one in found if one.metric == main]
    for weeks in WEEKS:
        yield f"main found in {weeks} weeks", "", float(any(day < 7 * weeks for day in days))
    is_better = any(one.word in FOR_THE_BETTER for one in said)
    yield "ever likely better", "", float(is_better)
    for metric in {one.metric for one in found}:
        of_metric = [one for one in said if one.metric == metric]
        first = next(place for place, one in enumerate(of_metric) if one.said.event in FOUND)
        later = of_metric[first:]
        taken = any(one.look is not None and one.said.standing is not Standing.BETTER for one in later)
        yield "finding taken back", "", float(taken)


def _of_intervals(said: Sequence[SaidAt], line: Line) -> Iterator[Figure]:
    """Whether the range that is shown ever leaves out the truth, and whether it does at the last look."""
    truths = {one["metric"]: one["truth"] for one in line["metrics"]}
    for metric, truth in truths.items():
        shown = [one.look.interval for one in said if one.metric == metric and one.look]
        if not shown:
            continue
        misses = [not low <= truth <= high for low, high in shown]
        yield "range shown holds the truth at all looks", metric, float(not any(misses))
        yield "range shown holds the truth", metric, float(not misses[-1])


def _of_last_look(metric: Line, line: Line) -> Iterator[Figure]:
    """What one look at the end of the record says, by the interval of a single look."""
    name, rows = metric["metric"], metric["rows"]
    if not rows:
        return
    last = evidence_of(rows[-1])
    yield "refused", name, float(last.estimate is None)
    for check in last.failed:
        yield f"check failed: {check}", name, 1.0
    found, worth = last.estimate, last.worth
    if found is None or not worth:
        return
    yield "looked at", name, 1.0
    low, high = interval_at(found, 1.96)
    sign = 1.0 if metric["better"] == "up" else -1.0
    better_low, better_high = (low, high) if sign > 0 else (-high, -low)
    truth = metric["truth"]
    parts = [name, *([f"{name}, {line['diary']}"] if name == "pain" else [])]
    for part in parts:
        yield "interval holds the truth", part, float(low <= truth <= high)
        yield "interval leaves out 0", part, float(low > 0 or high < 0)
        yield "interval says worse", part, float(better_high < 0 and last.may_exclude)
        yield "says worse or better", part, float(better_low > 0 or (better_high < 0 and last.may_exclude))
        yield "interval leaves out the change worth having", part, float(better_high < worth and last.may_exclude)
        yield "error towards better, in deviations", part, sign * (found.estimate - truth) / metric["deviation"]
        yield "z squared", part, _z(found, truth) ** 2
        yield "standard error, in deviations", part, found.standard_error / metric["deviation"]


def _z(found: Estimate, truth: float) -> float:
    """How far the truth lies off, in standard errors as they are told; of a hull by the nearest of its parts."""
    parts = found.parts or (found,)
    return min(abs(one.estimate - truth) / one.standard_error * 1.96 / one.critical_value for one in parts)


def summed(figures: Iterable[Figure]) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Count, sum and sum of squares by figure and part."""
    out: dict[tuple[str, str], tuple[int, float, float]] = {}
    for name, of, value in figures:
        n, total, squares = out.get((name, of), (0, 0.0, 0.0))
        out[name, of] = n + 1, total + value, squares + value * value
    return out
