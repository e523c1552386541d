"""The system's Chromium, headless, for tests of what a person sees in a browser."""

import http.server
import os
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def path() -> str:
    """The browser; without one the test is skipped, in CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("chromium is not installed")
    pytest.skip("chromium is not installed")


def dom(address: str, profile: Path, wait_ms: int = 20_000) -> str:
    """The page at an address after its scripts ran, as HTML."""
    done = subprocess.run(
        [path(), *QUIET, f"--user-data-dir={profile}", f"--virtual-time-budget={wait_ms}", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


@contextmanager
def started() -> Iterator[Any]:
    """A browser of Playwright, for what has to be measured, pressed or printed."""
    where = path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
        yield browser
        browser.close()


def axe_finds(page: Any, *looks: tuple[str, int]) -> list[tuple[str, int, str, str]]:
    """What axe has against a page in light or dark at a width: scheme, width, rule and the element's markup.

    The page is loaded once, by who asks; between two looks only its colours and its width change.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        results = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert results["passes"]
        found += [(scheme, width, one["id"], one["nodes"][0]["html"][:150]) for one in results["violations"]]
    return found


class Visit(NamedTuple):
    """What a browser without a network made of a page."""

    dom: str
    asked: set[str]  # origins that were asked for on the page's behalf
    console: list[str]  # as what a Content-Security-Policy refused


def visit(page: Path, scratch: Path) -> Visit:
    """Opens a page of the disk; `scratch` is an empty folder."""
    log = scratch / "net.json"
    done = subprocess.run(
        [path(), *QUIET, f"--user-data-dir={scratch / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND",
         f"--log-net-log={log}", "--enable-logging=stderr", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    asked = set(re.findall(r'"url":"(\w+://[^/"]*)', log.read_text("utf-8")))
    of_browser = {origin for origin in asked if re.search(r"(google(apis)?|gvt1)\.com", origin)}
    return Visit(done.stdout, asked - of_browser, re.findall(r".*CONSOLE.*", done.stderr))


def report_of(page: str, profile: Path, wait_s: float = 60.0) -> str:
    """What a page's scripts send by POST to `/told`; the page is served from an origin of its own."""
    told: queue.Queue[str] = queue.Queue()

    class Origin(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def do_POST(self) -> None:
            told.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin) as origin:
        threading.Thread(target=origin.serve_forever, daemon=True).start()
        browser = subprocess.Popen(
            [path(), *QUIET, f"--user-data-dir={profile}", f"http://127.0.0.1:{origin.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return told.get(timeout=wait_s)
        finally:
            browser.terminate()
            browser.wait(20)
            origin.shutdown()
