"""No number of an effect or a claim is worded two ways, wherever it is said.

A home is published with the demo's estimates; the product's own code makes the reasons, the claims and the mean over
people of them. What the page, the tables, Prefect's artifacts and the terminal say is collected number by number.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple

import duckdb
import pytest
from answers_by_hand import effect, publish
from by_hand import published_home
from click.testing import CliRunner
from shown_pages import shown

from recovery.answers import cohort, promises, rows
from recovery.cli import cli
from recovery.effects.judgement import Evidence, judge
from recovery.effects.regression import Estimate
from recovery.home.settings import Settings
from recovery.pipelines import artifacts
from recovery.published import query
from recovery.published.outcome import outcome
from recovery.vocabulary.units import BY_METRIC, TIME_OF_DAY, UNITS
from recovery.vocabulary.windows import Window
from recovery.vocabulary.worth import WorthFrom
from recovery.words import evidence as of_evidence
from recovery.words import numbers
from recovery.words.page import WITH_HISTORY

pytestmark = pytest.mark.slow

EFFECTS = (  # metric, window, family, unit, better, estimate, low, high, worth having, whether that is assumed, primary
    ("steps", "days_1_3", "movement", "steps", "up", 1365.05, 793.24, 1936.86, 600.0, False, True),
    ("steps", "dose_7", "movement", "steps", "up", 609.32, 217.96, 1000.69, 600.0, False, False),
    ("moving_min", "days_1_3", "movement", "min", "up", 21.1, 15.2, 27.0, 9.45, True, False),
    ("rest_share", "days_1_3", "rest", "share", "down", -0.0198, -0.0264, -0.0133, 0.01035, True, True),
    ("asleep_min", "night_0", "sleep", "min", "up", -9.978, -20.965, 1.009, 15.0, False, True),
    ("awakenings", "night_0", "sleep", "count", "down", -0.0995, -0.4229, 0.2238, 0.32, True, False),
    ("onset_local", "night_0", "sleep", "min", "none", 11.33, 2.4, 20.26, None, True, False),
    ("pain", "days_1_3", "diary", "points", "down", -0.486, -0.745, -0.228, 2.0, False, True),
    ("pain", "dose_7", "diary", "points", "down", -0.3665, -0.5944, -0.1387, 2.0, False, False),
    ("pain", "day_1", "diary", "points", "down", -0.71, -1.2, -0.22, 2.0, False, False),
    ("pain", "day_2", "diary", "points", "down", -0.33, -0.8, 0.14, 2.0, False, False),
    ("bed_rest_min", "days_1_3", "rest", "min", "down", -3.844, -9.485, 1.797, 7.26, True, False),
    ("bed_rest_min", "dose_7", "rest", "min", "down", -4.976, -8.997, -0.955, 7.26, True, False),
    ("medication_doses", "days_1_3", "diary", "doses", "down", -0.1014, -0.2334, 0.0307, 0.165, True, False),
    ("medication_doses", "week_1_7", "diary", "doses", "down", -1.102, -1.881, -0.3227, 1.152, True, False),
    ("sleeping_heart_rate_bpm", "night_0", "physiology", "bpm", "down", 0.0267, -0.0152, 0.0685, 0.0419, True, False),
    ("still_min", "trial_days_1_3", "rest", "min", "down", -95.0, -170.0, -20.0, 60.0, False, False),
)  # fmt: skip
NIGHTLY = ("asleep_min", "awakenings", "onset_local", "sleeping_heart_rate_bpm")
BEFORE = (606.0, 102.0, 1110.0)  # of steps, with what went before massages allowed for: it lies apart

NOUNS = "|".join(
    sorted({form for unit in (*UNITS.values(), *BY_METRIC.values()) for form in (unit.noun, unit.singular) if form})
)
WAYS = "|".join(sorted({way for unit in (*UNITS.values(), *BY_METRIC.values(), TIME_OF_DAY) for way in unit[2:4]}))
FIGURE = r"(?:half a|\d[\d,]*(?:\.\d+)?)"
SIZE = rf"(?:\d+ h(?: \d+)?|{FIGURE}(?: (?:{NOUNS}))?) (?:{WAYS})|no change|just (?:above|below) no change"
RANGE = r"\((?:(?:95% interval|range):? ?)?(?P<range>[^();]+?)[);]"
SAID = re.compile(rf"(?P<size>{SIZE})(?: a day)?(?: (?:in|on|for) [a-z ]+)? {RANGE}")


class Number(NamedTuple):
    """An estimate with its range, of one metric."""

    metric: str
    estimate: float
    low: float
    high: float


class Wording(NamedTuple):
    """How a number is said somewhere."""

    number: Number
    size: str
    range: str
    where: str


def evidence_of(told: Sequence[Any]) -> Evidence:
    metric, window, _, unit, better, estimate, low, high, worth, is_assumed, is_primary = told
    return Evidence(
        estimate=_estimate(estimate, low, high),
        better=better,
        worthwhile=worth,
        worth_from=WorthFrom.VARIATION if is_assumed else WorthFrom.METRIC,
        n_massages=60,
        holm_p=0.01,
        lead_p=0.4,
        permutation_p=0.01,
        adjusted=_estimate(*BEFORE) if (metric, window) == ("steps", "days_1_3") else None,
        has_pain_diary=True,
        is_exploratory=not is_primary,
        unit=unit,
        metric=metric,
        when=Window(window).phrase,
    )


def _estimate(estimate: float, low: float, high: float) -> Estimate:
    return Estimate(estimate, (high - low) / 3.92, low, high, 0.01, 1.96, 400)


def effect_of(told: Sequence[Any]) -> rows.Effect:
    metric, window, family, unit, better, estimate, low, high, worth, is_assumed, is_primary = told
    judged = judge(evidence_of(told)) if better != "none" else None
    adjusted = BEFORE if (metric, window) == ("steps", "days_1_3") else (None, None, None)
    return effect(
        metric,
        window,
        family=family,
        unit=unit,
        better=better,
        is_primary=is_primary,
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        worth=worth,
        worth_from=(WorthFrom.VARIATION if is_assumed else WorthFrom.METRIC).value,
        verdict=judged.verdict.value if judged else None,
        reason=judged.reason if judged else "No verdict.",
        lead_p=0.4,
        usual=5.0,
        **dict(zip(("adjusted_estimate", "adjusted_ci_low", "adjusted_ci_high"), adjusted, strict=True)),
    )


@pytest.fixture(scope="module")
def effects() -> list[rows.Effect]:
    return [effect_of(told) for told in EFFECTS]


@pytest.fixture(scope="module")
def subgroups() -> list[rows.SubgroupEffect]:
    return [
        rows.SubgroupEffect(
            "me", "pain", "technique", "deep tissue", 28, "", -0.4319, -0.7776, -0.0862, 0.01, 0.02, 0.104, -0.354,
            0.563, 0.6,
        )
    ]  # fmt: skip


@pytest.fixture(scope="module")
def claims(effects: list[rows.Effect], subgroups: list[rows.SubgroupEffect]) -> list[rows.PromiseAnswer]:
    names = dict.fromkeys(metric for promise in promises.PROMISES for metric in (*promise.metrics, *promise.beside))
    return promises.promise_answers("me", effects, {name: spoken(name) for name in names}, subgroups)


@pytest.fixture(scope="module")
def over_people() -> list[rows.CohortEffect]:
    told = [
        cohort._asked(
            f"client_{number}", 500.0 + 90 * number, 300 + 90 * number, 700 + 90 * number, None, 0.0, 0.0, 0.01, 400,
            30, "", is_gated=False,
        )
        for number in range(6)
    ]  # fmt: skip
    return [row for row in cohort._of("steps", "days_1_3", "steps", told) if isinstance(row, rows.CohortEffect)]


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory,
    effects: list[rows.Effect],
    subgroups: list[rows.SubgroupEffect],
    claims: list[rows.PromiseAnswer],
    over_people: list[rows.CohortEffect],
) -> Settings:
    made = published_home(tmp_path_factory.mktemp("one_wording") / "home", ("me", "client_1"))
    publish(made, [*effects, *subgroups, *claims, *over_people])
    with duckdb.connect(str(made.home.published)) as connection:
        connection.execute("delete from metrics")
        connection.executemany(
            "insert into metrics values (?, ?, ?, ?, 'What it is.', ?, null)",
            sorted({(row.metric, row.family, row.unit, title(row.metric), row.better) for row in effects}),
        )
    return made


def title(metric: str) -> str:
    return f"Title of {metric.replace('_', ' ')}"


def spoken(metric: str) -> str:
    return f"what {metric.replace('_', ' ')} counts"


# Where numbers are said


class Block(NamedTuple):
    """One row of a table, one paragraph, or one term and what it says, below its headings."""

    section: str
    heading: str
    cells: tuple[str, ...]


class Blocks(HTMLParser):
    """Takes a page apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Block] = []
        self._headings = {"h2": "", "h3": ""}
        self._cells: list[str] = []
        self._words: list[str] = []
        self._term = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("h2", "h3", "th", "td", "p", "dt", "dd", "li", "summary"):
            self._words = []
        if tag == "tr":
            self._cells = []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self._words).split())
        if tag in self._headings:
            self._headings[tag] = text
        if tag == "h2":
            self._headings["h3"] = ""
        if tag in ("th", "td"):
            self._cells.append(text)
        if tag == "dt":
            self._term = text
        if tag in ("p", "dd", "li", "summary"):
            self._words = []  # of a list in which it stands, the rest
            cells = (self._term, text) if tag == "dd" else (text,)
            self.found.append(Block(self._headings["h2"], self._headings["h3"], cells))
        if tag == "tr":
            self.found.append(Block(self._headings["h2"], self._headings["h3"], tuple(self._cells)))


