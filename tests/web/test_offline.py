"""Without a connection: what is written down in Chromium is kept there, and sent once when it can be."""

import threading
from pathlib import Path
from typing import Any

import chromium
import pytest
from by_hand import published_home
from live import Live

from recovery.actions.log_entries import entries
from recovery.home import entry
from recovery.home.clock import today
from recovery.words import web as words

SHARE = """() => { // as the system does when another app shares a file
  const files = new DataTransfer();
  files.items.add(new File(["date,steps\\n"], "walks.csv"));
  const form = document.createElement("form");
  form.method = "post"; form.enctype = "multipart/form-data"; form.action = "/people/me/shared";
  const field = document.createElement("input");
  field.type = "file"; field.name = "files"; field.files = files.files;
  form.append(field); document.body.append(form); form.submit();
}"""
FOREIGN = """<form method=post action="{address}/people/me/day" rel=noreferrer>
<input name=cause value="of another site"><input name=pain value=9><button>play</button></form>"""
pytestmark = pytest.mark.slow


def lines(live: Live, kind: str) -> list[dict[str, str]]:
    return [dict(line.cells) for line in entries(live.settings, "me", kind).entries]


def test_what_is_written_without_a_connection_arrives_once(tmp_path: Path) -> None:
    from playwright.sync_api import Error as playwright_error  # noqa: N813

    published_home(tmp_path / "home", ("me", "anna"), is_empty=True)
    live = Live(tmp_path / "home")
    with chromium.started() as browser:
        page: Any = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.set_default_timeout(20_000)
        with live.served() as address:
            page.goto(entry.entry_page(live.settings.home, address).as_uri())
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/people/me")
            page.evaluate("navigator.serviceWorker.ready")
            _until(page, "navigator.serviceWorker.controller !== null")
            page.reload()
            page.get_by_role("button", name="3", exact=True).first.click()  # with a connection all is as without
            page.get_by_role("status").get_by_text("Written for").wait_for()
            noted = lines(live, "diary")

        foreign = page.context.new_page()
        foreign.set_content(FOREIGN.format(address=address))
        with pytest.raises(playwright_error, match="ERR_CONNECTION_REFUSED"), foreign.expect_navigation():
            foreign.click("button")
        foreign.close()
        page.goto(f"{address}/people/me")
        page.get_by_role("heading", name=words.OFFLINE).wait_for()
        _until(page, "!document.querySelector('form[data-entry]').hidden")
        assert page.locator("#kept li").count() == 0
        page.get_by_label(words.WHEN).select_option("pain_afternoon")
        page.get_by_role("button", name="6", exact=True).click()
        page.get_by_role("heading", name=words.KEPT_HERE).wait_for()
        page.fill("#start", "11:30")
        page.get_by_role("button", name=words.I_HAD_A_MASSAGE).click()
        page.get_by_text("11:30").wait_for()
        assert "me" not in page.inner_text("main").split()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

        with live.served(live.site.port):
            page.goto(f"{address}/people/me")
            _until(page, "async () => (await fetch('/static/live.js')).ok")
            _wait(lambda: len(lines(live, "massages")) == 1)
            page.reload()
            page.evaluate(SHARE)
            page.wait_for_url("**/people/me/files")
            _until(page, "document.getElementById('files')?.files.length === 1")
            assert not list(live.inbox.glob("sent/*/*"))  # any site could post so: only the person sends it
            page.get_by_role("button", name=words.SEND).click()
            page.get_by_text("walks.csv: arrived").wait_for()
            page.goto(f"{address}/offline")
            _until(page, "document.getElementById('waits').hidden")

    assert [path.read_bytes() for path in live.inbox.glob("sent/*/walks.csv")] == [b"date,steps\n"]
    (massage,) = lines(live, "massages")
    (day,) = lines(live, "diary")
    assert (massage["date"], massage["start"]) == (f"{today('Europe/Berlin')}", "11:30")
    assert day == noted[0] | {"pain_afternoon": "6"}


def _wait(is_so: Any) -> None:
    for _ in range(200):
        if is_so():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come")


def _until(page: Any, expression: str) -> None:
    """Waits until an expression of the page holds; `wait_for_function` would need `eval`, which the policy refuses."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)
