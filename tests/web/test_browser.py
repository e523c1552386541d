"""The live page in the system's Chromium: coming in, a tap, files, a run; also without scripts, by the keyboard."""

import socket
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chromium
import pytest
from by_hand import published_home
from live import Live

from recovery.actions.log_entries import entries
from recovery.home import entry, keys
from recovery.home.clock import today
from recovery.vocabulary.roles import Role
from recovery.words import web as words
from recovery.words.pages import LIGHT_OR_DARK

pytestmark = pytest.mark.slow

RUNS = """
import json, time
say = lambda **told: print(json.dumps(told), flush=True)
say(step="look into the inbox"); say(done=1, total=4); time.sleep(0.8)
say(step="check"); time.sleep(0.8); say(end="Done: 3 new files.", is_done=True)
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A home that is served to this computer."""
    folder = tmp_path_factory.mktemp("browser") / "home"
    published_home(folder, ("me", "anna"), is_empty=True)
    live = Live(folder)
    live.runner.command = (sys.executable, "-S", "-c", RUNS)
    with live.served():
        yield live


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.started() as started:
        yield started


class Visit:
    """A window at 390 px that came in by the page of the disk; what its console said."""

    def __init__(self, browser: Any, live: Live, **options: Any) -> None:
        self.address = f"http://127.0.0.1:{live.site.port}"
        self.context = browser.new_context(viewport={"width": 390, "height": 844}, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.console: list[str] = []
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.goto(entry.entry_page(live.settings.home, self.address).as_uri())
        if options.get("java_script_enabled") is False:
            self.page.click("button")
        self.page.wait_for_url(f"{self.address}/")

    def person(self, name: str) -> Any:
        self.page.goto(f"{self.address}/people/{name}")
        return self.page


def told(live: Live, kind: str) -> list[dict[str, str]]:
    return [dict(line.cells) for line in entries(live.settings, "me", kind).entries]


def test_the_owner_comes_in_by_a_page_of_the_disk_taps_and_undoes(live: Live, browser: Any) -> None:
    visit = Visit(browser, live)
    page = visit.page
    page.get_by_role("link", name="My page", exact=True).click()
    page.wait_for_selector(".pad")

    assert page.evaluate("document.querySelector('.pad').getBoundingClientRect().bottom") <= 844  # without scrolling
    page.get_by_role("button", name="4", exact=True).first.click()
    page.get_by_role("status").get_by_text("Written for").wait_for()
    (line,) = told(live, "diary")
    assert line["date"] == f"{today('Europe/Berlin')}"
    assert "4" in line.values()
    page.get_by_role("button", name=words.UNDO).click()
    page.get_by_text(words.TAKEN_BACK).wait_for()
    assert told(live, "diary") == []
    assert visit.page.evaluate("document.cookie") == ""
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.console == []  # nothing that the policy refused


def test_light_or_dark_is_chosen_and_kept(live: Live, browser: Any) -> None:
    visit = Visit(browser, live, color_scheme="light")
    page = visit.person("me")

    page.get_by_role("button", name=LIGHT_OR_DARK).click()
    page.reload()

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 23, 26)"
    assert visit.console == []


def test_a_code_behind_the_hash_lets_one_browser_in_and_leaves_the_address(live: Live, browser: Any) -> None:
    _, code = keys.make(live.settings.home, keys.CODE, Role.PERSON, ["anna"], lasts=keys.CODE_LASTS)
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"http://127.0.0.1:{live.site.port}/enter#{code}")
    page.wait_for_url("**/people/anna")

    assert not [url for url in asked if code in url.partition("#")[0]]
    page.go_back()
    assert code not in page.url


