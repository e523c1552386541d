"""The tables of docs/calibration.md: each question with what was found, its errors, and how many people it rests on."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from . import beside, likely, results, ways
from .cells import HOLD_OUT
from .figures import figures_of, summed
from .nearer import RULES
from .questions import QUESTIONS, Question
from .results import Key, Piece, Sum, percent

TRIALS = Path(__file__).parents[3] / "docs" / "calibration" / "trials.json"
MIN_PEOPLE = 20  # of a cell, for it to be judged alone
Cells = Mapping[Key, Sum]
NONE = Sum(0, 0.0, 0.0)
TRUE = ("worth", "twice", "0.4 SD", "lasting")  # effects of which a finding is true; half of one is half of the time


@dataclass(frozen=True)
class Study:
    """All that was found so far."""

    sums: Mapping[Key, Sum]
    pieces: Sequence[Piece]

    def cells(self, *, is_hold_out: bool) -> dict[Key, Sum]:
        return {key: one for key, one in self.sums.items() if (key.cell.split("/")[1] in HOLD_OUT) == is_hold_out}

    def people(self, cell: str) -> int:
        return sum(piece.people for piece in self.pieces if piece.cell == cell)


def study_of(folder: Path, committed: Path = results.RESULTS) -> Study:
    """All pieces that are there, by the rules of today; of a cell some of whose are gone, what is committed and new."""
    sums, listed = results.read_results(committed)
    there, known = results.pieces_in(folder), {piece.place: piece.people for piece in listed}
    is_there = {piece.place for piece, _ in there}
    gone = {piece.cell for piece in listed if piece.place not in is_there}
    out: dict[Key, Sum] = {key: one for key, one in sums.items() if key.cell in gone}
    for piece, path in there:
        skipped = known.get(piece.place, 0) if piece.cell in gone else 0
        lines = results.read_piece(path)[skipped:]
        for (figure, of), one in summed(chain.from_iterable(figures_of(line) for line in lines)).items():
            key = Key(piece.cell, figure, of)
            out[key] = out.get(key, NONE) + Sum(*one)
    kept = [piece for piece in listed if piece.place not in is_there]
    return Study(out, [*kept, *(piece for piece, _ in there)])


def retold(folder: Path, committed: Path = results.RESULTS) -> Study:
    """The same where the rules changed that findings are made and taken back by.

    Of people whose pieces are gone the figures that rest on these rules are dropped, the others are kept.
    """
    sums, listed = results.read_results(committed)
    there, known = results.pieces_in(folder), {piece.place: piece.people for piece in listed}
    is_there = {piece.place for piece, _ in there}
    gone = {piece.cell for piece in listed if piece.place not in is_there}
    out = {key: one for key, one in sums.items() if key.cell in gone and not rests_on_rules(key.figure)}
    for piece, path in there:
        for number, line in enumerate(results.read_piece(path)):
            is_kept = piece.cell in gone and number < known.get(piece.place, 0)
            for (figure, of), one in summed(figures_of(line)).items():
                if not (is_kept and not rests_on_rules(figure)):
                    key = Key(piece.cell, figure, of)
                    out[key] = out.get(key, NONE) + Sum(*one)
    kept = [piece for piece in listed if piece.place not in is_there]
    return Study(out, [*kept, *(piece for piece, _ in there)])


def rests_on_rules(figure: str) -> bool:
    """Whether a figure depends on where a finding is made and when it is taken back.

    What is denied does so too where a finding goes before a denial; of people whose pieces are gone it is kept, for
    that is rare: of 479 without an effect nobody's was another by the rules of decision 0058.
    """
    return figure.removeprefix("no main: ").startswith(OF_FINDINGS)


OF_FINDINGS = (
    "ever a finding", "ever worse", "ever likely better", "main found", "main ever found", "main taken back",
    "finding taken back",
    "range shown", "promises", "reached within", "rule: ", "likely: ", *beside.PREFIXES,
)  # fmt: skip


def answers(question: Question, cells: Cells) -> dict[str, Sum]:
    """What each cell says to a question, of each metric apart where it asks so."""
    out = {}
    for (cell, figure, of), one in cells.items():
        if figure != question.figure or not question.is_asked(*cell.split("/")):
            continue
        if of == question.of or (question.of == "*" and of and ":" not in of and "," not in of):
            out[f"{cell}/{of}" if question.by_metric else cell] = one
    return out


def row(question: Question, cells: Cells) -> list[str]:
    """One row of the table of questions."""
    return _row(question, answers(question, cells))


def _row(question: Question, found: Mapping[str, Sum]) -> list[str]:
    at_least = "" if question.least is None else f">= {question.least:g}"
    at_most = "" if question.most is None else f"<= {question.most:g}"
    bound = f"{at_least} {at_most}".strip()
    if not found:
        return [question.title, bound, question.aim, question.before, "not yet", "-", "-", "-"]
    every = sum(found.values(), NONE)
    judged = [name for name in found if found[name].n >= MIN_PEOPLE]
    worst = max(judged, key=lambda name: _beyond(question, found[name]), default=None)
    return [
        question.title,
        bound,
        question.aim,
        question.before,
        percent(every),
        f"{percent(found[worst])} ({worst.partition('/')[2]}, {found[worst].n})" if worst and len(found) > 1 else "-",
        f"{every.n} in {len(found)}",
        verdict(question, every, found.values()),
    ]


def of_trials(path: Path) -> Iterator[list[str]]:
    """Rows of drawn schedules and of means over people, from what trials.py found."""
    told = json.loads(path.read_text(encoding="utf-8"))
    no_effect = [name for name in told if name.startswith("no effect") and "unmeasured" not in name]
    lasting = [name for name in told if name.startswith("days 1-10")]
    for title, names, figure, least, most, aim in (
        ("drawn schedule: type I (p < .05)", no_effect, "p below 5%", 2.5, 6.5, "4-5.5"),
        ("drawn schedule: an effect over days 1-10, interval holds it", lasting, "covers", 93, None, "95"),
    ):
        question = Question(title, figure, "", lambda *_: True, least, most, aim)
        now = {f"/{name}": _share(told[name]["now"][figure], told[name]["persons"]) for name in names}
        before = [told[name]["before"][figure] for name in names]
        yield _row(replace(question, before=f"{min(before):.1f} to {max(before):.1f}"), now)
    found = told["cohorts"]["now: with people whose gates fired"]
    question = Question("mean over 15 people, 6 of whom book on pain: interval holds it", "", "", lambda *_: True, 90)
    before = told["cohorts"]["before: unadjusted"]["covers"]
    yield _row(replace(question, aim="94", before=f"{before:.1f}"), {"/": _share(found["covers"], found["cohorts"])})


def _share(percent_of_all: float, people: int) -> Sum:
    return Sum(people, percent_of_all * people / 100, percent_of_all * people / 100)


def _beyond(question: Question, one: Sum) -> float:
    """How many errors a cell lies beyond its bound."""
    if not one.n:
        return float("-inf")
    over = [] if question.most is None else [(100 * one.mean - question.most) / max(100 * one.error, 1e-9)]
    under = [] if question.least is None else [(question.least - 100 * one.mean) / max(100 * one.error, 1e-9)]
    return max(over + under)


def verdict(question: Question, every: Sum, cells: Collection[Sum]) -> str:
    """Passed: the pooled figure within the bound, each cell within two errors of it, and enough people to know."""
    judged = [one for one in cells if one.n >= MIN_PEOPLE]
    least = 0.0 if question.least is None else question.least / 100
    most = 1.0 if question.most is None else question.most / 100
    low, high = _wilson(every)
    if low > most or high < least or any(_beyond(question, one) > 3 for one in judged):
        return "**no**"
    is_within = _beyond(question, every) <= 0 and all(_beyond(question, one) <= 2 for one in judged)
    if is_within and least <= low and high <= most and len(judged) == len(cells):
        return "yes"
    return "so far" if is_within else "open"


def _wilson(one: Sum, z: float = 1.96) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927, Journal of the American Statistical Association 22:209)."""
    middle = (one.mean + z * z / (2 * one.n)) / (1 + z * z / one.n)
    half = z / (1 + z * z / one.n) * (one.mean * (1 - one.mean) / one.n + z * z / (4 * one.n**2)) ** 0.5
    return middle - half, middle + half


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def of_bookings(study: Study, *, is_hold_out: bool) -> str:
    """A row for each cell of layer a."""
    cells = study.cells(is_hold_out=is_hold_out)
    counted = ("ever a finding", "ever denied")
    columns = ("ever a finding", "no main: ever a finding", "ever denied", "ever worse", "finding taken back")
    rows = []
    for cell in sorted({key.cell for key in cells if key.cell.startswith("a/")}):
        shares = [percent(cells.get(Key(cell, column, ""), NONE)) for column in columns]
        people = [str(cells.get(Key(cell, figure, ""), NONE).n) for figure in counted]
        rows.append([*cell.split("/")[1:], " / ".join(dict.fromkeys(people)), *shares])
    head = ("booking", "effect", "people", "ever a finding", "nobody named a main number", *columns[2:])
    return markdown(head, rows)