def on_the_page(page: str, effects: Sequence[rows.Effect], claims: Sequence[rows.PromiseAnswer]) -> Iterator[Wording]:
    known = {(title(row.metric), Window(row.window).short): number_of(row) for row in effects}
    main = {title(row.metric): number_of(row) for row in effects if row.window in ("days_1_3", "night_0")}
    by_claim = {claim.claim: claim for claim in claims if claim.observed is not None and claim.ci_low is not None}
    for section, heading, cells in Blocks(page).found:
        name = cells[0] if cells else ""
        if section == of_evidence.MORE and len(cells) == 9 and (name, cells[1]) in known:
            yield Wording(known[name, cells[1]], cells[2], cells[3], "table of all numbers")
        elif section == of_evidence.MORE and (at := (heading.split(" (")[0], name.split(":")[0].lower())) in known:
            yield from worded(known[at], name, "how long it lasts")
        elif section == of_evidence.MORE and len(cells) == 1:
            for each in main:
                if name.startswith(each) and not name.startswith(each + of_evidence.WEEK_MARK):
                    yield from worded(main[each], name, "forest", is_first=True)
        elif cells[:1] == (WITH_HISTORY,):
            yield from worded(Number("steps", *BEFORE), cells[1], "second estimate")
        elif section == of_evidence.ANSWERS and heading in main and SAID.match(name):
            yield from worded(main[heading], name, "answer")
        elif section == of_evidence.PROMISES:
            for each, claim in by_claim.items():
                if f". {each}" in name:
                    yield from worded(number_of(claim), name, "claims")