def test_files_are_sent_with_the_script_and_a_run_shows_its_steps(live: Live, browser: Any, tmp_path: Path) -> None:
    (tmp_path / "steps.csv").write_text("date,steps\n2026-05-01,4000\n")
    visit = Visit(browser, live)
    page = visit.person("me")

    page.get_by_role("link", name=words.FILES, exact=True).click()
    page.set_input_files("#files", tmp_path / "steps.csv")
    page.get_by_role("button", name=words.SEND).click()
    page.get_by_role("status").get_by_text("steps.csv: arrived").wait_for()
    page.get_by_role("button", name=words.RUN_NOW).click()
    page.get_by_text("look into the inbox").wait_for()
    page.get_by_text("check").wait_for()
    page.get_by_text("Done: 3 new files.").wait_for()

    assert [path.name for path in (live.inbox / "sent").glob("*/*")] == ["steps.csv"]
    assert visit.console == []


def test_everything_goes_without_scripts_by_the_keyboard_alone(live: Live, browser: Any, tmp_path: Path) -> None:
    visit = Visit(browser, live, java_script_enabled=False)
    page = visit.person("me")

    page.get_by_text(words.LENGTH_AND_KIND).press("Enter")
    page.focus("#start")
    page.keyboard.type("05:30PM")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Written: a massage").wait_for()
    assert told(live, "massages")[-1]["start"] == "17:30"
    page.get_by_role("link", name=words.LINES_OF["massages"], exact=True).press("Enter")
    page.get_by_role("link", name=f"{today('Europe/Berlin')}").press("Enter")
    page.get_by_role("button", name=words.REMOVE_LINE).press("Enter")
    page.get_by_text(words.REMOVED).wait_for()
    assert told(live, "massages") == []
    page.goto(f"{visit.address}/people/me/files")
    page.set_input_files("#files", {"name": "b.csv", "mimeType": "text/csv", "buffer": b"x"})
    page.get_by_role("button", name=words.SEND).press("Enter")
    page.get_by_role("status").get_by_text("b.csv: arrived").wait_for()


def test_a_page_of_another_origin_cannot_post_nor_read(live: Live, browser: Any) -> None:
    visit = Visit(browser, live)
    before = told(live, "diary")
    script = f"""async () => {{
      const told = [];
      for (const mode of ["cors", "no-cors"])
        await fetch("{visit.address}/people/me/day", {{method: "POST", mode, credentials: "include",
          body: new URLSearchParams({{pain: "9"}})}}).then(
            answer => told.push(answer.type), () => told.push("refused"));
      await fetch("{visit.address}/people/me", {{credentials: "include"}}).then(
        answer => told.push("READ"), () => told.push("refused"));
      return told;
    }}"""

    with socket.create_server(("127.0.0.1", 0)) as other:
        foreign = visit.context.new_page()
        foreign.route(f"http://localhost:{other.getsockname()[1]}/**", lambda route: route.fulfill(body="<p>other</p>"))
        foreign.goto(f"http://localhost:{other.getsockname()[1]}/")
        answers = foreign.evaluate(script)

    assert answers == ["refused"] * 3
    assert told(live, "diary") == before


def test_axe_finds_nothing(live: Live, browser: Any) -> None:
    days = [date(2026, 5, 1) - timedelta(days=9 * number) for number in range(59)]
    lines = "".join(f"{day},17:30,60,deep tissue,4,lower back,Studio,6,3,warm\n" for day in reversed(days))
    (live.inbox / "massages.csv").write_text(
        f"date,start,minutes,technique,pressure,areas,therapist,pain_before,pain_after,note\n{lines}"
    )
    visit = Visit(browser, live)

    found = {}
    for path in (
        "/",
        "/people/me",
        "/people/me/files",
        "/run",
        "/people/me/lines/massages",
        "/people/me/lines/massages/1",
        "/enter",
        "/x",
        "/keys",
        "/offline",
    ):
        visit.page.goto(f"{visit.address}{path}")
        found[path] = chromium.axe_finds(visit.page, ("light", 390), ("dark", 1280))

    assert {path: told for path, told in found.items() if told} == {}
    visit.page.goto(f"{visit.address}/people/me/lines/massages")
    assert visit.page.evaluate("document.documentElement.scrollHeight") <= 6 * 844  # one month is open
    visit.page.get_by_text("April 2026: 3 lines").focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.get_by_role("link", name="2026-04-22").is_visible()