def of_metrics(study: Study) -> str:
    """A row for each metric and effect, over the bookings."""
    out: dict[tuple[str, str, str], Sum] = defaultdict(lambda: NONE)
    for (cell, figure, of), one in study.cells(is_hold_out=False).items():
        layer, booking, effect = cell.split("/")
        if layer == "a" and of:
            out[f"{of} ({_kind(booking)})", effect, figure] += one
    rows = []
    for of, effect in sorted({(of, effect) for of, effect, figure in out if figure == SHOWN[1]}):
        refused, holds, at_all_looks, error, squares = (out[of, effect, figure] for figure in SHOWN)
        told = [percent(refused), percent(holds), percent(at_all_looks), f"{error.mean:+.3f} ±{error.error:.3f}"]
        rows.append([of, effect, str(max(refused.n, holds.n)), *told, f"{squares.mean:.2f} ±{squares.error:.2f}"])
    head = ("metric", "effect", "people", "refused", "holds", "all looks", "error, SD", "z²")
    return markdown(head, rows)


SHOWN = (
    "refused", "interval holds the truth", "range shown holds the truth at all looks",
    "error towards better, in deviations", "z squared",
)  # fmt: skip


def _kind(booking: str) -> str:
    return "by pain" if booking in ("flare", "same morning", "same afternoon", "rising") else "by the calendar"