def in_reasons(told: Mapping[tuple[str, str], str], effects: Sequence[rows.Effect], where: str) -> Iterator[Wording]:
    for row in effects:
        yield from worded(number_of(row), told[row.metric, row.window], where, is_first=True)


def in_claims(claims: Sequence[rows.PromiseAnswer], effects: Sequence[rows.Effect]) -> Iterator[Wording]:
    """The numbers of effects that claims quote: 'Name, when: ...' and 'Also looked at: name when ...'."""
    for claim in claims:
        for row in effects:
            phrase = Window(row.window).phrase
            starts = [rf"{spoken(row.metric)}, {phrase}: ", rf"(?:at: |; ){spoken(row.metric)} {phrase} "]
            if row.window in ("days_1_3", "night_0"):
                starts.append(rf"(?:at: |; ){spoken(row.metric)} ")
            for start in starts:
                if found := re.search(rf"{start}(?={SIZE})", claim.reason, re.I):
                    yield from worded(number_of(row), claim.reason[found.end() :], f"claim {claim.claim_id}", True)


def worded(number: Number, text: str, where: str, is_first: bool = False) -> Iterator[Wording]:
    """The wordings in a text that speaks of one number; of that number only the first, where it goes on to others."""
    found = list(SAID.finditer(text))
    for match in found[:1] if is_first else found:
        yield Wording(number, match["size"], match["range"], where)


def number_of(row: rows.Effect | rows.PromiseAnswer) -> Number:
    estimate = row.estimate if isinstance(row, rows.Effect) else row.observed
    assert estimate is not None
    assert row.ci_low is not None
    assert row.ci_high is not None
    return Number(row.metric or "", estimate, row.ci_low, row.ci_high)


