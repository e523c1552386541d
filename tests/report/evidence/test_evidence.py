"""The page Evidence as a reader sees it: for the sceptic, and never an empty fault."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chromium
import duckdb
import pytest
from answers_by_hand import PAIN, REFUSED, check, claim, effect, look, publish
from by_hand import published_home
from parsed_page import parsed
from shown_pages import shown

from recovery.answers.rows import CohortPerson, Row, SubgroupEffect
from recovery.home.settings import Settings
from recovery.vocabulary.article import PROMISES

pytestmark = pytest.mark.slow

MOST_BYTES = 150_000
LONG = "On the three days after a massage: 1,400 steps more (range: 600 to 2,100; a change of 600 matters). " * 4
VERDICTS = ("supported", "contradicted", "consistent with, not shown", "can't tell yet")


def kind(level: str, q: float) -> SubgroupEffect:
    return SubgroupEffect(
        "me", "steps", "technique", level, 9, "", 300.0, 100.0, 500.0, 0.01, q, 50.0, -100.0, 200.0, 0.4
    )


def many(numbers: int = 30, looks: int = 48, kinds: int = 70) -> Iterator[Row]:
    """As many rows as the demo has: so many numbers in four families, four main ones, looked at for a year."""
    for number in range(numbers):
        metric, family = f"number {number}", ("movement", "rest", "sleep", "diary")[number % 4]
        told: dict[str, Any] = {"family": family, "is_primary": number < 4, "reason": LONG}
        yield effect(metric, **told, q_value=0.02 if number >= 4 else None, holm_p=None)
        yield effect(metric, "dose_7", **{**told, "is_primary": False}, q_value=0.3)
        for day in range(8):
            yield effect(metric, f"day_{day}", **{**told, "is_primary": False, "verdict": None})
        if number < 4:
            yield from (check(f"check {n}", metric, ordinal=n, sentence=LONG[:90]) for n in range(15))
            yield from (look(n, date(2025, 8, 1) + timedelta(days=7 * n), metric) for n in range(1, looks + 1))
    for number, promise in enumerate(PROMISES, 1):
        told = {"ordinal": number, "claim": promise.claim, "verdict": VERDICTS[number % 4], "reason": LONG}
        yield claim(promise.claim_id, **told, published_evidence=promise.published_evidence)
    yield from (kind(f"kind {number}", 0.01 * number) for number in range(kinds))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = publish(published_home(tmp_path_factory.mktemp("evidence") / "home"), list(many()))
    with duckdb.connect(str(settings.home.published)) as connection:
        connection.execute("insert into massages select massages.* from massages cross join range(9)")
    return settings


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Fewer rows of each kind, and what is seldom: two kinds of massage, a change that lasts, pain that is refused."""
    told = [
        *many(numbers=6, looks=3, kinds=0), kind("shiatsu", 0.4), kind("deep tissue", 0.2),
        SubgroupEffect("me", "steps", "technique", "thai", 2, "Only 2 of them."),
        effect(window="day_5", is_primary=False, verdict=None), effect(family="diary"),
        effect("pain", **{**PAIN, **REFUSED, "family": "pain"}), check("lead", "pain", passed=False),
    ]  # fmt: skip
    return publish(published_home(tmp_path_factory.mktemp("some") / "home"), told)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Four massages, of which nothing can be told yet, and a promise that is hostile."""
    told = [
        effect(
            **REFUSED,
            reason="Only 2 of 4 massages have measured days after them; 8 are needed.",
            n_massages=3,
            n_massages_measured=2,
        ),
        check("enough massages", passed=False),
        claim("x", claim="<b onclick=1>up to</b>", reason="Say `recovery log day --pain 3` & <i>more</i>."),
        CohortPerson("me", "steps", "days_1_3", 640.0, 0.7),
    ]
    return publish(published_home(tmp_path_factory.mktemp("few") / "home"), told)


@pytest.fixture(scope="module")
def page(full: Settings) -> str:
    return shown(full)


def unfolded(text: str) -> str:
    """What is seen before anything is opened."""
    inner = re.compile(r"<details[^>]*>((?!<details)(?!</details>).)*</details>", re.S)
    while (shorter := inner.sub("", text)) != text:
        text = shorter
    return parsed(text).text


def test_the_page_is_light(page: str) -> None:
    assert len(page.encode()) <= MOST_BYTES


def test_the_parts_stand_in_their_order(page: str) -> None:
    headings = [re.sub(r"<[^>]+>", "", heading) for heading in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page)]

    assert headings == [
        "How we know, and how often we are wrong",
        "The answers with their ranges",
        "All 60 checks passed",
        "How often such answers are wrong",
        "What weeks drawn by lot would settle",
        "What the article promises",
        "Everything else that was looked at",
    ]


def test_a_number_is_never_called_contradicted_or_supported(page: str) -> None:
    said = parsed(page).text

    assert "ontradicted" not in said
    assert "upported" not in said
    assert said.count("Not as promised") == 4
    assert "Of 16 promises: 4 as promised; 4 not as promised; 4 not told, but pointing that way; 4 not told." in said


def test_probabilities_are_folded(page: str) -> None:
    seen = unfolded(page)

    assert "Better, clear so far" in seen
    assert not re.search(r"\bp of|0\.0023|\bq \d", seen)
    assert "p of the estimate 0.0023" in parsed(page).text


def test_each_answer_has_its_looks_and_each_drawing_its_words(page: str) -> None:
    drawings = re.findall(r"<svg[^>]*>", page)

    assert "48 looks, and nothing was said at any" in unfolded(page)
    assert all("aria-hidden" in svg or 'role="img" aria-label="' in svg or "overflow" in svg for svg in drawings)
    assert page.count('class="looks"') == 4


def test_few_massages_are_a_progress_and_no_refusals(few: Settings) -> None:
    text = shown(few)

    seen = unfolded(text)
    assert "2 of 12 massages for a first look" in seen  # of four: those that a look can use
    assert "Not counted: 1 without measured days after them so far and 1 before or after the days with data." in seen
    assert not re.search(r"cannot be told|can't tell|refused", seen, re.I)
    assert "How often such answers are wrong" in seen  # what can be known before
    assert "Twelve is the first look, seldom the answer." in seen


def test_without_a_massage_it_says_how_it_will_be_judged(tmp_path: Path) -> None:
    seen = unfolded(shown(published_home(tmp_path / "home", is_empty=True)))

    assert "0 of 12 massages for a first look" in seen
    assert "No massage is written down yet." in seen
    assert not re.search(r"cannot be told|can't tell", seen, re.I)


def test_nothing_that_others_weigh_in_and_no_markup_of_a_log_is_on_the_page(few: Settings) -> None:
    text = shown(few)

    assert "a second number" not in parsed(text).text
    assert "<b onclick" not in text
    assert "<i>more" not in text
    assert "<code>recovery log day --pain 3</code> &amp; &lt;i&gt;more" in text


def test_kinds_of_massage_are_folded_and_warned_of(some: Settings) -> None:
    text = shown(some)

    said = parsed(text).text
    assert "shiatsu" not in unfolded(text)
    assert "2 comparisons by technique" in said
    assert "Only to get ideas from" in said
    assert said.index("technique: deep tissue") < said.index("technique: shiatsu")
    assert "1 more cannot be told: Only 2 of them." in said


def test_what_was_read_and_what_was_not_is_folded(few: Settings) -> None:
    text = shown(few)

    said = parsed(text).text
    assert "row 7" not in unfolded(text)
    assert "massages.csv row 7 The date 2026-02-31 does not exist." in said
    assert "1 of 1 checks do not hold" in said
    assert "garmin 31 March 2026 (2 days)" in said
    assert "diary 28 February 2026 (33 days), silent for more than 7 days" in said


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.started() as browser:
        yield browser


def test_what_is_folded_leaves_six_screens_of_a_phone(page: str, browser: Any, tmp_path: Path) -> None:
    (tmp_path / "evidence.html").write_text(page, encoding="utf-8")
    window = browser.new_page(viewport={"width": 390, "height": 844})
    window.goto((tmp_path / "evidence.html").as_uri())

    assert window.evaluate("document.documentElement.scrollHeight") <= 6 * 844
    window.close()


def test_axe_finds_nothing_and_nothing_runs_out_of_the_window(
    some: Settings, few: Settings, browser: Any, tmp_path: Path
) -> None:
    file = tmp_path / "evidence.html"
    window = browser.new_page()
    for settings, looks in ((some, (("light", 390), ("dark", 1280))), (few, (("light", 1280), ("dark", 390)))):
        file.write_text(shown(settings), encoding="utf-8")
        window.goto(file.as_uri())

        assert chromium.axe_finds(window, *looks) == []
        for _, width in looks:
            window.set_viewport_size({"width": width, "height": 844})
            assert window.evaluate("document.documentElement.scrollWidth") <= width
    window.close()
