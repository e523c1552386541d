"""How sure an answer is shown: the same dots, word and reason on Today, Weeks, Evidence and Sheet."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from answers_by_hand import PAIN, PRIMARIES, answers, claim, effect
from page_homes import NOW_UTC, Homes, copy_of
from parsed_page import parsed
from shown_pages import shown

from recovery import warehouse
from recovery.report import sureness
from recovery.report.cards import cards
from recovery.report.counted import Counted
from recovery.report.evidence.claims import claim_rows
from recovery.report.evidence.ranges import ranges
from recovery.report.sheet.first_page import in_short, rows
from recovery.report.site import Page
from recovery.report.today.said import told
from recovery.vocabulary.sureness import Sure

STANDING: dict[str, Any] = {
    **PAIN, "estimate": -0.9, "ci_low": -1.6, "ci_high": -0.2, "shown_estimate": -0.9, "shown_low": -1.9,
    "shown_high": 0.1, "direction": "a_little_better", "certainty": "clear", "doubts": "range",
}  # fmt: skip
SLEEP: dict[str, Any] = {
    "family": "sleep", "unit": "min", "better": "up", "estimate": -10.0, "ci_low": -25.0, "ci_high": 5.0,
    "worth": 15.0, "direction": "no_better", "certainty": "clear", "verdict": "contradicted", "doubts": "checks",
}  # fmt: skip


def test_a_finding_that_today_alone_would_not_show_is_likely_everywhere() -> None:
    known = answers(effect("pain", **STANDING), claim("pain", verdict="supported", metric="pain", window="days_1_3",
                                                      direction="a_little_better", certainty="clear"))  # fmt: skip
    found = [card for card in cards(known, PRIMARIES, 40) if card.effect]

    on_today, (on_evidence,), (on_sheet,) = (
        told(known.effects["pain", "days_1_3"], "Pain", None),
        ranges(found, {}),
        rows(found),
    )

    assert (on_today.signs.dots, on_today.signs.sure) == (3, "Likely")
    assert (on_evidence.dots, on_evidence.mark.word) == (3, "A little better, likely")
    assert on_sheet.how_sure == "Likely"
    assert claim_rows(known)[0].dots == 3
    assert on_today.beside == ["It looked clear earlier; with newer days it could also be no change."]


def test_a_check_that_does_not_pass_takes_a_dot_of_what_is_ruled_out() -> None:
    ruled_out = effect("asleep_min", "night_0", **SLEEP)

    assert (sureness.sure(ruled_out), len(sureness.beside(ruled_out))) == (Sure.LIKELY, 1)
    both = effect("asleep_min", "night_0", **{**SLEEP, "doubts": "range; checks"})
    assert (sureness.sure(both).dots, len(sureness.beside(both))) == (2, 2)
    assert "ruled out earlier" in sureness.beside(both)[0]


def test_of_a_version_that_told_no_doubts_the_range_tells() -> None:
    standing = effect("pain", **{**STANDING, "doubts": None})
    found_now = effect("pain", **{**STANDING, "doubts": None, "shown_high": -0.1})

    assert (sureness.sure(standing), sureness.sure(found_now)) == (Sure.LIKELY, Sure.CLEAR)


def test_in_short_of_the_sheet_says_how_sure_and_until_when_and_of_pain_the_range() -> None:
    known = answers(effect(), effect("pain", **STANDING))
    found = cards(known, PRIMARIES, 40)

    (said,) = in_short(found, known, Counted(40, 40, ""), None, {"pain": date(2026, 11, 3)})

    assert ": steps 800 more a day, better;" in said
    told_of_pain = "pain 1 point lower (between 2 lower and no change), a little better, likely, newest data 3 November"
    assert told_of_pain in said


def test_pain_without_an_answer_stands_in_short_with_its_range() -> None:
    open_one = effect("pain", **{**STANDING, "direction": "unknown", "certainty": "too_early", "doubts": ""})
    known = answers(effect(), open_one)

    (said,) = in_short(cards(known, PRIMARIES, 40), known, Counted(40, 40, ""))

    assert "pain: no answer yet (between 2 points lower and no change)" in said


def test_until_when_all_answers_reach_is_said_once() -> None:
    known = answers(effect(), effect("pain", **STANDING))
    ended = dict.fromkeys(("steps", "pain"), date(2026, 11, 3))

    (said,) = in_short(cards(known, PRIMARIES, 40), known, Counted(40, 40, ""), None, ended)

    assert said.startswith(
        "Averages over the days after 40 massages, newest data 3 November 2026, compared with other days: steps 800"
        " more a day, better; pain"
    )
    assert said.count("November") == 1


@pytest.mark.slow
@pytest.mark.parametrize("page", [Page.TODAY, Page.WEEKS, Page.EVIDENCE, Page.SHEET])
def test_every_page_says_likely_beside_why(homes: Homes, tmp_path: Path, page: Page) -> None:
    settings = copy_of(homes.settings("better"), tmp_path / "home")
    with warehouse.connect(settings.home.published) as connection:
        connection.execute(
            "update effects set doubts = 'range', shown_estimate = estimate, shown_low = -1.1, shown_high = 0.2,"
            " reason = 'It stands.' where metric = 'pain'"
        )

    text = parsed(shown(settings, page, now_utc=NOW_UTC)).text

    if page is Page.EVIDENCE:
        assert "A little better, likely It looked clear earlier; with newer days it could also be no change." in text
    elif page is Page.WEEKS:
        assert "Pain after massages: probably lower" in text
        assert "A little better, likely. About half a point lower" in text
    elif page is Page.SHEET:
        assert "pain half a point lower (between 1.1 lower and 0.2 higher), a little better, likely" in text
        assert "Pain: it looked clear earlier" in text
    else:
        assert "Pain: a little better, likely." in text  # on the first screen, where steps stand first
        assert "could also be no change. Likely" in text
    assert "A little better, clear so far" not in text
