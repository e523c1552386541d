"""Today in the system's Chromium, from the disk: short, light, readable by everybody, without scripts or a network."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import chromium
import pytest
from live import PEOPLE, Live
from page_homes import Homes, home_of

from recovery.home import entry
from recovery.report.site import Page

pytestmark = pytest.mark.slow

SCREEN = 844  # px of a phone that is 390 wide
WORDS = """() => {  // of the whole first screen: navigation, buttons and all
  const seen = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const around = node.parentElement, isShown = around.checkVisibility() && !around.closest(".aloud");
    if (box.height && box.top < 844 && box.right > 0 && isShown)
      seen.push(node.textContent);
  }
  return seen.join(" ");
}"""


def written(homes: Homes, kind: str, folder: Path) -> Path:
    path = folder / f"{kind}.html"
    path.write_text(homes.page(kind, Page.TODAY), encoding="utf-8")
    return path


def test_a_page_is_short_and_light(homes: Homes, browser: Any, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": SCREEN})
    for kind in ("8", "30", "little", "worse", "refused"):  # the longest of each sort
        path = written(homes, kind, tmp_path)
        page.goto(path.as_uri())
        seen = page.evaluate(WORDS)

        assert len(re.findall(r"[\w,.]*\w", seen)) <= 80, (kind, seen)  # numbers too
        assert "recovery " not in seen, kind  # no command of a terminal
        assert page.evaluate("document.documentElement.scrollHeight") <= 6 * SCREEN, kind
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, kind
        assert path.stat().st_size < 150_000
    page.close()


def test_the_first_screen_of_the_live_page_has_fewer_than_80_words(homes: Homes, browser: Any, tmp_path: Path) -> None:
    now, kinds = datetime.now(UTC).date(), ("worse", "better")
    settings = home_of(tmp_path / "home", dict(zip(PEOPLE, kinds, strict=True)), last=now - timedelta(days=1))
    for person in PEOPLE:
        diary = settings.home.inbox / person / "diary.csv"
        diary.write_text("date,pain,pain_morning,pain_afternoon\n" + f"{now - timedelta(1)},6,6,6\n{now},4,4,4\n")
    live = Live(settings.home.folder)
    with live.served() as address:
        context = browser.new_context(viewport={"width": 390, "height": SCREEN})
        page = context.new_page()
        page.goto(entry.entry_page(live.settings.home, address).as_uri())
        page.wait_for_url(f"{address}/")
        for person in PEOPLE:
            page.goto(f"{address}/people/{person}")
            seen = page.evaluate(WORDS)
            assert len(re.findall(r"[\w,.]*\w", seen)) < 80, seen  # the eleven numbers of the pad too
            assert "no pain" in seen
        context.close()


def test_axe_finds_nothing(homes: Homes, browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    for kind, look in (("better", ("light", 390)), ("refused", ("dark", 1280))):
        page.goto(written(homes, kind, tmp_path).as_uri())

        assert chromium.axe_finds(page, look) == [], kind
    page.close()


def test_it_stays_whole_at_320_px_and_with_text_twice_as_large(homes: Homes, browser: Any, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": SCREEN})
    page.goto(written(homes, "worse", tmp_path).as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 390, "height": SCREEN})
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_it_asks_nobody_and_runs_no_script(homes: Homes, browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written(homes, "better", tmp_path).as_uri())

    assert [address for address in asked if not address.startswith("file:")] == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the way past the navigation
    assert page.url.endswith("#main")
    context.close()
