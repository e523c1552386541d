"""When the first words of each page are painted, from the disk and served, on a phone with a quarter of the processor.

    PYTHONPATH=tests python tests/bench/first_paint.py [HOME]

Without HOME it makes an invented one with 30 massages. Chromium, 390 x 844 px, its processor slowed down four times;
each page is opened anew, without a cache, RUNS times. Prints the quickest, the median and the slowest first paint.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
from live import Live
from page_homes import home

from recovery import report
from recovery.home import entry
from recovery.home.settings import OWNER, load_settings
from recovery.report.site import OF_A_PERSON, Page, folder_of

RUNS, SLOWED = 9, 4
PAINT = """() => new Promise(done => {
  const told = () => performance.getEntriesByName("first-contentful-paint")[0];
  if (told()) return done(told().startTime);
  new PerformanceObserver(() => told() && done(told().startTime)).observe({type: "paint", buffered: true});
})"""


def main() -> None:
    """Prints a line for each page, from the disk and served."""
    with tempfile.TemporaryDirectory() as scratch, chromium.started() as browser:
        folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(scratch) / "home"
        settings = load_settings(folder) if len(sys.argv) > 1 else home(folder, "better")
        if not settings.home.pages.is_dir():
            report.write(settings)
        live = Live(folder, people=None)
        with live.served() as address:
            state = Path(scratch) / "state.json"
            _come_in(browser, entry.entry_page(settings.home, address).as_uri(), address, state)
            for name, where, first in _pages(settings.home.pages / folder_of(OWNER), f"{address}/people/{OWNER}"):
                took = [_first_paint(browser, first, state) for _ in range(RUNS)]
                middle = statistics.median(took)
                print(f"{name:9}{where:8}{min(took):6.0f} ms at least{middle:6.0f} median{max(took):6.0f} at most")


def _pages(folder: Path, base: str) -> Iterator[tuple[str, str, str]]:
    for page in OF_A_PERSON:
        yield page, "disk", (folder / f"{page}.html").as_uri()
        yield page, "served", base if page is Page.TODAY else f"{base}/{page}"


def _come_in(browser: Any, page_of_entry: str, address: str, state: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_of_entry)
    page.wait_for_url(lambda url: url.startswith(address) and "enter" not in url)
    context.storage_state(path=str(state))
    context.close()


def _first_paint(browser: Any, address: str, state: Path) -> float:
    """In ms from the beginning of the navigation, the server's own time included."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=str(state))
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address)
    took: float = page.evaluate(PAINT)
    context.close()
    return took


if __name__ == "__main__":
    main()
