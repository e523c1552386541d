"""Whether "N more massages" comes true: promises at some looks of a person, and whether an answer came within N.

What a promise needs beside the stored evidence (the pace, and what the check of whole weeks can see of these dates) is
kept with the looks of `ASKED`. They were computed of everybody, near a boundary or not, so that promises do not count
the more where looks lie close together. A person's promises hang together and count as one figure: the share kept.
"""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recovery.answers.metric import seed_of
from recovery.effects.boundaries import Family
from recovery.effects.design_information import information, likeliest_shape
from recovery.effects.how_many_more import Now, how_many_more
from recovery.effects.look_family import SaidAt, ever_found, level_of
from recovery.effects.look_series import WEEKS as WEEKS_GATE
from recovery.vocabulary.verdicts import Certainty

from .evidence import Row
from .people import DAYS, Outcome, Person, person
from .results import Line, pieces_in, read_piece

PROMISED = "worth"  # the effect of the cells that are asked
ASKED = (12, 15, 18, 22, 27, 33)  # massages: where evidence.py goes on a quarter further each time
Figure = tuple[str, str, float]
Pace = list[Any]  # massages, massages a week, what the check of whole weeks sees


def paces(made: Person, outcome: Outcome, rows: Sequence[Row]) -> list[Pace]:
    """The pace at each look of `ASKED` that has an estimate."""
    return [_pace(made, outcome, row) for row in rows if row[0] in ASKED and row[2]]


def _pace(made: Person, outcome: Outcome, row: Row) -> Pace:
    days = row[1] + 1
    values, is_massage, dates = outcome.values[:days], outcome.is_massage[:days], made.dates[:days]
    shape = likeliest_shape(values, is_massage, dates, outcome.lags)
    told = information(is_massage, np.isfinite(values), dates, shape, outcome.lags)
    weeks = max(1.0, (days - int(np.argmax(is_massage > 0))) / 7)
    return [row[0], float(f"{is_massage.sum() / weeks:.6g}"), float(f"{told.weeks_efficiency:.6g}")]


def with_paces(line: Line, cell: str, days: int = DAYS) -> Line:
    """The same with the paces of a person whose evidence was stored without them; the person is made anew.

    Raises ValueError where that is not the same person, because the code that makes people changed.
    """
    _, booking, effect = cell.split("/")
    made = person(booking, effect, cell, line["number"], days=days)
    metrics = []
    for outcome, metric in zip(made.outcomes, line["metrics"], strict=True):
        if (outcome.metric, outcome.truth, outcome.deviation) != tuple(
            metric[name] for name in ("metric", "truth", "deviation")
        ):
            raise ValueError(f"person {line['number']} of {cell} was made by other code")
        metrics.append({**metric, "paces": paces(made, outcome, metric["rows"])})
    return {**line, "metrics": metrics}


def add_paces(folder: Path, minutes: float) -> int:
    """Adds them to the pieces of layer a, people by people, until so many minutes are over; of how many people."""
    ends, added = time.monotonic() + 60 * minutes, 0
    for piece, path in pieces_in(folder):
        if not (piece.cell.startswith("a/") and piece.cell.endswith(f"/{PROMISED}")):
            continue
        lines = read_piece(path)
        for place, line in enumerate(lines):
            if time.monotonic() < ends and any("paces" not in metric for metric in line["metrics"]):
                lines[place] = with_paces(line, piece.cell)
                added += 1
        beside = path.with_suffix(".new")
        beside.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")
        beside.replace(path)
    return added


def figures_of_promises(said: Sequence[SaidAt], family: Family, line: Line) -> Iterator[Figure]:
    """Of the person, and by metric: the share of looks with a promise, and of promises the share that came true."""
    promised, kept = [], []
    for metric in line["metrics"]:
        name = metric["metric"]
        of_metric = [one for one in said if one.metric == name]
        by_massages = {one.found.massages: one for one in of_metric}
        made_here, kept_here = [], []
        for massages, per_week, efficiency in metric.get("paces", ()):
            now = by_massages[massages]
            if not _is_asked(now):
                continue
            until_now = [one for one in said if one.found.local_date <= now.found.local_date]
            high = _promise(now, level_of(name, [family], ever_found(until_now)), per_week, efficiency)
            made_here.append(high is not None)
            if high is not None and massages + high <= of_metric[-1].found.massages:
                within = [one for one in of_metric if massages < one.found.massages <= massages + high]
                kept_here.append(any(one.certainty is Certainty.CLEAR for one in within))
        yield from _shares(name, made_here, kept_here)
        promised += made_here
        kept += kept_here
    yield from _shares("", promised, kept)


def _shares(of: str, promised: Sequence[bool], kept: Sequence[bool]) -> Iterator[Figure]:
    if promised:
        yield "promises an answer", of, sum(promised) / len(promised)
    if kept:
        yield "reached within N", of, sum(kept) / len(kept)
        yield from (("reached within N, each promise", of, float(one)) for one in kept)


def _is_asked(now: SaidAt) -> bool:
    """Whether nothing is said yet, and no check but that of whole weeks stands in the way."""
    is_open = now.look is not None and now.certainty is not Certainty.CLEAR
    return is_open and not set(now.found.evidence.failed) - {WEEKS_GATE}


def _promise(now: SaidAt, level: float, per_week: float, efficiency: float) -> int | None:
    """The massages said to be enough for four in five, as the program says them; None where two years are not."""
    look = now.look
    if look is None:
        raise ValueError("a look that says nothing promises nothing")
    is_allowed = look.may_exclude or now.metric != "pain"
    may_be_ruled_out = is_allowed and not (look.builds_up or look.may_build_up)
    more = how_many_more(
        Now(
            look.size,
            look.estimate.standard_error,
            look.estimate.critical_value,
            look.worth,
            now.found.massages,
            per_week,
            level,
            look.exclusion_boundary,
            look.worth if may_be_ruled_out else None,
            efficiency,
        ),
        seed=seed_of(now.metric),
    )
    return more.high