def of_lives(study: Study) -> str:
    """Findings without an effect, and denials of one worth having, by what happened to the person and by noise."""
    out: dict[tuple[str, str], Sum] = defaultdict(lambda: NONE)
    for (cell, figure, of), one in study.cells(is_hold_out=False).items():
        layer, _, effect = cell.split("/")
        is_asked = (figure, effect) in (("ever a finding", "none"), ("ever denied", "worth"))
        if layer == "a" and ":" in of and is_asked:
            out[of, figure] += one
    parts = sorted({of for of, _ in out})
    rows = [[of, percent(out[of, "ever a finding"]), percent(out[of, "ever denied"])] for of in parts]
    return markdown(("people", "ever a finding, no effect", "ever denied, effect worth having"), rows)


def of_rules(study: Study) -> str:
    """A row for each rule: errors without an effect, findings of 0.4 deviations, and what becomes of them."""
    sums: dict[tuple[str, str], Sum] = defaultdict(lambda: NONE)
    for (cell, figure, of), one in study.cells(is_hold_out=False).items():
        layer, booking, effect = cell.split("/")
        if layer != "a" or not figure.startswith("rule: "):
            continue
        told = figure.removeprefix("rule: ")
        if effect == "none" and told in ("ever found", "stands at last"):
            sums[f"{told}, none", of] += one
        if effect in TRUE and told in ("taken back", "reaches no change"):
            sums[told, of] += one
        if effect == "0.4 SD" and told.startswith("found in "):
            sums[f"{booking} {told.removeprefix('found in ')}", of] += one
    powers = ("random 26 weeks", "random 52 weeks", "weekday 52 weeks", "weekday 103 weeks", "fortnightly 52 weeks")
    columns = ("ever found, none", *powers, "taken back", "stands at last, none", "reaches no change")
    rows = [[rule.made_at, rule.taken_back, *(percent(sums[one, rule.name]) for one in columns)] for rule in RULES]
    counts = ["people or findings", "", *(str(sums[one, RULES[0].name].n) for one in columns)]
    head = ("found at", "taken back", "ever found, no effect", *powers, "taken back", "a false one stands at last")
    return markdown((*head, "looks at which a range reaches no change"), [*rows, counts])