@pytest.fixture(scope="module")
def page(settings: Settings) -> str:
    return shown(settings)


@pytest.fixture(scope="module")
def terminal(settings: Settings) -> str:
    """What the commands say that speak of effects."""
    home = ["--home", str(settings.home.folder)]
    calls = [
        ["query", "--csv", 'select metric, "window", reason from effects order by all', *home],
        ["query", "--csv", "select claim_id, reason from claims order by all", *home],
        ["query", "from cohort_effects", *home],
        ["status", *home],
        ["explain", "steps", "2026-03-10", *home],
    ]
    results = [CliRunner().invoke(cli, call) for call in calls]
    assert [result.exit_code for result in results] == [0] * len(calls)
    return "\n".join(result.output for result in results)


@pytest.fixture(scope="module")
def shown_by_prefect(settings: Settings) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.home.published}' as published (read_only)")
        connection.execute("create schema pub")
        for name in ("daily_metrics", "files"):
            connection.execute(f"create view pub.{name} as from published.main.{name}")
        return str([artifacts._headline(connection), artifacts._loaded(connection)])


def test_every_number_of_an_effect_or_claim_is_worded_one_way(
    page: str, terminal: str, effects: list[rows.Effect], claims: list[rows.PromiseAnswer]
) -> None:
    judged = [row for row in effects if row.better != "none"]
    told_by_query = {(line[0], line[1]): line[2] for line in csv.reader(io.StringIO(terminal)) if len(line) == 3}
    wordings: dict[Number, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for said in (
        *on_the_page(page, effects, claims),
        *in_reasons({(row.metric, row.window): row.reason for row in effects}, judged, "reason"),
        *in_reasons(told_by_query, judged, "terminal"),
        *in_claims(claims, effects),
        *worded(Number("steps", *BEFORE), effects[0].reason.partition("allowed for: ")[2], "reason"),
    ):
        wordings[said.number][said.size, said.range].add(said.where)

    several = {number: dict(ways) for number, ways in wordings.items() if len(ways) > 1}
    assert not several
    assert set(wordings) >= {number_of(row) for row in effects if row.window != "trial_days_1_3"}
    places = {number.metric: {where for ways in wordings[number].values() for where in ways} for number in wordings}
    assert places["steps"] >= {"reason", "terminal"}
    main = {where for ways in wordings[number_of(effects[0])].values() for where in ways}
    assert main >= {
        "answer", "claim daily_activity", "claims", "forest", "reason", "table of all numbers", "terminal",
    }  # fmt: skip


def test_no_other_number_with_a_direction_is_said(
    page: str,
    terminal: str,
    shown_by_prefect: str,
    effects: list[rows.Effect],
    subgroups: list[rows.SubgroupEffect],
    claims: list[rows.PromiseAnswer],
    over_people: list[rows.CohortEffect],
) -> None:
    units = {row.metric: row.unit for row in effects}
    told = [number_of(row) for row in effects]
    told += [Number("steps", *BEFORE)]
    told += [number_of(claim) for claim in claims if claim.observed is not None and claim.ci_low is not None]
    for row in (*subgroups, *over_people):
        assert row.estimate is not None
        assert row.ci_low is not None
        assert row.ci_high is not None
        told.append(Number(row.metric, row.estimate, row.ci_low, row.ci_high))
    told += [
        Number("pain", kind.difference or 0.0, kind.difference_ci_low or 0.0, kind.difference_ci_high or 0.0)
        for kind in subgroups
    ]
    known = {tuple(numbers.change(*each[1:], units[each.metric], each.metric)) for each in told}
    text = "\n".join(" | ".join(block.cells) for block in Blocks(page).found)

    said = {(match["size"], match["range"]) for match in SAID.finditer("\n".join((text, terminal, shown_by_prefect)))}

    assert said - known == set()
    assert len(said) > len(EFFECTS)


def test_a_mean_is_told_alike_by_prefect_and_in_the_terminal(settings: Settings, shown_by_prefect: str) -> None:
    with query.published(settings.home) as connection:
        headline = outcome(connection, settings).people[-1]

    assert "{'subject': 'me', 'metric': 'asleep_min', 'mean': '7 h 10'" in shown_by_prefect
    assert "7 h 10 asleep" in headline
