"""Tables and drawings of docs/calibration-one-look.md from what one_look.py and real_series.py found.

    python tests/calibration/report.py FOLDER [--docs docs]

Writes what stands between `<!-- figures: NAME -->` and `<!-- end -->` anew, and the drawings beside it. Verdicts are
spoken here, by the rules of the product: a change worth having is 0.3 day-to-day deviations, the size of the transient
effect and of the night's. A finding is an interval that leaves out 0; ± is the Monte Carlo error of one standard
deviation.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from drawings import dots, stacked
from one_look import NO_DIARY, SIZES, lags_of, read_lines
from scipy.special import ndtri
from simulator import BOOKINGS, truth

from recovery.effects.examine import Findings, verdict_on
from recovery.effects.gates import LEAD_P, PAIN_P, Gate
from recovery.effects.multiplicity import holm
from recovery.effects.regression import Estimate
from recovery.effects.weeks import Weeks
from recovery.vocabulary.verdicts import Verdict

Line = dict[str, Any]
Cells = dict[str, list[Line]]
Shares = dict[str, list[Any]]  # hits, or errors, by cell
WORTH = 0.3
MIN_PEOPLE = 20  # with an answer, for a row
MIN_FOR_WORST = 50
SIMPLE = ("before/after", "other days", "weekday OLS")
WORDS = {
    Verdict.SUPPORTED: "supported",
    Verdict.CONSISTENT: "consistent",
    Verdict.CANNOT_TELL_YET: "can't tell yet",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.CANNOT_BE_TOLD: "refused",
}
LONG = SIZES[1:]  # history takes 120 days
LIKE_RANDOM, ON_FLARES = BOOKINGS[:3], BOOKINGS[3:]


def by_cell(path: Path) -> Cells:
    out: Cells = defaultdict(list)
    for line in read_lines(path):
        for told in line.get("metrics", [line]):
            follows_pain = told["pain"] is not None and told["pain"] < PAIN_P
            told["ours"] = told["history" if follows_pain and told["history"] else "primary"]
        out[line["cell"]].append(line)
    return out


def findings(line: Line) -> Findings:
    """What verdict_on weighs, from a line."""
    plain, adjusted = _estimate(line["primary"]), _estimate(line["history"])
    return Findings(
        gates=tuple(Gate(name, False, name) for name in line["failed"]),
        n_massages=line["massages"],
        deviation=line["deviation"],
        has_pain_diary=line["diary"],
        estimate=plain if line["ours"] is line["primary"] else adjusted,
        plain=plain,
        lead_p=line["lead"],
        pain_p=line["pain"],
        permutation=None if line["permutation"] is None else Weeks(float(-ndtri(line["permutation"] / 2)), 1.0),
        adjusted=adjusted,
    )


def _estimate(told: Sequence[float] | None) -> Estimate | None:
    if told is None:
        return None
    estimate, low, high, p_value, error, critical, days = told
    return Estimate(estimate, error, low, high, p_value, critical, int(days))


def word(line: Line, better: str = "up", *, worth: float = WORTH, holm_p: float | None = None) -> str:
    return WORDS[verdict_on(findings(line), better=better, worthwhile=worth, holm_p=holm_p).verdict]


# Shares


def percent(hits: Sequence[bool]) -> str:
    if len(hits) < MIN_PEOPLE:
        return "-"
    share = float(np.mean(hits))
    return f"{100 * share:.1f} ±{100 * np.sqrt(share * (1 - share) / len(hits)):.1f}"


def short_percent(hits: Sequence[bool]) -> str:
    return f"{100 * float(np.mean(hits)):.1f}" if len(hits) >= MIN_PEOPLE else "-"


def answered(lines: Iterable[Line], method: str) -> list[Line]:
    """Those with an answer of the product and of the method."""
    return [line for line in lines if line["ours"] is not None and line[method] is not None]


def finds(answer: Sequence[float]) -> bool:
    return answer[1] > 0 or answer[2] < 0


def finds_and_passes(line: Line) -> bool:
    """Our finding where the lead gate does not fire."""
    return finds(line["ours"]) and line["lead"] >= LEAD_P


def found_by(lines: list[Line], method: str) -> list[bool]:
    return [finds(line[method]) for line in answered(lines, method)]


def covers(lines: list[Line], method: str, true: float) -> list[bool]:
    return [line[method][1] <= true <= line[method][2] for line in answered(lines, method)]


def errors(lines: list[Line], method: str, true: float) -> list[float]:
    return [line[method][0] - true for line in answered(lines, method)]


def bias(told: Sequence[float]) -> str:
    if len(told) < MIN_PEOPLE:
        return "-"
    return f"{np.mean(told):+.3f} ±{np.std(told) / np.sqrt(len(told)):.3f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _rows(people: Cells, effect: str) -> Iterable[tuple[str, str, list[Line]]]:
    for booking in BOOKINGS:
        for size in SIZES:
            lines = people.get(f"{booking} {size} {effect}", [])
            if len(answered(lines, "ours")) >= MIN_PEOPLE:
                yield booking, size, lines


# The tables


def false_findings(people: Cells, effect: str) -> str:
    head = ["booking", "days/massages", "people", "refused", *SIMPLE, "plain", "history", "ours", "ours, lead passed"]
    head += ["re-drawn bookings", "within weeks", "pain gate fires", "lead gate fires"]
    rows = []
    for booking, size, lines in _rows(people, effect):
        told = answered(lines, "ours")
        rows.append(
            [
                *(booking, size, str(len(lines)), short_percent([line["ours"] is None for line in lines])),
                *(short_percent(found_by(lines, method)) for method in SIMPLE),
                *(percent(found_by(lines, method)) for method in ("primary", "history", "ours")),
                percent([finds_and_passes(line) for line in told]),
                short_percent([line["redrawn"] <= 0.05 for line in answered(lines, "redrawn")]),
                short_percent([line["permutation"] <= 0.05 for line in told]),
                short_percent([line["pain"] < PAIN_P for line in answered(lines, "pain")]),
                short_percent([line["lead"] < LEAD_P for line in told]),
            ]
        )
    return table(head, rows)


def coverage(people: Cells, effect: str) -> str:
    ours = ("primary", "history", "ours")
    head = ["booking", "days/massages", "people", *SIMPLE, "plain", "history", "ours"]
    head += ["bias, SD: plain", "history", "ours"]
    true = truth(effect, lags_of(effect))
    rows = []
    for booking, size, lines in _rows(people, effect):
        rows.append(
            [
                *(booking, size, str(len(answered(lines, "ours")))),
                *(short_percent(covers(lines, method, true)) for method in SIMPLE),
                *(percent(covers(lines, method, true)) for method in ours),
                *(bias(errors(lines, method, true)) for method in ours),
            ]
        )
    return table(head, rows)


def words(people: Cells, effect: str) -> str:
    """The verdict that things get better, all people counted, the refused with them."""
    head = ["booking", "days/massages", "people", *WORDS.values(), "supported, if pain made the number better"]
    rows = []
    for booking, size, lines in _rows(people, effect):
        spoken = Counter(word(line) for line in lines)
        rows.append(
            [
                *(booking, size, str(len(lines))),
                *(percent([told == one for told in spoken.elements()]) for one in WORDS.values()),
                percent([word(line, "down") == "supported" for line in lines]),
            ]
        )
    return table(head, rows)


def no_diary(people: Cells) -> str:
    """What is found and said of who books on pain and keeps no diary of it."""
    head = ["booking", "days/massages", "effect", "people", "ours misses the truth", "where the lead gate is silent"]
    head += ["history misses it", "lead gate fires"]
    head += ["supported", "contradicted", "supported, if pain made the number better"]
    rows = []
    for cell, lines in people.items():
        if not cell.endswith(NO_DIARY) or len(answered(lines, "ours")) < MIN_PEOPLE:
            continue
        booking, size, effect = cell.removesuffix(NO_DIARY).split(" ", 2)
        told, true = answered(lines, "ours"), truth(effect)
        spoken = [word(line) for line in told]
        rows.append(
            [
                *(booking, size, effect, str(len(lines))),
                percent([not hit for hit in covers(lines, "ours", true)]),
                percent([not hit for hit in covers([line for line in told if line["lead"] >= LEAD_P], "ours", true)]),
                percent([not hit for hit in covers(lines, "history", true)]),
                short_percent([line["lead"] < LEAD_P for line in told]),
                *(percent([one == wanted for one in spoken]) for wanted in ("supported", "contradicted")),
                percent([word(line, "down") == "supported" for line in told]),
            ]
        )
    return table(head, rows)


def household_supported(person: Line, better: str) -> bool:
    """Whether any primary of the person is supported, by Holm over those that were not refused."""
    told = [line for line in person["metrics"] if line["ours"] is not None]
    adjusted = holm([line["ours"][3] for line in told]) if told else []
    return any(word(line, better, holm_p=float(p)) == "supported" for line, p in zip(told, adjusted, strict=True))


def household_words(households: Cells) -> str:
    """Whether any of the four primaries of one person is supported, none of which changes."""
    head = ["booking", "days/massages", "people", "any supported", "any supported, if pain made numbers better"]
    head += [f"any, {method} p < 0.05" for method in SIMPLE]
    rows = []
    for cell, persons in households.items():
        any_supported = [[household_supported(person, better) for person in persons] for better in ("up", "down")]
        simple: dict[str, list[bool]] = {method: [] for method in SIMPLE}
        for person in persons:
            for method, hits in simple.items():
                hits.append(any(line[method] and finds(line[method]) for line in person["metrics"]))
        if len(persons) >= MIN_PEOPLE:
            shares = [percent(hits) for hits in (*any_supported, *simple.values())]
            rows.append([*cell.split(" "), str(len(persons)), *shares])
    return table(head, rows)


def power(people: Cells) -> str:
    """How often the true effect of 0.3 SD is found, beside one who knows the noise; random booking."""
    head = ["effect", "days/massages", "people", "oracle", "plain", "ratio", "ours", "ratio", "ours, lead passed"]
    head += ["supported"]
    rows = []
    for effect in ("transient", "night"):
        for size in SIZES:
            lines = answered(people.get(f"random {size} {effect}", []), "oracle")
            if len(lines) < MIN_PEOPLE:
                continue
            oracle, plain, ours = (
                np.array([line[one][1] > 0 for line in lines]) for one in ("oracle", "primary", "ours")
            )
            passed = [found and line["lead"] >= LEAD_P for found, line in zip(ours, lines, strict=True)]
            rows.append(
                [
                    *(effect, size, str(len(lines)), percent(oracle)),
                    *(percent(plain), _ratio(plain, oracle), percent(ours), _ratio(ours, oracle)),
                    *(short_percent(passed), short_percent([word(line) == "supported" for line in lines])),
                ]
            )
    return table(head, rows)


def _ratio(found: np.ndarray, by_oracle: np.ndarray) -> str:
    """With its error by the delta method."""
    ratio = found.mean() / by_oracle.mean()
    error = np.std((found - ratio * by_oracle) / by_oracle.mean()) / np.sqrt(len(found))
    return f"{ratio:.2f} ±{error:.2f}"


def alike_percent(hits: Sequence[bool], lines: list[Line]) -> str:
    """As percent, with the error of groups of draws that are alike: dates about weekly on one weekday."""
    if len(hits) < MIN_PEOPLE:
        return "-"
    share = float(np.mean(hits))
    off: dict[int, float] = defaultdict(float)
    for hit, line in zip(hits, lines, strict=True):
        off[line["alike"]] += hit - share
    return f"{100 * share:.1f} ±{100 * np.sqrt(sum(one**2 for one in off.values())) / len(hits):.1f}"


def real(cells: Cells) -> str:
    head = ["series", "dates", "massages in days", "draws", "refused", *SIMPLE, "ours", "ours, lead passed"]
    head += ["history", "within weeks", "lead fires", "supported", "contradicted"]
    rows = []
    for cell, lines in cells.items():
        told = answered(lines, "ours")
        if len(told) < MIN_PEOPLE:
            refused = short_percent([line["ours"] is None for line in lines])
            rows.append([*cell.split(" / "), str(len(lines)), refused, *["-"] * 10])
            continue
        spoken = [word(line, worth=WORTH * line["deviation"]) for line in told]
        worse = [word(line, "down", worth=WORTH * line["deviation"]) for line in told]
        rows.append(
            [
                *cell.split(" / "),
                *(str(len(lines)), short_percent([line["ours"] is None for line in lines])),
                *(short_percent(found_by(lines, method)) for method in SIMPLE),
                alike_percent(found_by(lines, "ours"), told),
                alike_percent([finds_and_passes(line) for line in told], told),
                alike_percent(found_by(lines, "history"), answered(lines, "history")),
                short_percent([line["permutation"] <= 0.05 for line in told]),
                short_percent([line["lead"] < LEAD_P for line in told]),
                short_percent(["supported" in pair for pair in zip(spoken, worse, strict=True)]),
                short_percent([one == "contradicted" for one in spoken]),
            ]
        )
    return table(head, rows)


# The figures that were asked for


def summary(people: Cells, households: Cells, real_cells: Cells) -> str:
    """What the project wanted of each figure and what was seen, in the mean and in the worst of the cells."""

    def cells_of(effects: str, bookings: Sequence[str] = BOOKINGS, sizes: Sequence[str] = SIZES) -> Cells:
        wanted = [f"{way} {size} {effect}" for effect in effects.split(", ") for way in bookings for size in sizes]
        return {cell: answered(people.get(cell, []), "ours") for cell in wanted}

    def covered(effects: str, method: str, bookings: Sequence[str] = BOOKINGS) -> Shares:
        cells = cells_of(effects, bookings, SIZES if method == "ours" else LONG)
        true = {effect: truth(effect, lags_of(effect)) for effect in effects.split(", ")}
        return {cell: covers(lines, method, true[cell.split(" ", 2)[2]]) for cell, lines in cells.items()}

    no_effect, some_effect = "none, no night", "transient, night"
    flares = cells_of(no_effect, ON_FLARES)
    unlike = {cell: lines for cell, lines in real_cells.items() if "bad days" not in cell}
    bad = {cell: lines for cell, lines in real_cells.items() if "bad days" in cell}
    type_1, real_type_1, coverage_aim = ("<= 6.5%", "4-6%"), ("<= 7%", "4-6%"), ("93-97%", "94-96%")
    contradicted = ("<= 5%", "3%")
    rows = [
        _row("Type I error, dates unlike bad days", type_1, _each(cells_of(no_effect, LIKE_RANDOM), _ours)),
        _row("Type I error, dates on flares", type_1, _each(flares, _ours)),
        _row("the same, where the lead test passes", type_1, _each(flares, _passed)),
        _row("the plain estimate alone, dates on flares", type_1, _each(flares, _plain)),
        _row("'supported' either way without an effect", type_1, _each(cells_of(no_effect), _either_way)),
        _real_row("Type I error, real series, dates unlike bad days", real_type_1, unlike, _ours),
        _real_row("Type I error, real series, dates after bad days", real_type_1, bad, _ours),
        _real_row("the same, where the lead test passes", real_type_1, bad, _passed),
        _row("coverage, dates unlike bad days", coverage_aim, covered(some_effect, "ours", LIKE_RANDOM), low=True),
        _row("coverage, dates on flares", coverage_aim, covered(some_effect, "ours", ON_FLARES), low=True),
        _row(
            "the plain estimate alone, dates on flares",
            coverage_aim,
            covered(some_effect, "primary", ON_FLARES),
            low=True,
        ),
        _row("coverage, slow build-up", coverage_aim, covered("persistent", "ours"), low=True),
        _row("the same, history allowed for", coverage_aim, covered("persistent", "history"), low=True),
        _row("any primary of a person 'supported', no effect", ("<= 5%", "2%"), _each(households, _any_supported)),
        _row("false 'contradicted', random dates", contradicted, _each(cells_of("transient", ("random",)), _denied)),
        _row("false 'contradicted', dates on flares", contradicted, _each(cells_of("transient", ON_FLARES), _denied)),
        _row(
            "bias with a pain diary, dates on flares, SD",
            ("<= 0.05", "0.02"),
            _each(cells_of("transient", ON_FLARES, LONG), lambda lines: errors(lines, "ours", 0.3)),
            unit=1.0,
        ),
    ]
    return table(["figure", "at least", "aim", "mean of cells", "worst cell (people)", "cells"], rows)


def _each(cells: Cells, told: Callable[[list[Line]], list[Any]]) -> Shares:
    return {cell: told(lines) for cell, lines in cells.items()}


def _ours(lines: list[Line]) -> list[bool]:
    return found_by(lines, "ours")


def _plain(lines: list[Line]) -> list[bool]:
    return found_by(lines, "primary")


def _passed(lines: list[Line]) -> list[bool]:
    return [finds_and_passes(line) for line in answered(lines, "ours")]


def _either_way(lines: list[Line]) -> list[bool]:
    return ["supported" in (word(line), word(line, "down")) for line in lines]


def _any_supported(persons: list[Line]) -> list[bool]:
    return [household_supported(person, "up") for person in persons]


def _denied(lines: list[Line]) -> list[bool]:
    return [word(line) == "contradicted" for line in lines]


def _real_row(name: str, wanted: tuple[str, str], cells: Cells, told: Callable[[list[Line]], list[Any]]) -> list[str]:
    """As _row, with the error of draws that are alike."""
    row = _row(name, wanted, _each(cells, told))
    if found := re.match(r"[\d.]+ ±[\d.]+ \((.*), (\d+)\)", row[4]):
        lines = answered(cells[found[1]], "ours")
        row[4] = f"{alike_percent(told(lines), lines)} ({found[1]}, {found[2]})"
    return row


def _row(name: str, wanted: tuple[str, str], told: Shares, *, unit: float = 100.0, low: bool = False) -> list[str]:
    """One row: hits (or errors) by cell; `low` where low is bad, `unit` 100 for percent."""
    cells = {cell: np.asarray(hits, dtype=float) for cell, hits in told.items() if len(hits) >= MIN_FOR_WORST}
    if not cells:
        return [name, *wanted, "-", "-", "0"]
    means = {cell: float(hits.mean()) for cell, hits in cells.items()}
    worst = min(means, key=means.__getitem__) if low else max(means, key=lambda cell: abs(means[cell]))
    error = unit * float(cells[worst].std()) / np.sqrt(len(cells[worst]))
    digits = 1 if unit == 100 else 3
    mean = f"{unit * float(np.mean(list(means.values()))):.{digits}f}"
    return [
        *(name, *wanted, mean),
        f"{unit * means[worst]:.{digits}f} ±{error:.{digits}f} ({worst}, {len(cells[worst])})",
        str(len(cells)),
    ]


# The drawings


def null_drawing(cells: dict[str, list[Line]], title: str, names: dict[str, str]) -> str:
    """Dots: the share of false findings of each method in each cell, a row for each method."""
    methods: dict[str, Callable[[list[Line]], list[bool]]] = {
        "before/after": lambda lines: found_by(lines, "before/after"),
        "massage against other days": lambda lines: found_by(lines, "other days"),
        "weekday regression": lambda lines: found_by(lines, "weekday OLS"),
        "plain estimate alone": lambda lines: found_by(lines, "primary"),
        "ours": lambda lines: found_by(lines, "ours"),
        "ours, lead test passed": lambda lines: [finds_and_passes(line) for line in answered(lines, "ours")],
    }
    rows: dict[str, list[tuple[float, str]]] = {name: [] for name in methods}
    for cell, lines in cells.items():
        for name, method in methods.items():
            if len(hits := method(lines)) >= MIN_FOR_WORST:
                rows[name].append((100 * float(np.mean(hits)), names[cell]))
    return dots(rows, title, target=5.0, limit=6.5)


def draw(people: Cells, real_cells: Cells, docs: Path) -> None:
    null = {cell: lines for cell, lines in people.items() if cell.endswith((" none", " no night")) and lines}
    kinds = {cell: "dates follow bad days" if cell.split()[0] in ON_FLARES else "they do not" for cell in null}
    title = "False findings on simulated people without an effect, % of people"
    (docs / "false_findings.svg").write_text(null_drawing(null, title, kinds), encoding="utf-8")
    if real_cells:
        kinds = {cell: "dates follow bad days" if "bad days" in cell else "they do not" for cell in real_cells}
        title = "False findings on real series with drawn dates, % of draws"
        (docs / "real_series.svg").write_text(null_drawing(real_cells, title, kinds), encoding="utf-8")
    bars = {}
    for effect in ("none", "transient"):
        for booking in BOOKINGS:
            for size in ("180/25", "720/100"):
                if len(lines := people.get(f"{booking} {size} {effect}", [])) >= MIN_PEOPLE:
                    spoken = Counter(word(line) for line in lines)
                    about = "no effect" if effect == "none" else "0.3 SD"
                    bars[f"{about}, {booking.replace('_', ' ')} {size}"] = [
                        100 * spoken[one] / len(lines) for one in WORDS.values()
                    ]
    title = "What is said, % of people"
    (docs / "verdicts.svg").write_text(stacked(bars, list(WORDS.values()), title), encoding="utf-8")


def fill(page: str, parts: dict[str, str]) -> str:
    """The page with the parts between their marks; raises KeyError where a mark names no part."""
    pattern = re.compile(r"(<!-- figures: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
    return pattern.sub(lambda found: f"{found[1]}\n{parts[found[2]]}\n\n{found[3]}", page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[2] / "docs")
    arguments = parser.parse_args()
    people, households, real_cells = (
        by_cell(arguments.folder / f"{name}.jsonl") for name in ("people", "households", "real")
    )
    parts = {
        "null": false_findings(people, "none"),
        "no-night": false_findings(people, "no night"),
        **{f"coverage-{effect}": coverage(people, effect) for effect in ("transient", "persistent", "night")},
        **{
            f"words-{effect.replace(' ', '-')}": words(people, effect) for effect in ("none", "transient", "persistent")
        },
        "no-diary": no_diary(people),
        "households": household_words(households),
        "power": power(people),
        "summary": summary(people, households, real_cells),
        "real": real(real_cells),
    }
    page = arguments.docs / "calibration-one-look.md"
    page.write_text(fill(page.read_text(encoding="utf-8"), parts), encoding="utf-8")
    (arguments.docs / "calibration").mkdir(exist_ok=True)
    draw(people, real_cells, arguments.docs / "calibration")


if __name__ == "__main__":
    main()