def codes(study: Study) -> str:
    """Which code made how many people."""
    out: dict[str, int] = defaultdict(int)
    for piece in study.pieces:
        out[piece.code] += piece.people
    return ", ".join(f"`{code}` {people}" for code, people in sorted(out.items()))


def sections(study: Study) -> Iterator[tuple[str, str]]:
    """The tables by the names of their marks."""
    told, held_out = (study.cells(is_hold_out=is_hold_out) for is_hold_out in (False, True))
    head = ("figure, %", "bound", "aim", "before", "now", "worst cell (people)", "people", "passed")
    yield "questions", markdown(head, [*(row(question, told) for question in QUESTIONS), *of_trials(TRIALS)])
    yield "hold-out", markdown(head, [row(question, held_out) for question in QUESTIONS if answers(question, held_out)])
    yield "bookings", of_bookings(study, is_hold_out=False)
    yield "hold-out bookings", of_bookings(study, is_hold_out=True)
    yield "metrics", of_metrics(study)
    yield "lives", of_lives(study)
    yield "rules", of_rules(study)
    head = ("way to book", "figure", "by then", "people", "of 100")
    yield "ways", markdown(head, ways.as_cells(study.sums))
    yield "likely", markdown(likely.HEAD, likely.rows(study.cells(is_hold_out=False)))
    head = ("booking", "effect", "figure", "people b / a", "whole path", "looks alone", "difference")
    yield "path by cell", markdown(head, beside.by_cell(study.sums))
    head = ("figure", "people or looks", "whole path", "looks alone", "difference")
    yield "path by person", markdown(head, beside.by_person(study.sums))
    yield "code", f"People by the code that made them: {codes(study)}."


ON_THE_PAGE = {  # what the page Evidence tells of these figures, by the names it has for them
    "found with a main number": "any main metric ever a finding in two years of looks, no effect, one named as the"
    " main number",
    "found": "the same, nobody named one",
    "denied": 'any main metric ever "no better", "worse" or "no difference" (contradicted), effect exactly worth'
    " having",
    "taken back": "true findings taken back",
    "build-up denied": "slow build-up ever denied",
    "range holds": "range that is shown holds the truth, each booking, effect and metric",
    "by lot found": "drawn schedule: type I (p < .05)",
}


def measured(page: str) -> str:
    """The figures of `ON_THE_PAGE` as CSV, read from docs/calibration.md; what was not measured is left out."""
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]
    rows = {row[0]: row for row in reversed(cells) if len(row) == 8}  # of two tables the first: the hold-out is apart
    lines = ["name,count,percent"]
    for name, title in ON_THE_PAGE.items():
        row = rows.get(title)
        if row and "±" in row[4]:
            lines.append(f"{name},{row[6].split(' ')[0]},{row[4].split(' ')[0]}")
    return "\n".join(lines) + "\n"


def fill(page: str, parts: Iterable[tuple[str, str]]) -> str:
    """The page with each part between its mark, `<!-- study: NAME -->`, and `<!-- end -->`."""
    for name, text in parts:
        pattern = re.compile(rf"(<!-- study: {re.escape(name)} -->\n).*?(<!-- end -->)", re.S)
        page = pattern.sub(lambda mark, text=text: f"{mark[1]}\n{text}\n\n{mark[2]}", page)
    return page
